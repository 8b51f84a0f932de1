/**
 * The interface between the page and the engine.
 *
 * Two sides. `EngineModule` is what `module.ts` makes of the WebAssembly module: synchronous, one thread, called in a
 * worker. `Engine` is what the page uses: the same calls, each a promise, plus progress and cancel. `worker.ts` turns the
 * one into the other; nothing else talks to the module.
 *
 * Conventions for the Rust side (lab/engine):
 * - Calls and answers are JSON with exactly these names; `module.ts` makes typed arrays of lists. Optional members may be
 *   left out; nothing else may.
 * - Numbers that count are whole and below 2^53. Scores are in bits, or in strengths on routes that follow rules:
 *   the score of `explain` divided by 1000.
 * - An error is a message: what is wrong, which key, what to type instead. The module never panics on input.
 * - The same scenario, settings and seed give the bytes that `namesake run --alone` writes to results.json.
 * - The module keeps what it opened until `close`, and of a run only what later calls need: requests, answers and the
 *   seeds from which `explain` makes records again. The page keeps at most twelve runs. A handle is a whole number above 0.
 * - `judge` is called with every step of a dragged dial and takes a few milliseconds. A safeguard makes it slower: where
 *   people act, answers are looked up; another second identifier streams the holder's file again. The times are in
 *   docs/benchmarks/.
 */

import type { Fate, Rate, Results } from "./results";

/** A built-in scenario, as `namesake scenarios --json -` lists it, with its content note. */
export interface ScenarioInfo {
  name: string;
  title: string;
  summary: string;
  theme: string;
  /** The note that stands before the scenario is shown; never empty. */
  content_note: string;
}

/** A setting of a scenario. */
export interface Knob {
  /** The key of `--set`, such as `requester.on_file`. */
  key: string;
  /** Its value now, as `--set` takes it. */
  value: string;
  /** `number`, `whole` (a number without decimals), `choice` (one of `alternatives`), `switch` or `text`. */
  kind: "number" | "whole" | "choice" | "switch" | "text";
  /** Source of the value. `chosen`: the reader has set it. */
  basis: "published" | "assumed" | "chosen";
  /** The plausible range, where there is one; values outside it are allowed where the key allows them. */
  range: [number, number] | null;
  /** Other values that a source or an author considered; empty without any. */
  alternatives: string[];
  /** Reason for this value. */
  source: string;
}

/** A route of the agreement. */
export interface RouteInfo {
  name: string;
  /** `rules`: scores are strengths of rules. `fellegi_sunter` and `learned`: scores are bits of evidence. */
  decision: "rules" | "fellegi_sunter" | "learned";
  threshold: number;
  /** Requests that take it, as in the scenario: `always`, `number_given`, `no_number`. */
  when: string;
  compares: string[];
}

/** Parameters of `open`. */
export interface OpenRequest {
  /** A built-in name, or the text of a scenario file (told apart by a line break). */
  scenario: string;
  /** As `--seed`. */
  seed: number;
  /** As `--set`: `key=value`. `population.people` and `requester.requests` are keys like others. */
  set: string[];
}

/** A scenario that is open: checked and resolved, not yet run. */
export interface Opened {
  handle: number;
  name: string;
  title: string;
  summary: string;
  content_note: string;
  seed: number;
  people: number;
  requests: number;
  /** The most requests this country can answer. */
  most_requests: number;
  routes: RouteInfo[];
  knobs: Knob[];
  /** The resolved scenario.toml. */
  toml: string;
}

/** A step of the work: shown beside the bar. */
export type Stage = "people" | "requester" | "training" | "holder" | "measuring";

/**
 * Told about progress, at least ten times a second. There is no way to stop a run from inside: a worker that computes
 * hears nothing. To cancel, the page ends the worker, starts another and opens there again what it still needs.
 */
export type Progress = (stage: Stage, done: number, total: number) => void;

/** Stage at which a right person not returned was lost; the order is that of `Outcomes.lost_at`. */
export const LOST_AT = ["", "refused", "blocking", "score", "out-ranked", "withheld", "review"] as const;

/**
 * One entry a request, in the order of requests: everything that a redraw needs. Copied out of the module's memory, so
 * that the buffers can be transferred.
 */
