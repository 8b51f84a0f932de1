/** The results tree, as `namesake run` writes it to results.json. Its types are made from docs/results.schema.json. */

export type { Group, Rate, Results } from "./results-types";

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
