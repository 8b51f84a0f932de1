// Walks the Lab in Chromium as a reader would.
//
//   node walk.mjs FILE                     every step, four widths, light and dark, keyboard alone; from disk and from a server
//   node walk.mjs --shots FILE DIR [STEP]  a picture of each step at three widths, light and dark
//   node walk.mjs --times FILE             how long runs take, and a frame while the dial is dragged
//
// What a screen reader is told of each step is compared with tree.txt, numbers left out; NAMESAKE_BLESS=1 writes it
// anew. WIDTHS and MODES choose among widths and among light and dark. CHROMIUM names the
// browser if it is not `chromium`.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"];
const SIZES = [
  [390, 844],
  [768, 1024],
  [1280, 900],
  [1920, 1080],
];
const STEPS = ["clerk", "dial", "rates", "crowd", "names", "person", "terms", "sandbox", "open", "teach"];
const PATIENCE = 60_000;
// A run that the program made, to be opened.
const golden = (name) => fileURLToPath(new URL(`../../synthetic-data/golden/${name}.json`, import.meta.url));
const RESULTS = golden("tax-address-request-assumed-40k");
// Larger than the results.json of a run of a million people, which has 0.8 MB.
const LARGE = golden("tax-address-request-weighted-40k");
// The longest that a run may take to open, in milliseconds.
const OPENS_WITHIN = 2000;

const problems = [];
const problem = (where, what) => problems.push(`${where}: ${what}`);

function browserPath() {
  const named = process.env.CHROMIUM;
  const found = (named ? [named] : ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]).find(
    existsSync,
  );
  if (!found) {
    console.error("walk: there is no Chromium; install it, or name one with CHROMIUM=/path");
    process.exit(1);
  }
  return found;
}

