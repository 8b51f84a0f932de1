// Makes crowd.json from two sweeps: node crowd.mjs NAMES_FOLDER ADDRESS_FOLDER RUN_FOLDER. The folders are those of
//
//   namesake sweep watch-list --vary people=10k,100k,1M,10M --replicates 20 --out NAMES_FOLDER
//   namesake sweep tax-address-request --vary people=10k,100k,1M,10M --replicates 5 --out ADDRESS_FOLDER
//   namesake run watch-list --alone --out RUN_FOLDER

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [names, address, run] = process.argv.slice(2);
function csv(path) {
  const [head, ...lines] = readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));
  return lines.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i]])));
}
// Quantiles of Student's t at 97.5 % by degrees of freedom.
const T = { 2: 4.303, 3: 3.182, 4: 2.776, 9: 2.262, 11: 2.201, 19: 2.093 };

function rule(key, folder, scenario) {
  const rows = csv(join(folder, "sweep.csv"));
  const column = Object.keys(rows[0]).find((name) => name === "people" || name === "population.people");
  const sizes = [...new Set(rows.map((r) => Number(r[column])))].sort((a, b) => a - b);
  const seeds = new Set(rows.map((r) => r.seed)).size;
  return {
    key,
    seeds,
    version: JSON.parse(readFileSync(join(run, "results.json"), "utf8")).version,
    command: `namesake sweep ${scenario} --vary people=${sizes.map((n) => (n < 1e6 ? `${n / 1e3}k` : `${n / 1e6}M`)).join(",")} --replicates ${seeds}`,
    rows: sizes.map((people) => {
      const mine = rows.filter((r) => Number(r[column]) === people);
      const sum = (name) => mine.reduce((total, r) => total + Number(r[name]), 0);
      const shares = mine
        .filter((r) => Number(r.wrong_among_answers_trials) > 0)
        .map((r) => r.wrong_among_answers_hits / r.wrong_among_answers_trials);
      const mean = shares.reduce((a, b) => a + b, 0) / shares.length;
      const deviation = Math.sqrt(shares.reduce((a, b) => a + (b - mean) ** 2, 0) / (shares.length - 1));
      const half = ((T[shares.length - 1] ?? 2.1) * deviation) / Math.sqrt(shares.length);
      return {
        people,
        wrong: sum("wrong_among_answers_hits"),
        returned: sum("wrong_among_answers_trials"),
        wrong_requests: sum("wrong_person_hits"),
        requests: sum("wrong_person_trials"),
        mean,
        low: mean - half,
        high: mean + half,
      };
    }),
  };
}

const { coincidences } = JSON.parse(readFileSync(join(run, "results.json"), "utf8"));
const oneIn = (i) => Number((coincidences[i].trials / coincidences[i].expected).toPrecision(2));
const data = {
  rules: [rule("names", names, "watch-list"), rule("address", address, "tax-address-request")],
  one_in: {
    command: "namesake run watch-list --alone",
    what: coincidences.map((c) => c.what),
    name: oneIn(0),
    name_and_year: oneIn(1),
    name_and_date: oneIn(2),
  },
};
writeFileSync(join(dirname(fileURLToPath(import.meta.url)), "crowd.json"), `${JSON.stringify(data, null, 1)}\n`);
