// Records runs for the stand-in: node record.mjs NAMESAKE [NAME …]. Everything in recorded/ comes from the command line.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const LAB = resolve(HERE, "../..");
const OUT = join(HERE, "recorded");
const WORK = mkdtempSync(join(tmpdir(), "lab-record-"));
const BINARY = resolve(process.argv[2] ?? "namesake");
const SEED = "1";

const setups = JSON.parse(readFileSync(join(LAB, "data/setups.json"), "utf8"));
const namesake = (...args) =>
  execFileSync(BINARY, args, { encoding: "utf8", maxBuffer: 1e9, stdio: ["ignore", "pipe", "inherit"] });
const source = (setup) => (setup.scenario.endsWith(".toml") ? join(LAB, "data", setup.scenario) : setup.scenario);
const flags = (set) => ["--seed", SEED, ...set.flatMap((s) => ["--set", s])];
const save = (name, value) => writeFileSync(join(OUT, `${name}.json`), JSON.stringify(value));

function csv(path) {
  const rows = [];
  for (const line of readFileSync(path, "utf8").trimEnd().split("\n")) {
    const cells = [];
    for (const m of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
      cells.push(m[1] !== undefined ? m[1].replaceAll('""', '"') : m[2]);
    rows.push(cells);
  }
  const head = rows.shift();
  return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]])));
}

function run(name, setup, extra = []) {
  const folder = join(WORK, name);
  if (!existsSync(folder))
    namesake(
      "run",
      source(setup),
      ...flags(setup.set),
      ...extra.flatMap((s) => ["--set", s]),
      "--alone",
      "--quiet",
      "--out",
      folder,
    );
  return folder;
}

function grouped(rows, key) {
  const out = new Map();
  for (const row of rows) {
    const k = key(row);
    if (out.has(k)) out.get(k).push(row);
    else out.set(k, [row]);
  }
  return out;
}

const explainCache = new Map();
function explain(setup, request, record, extra = []) {
  const key = JSON.stringify([setup, request, record, extra]);
  if (!explainCache.has(key)) {
    const args = [
      "explain",
      source(setup),
      ...flags(setup.set),
      ...extra.flatMap((s) => ["--set", s]),
      "--request",
      String(request),
      "--json",
      "-",
      "--quiet",
    ];
    if (record !== null) args.push("--record", String(record));
    explainCache.set(key, JSON.parse(namesake(...args)));
  }
  return structuredClone(explainCache.get(key));
}

