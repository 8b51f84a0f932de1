// Opens reports in Chromium as a reader would: from disk, at four widths, light, dark and printed.
//
//   node look.mjs NAMESAKE WORK       makes runs in the folder WORK with the binary NAMESAKE and looks at their reports
//   node look.mjs --shots FILE DIR    every part of a report at four widths, light and dark, to be looked at
//   node look.mjs --pictures FILE DIR the pictures of docs/images
//
// CHROMIUM names the browser if it is not `chromium`.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"];
const WIDTHS = [390, 768, 1280, 1920];
const HOSTILE = `</title></script><script>window.hostile = 1</script><img src=x onerror="window.hostile = 1">"' Ñandú Ōe`;

const problems = [];
const problem = (where, what) => problems.push(`${where}: ${what}`);

function browserPath() {
  const named = process.env.CHROMIUM;
  const found = (named ? [named] : ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]).find(existsSync);
  if (!found) {
    console.error("page-test: there is no Chromium; run tools/setup.sh, or name one with CHROMIUM=/path");
    process.exit(1);
  }
  return found;
}

// A page that reports what a reader would not see: errors, and requests for anything outside the file.
async function open(browser, file, options, where) {
  const context = await browser.newContext({ acceptDownloads: true, ...options });
  const page = await context.newPage();
  const address = pathToFileURL(file).href;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problem(where, `console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problem(where, `script: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (url.split("#")[0] !== address && !url.startsWith("data:") && !url.startsWith("blob:")) problem(where, `asked for ${url}`);
  });
  await page.goto(address);
  return { context, page };
}

