/** The results tree, as `namesake run` writes it to results.json. Only what the page reads is typed. */

/** A rate: never shown without its trials and its interval. */
export interface Rate {
  hits: number;
  trials: number;
  /** Null without trials, as are `low` and `high`. */
  rate: number | null;
  low: number | null;
  high: number | null;
  /** Unit of a trial, such as "persons returned". */
  of: string;
  /** The name of the method. */
  interval: string;
  /** Fewer than 10 hits: no comparison with another rate. */
  too_few_to_compare?: boolean;
  /** Fewer than 30 trials. */
  too_few_to_tell?: boolean;
}

export type Rates = Record<string, Rate>;

/** One request, after all safeguards. The order is that of `Outcomes.fate`. */
export const FATES = [
  "right_alone",
  "right_with_others",
  "wrong_only",
  "not_returned",
  "correctly_nobody",
  "refused",
  "withheld",
] as const;
export type Fate = (typeof FATES)[number];

export interface Counts {
  people: number;
  requests: number;
  requested_on_file: number;
  holder_records: number;
  candidate_pairs: number;
  returned_right: number;
  returned_wrong: number;
  required_check_skipped: number;
  right_but_moved: number;
  never_sought_at_returned_addresses: number;
}

export interface CurvePoint {
  threshold: number;
  returned_right: number;
  returned_wrong: number;
  missed: number;
}

export interface Assumption {
  key: string;
  value: unknown;
  range: [number, number] | null;
  basis: "published" | "assumed";
  source: string;
  alternatives?: string[];
}

export interface Coincidence {
  what: "same_name" | "same_name_and_year" | "same_name_and_date" | (string & {});
  expected: number;
  simulated: number;
  low: number | null;
  high: number | null;
  trials: number;
  of: string;
}

export interface Group {
  rates: Rates;
}

export interface Results {
  schema: string;
  version: string;
  scenario: string;
  seed: number;
  counts: Counts;
  rates: Rates;
  fates: Record<Fate, number>;
  lost_at: Record<string, number>;
  causes: Record<string, { primary: number; sufficient: number }>;
  by_group: Record<string, Record<string, Group>>;
  curve: CurvePoint[];
  coincidences?: Coincidence[];
  assumptions: Assumption[];
}