// A page that reports what a reader would not see: errors, and requests for anything outside the file.
async function open(browser, address, options, where) {
  const context = await browser.newContext({ acceptDownloads: true, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problem(where, `console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problem(where, `script: ${error.message}`));
  context.on("request", (request) => {
    const url = request.url();
    if (url.split("#")[0] !== address && !url.startsWith("data:") && !url.startsWith("blob:"))
      problem(where, `asked for ${url}`);
  });
  await page.goto(address);
  return { context, page };
}

const idle = (page) => page.waitForFunction(() => !document.querySelector(".waiting progress"));

// What a reader does in each step, up to its last question.
const WALKS = {
  async clerk(page) {
    for (let i = 0; i < 10; i++)
      await page
        .locator(".answer")
        .nth(i === 3 ? 2 : i % 2)
        .click();
    await guess(page, 3);
    await pick(page, 0);
    await page
      .locator(".each details")
      .nth(1)
      .evaluate((d) => {
        d.open = true;
      });
  },
  async dial(page) {
    await page.locator(".dial input[type=range]").evaluate((slider) => {
      slider.value = "3";
      slider.dispatchEvent(new Event("input"));
    });
    await guess(page, 60);
    await pick(page, 0);
    await page.getByRole("button", { name: "Show me somebody" }).click();
  },
  async rates(page) {
    await guess(page, 5);
    await page.locator(".newspaper select").nth(0).selectOption("0");
    await page.locator(".newspaper select").nth(1).selectOption("4");
    await pick(page, 1);
  },
  async crowd(page) {
    await guess(page, 6);
    await pick(page, 0);
    await page.getByRole("button", { name: "Run a city" }).click();
    await page.getByText("100,000 people, ").waitFor();
  },
  async names(page) {
    await guess(page, 20);
    await pick(page, 0);
    await page.locator(".group-dial dd").first().waitFor();
    await page
      .locator(".group-dial input[type=range]")
      .nth(0)
      .evaluate((slider) => {
        slider.value = "5";
        slider.dispatchEvent(new Event("input"));
      });
    await page.locator(".verdict strong").waitFor();
  },
  async person(page) {
    await page.locator(".choose input").first().waitFor();
    await pick(page, 0);
    await page.locator(".story").waitFor();
  },
  async terms(page) {
    await page.locator(".document input[type=checkbox]").first().check();
    await guess(page, 40);
    await page.locator(".people button").first().click();
    await page.locator(".story").waitFor();
    await pick(page, 1);
    await page.locator("textarea").fill("A birth date is easy to compare.");
  },
  async sandbox(page) {
    await page.locator(".knob").first().waitFor();
    await page.locator("form button.main").click();
    await page.locator(".overview").waitFor();
  },
  async open(page) {
    await page.setInputFiles("input[type=file]", RESULTS);
    await page.locator(".overview").waitFor();
  },
  async teach(page) {
    await page.getByRole("button", { name: "Compute" }).click();
    await page.locator(".key-list .waiting").first().waitFor({ state: "detached" });
    await idle(page);
  },
};

async function guess(page, value) {
  await page.locator(".guess input").last().fill(String(value));
  await page.locator(".guess button").last().click();
  await page.locator(".revealed").last().waitFor();
}

async function pick(page, n) {
  await page.locator(".choose").last().locator("input").nth(n).check();
}

async function to(page, address, step) {
  await page.goto(`${address}#${step}`);
  await page.locator(`#step-${step} h1`).waitFor();
  await idle(page);
}

async function fits(page, where) {
  const wide = await page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return null;
    const outside = (e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest(".scroll, svg");
    return [...document.querySelectorAll("body *")]
      .filter(outside)
      .slice(0, 3)
      .map((e) => e.outerHTML.slice(0, 140));
  });
  if (wide) problem(where, `is wider than the screen: ${wide.join(" | ")}`);
}

async function axe(page, where) {
  await page.evaluate(AXE);
  // What is still appearing has too little contrast for a moment.
  await page.evaluate(() => {
    const ends = document.getAnimations().filter((a) => a.effect.getComputedTiming().endTime !== Infinity);
    return Promise.allSettled(ends.map((animation) => animation.finished));
  });
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const { id, help, nodes } of found.violations)
    problem(where, `axe: ${id}: ${help}: ${nodes[0].html.slice(0, 160)}: ${nodes[0].any[0]?.message ?? ""}`);
}

// The ways in which axe-core looks at a step, by width; at each width the step has to fit.
const LOOKS = { 390: ["dark"], 768: [], 1280: ["light", "dark", "print"], 1920: ["light"] };

// Every step at some widths. The runs are made once: one page is shown at all of them.
async function widths(browser, address, sizes, options, from) {
  const { context, page } = await open(browser, address, options, from);
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    for (const step of STEPS) {
      const where = `${step}, ${width} px, ${from}`;
      try {
        await to(page, address, step);
        await fits(page, `${where}, before`);
        if (width === 1280) await axe(page, `${where}, before`);
        await WALKS[step](page);
        await fits(page, where);
        for (const look of LOOKS[width]) {
          await page.emulateMedia({
            media: look === "print" ? "print" : "screen",
            colorScheme: look === "dark" ? "dark" : "light",
          });
          await axe(page, `${where}, ${look}`);
        }
        await page.emulateMedia({ media: "screen", colorScheme: "light" });
      } catch (error) {
        problem(where, error.message.split("\n")[0]);
      }
    }
    console.log(`walked at ${width} px, ${from}`);
  }
  await context.close();
}

