/**
 * FOR DEVELOPMENT ONLY: answers the engine's calls from recorded runs of seed 1. Never part of the finished file.
 */

import type {
  Compared,
  ComparedPerson,
  EngineModule,
  Explained,
  Judged,
  JudgedRates,
  Knob,
  Opened,
  OpenRequest,
  Outcomes,
  Pair,
  ScenarioInfo,
  Terms,
} from "../engine";
import { FATES, type Fate, type Rate, type Results } from "../results";
import setups from "../../data/setups.json";
import scenarioList from "./recorded/scenarios.json";
import clerk from "./recorded/clerk.json";
import clerkPairs from "./recorded/clerk-pairs.json";
import dial from "./recorded/dial.json";
import dialExplained from "./recorded/dial-explained.json";
import rates from "./recorded/rates.json";
import ratesExplained from "./recorded/rates-explained.json";
import town from "./recorded/town.json";
import city from "./recorded/city.json";
import names from "./recorded/names.json";
import weighted from "./recorded/weighted.json";
import weightedExplained from "./recorded/weighted-explained.json";
import checked from "./recorded/checked.json";
import versions from "./recorded/versions.json";
import { rateOf } from "./intervals";

interface Recorded {
  results: unknown;
  toml: string;
  outcomes: {
    right: (number | null)[];
    wrong: (number | null)[];
    wrong_record: number[];
    route: number[];
    on_file: number[];
    fate: string[];
    lost_at: string[];
    group: Record<string, number[]>;
    groups: Record<string, string[]>;
    routes: string[];
  };
}

const RUNS: Record<string, Recorded> = {
  clerk,
  dial,
  rates,
  town,
  city,
  names,
  weighted,
  checked,
} as unknown as Record<string, Recorded>;
const EXPLAINED: Record<string, Record<string, unknown>> = {
  dial: dialExplained,
  rates: ratesExplained,
  weighted: weightedExplained,
};
const sessions = new Map<number, { name: string; run: Recorded; opened: Opened; extra: string[] }>();
let count = 0;

function find(request: OpenRequest): { name: string; extra: string[] } {
  if (request.seed !== 1) throw "the stand-in for development has seed 1 only";
  const own = request.scenario.includes("\n") ? "dial.toml" : request.scenario;
  for (const [name, setup] of Object.entries(setups)) {
    if (setup.scenario === own && setup.set.every((s) => request.set.includes(s))) {
      return { name, extra: request.set.filter((s) => !setup.set.includes(s)) };
    }
  }
  throw `the stand-in for development has no recording of ${own} with ${request.set.join(" ") || "these settings"}`;
}

function knobs(results: Results): Knob[] {
  return results.assumptions.map((a) => ({
    key: a.key,
    value: typeof a.value === "string" ? a.value : JSON.stringify(a.value),
    basis: a.basis,
    range: a.range,
    alternatives: a.alternatives ?? [],
    source: a.source,
    kind: typeof a.value === "number" ? "number" : a.alternatives?.length ? "choice" : "text",
  }));
}

function at(handle: number) {
  const found = sessions.get(handle);
  if (!found) throw "this handle is closed";
  return found;
}

function scenarioOf(name: string): ScenarioInfo | undefined {
  return (scenarioList as ScenarioInfo[]).find((s) => s.name === name);
}

function opening(request: OpenRequest): Opened {
  const { name, extra } = find(request);
  const run = RUNS[name]!;
  const results = run.results as Results;
  const info = scenarioOf(results.scenario);
  const decision = (route: string) =>
    (name === "dial" || (name === "weighted" && route === "address") ? "fellegi_sunter" : "rules") as "rules";
  const opened: Opened = {
    handle: ++count,
    name: results.scenario,
    title: info?.title ?? results.scenario,
    summary: info?.summary ?? "",
    content_note: info?.content_note ?? "Nothing in it weighs heavily: a case to begin with.",
    seed: 1,
    people: results.counts.people,
    requests: results.counts.requests,
    most_requests: results.counts.requests,
    knobs: knobs(results),
    toml: run.toml,
    routes: run.outcomes.routes.map((route) => ({
      name: route,
      decision: decision(route),
      threshold: name === "dial" ? -8 : decision(route) === "rules" ? 1 : 4,
      when: "always",
      compares: [],
    })),
  };
  sessions.set(opened.handle, { name, run, opened, extra });
  return opened;
}

function wait(milliseconds: number): void {
  const end = Date.now() + milliseconds;
  while (Date.now() < end);
}