export interface Outcomes {
  /** Number of requests. */
  length: number;
  /** Best score of the right person's record; NaN where none was compared. */
  right: Float32Array;
  /** The best `WRONG_KEPT` scores of other people's records, best first, one row per request; NaN where there are fewer. */
  wrong: Float32Array;
  /** Number of the record behind each of `wrong`; -1 where there is none. */
  wrong_record: Int32Array;
  /** Index into `Opened.routes`; 255 where no route takes the request or it is refused. */
  route: Uint8Array;
  /** 1 where the person sought is on the holder's file. */
  on_file: Uint8Array;
  /** Index into FATES, under the terms of the scenario. */
  fate: Uint8Array;
  /** Index into LOST_AT, under the terms of the scenario. */
  lost_at: Uint8Array;
  /** For every attribute of people, the index into `groups[attribute]`. */
  group: Record<string, Uint8Array>;
  /** The values of every attribute, in the order of results.json. */
  groups: Record<string, string[]>;
}

/** Number of wrong scores kept for a request. */
export const WRONG_KEPT = 3;

/** A safeguard of the agreement, as `agreement.<name>.<key>` in a scenario; values that are left out are the defaults. */
export type Safeguard = "second_identifier" | "review" | "notice" | "appeal" | "audit" | "retention";

/** The terms under which a run is judged again. What is left out stays as the scenario has it. */
export interface Terms {
  /** Threshold by route. */
  thresholds?: Record<string, number>;
  /** Thresholds for parts of the people sought; whoever is in no part has the thresholds above. */
  parts?: Part[];
  /** Rule for several answers. */
  answers?: "all" | "best" | "unique";
  most_answers?: number;
  /** By how much the best answer must exceed the next; null switches it off. */
  margin?: number | null;
  /** Safeguards that are on, each with the settings that differ from its defaults; null switches one off. */
  safeguards?: Partial<Record<Safeguard, Record<string, string> | null>>;
}

/** Some of the people sought, by the values of one attribute, with a name for the page. */
export interface Part {
  name: string;
  attribute: string;
  values: string[];
  thresholds: Record<string, number>;
}

/** The rates of a run judged again. */
export interface JudgedRates {
  wrong_among_answers: Rate;
  wrong_person: Rate;
  answered_though_absent: Rate;
  missed: Rate;
}

/** A run judged again. */
export interface Judged {
  /** Index into FATES, one a request. */
  fate: Uint8Array;
  fates: Record<Fate, number>;
  returned_right: number;
  returned_wrong: number;
  rates: JudgedRates;
  /** For each of `Terms.parts`, in their order, the rates of requests for its people. */
  parts: JudgedRates[];
}

/** A record as the reader sees it: fields in the order of the file. Blank fields are empty texts. */
export type RecordFields = Record<string, string>;

/** Something that went wrong in a record. */
export interface RecordError {
  /** As in provenance.csv, such as `street_abbreviated`. */
  error: string;
  field: string;
  before: string;
  after: string;
}

/** One side of a pair. */
export interface Side {
  as_recorded: RecordFields;
  without_errors: RecordFields;
  errors: RecordError[];
  /**
   * For each field, which characters of `as_recorded` differ from the other side's: [from, to) in UTF-16 code units,
   * from a longest common subsequence of the two values. Where that has less than half of the longer value, the whole
   * value differs. A field that is the same, or blank here, is left out.
   */
  differs: Record<string, [number, number][]>;
}

/** A term of a score: they sum to it, in thousandths. */
export interface Term {
  name: string;
  level: string;
  value: number;
}

/** Two records held beside each other. */
export interface ExplainedRecord {
  record: number;
  is_person_sought: boolean;
  returned: boolean;
  holder: Side;
  /** Null where no blocking rule proposed the pair. */
  why: {
    route: string;
    proposed_by: string;
    levels: [string, string][];
    terms: Term[];
    /** In thousandths, as `terms` and `threshold`. */
    score: number;
    threshold: number;
  } | null;
  /** As in disclosures.csv; null where the record was not returned in error. */
  primary_cause: string | null;
  /** Errors each of which alone would have prevented it, as `side:error:field`. */
  enough_alone: string[];
  /** Steps of the terms for this answer, in order: answered, second identifier, several answers, review, notice. */
  steps: { step: string; passed: boolean }[];
  /** Number of people never sought who live at the address on this record. */
  others_at_address: number;
}