// All seven steps to their truth without a pointer.
async function keyboard(browser, address) {
  const where = "keyboard";
  const { context, page } = await open(browser, address, { viewport: { width: 1280, height: 900 } }, where);
  const press = (key) => page.keyboard.press(key);
  const reach = async (selector, most = 150) => {
    await page.locator(selector).first().waitFor();
    for (let i = 0; i < most; i++) {
      if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
      await press("Tab");
    }
    throw new Error(`Tab does not reach ${selector}`);
  };
  const answer = async (value) => {
    await reach(".guess input");
    await page.keyboard.type(String(value));
    await press("Enter");
    await page.locator(".revealed").last().waitFor();
  };
  const choose = async (selector = ".choose input") => {
    await reach(selector);
    await press("Space");
  };
  const next = async (step) => {
    await reach(".turn a.main");
    await press("Enter");
    await page.locator(`#step-${step} h1`).waitFor();
    await idle(page);
  };
  const changes = async (selector, act) => {
    const before = await page.locator(selector).first().textContent();
    await act();
    await page.waitForFunction(([s, t]) => document.querySelector(s).textContent !== t, [selector, before]);
  };
  try {
    await page.locator(".card").waitFor();
    await reach(".answer");
    for (const key of ["1", "2", "4", "3", "1", "2", "1", "2", "1", "2", "1"]) await press(key);
    await answer(3);
    await choose();
    if (!(await page.locator(".reply").first().textContent()))
      problem(where, "a choice made with the space bar has no reply");
    await next("dial");
    await page.locator(".piles strong").first().waitFor();
    await reach(".dial input[type=range]");
    await changes(".piles", async () => {
      for (let i = 0; i < 80; i++) await press("ArrowRight");
    });
    if (!/threshold/.test(await page.locator(".dial input[type=range]").getAttribute("aria-valuetext")))
      problem(where, "the dial does not say its value");
    await answer(60);
    await choose();
    await next("rates");
    await answer(5);
    for (const n of [0, 1]) {
      await reach(`.newspaper:nth-of-type(${n + 1}) select`);
      await press("ArrowDown");
    }
    await choose();
    await next("crowd");
    await answer(6);
    await choose();
    await next("names");
    await answer(20);
    await choose();
    await page.locator(".group-dial dd").first().waitFor();
    await reach(".group-dial input[type=range]");
    await changes(".group-dial dl", async () => {
      for (let i = 0; i < 20; i++) await press("ArrowRight");
    });
    await next("person");
    await choose();
    await page.locator(".story").waitFor();
    await next("terms");
    await choose(".document input[type=checkbox]");
    await answer(40);
    await reach(".people button");
    await press("Enter");
    await page.locator(".story").waitFor();
    await choose(".revealed .choose input");
    await reach("textarea");
    await page.keyboard.type("A birth date is easy to compare.");
    if (!/why7=A/.test(page.url())) await page.waitForFunction(() => location.hash.includes("why7=A"));
    // Links carry along what was said in every step before.
    const sheet = await page.locator(".sheet table").textContent();
    for (const n of [1, 2, 3, 4, 5, 7])
      if (!new RegExp(`${n} [^0-9]+Your guess: `).test(sheet))
        problem(where, `the sheet has lost the guess of step ${n}`);
  } catch (error) {
    problem(where, error.message.split("\n").slice(0, 3).join(" "));
  }
  await context.close();
}

// What the address holds is enough to come back; nothing else is stored.
async function memory(browser, address) {
  const where = "address";
  const { context, page } = await open(browser, address, { viewport: { width: 1280, height: 900 } }, where);
  await to(page, address, "dial");
  await WALKS.dial(page);
  await page.waitForTimeout(400);
  const kept = page.url();
  const [surprise] = await page.locator(".surprise").allTextContents();
  const stored = await page.evaluate(
    () =>
      document.cookie.length +
      (() => {
        try {
          return localStorage.length + sessionStorage.length;
        } catch {
          return 0;
        }
      })(),
  );
  if (stored) problem(where, "something is stored");
  await context.close();
  const again = await open(browser, address, { viewport: { width: 1280, height: 900 } }, where);
  await again.page.goto(kept);
  await again.page.locator(".surprise").waitFor();
  if ((await again.page.locator(".surprise").textContent()) !== surprise)
    problem(where, "the address does not bring the step back");
  await again.context.close();
}

// Dots can be dragged with a pointer, and one can be followed.
async function pointer(browser, address) {
  const where = "pointer";
  const { context, page } = await open(browser, address, { viewport: { width: 1280, height: 900 } }, where);
  await to(page, address, "dial");
  const canvas = page.locator("canvas");
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  const at = () => page.locator(".dial input[type=range]").inputValue();
  const before = await at();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 20, { steps: 8 });
  await page.mouse.up();
  if ((await at()) === before) problem(where, "dragging on the dots does not move the threshold");
  await context.close();
}