// Runs of characters that are not in a longest common subsequence.
function differing(a, b) {
  const n = a.length,
    m = b.length;
  const length = Array.from({ length: n + 1 }, () => new Uint16Array(m + 1));
  for (let i = n - 1; i >= 0; i--)
    for (let j = m - 1; j >= 0; j--) {
      length[i][j] = a[i] === b[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  if (length[0][0] * 2 < Math.max(n, m)) return n ? [[0, n]] : [];
  const out = [];
  let i = 0,
    j = 0;
  const mark = (at) => {
    const last = out.at(-1);
    if (last && last[1] === at) last[1]++;
    else out.push([at, at + 1]);
  };
  while (i < n) {
    if (j < m && a[i] === b[j]) {
      i++;
      j++;
    } else if (j < m && length[i][j + 1] > length[i + 1][j]) j++;
    else mark(i++);
  }
  return out;
}

function finish(explained, people) {
  const first = explained.records[0]?.holder.as_recorded ?? {};
  const side = (s, other) => {
    s.errors = s.errors.map((e) => ({ error: e.error, field: e.field, before: e.before ?? "", after: e.after ?? "" }));
    s.differs = Object.fromEntries(
      Object.entries(s.as_recorded)
        .map(([f, v]) => [f, differing(v ?? "", other[f] ?? "")])
        .filter(([, d]) => d.length),
    );
    return s;
  };
  side(explained.requester, first);
  const right = explained.records.filter((r) => r.is_person_sought);
  explained.records = [...explained.records.filter((r) => !r.is_person_sought), ...right];
  for (const record of explained.records) {
    side(record.holder, explained.requester.as_recorded);
    const over = record.why && record.why.score >= record.why.threshold;
    record.enough_alone ??= [];
    record.primary_cause ??= null;
    record.steps = [
      { step: "answered", passed: Boolean(over) },
      ...(over ? [{ step: "several_answers", passed: record.returned }] : []),
    ];
    const a = record.holder.without_errors;
    record.others_at_address = people.at(a, record.is_person_sought);
  }
  return explained;
}

function peopleOf(name, setup) {
  const folder = join(WORK, `${name}-files`);
  namesake("generate", source(setup), ...flags(setup.set), "--quiet", "--out", folder);
  const where = (p) => [p.house_number, p.street, p.unit, p.zip].join("|");
  const people = csv(join(folder, "people.csv"));
  const count = new Map();
  for (const p of people) if (p.sought === "false") count.set(where(p), (count.get(where(p)) ?? 0) + 1);
  return { folder, people, at: (a, right) => Math.max(0, (count.get(where(a)) ?? 0) - (right ? 0 : 1)) };
}

// Arrays as `outcomes` returns them, from a run in which nothing but the score keeps a record from being returned.
function outcomes(name, setup, low) {
  const plain = csv(join(run(name, setup), "outcomes.csv"));
  const open = run(`${name}-open`, setup, low);
  const rows = csv(join(open, "outcomes.csv"));
  const wrong = new Map();
  for (const d of csv(join(open, "disclosures.csv"))) {
    const list = wrong.get(d.request) ?? [];
    list.push([Number(d.score), Number(d.record)]);
    wrong.set(d.request, list);
  }
  const attributes = ["group", "status", "sex", "age", "name_form", "name_commonness", "recording_quality"];
  const groups = Object.fromEntries(attributes.map((a) => [a, [...new Set(rows.map((r) => r[a]))].sort()]));
  const out = {
    right: [],
    wrong: [],
    wrong_record: [],
    route: [],
    on_file: [],
    fate: [],
    lost_at: [],
    group: Object.fromEntries(attributes.map((a) => [a, []])),
    groups,
  };
  const routes = [];
  rows.forEach((row, i) => {
    const others = (wrong.get(row.request) ?? []).sort((a, b) => b[0] - a[0]);
    let right = null;
    if (row.fate.startsWith("right")) {
      right = Number(row.best_score);
      if (others.length && others[0][0] >= right) {
        const found = explain(setup, Number(row.request), null).records.find((r) => r.is_person_sought);
        right = found.why.score / 1000;
      }
    }
    out.right.push(right);
    for (let k = 0; k < 3; k++) {
      out.wrong.push(others[k]?.[0] ?? null);
      out.wrong_record.push(others[k]?.[1] ?? -1);
    }
    if (row.route && !routes.includes(row.route)) routes.push(row.route);
    out.route.push(row.route ? routes.indexOf(row.route) : 255);
    out.on_file.push(row.on_file === "true" ? 1 : 0);
    out.fate.push(plain[i].fate);
    out.lost_at.push(plain[i].lost_at);
    for (const a of attributes) out.group[a].push(groups[a].indexOf(row[a]));
  });
  return { ...out, routes };
}

function lean(folder) {
  const results = JSON.parse(readFileSync(join(folder, "results.json"), "utf8"));
  for (const values of Object.values(results.by_group))
    for (const group of Object.values(values))
      for (const key of Object.keys(group)) if (key !== "rates") delete group[key];
  for (const point of results.curve) {
    delete point.precision;
    delete point.recall;
  }
  delete results.situations;
  delete results.outcomes;
  delete results.floor;
  return results;
}

const LOW = {
  dial: ["routes.desk.threshold=-100", "agreement.answers=all", "agreement.most_answers=20"],
  weighted: ["routes.address.threshold=-4", "agreement.most_answers=20"],
};

function ordinary(name) {
  const setup = setups[name];
  const folder = run(name, setup);
  const toml = readFileSync(join(folder, "scenario.toml"), "utf8");
  save(name, { results: lean(folder), outcomes: outcomes(name, setup, LOW[name] ?? []), toml });
  console.log(`${name} recorded`);
}

// Requests worth following: those with somebody else among the better answers, and some right ones.
function followed(name, most) {
  const setup = setups[name];
  const people = peopleOf(name, setup);
  const wrong = csv(join(run(name, setup), "disclosures.csv"))
    .slice(0, most)
    .map((d) => [Number(d.request), Number(d.record)]);
  const right = csv(join(run(name, setup), "outcomes.csv"))
    .filter((o) => o.fate === "right_alone")
    .slice(0, 4)
    .map((o) => [Number(o.request), null]);
  const out = {};
  for (const [request, record] of [...wrong, ...right]) out[request] = finish(explain(setup, request, record), people);
  save(`${name}-explained`, out);
  console.log(`${name}: ${Object.keys(out).length} requests explained`);
}

function clerk() {
  const setup = setups.clerk;
  const files = peopleOf("clerk", setup);
  const read = (file) => csv(join(files.folder, `${file}.csv`));
  const person = new Map(files.people.map((p) => [p.person_id, p]));
  const truth = { requester: new Map(), holder: new Map() },
    recordOf = new Map();
  for (const t of read("truth")) {
    truth[t.file].set(t.record_id, t.person_id);
    if (t.file === "holder") recordOf.set(t.person_id, t.record_id);
  }
  const requests = read("requester"),
    records = read("holder");
  const byRecord = new Map(records.map((r) => [r.record_id, r]));
  const byName = grouped(records, (r) => `${r.surname}|${r.given_name.slice(0, 1)}`);
  const byHome = grouped(records, (r) => [r.house_number, r.street, r.unit].join("|"));
  const found = { easy_same: [], easy_different: [], namesake: [], relative: [], moved: [], renamed: [], misspelt: [] };
  for (const q of requests) {
    const id = truth.requester.get(q.record_id);
    const own = byRecord.get(recordOf.get(id));
    if (own) {
      const same = (f) => q[f] === own[f];
      const name = same("given_name") && same("surname");
      if (name && same("date_of_birth") && same("street") && same("house_number")) found.easy_same.push([q, own]);
      else if (name && !same("street") && !same("house_number")) found.moved.push([q, own]);
      else if (!same("surname") && q.surname[0] !== own.surname[0] && same("given_name")) found.renamed.push([q, own]);
      else if (!same("given_name") && same("surname") && q.given_name[0] === own.given_name[0])
        found.misspelt.push([q, own]);
    }
    for (const r of byName.get(`${q.surname}|${q.given_name.slice(0, 1)}`) ?? []) {
      if (truth.holder.get(r.record_id) === id) continue;
      const home = r.street === q.street && r.house_number === q.house_number;
      if (home) found.relative.push([q, r]);
      else if (
        r.given_name === q.given_name &&
        Math.abs(+r.date_of_birth.slice(0, 4) - +q.date_of_birth.slice(0, 4)) < 6
      )
        found.namesake.push([q, r]);
      else if (r.given_name !== q.given_name) found.easy_different.push([q, r]);
    }
    for (const r of byHome.get([q.house_number, q.street, q.unit].join("|")) ?? [])
      if (
        r.surname === q.surname &&
        truth.holder.get(r.record_id) !== id &&
        r.given_name.slice(0, 2) === q.given_name.slice(0, 2)
      )
        found.relative.push([q, r]);
  }
  const used = new Set(),
    pairs = [];
  const want = [
    "easy_same",
    "relative",
    "moved",
    "namesake",
    "easy_different",
    "renamed",
    "relative",
    "misspelt",
    "moved",
    "namesake",
  ];
  const at = Object.fromEntries(Object.keys(found).map((k) => [k, 0]));
  for (const kind of want) {
    const pool = found[kind];
    while (at[kind] < pool.length) {
      const [q, r] = pool[at[kind]++];
      if (used.has(q.record_id) || used.has(`h${r.record_id}`)) continue;
      used.add(q.record_id);
      used.add(`h${r.record_id}`);
      const explained = explain(setup, Number(q.record_id), Number(r.record_id));
      explained.records = explained.records.filter((x) => String(x.record) === r.record_id);
      finish(explained, files);
      const same = truth.requester.get(q.record_id) === truth.holder.get(r.record_id);
      const why = explained.records[0].why;
      pairs.push({
        request: Number(q.record_id),
        record: Number(r.record_id),
        kind,
        same_person: same,
        machine_says_same: Boolean(why && why.score >= why.threshold),
        explained,
      });
      break;
    }
  }
  save("clerk-pairs", [0, 3, 5, 1, 8, 2, 7, 4, 9, 6].map((i) => pairs[i]).filter(Boolean));
  console.log(
    `clerk: ${pairs.length} pairs of ${JSON.stringify(Object.fromEntries(Object.entries(found).map(([k, v]) => [k, v.length])))}`,
  );
}

// Who is returned under each version of the memorandum that the tests sign.
function versions() {
  const list = [
    ["rates", []],
    ["checked", []],
    ["rates", ["routes.number.threshold=2"]],
    ["rates", ["agreement.answers=unique"]],
    ["rates", ["agreement.answers=best"]],
    ["rates", ["agreement.second_identifier.on=true"]],
    ["rates", ["agreement.review.on=true"]],
    ["rates", ["agreement.notice.on=true"]],
    ["rates", ["agreement.notice.on=true", "agreement.notice.silence=withholds"]],
    ["checked", ["agreement.second_identifier.on=true"]],
    ["checked", ["agreement.answers=unique"]],
    ["checked", ["agreement.second_identifier.on=true", "agreement.notice.on=true"]],
  ];
  const out = {};
  list.forEach(([name, extra], i) => {
    const folder = run(`version-${i}`, setups[name], extra);
    const rows = csv(join(folder, "outcomes.csv"));
    const results = lean(folder);
    out[[name, ...extra].join(" ")] = {
      right: rows.filter((r) => r.fate.startsWith("right")).map((r) => Number(r.request)),
      wrong: csv(join(folder, "disclosures.csv")).map((d) => [Number(d.request), Number(d.record)]),
      rates: results.rates,
    };
  });
  save("versions", out);
  console.log(`${list.length} versions of the memorandum`);
}

mkdirSync(OUT, { recursive: true });
save(
  "scenarios",
  JSON.parse(namesake("scenarios", "--json", "-")).scenarios.map((s) => {
    const note = /^content_note = "(.*)"$/m.exec(namesake("scenarios", "show", s.name))?.[1] ?? "";
    return { ...s, content_note: note };
  }),
);
const TASKS = {
  "clerk-pairs": clerk,
  ...Object.fromEntries(
    ["clerk", "dial", "rates", "town", "city", "names", "weighted", "checked"].map((name) => [
      name,
      () => ordinary(name),
    ]),
  ),
  "dial-explained": () => followed("dial", 24),
  "weighted-explained": () => followed("weighted", 4),
  "rates-explained": () => followed("rates", 8),
  versions,
};
const wanted = process.argv.slice(3);
for (const [name, task] of Object.entries(TASKS)) if (!wanted.length || wanted.includes(name)) task();
rmSync(WORK, { recursive: true, force: true });