/** A request with the records that matter to it: as `namesake explain --json -`, with the parts named above. */
export interface Explained {
  request: number;
  fate: Fate;
  lost_at: string | null;
  person_sought_on_file: boolean;
  requester: Side;
  records: ExplainedRecord[];
}

/** Reason for which a pair is among the clerk's. */
export type PairKind = "easy_same" | "easy_different" | "namesake" | "relative" | "moved" | "renamed" | "misspelt";

/** A pair for the clerk. */
export interface Pair {
  request: number;
  record: number;
  kind: PairKind;
  same_person: boolean;
  /** Decision of the scenario's rule about this pair. */
  machine_says_same: boolean;
  explained: Explained;
}

/** A person with a fate under two agreements. */
export interface ComparedPerson {
  /** Number of the request that brought the person up. */
  request: number;
  record: number;
  sought: boolean;
  /** Returned under the first, under the second. */
  first: boolean;
  second: boolean;
}

/** Four counts that add up to `people`. */
export interface Fourfold {
  people: number;
  both: number;
  /** Returned under the first only. */
  spared: number;
  /** Returned under the second only. */
  newly_returned: number;
  neither: number;
}

/** Two agreements on the same people: the counts of `namesake run --against`, and who they are. */
export interface Compared {
  sought: Fourfold;
  never_sought: Fourfold;
  /** Everybody whose fate differs, and everybody never sought who is returned under either; at most 500. */
  persons: ComparedPerson[];
  /** True where the list was cut. */
  cut: boolean;
  first: JudgedRates;
  second: JudgedRates;
}

/** The birthday arithmetic, by the reader's numbers. */
export interface CoincidenceQuestion {
  /** Number of people on either side. */
  asked: number;
  on_file: number;
  /** The chance that two people who are no kin agree: 1 in so many. */
  one_in: number;
}

export interface CoincidenceAnswer {
  pairs: number;
  /** Expected pairs of two people who agree by chance. */
  expected: number;
  /** The chance of at least one such pair (Poisson). */
  at_least_one: number;
}

/** The calls of the WebAssembly module, once it has started. */
export interface EngineModule {
  version(): string;
  scenarios(): ScenarioInfo[];
  open(request: OpenRequest): Opened;
  /** Runs what is open, alone (without the runs beside it). Returns the text of results.json. */
  run(handle: number, progress: Progress): string;
  /** After `run`. */
  outcomes(handle: number): Outcomes;
  /** After `run`. Keeps nothing. */
  judge(handle: number, terms: Terms): Judged;
  /** After `run`. `terms` decide what counts as returned. `record` is held beside the request in addition. */
  explain(handle: number, request: number, record: number | null, terms: Terms): Explained;
  /**
   * After `run`. `count` pairs of the run, by the scenario's seed: kinds in turn, as far as the run has them, then mixed
   * so that order tells nothing. Each has a person and a record that no other pair has.
   */
  pairs(handle: number, count: number): Pair[];
  /** After `run` of both. Two agreements on the same people; an error where population, files or requests differ. */
  compare(first: number, firstTerms: Terms, second: number, secondTerms: Terms): Compared;
  coincidences(question: CoincidenceQuestion): CoincidenceAnswer;
  close(handle: number): void;
}

/** A run on its way. */
export interface Running {
  done: Promise<Results>;
  cancel(): void;
}

/** Interface that the page uses: the module's calls as promises. */
export interface Engine {
  version(): Promise<string>;
  scenarios(): Promise<ScenarioInfo[]>;
  open(request: OpenRequest): Promise<Opened>;
  run(handle: number, onProgress: Progress): Running;
  outcomes(handle: number): Promise<Outcomes>;
  /** If a later call overtakes one that waits, the earlier promise is answered with the later's answer. */
  judge(handle: number, terms: Terms): Promise<Judged>;
  explain(handle: number, request: number, record: number | null, terms: Terms): Promise<Explained>;
  pairs(handle: number, count: number): Promise<Pair[]>;
  compare(first: number, firstTerms: Terms, second: number, secondTerms: Terms): Promise<Compared>;
  coincidences(question: CoincidenceQuestion): Promise<CoincidenceAnswer>;
  close(handle: number): Promise<void>;
}