// Every way a report is looked at: no part outside the screen, nothing that axe-core objects to.
async function look(browser, file, name, widths = WIDTHS) {
  for (const width of widths) {
    const at = `${name}, ${width} px`;
    const { context, page } = await open(browser, file, { viewport: { width, height: 900 } }, at);
    // What is folded is looked at, too, where most of it shows.
    if (width === 1280) await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
    await page.evaluate(AXE);
    for (const mode of ["light", "dark", "print"]) {
      const where = `${at}, ${mode}`;
      await page.emulateMedia({ media: mode === "print" ? "print" : "screen", colorScheme: mode === "dark" ? "dark" : "light" });
      const wide = await page.evaluate(() => {
        const root = document.documentElement;
        if (root.scrollWidth <= root.clientWidth) return null;
        const outside = (e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest(".scroll, svg");
        return [...document.querySelectorAll("body *")].filter(outside).slice(0, 3).map((e) => e.outerHTML.slice(0, 120));
      });
      if (wide) problem(where, `is wider than the screen: ${wide.join(" | ")}`);
      const collide = await page.evaluate(() => {
        const shown = (row) => [...row.children].map((e) => e.getBoundingClientRect()).filter((box) => box.width > 0);
        const close = (boxes) => boxes.some((box, i) => i > 0 && box.left < boxes[i - 1].right + 4);
        return [...document.querySelectorAll(".ticks, .plot .x")].find((row) => close(shown(row)))?.textContent;
      });
      if (collide) problem(where, `labels of an axis collide: ${collide}`);
      const folded = await page.evaluate(() => {
        const hides = (d) => d.checkVisibility() && [...d.children].slice(1).some((e) => !e.checkVisibility());
        return [...document.querySelectorAll("details")].find(hides)?.firstElementChild.textContent;
      });
      if (mode === "print" && folded) problem(where, `does not print what is folded: ${folded}`);
      const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      for (const { id, help, nodes } of found.violations) {
        problem(where, `axe: ${id}: ${help}: ${nodes[0].html.slice(0, 160)}: ${nodes[0].any[0]?.message ?? ""}`);
      }
    }
    await context.close();
  }
}

// What a reader can do with the page of a run.
async function use(browser, folder) {
  const file = join(folder, "report.html");
  const { context, page } = await open(browser, file, { viewport: { width: 1280, height: 900 } }, "in use");
  const results = JSON.parse(readFileSync(join(folder, "results.json"), "utf8"));
  const lead = (await page.textContent("h1")).replaceAll(",", "");
  const { returned_right: right, returned_wrong: wrong } = results.counts;
  if (!lead.includes(String(right + wrong)) || !lead.includes(wrong ? String(wrong) : "none")) problem("in use", `the first sentence is ${lead}`);

  const saved = page.waitForEvent("download");
  await page.click("a[data-file='disclosures.csv']");
  const download = await saved;
  if (readFileSync(await download.path(), "utf8") !== readFileSync(join(folder, "disclosures.csv"), "utf8")) {
    problem("in use", "the file that the page gives is another than that in the folder");
  }

  const before = await page.textContent("#reading");
  await page.focus("#at");
  await page.keyboard.press("End");
  const last = results.curve.at(-1);
  const after = await page.textContent("#reading");
  if (after === before || !after.replaceAll(",", "").includes(`${last.returned_wrong} of them somebody else`)) {
    problem("in use", `the slider reads ${after}`);
  }
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.click("#theme");
  if (await paper() === light) problem("in use", "the theme button changes nothing");
  await page.focus(".term");
  const explained = await page.waitForSelector("#tip", { state: "visible", timeout: 5000 }).catch(() => null);
  if (!explained) problem("in use", "a word is not explained where it stands");
  await page.keyboard.press("Escape");
  if (await page.isVisible("#tip")) problem("in use", "Escape does not close an explanation");
  await context.close();

  const plain = await open(browser, file, { javaScriptEnabled: false, viewport: { width: 1280, height: 900 } }, "without scripts");
  // What is folded away unfolds without scripts.
  await plain.page.click("#who summary");
  for (const part of ["h1", ".squares", ".rates", "#threshold .plot", "#who details[open] table"]) {
    if (!(await plain.page.isVisible(part))) problem("without scripts", `${part} is not shown`);
  }
  if (await plain.page.isVisible("#slider")) problem("without scripts", "a slider that cannot work is shown");
  await plain.context.close();
}

// Titles and sources of a scenario are text, whatever they hold.
async function hostile(browser, file) {
  const { context, page } = await open(browser, file, { viewport: { width: 390, height: 900 } }, "hostile scenario");
  if (await page.evaluate(() => window.hostile)) problem("hostile scenario", "a text of the scenario was run");
  const text = await page.textContent("main");
  if (text.split(HOSTILE).length < 4) problem("hostile scenario", "its title, summary and source are not shown as they stand");
  await context.close();
}

async function test(binary, work) {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const namesake = (...args) => execFileSync(binary, args, { stdio: ["ignore", "pipe", "inherit"] });
  const run = (scenario, name, ...args) => {
    namesake("run", scenario, "--quiet", "--out", join(work, name), ...args);
    return join(work, name);
  };
  const rules = run("tax-address-request", "rules", "--people", "200k", "--set", "population.final_order=0.02");
  const weighted = run("tax-address-request-weighted", "weighted", "--people", "40k", "--set", "population.final_order=0.02");
  const toml = readFileSync(join(weighted, "scenario.toml"), "utf8");
  const quoted = JSON.stringify(HOSTILE);
  const changed = toml.replace(/^title = .*$/m, () => `title = ${quoted}`).replace(/^summary = .*$/m, () => `summary = ${quoted}`)
    .replace(/^gaps = \[/m, () => `gaps = [\n    ${quoted},`);
  writeFileSync(join(work, "hostile.toml"), changed);
  const against = run("tax-address-request", "against", "--against", "tax-address-request-checked", "--people", "40k", "--set", "population.final_order=0.02");
  const strange = run(join(work, "hostile.toml"), "hostile", "--people", "12k");

  const browser = await chromium.launch({ executablePath: browserPath(), args: FLAGS });
  try {
    await look(browser, join(rules, "report.html"), "rules");
    await look(browser, join(against, "report.html"), "against", [390, 1280]);
    await use(browser, rules);
    await use(browser, weighted);
    await hostile(browser, join(strange, "report.html"));
  } finally {
    await browser.close();
  }
  if (problems.length) {
    console.error(problems.map((p) => `page-test: ${p}`).join("\n"));
    process.exit(1);
  }
  console.log(`page-test: the report holds at ${WIDTHS.join(", ")} px, light, dark and printed`);
}

// Parts of a report as the documents show them: what is seen, the width of the screen, light or dark.
const PICTURES = [
  ["report-lead", "#main > .lead", 1280, "light"],
  ["report-requests", "#asked figure", 1280, "light"],
  ["report-rates", "#rates figure", 1280, "light"],
];

async function pictures(file, folder) {
  const browser = await chromium.launch({ executablePath: browserPath(), args: FLAGS });
  for (const [name, part, width, colorScheme] of PICTURES) {
    const { context, page } = await open(browser, resolve(file), { viewport: { width, height: 900 }, colorScheme }, name);
    // The bar at the top would lie over a part that is longer than the screen.
    await page.addStyleTag({ content: ".top { position: static; } main { padding: 0; } .lead, figure { padding: 1.5rem; margin: 0; }" });
    await (await page.$(part)).screenshot({ path: join(folder, `${name}.png`) });
    await context.close();
  }
  await browser.close();
}

async function shots(file, folder) {
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath: browserPath(), args: FLAGS });
  for (const [width, height] of [[390, 844], [768, 1024], [1280, 900], [1920, 1080]]) {
    for (const colorScheme of ["light", "dark"]) {
      const { context, page } = await open(browser, resolve(file), { viewport: { width, height }, colorScheme }, "shots");
      await page.screenshot({ path: join(folder, `${width}-${colorScheme}.png`) });
      for (const section of await page.$$("main > section")) {
        const id = await section.getAttribute("id");
        await section.screenshot({ path: join(folder, `${width}-${colorScheme}-${id}.png`) });
      }
      if (width === 1280 && colorScheme === "light") await page.pdf({ path: join(folder, "print.pdf"), format: "A4" });
      await context.close();
    }
  }
  await browser.close();
}

const [first, second, third] = process.argv.slice(2);
if (first === "--shots") await shots(second, third);
else if (first === "--pictures") await pictures(second, third);
else if (second) await test(resolve(first), resolve(second));
else {
  console.error("usage: node look.mjs NAMESAKE WORK, or node look.mjs --shots|--pictures FILE DIR");
  process.exit(2);
}