function arrays(run: Recorded): Outcomes {
  const o = run.outcomes;
  const nan = (v: (number | null)[]) => Float32Array.from(v, (x) => x ?? NaN);
  const lost = ["", "refused", "blocking", "score", "out-ranked", "withheld", "review"];
  return {
    length: o.right.length,
    right: nan(o.right),
    wrong: nan(o.wrong),
    wrong_record: Int32Array.from(o.wrong_record),
    route: Uint8Array.from(o.route),
    on_file: Uint8Array.from(o.on_file),
    fate: Uint8Array.from(o.fate, (f) => FATES.indexOf(f as Fate)),
    lost_at: Uint8Array.from(o.lost_at, (l) => lost.indexOf(l)),
    group: Object.fromEntries(Object.entries(o.group).map(([k, v]) => [k, Uint8Array.from(v)])),
    groups: o.groups,
  };
}

interface Tally {
  right: number;
  wrong: number;
  requests: number;
  wrongRequests: number;
  absent: number;
  absentAnswered: number;
  sought: number;
  missed: number;
}
const tally = (): Tally => ({
  right: 0,
  wrong: 0,
  requests: 0,
  wrongRequests: 0,
  absent: 0,
  absentAnswered: 0,
  sought: 0,
  missed: 0,
});

function judge(handle: number, terms: Terms): Judged {
  const { run, opened } = at(handle);
  const o = run.outcomes;
  const results = run.results as Results;
  const answers =
    terms.answers ?? (/\[agreement\.answers\]\nvalue = "(\w+)"/.exec(run.toml)?.[1] as "best" | undefined) ?? "all";
  const fate = new Uint8Array(o.right.length);
  const all = tally();
  const parts = (terms.parts ?? []).map(() => tally());
  const exposed = new Set<number>();
  const sets = (terms.parts ?? []).map((p) => new Set(p.values.map((v) => o.groups[p.attribute]!.indexOf(v))));
  for (let i = 0; i < fate.length; i++) {
    const route = o.routes[o.route[i]!];
    const part = sets.findIndex((s, k) => s.has(o.group[terms.parts![k]!.attribute]![i]!));
    const own = part < 0 ? undefined : terms.parts![part]!.thresholds;
    const base = opened.routes.find((r) => r.name === route)?.threshold ?? Infinity;
    const threshold = route === undefined ? Infinity : (own?.[route] ?? terms.thresholds?.[route] ?? base);
    let found: { right: boolean; score: number; record: number }[] = [];
    const score = o.right[i];
    if (o.on_file[i] && score !== null && score !== undefined && score >= threshold)
      found.push({ right: true, score, record: -1 });
    for (let k = 0; k < 3; k++) {
      const s = o.wrong[i * 3 + k];
      if (s !== null && s !== undefined && s >= threshold)
        found.push({ right: false, score: s, record: o.wrong_record[i * 3 + k]! });
    }
    found.sort((a, b) => b.score - a.score);
    const several = found.length > 1;
    if (answers === "best") found = found.slice(0, 1);
    const margin = terms.margin ?? null;
    const held =
      (answers === "unique" && several) ||
      (margin !== null && found[1] !== undefined && found[0]!.score - found[1].score < margin);
    if (held) found = [];
    const right = found.some((f) => f.right);
    const wrong = found.filter((f) => !f.right);
    for (const w of wrong) exposed.add(w.record);
    const name: Fate =
      o.fate[i] === "refused"
        ? "refused"
        : right
          ? wrong.length
            ? "right_with_others"
            : "right_alone"
          : wrong.length
            ? "wrong_only"
            : held
              ? "withheld"
              : o.on_file[i]
                ? "not_returned"
                : "correctly_nobody";
    fate[i] = FATES.indexOf(name);
    for (const t of part < 0 ? [all] : [all, parts[part]!]) {
      t.requests++;
      t.right += Number(right);
      t.wrong += wrong.length;
      t.wrongRequests += Number(wrong.length > 0);
      if (o.on_file[i]) {
        t.sought++;
        t.missed += Number(!right);
      } else {
        t.absent++;
        t.absentAnswered += Number(wrong.length > 0);
      }
    }
  }
  const fates = Object.fromEntries(FATES.map((f, k) => [f, fate.reduce((n, x) => n + Number(x === k), 0)])) as Record<
    Fate,
    number
  >;
  const three = (t: Tally) => ({
    wrong_among_answers: rateOf(t.wrong, t.right + t.wrong, "persons returned"),
    wrong_person: rateOf(t.wrongRequests, t.requests, "requests"),
    missed: rateOf(t.missed, t.sought, "requests whose person is on file"),
  });
  return {
    fate,
    fates,
    returned_right: all.right,
    returned_wrong: all.wrong,
    parts: parts.map(three),
    rates: {
      ...three(all),
      answered_though_absent: rateOf(all.absentAnswered, all.absent, "requests whose person is not on file"),
      people_exposed: rateOf(
        exposed.size,
        results.counts.holder_records - all.sought,
        "people on file who were never sought",
      ),
      pair_false_match: rateOf(
        all.wrong,
        results.counts.holder_records * results.counts.requests - all.sought,
        "pairs of a request and a record that are two people",
      ),
    },
  };
}