// The results of a large run stand on the screen in time: the best of three, since other programs run.
async function opens(browser, address) {
  const { context, page } = await open(browser, address, { viewport: { width: 1280, height: 900 } }, "opening");
  await to(page, address, "open");
  const took = [];
  for (let i = 0; i < 3; i++) {
    await page.locator(".overview").evaluateAll((all) => all.forEach((e) => e.remove()));
    const from = performance.now();
    await page.setInputFiles("input[type=file]", []);
    await page.setInputFiles("input[type=file]", LARGE);
    await page.locator(".overview").waitFor();
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0))));
    took.push(Math.round(performance.now() - from));
  }
  if (Math.min(...took) > OPENS_WITHIN) problem("open", `a large run takes ${took.join(", ")} ms to open`);
  await context.close();
}

async function times(browser, address) {
  const { context, page } = await open(browser, address, { viewport: { width: 1280, height: 900 } }, "times");
  for (const [step, shown] of [
    ["rates", ".guess"],
    ["dial", ".piles strong"],
  ]) {
    const from = performance.now();
    await page.goto(`${address}#${step}`);
    await page.locator(`#step-${step} ${shown}`).first().waitFor();
    console.log(`${step}: 200,000 people and 2,000 requests in ${((performance.now() - from) / 1000).toFixed(2)} s`);
  }
  const box = await page.locator("canvas").boundingBox();
  const client = await context.newCDPSession(page);
  const events = [];
  client.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  await client.send("Tracing.start", {
    categories: "toplevel,devtools.timeline,disabled-by-default-devtools.timeline",
    transferMode: "ReportEvents",
  });
  await page.mouse.move(box.x + box.width * 0.3, box.y + 20);
  await page.mouse.down();
  for (let i = 0; i < 300; i++)
    await page.mouse.move(box.x + box.width * (0.3 + 0.6 * Math.abs(Math.sin(i / 40))), box.y + 20);
  await page.mouse.up();
  const done = new Promise((r) => client.once("Tracing.tracingComplete", r));
  await client.send("Tracing.end");
  await done;
  // Work of the main thread in tasks that drew a frame: those in which an animation frame ran.
  const fired = events.filter((e) => e.name === "FireAnimationFrame" && e.dur);
  const drawn = fired.map((e) => e.dur / 1000);
  const ofMain = (e) => e.name === "RunTask" && e.tid === fired[0]?.tid && e.pid === fired[0]?.pid;
  const all = events.filter(ofMain).sort((a, b) => a.ts - b.ts);
  const starts = fired.map((e) => e.ts).sort((a, b) => a - b);
  let next = 0;
  const tasks = [];
  for (const task of all) {
    while (next < starts.length && starts[next] < task.ts) next++;
    if (next < starts.length && starts[next] <= task.ts + task.dur) tasks.push(task.dur / 1000);
  }
  const quantile = (list, q) => {
    const sorted = [...list].sort((a, b) => a - b);
    return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))].toFixed(2) : "none";
  };
  console.log(
    `frames ${drawn.length}: script 50 % ${quantile(drawn, 0.5)} ms, 95 % ${quantile(drawn, 0.95)} ms; whole tasks ${tasks.length}: 50 % ${quantile(tasks, 0.5)} ms, 95 % ${quantile(tasks, 0.95)} ms`,
  );
  await context.close();
}

