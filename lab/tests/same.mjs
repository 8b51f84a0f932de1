// The Lab, the program and report.html give the same numbers.
//
//   node same.mjs FILE NAMESAKE [BIG]   runs of three scenarios and seeds in the page FILE and by the binary NAMESAKE; then a
//                                       run folder is opened in the page, and the times that a reader waits are measured
//
// BIG is the run folder to open; without it one of the three is opened. CHROMIUM names the browser if it is not `chromium`.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const RUNS = [
  { scenario: "library-card", seed: 3, people: 20_000, requests: 1_000, set: [] },
  {
    scenario: "tax-address-request-weighted",
    seed: 5,
    people: 25_600,
    requests: 300,
    set: ["population.final_order=0.02"],
  },
  { scenario: "name-only-screening", seed: 11, people: 40_000, requests: 1_000, set: ["agreement.answers=best"] },
];
// Rates that the page and the report both say first.
const SAID = ["wrong_among_answers", "missed"];
// What a reader waits at most, in milliseconds: for the first picture, and for a run that is opened.
const MOST = { picture: 1500, opened: 2000 };
const TRIES = 3;

const problems = [];
const [file, namesake, big] = process.argv.slice(2);
if (!namesake) {
  console.error("usage: node same.mjs FILE NAMESAKE [BIG]");
  process.exit(2);
}
const work = mkdtempSync(join(tmpdir(), "lab-same-"));
const address = pathToFileURL(resolve(file)).href;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});

function onCommandLine({ scenario, seed, people, requests, set }, folder) {
  const flags = ["--seed", seed, "--people", people, "--requests", requests, ...set.flatMap((s) => ["--set", s])];
  const out = ["--alone", "--quiet", "--out", folder, "--json", "-"];
  return execFileSync(resolve(namesake), ["run", scenario, ...flags.map(String), ...out], {
    encoding: "utf8",
    maxBuffer: 1e9,
  });
}

/** A run in a page of its own: what a run before it shows stays there until the next one has ended. */
async function inPage({ scenario, seed, people, requests, set }) {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  const query = new URLSearchParams({ s: scenario, seed, n: people, m: requests, set: set.join("\n") });
  await page.goto(`${address}#sandbox?${query}`);
  await page.locator(".knob").first().waitFor();
  await page.locator("form button.main").click();
  await page.locator(".overview").waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "JSON" }).click(),
  ]);
  const shown = {
    json: readFileSync(await download.path(), "utf8"),
    text: await page.locator(".overview").textContent(),
  };
  await page.close();
  return shown;
}

/** The least of some times: what else the machine does is no part of it. */
async function least(measure) {
  const times = [];
  for (let i = 0; i < TRIES; i++) times.push(await measure());
  return Math.min(...times);
}

try {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  for (const run of RUNS) {
    const name = `${run.scenario}, seed ${run.seed}`;
    const folder = join(work, run.scenario);
    const program = JSON.parse(onCommandLine(run, folder));
    const { json, text } = await inPage(run);
    if (JSON.stringify(JSON.parse(json)) !== JSON.stringify(program))
      problems.push(`${name}: the page's results are not those of --json`);
    const report = readFileSync(join(folder, "report.html"), "utf8").replaceAll(/<[^>]*>/g, " ");
    for (const rate of SAID) {
      const { hits, trials } = program.rates[rate];
      const said = `${hits.toLocaleString("en-US")} of ${trials.toLocaleString("en-US")}`;
      if (!text.includes(said)) problems.push(`${name}: the page does not say ${said} (${rate})`);
      if (!report.includes(said)) problems.push(`${name}: report.html does not say ${said} (${rate})`);
    }
  }

  const picture = await least(async () => {
    const fresh = await browser.newPage();
    await fresh.goto(address);
    const painted = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    const time = await fresh.waitForFunction(painted).then((handle) => handle.jsonValue());
    await fresh.close();
    return time;
  });
  const results = join(big ?? join(work, RUNS[1].scenario), "results.json");
  const opened = await least(async () => {
    await page.goto(`${address}#clerk`);
    await page.goto(`${address}#open`);
    await page.locator("input[type=file]").waitFor();
    const from = performance.now();
    await page.setInputFiles("input[type=file]", results);
    await page.locator(".overview").waitFor();
    return performance.now() - from;
  });
  const { counts } = JSON.parse(readFileSync(results, "utf8"));
  console.log(
    `first picture after ${picture.toFixed(0)} ms; a run of ${counts.people.toLocaleString("en-US")} people opens in ${opened.toFixed(0)} ms`,
  );
  if (picture > MOST.picture) problems.push(`the first picture takes ${picture.toFixed(0)} ms`);
  if (opened > MOST.opened) problems.push(`opening a run takes ${opened.toFixed(0)} ms`);
} finally {
  await browser.close();
  rmSync(work, { recursive: true, force: true });
}
if (problems.length) {
  console.error(problems.map((p) => `same: ${p}`).join("\n"));
  process.exit(1);
}
console.log("same: the page, --json and report.html give the same numbers for three scenarios and seeds");