interface Version {
  right: number[];
  wrong: [number, number][];
  rates: Record<string, Rate>;
}

function versionOf(handle: number, terms: Terms): Version {
  const { name, extra } = at(handle);
  const set = [...extra];
  for (const [route, t] of Object.entries(terms.thresholds ?? {})) set.push(`routes.${route}.threshold=${t}`);
  if (terms.answers && terms.answers !== "all") set.push(`agreement.answers=${terms.answers}`);
  for (const [safeguard, settings] of Object.entries(terms.safeguards ?? {})) {
    if (!settings) continue;
    set.push(`agreement.${safeguard}.on=true`);
    for (const [key, value] of Object.entries(settings)) set.push(`agreement.${safeguard}.${key}=${value}`);
  }
  const found = (versions as unknown as Record<string, Version>)[[name, ...set].join(" ")];
  if (!found) throw `the stand-in for development has no recording of ${[name, ...set].join(" ")}`;
  return found;
}

function compare(first: number, firstTerms: Terms, second: number, secondTerms: Terms): Compared {
  const a = versionOf(first, firstTerms),
    b = versionOf(second, secondTerms);
  const results = at(first).run.results as Results;
  const key = (w: [number, number]) => w.join(" ");
  const sought = { a: new Set(a.right), b: new Set(b.right) };
  const wrong = { a: new Set(a.wrong.map(key)), b: new Set(b.wrong.map(key)) };
  const four = <T>(one: Set<T>, two: Set<T>, people: number) => {
    const both = [...one].filter((x) => two.has(x)).length;
    return {
      people,
      both,
      spared: one.size - both,
      newly_returned: two.size - both,
      neither: people - one.size - two.size + both,
    };
  };
  const persons: ComparedPerson[] = [];
  for (const w of [...a.wrong, ...b.wrong.filter((w) => !wrong.a.has(key(w)))])
    persons.push({
      request: w[0],
      record: w[1],
      sought: false,
      first: wrong.a.has(key(w)),
      second: wrong.b.has(key(w)),
    });
  for (const r of new Set([...a.right, ...b.right]))
    if (sought.a.has(r) !== sought.b.has(r))
      persons.push({ request: r, record: -1, sought: true, first: sought.a.has(r), second: sought.b.has(r) });
  const on = results.counts.requested_on_file;
  return {
    sought: four(sought.a, sought.b, on),
    never_sought: four(wrong.a, wrong.b, results.counts.holder_records - on),
    persons,
    cut: false,
    first: a.rates as unknown as JudgedRates,
    second: b.rates as unknown as JudgedRates,
  };
}

const module: Omit<EngineModule, "open" | "judge" | "compare"> = {
  version: () => "stand-in",
  scenarios: () => scenarioList as ScenarioInfo[],
  run(handle, progress) {
    for (let i = 1; i <= 4; i++) {
      progress("holder", i, 4);
      wait(60);
    }
    return JSON.stringify(at(handle).run.results);
  },
  outcomes: (handle) => arrays(at(handle).run),
  explain(handle, request, _record, terms) {
    const found = EXPLAINED[at(handle).name]?.[String(request)];
    if (!found) throw "the stand-in for development has no recording of this request";
    const explained = structuredClone(found) as Explained;
    for (const { why, ...record } of explained.records) {
      const t = why && terms.thresholds?.[why.route];
      if (why && t !== undefined && t !== null) {
        why.threshold = t * 1000;
        record.returned = why.score >= why.threshold;
      }
    }
    return explained;
  },
  pairs: (_handle, count) => (clerkPairs as unknown as Pair[]).slice(0, count),
  coincidences({ asked, on_file, one_in }) {
    const pairs = asked * on_file;
    const expected = pairs / one_in;
    return { pairs, expected, at_least_one: 1 - Math.exp(-expected) };
  },
  close: (handle) => void sessions.delete(handle),
};

export const { version, scenarios, outcomes, pairs, coincidences, close, run, explain } = module;
export { opening as open, judge, compare };

export default function start(): Promise<null> {
  return Promise.resolve(null);
}