// Pictures of each step at its end: one page, so that each run is made once.
async function shots(browser, address, folder, only) {
  mkdirSync(folder, { recursive: true });
  const { context, page } = await open(browser, address, {}, "pictures");
  const wide = (process.env.WIDTHS ?? "390,768,1280").split(",");
  for (const [width, height] of SIZES.filter(([width]) => wide.includes(String(width)))) {
    for (const colorScheme of (process.env.MODES ?? "light,dark").split(",")) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      for (const step of STEPS.filter((s) => !only || only.split(",").includes(s))) {
        try {
          await to(page, address, step);
          await WALKS[step](page);
          await page.waitForTimeout(300);
          await page.evaluate(() => {
            document.activeElement?.blur();
            scrollTo(0, 0);
          });
          const tall = await page.evaluate(() => document.documentElement.scrollHeight);
          await page.screenshot({
            path: join(folder, `${step}-${width}-${colorScheme}.jpg`),
            type: "jpeg",
            quality: 45,
            fullPage: true,
            clip: { x: 0, y: 0, width, height: Math.min(tall, 1800) },
          });
        } catch (error) {
          problem(`${step} ${width}`, error.message.split("\n").slice(0, 3).join(" "));
        }
      }
    }
  }
  await context.close();
}

// What a screen reader is told once nothing changes any more: some sentences wait until a dial rests.
async function settled(page) {
  for (let before = null; ; ) {
    const now = await page.locator("main").ariaSnapshot();
    if (now === before) return now;
    before = now;
    await page.waitForTimeout(1000);
  }
}

// The same for each step, top to bottom, without numbers. Where results move, names of people and the order of tables move
// with them: read it again and write it anew.
async function trees(browser, address) {
  const { context, page } = await open(browser, address, { viewport: { width: 1280, height: 900 } }, "tree");
  const plain = (text) => text.replaceAll(/\d+([.,]\d+)*/g, "#").replaceAll(/\n\n+/g, "\n");
  let told = "";
  for (const step of STEPS) {
    await to(page, address, step);
    await WALKS[step](page);
    told += `# ${step}\n\n${plain(await settled(page))}\n\n`;
  }
  await context.close();
  const golden = new URL("tree.txt", import.meta.url);
  if (process.env.NAMESAKE_BLESS) writeFileSync(golden, told);
  const [is, was] = [told, readFileSync(golden, "utf8")].map((text) => text.split("\n"));
  const at = is.findIndex((line, i) => line !== was[i]);
  if (told !== was.join("\n"))
    problem(
      `tree.txt:${at + 1}`,
      `a screen reader is told "${is[at]}", not "${was[at]}"; NAMESAKE_BLESS=1 writes it anew`,
    );
}

async function serve(file) {
  const body = readFileSync(file);
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(body);
  });
  await new Promise((r) => server.listen(0, "127.0.0.1", r));
  return { address: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

const args = process.argv.slice(2);
const mode = args[0]?.startsWith("--") ? args.shift() : "--test";
if (!args[0]) {
  console.error("usage: node walk.mjs [--shots|--times] FILE …");
  process.exit(2);
}
const address = pathToFileURL(resolve(args[0])).href;
const browser = await chromium.launch({ executablePath: browserPath(), args: FLAGS });
try {
  if (mode === "--shots") await shots(browser, address, args[1], args[2]);
  else if (mode === "--times") await times(browser, address);
  else {
    const only = process.env.WIDTHS?.split(",");
    const sizes = SIZES.filter(([width]) => !only || only.includes(String(width)));
    await widths(browser, address, sizes, {}, "from disk");
    await keyboard(browser, address);
    await pointer(browser, address);
    await memory(browser, address);
    await opens(browser, address);
    const server = await serve(resolve(args[0]));
    const moving = { reducedMotion: "no-preference" };
    await widths(browser, server.address, [[1280, 900]], moving, "from a server");
    await trees(browser, server.address);
    server.close();
  }
} finally {
  await browser.close();
}
if (problems.length) {
  // The same finding of axe-core at many places is told once, with the first place.
  const seen = new Set();
  const fresh = problems.filter((p) => {
    const what = p.slice(p.indexOf(": "));
    return !seen.has(what) && seen.add(what);
  });
  console.error(fresh.map((p) => `walk: ${p}`).join("\n"));
  process.exit(1);
}
if (mode === "--test")
  console.log(
    `walk: every step holds at ${process.env.WIDTHS ?? SIZES.map(([w]) => w).join(", ")} px, light, dark, printed, and by keyboard alone`,
  );
