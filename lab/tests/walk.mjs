// Walks the Lab in Chromium as a reader would.
//
//   node walk.mjs FILE                     every step, four widths, light and dark, keyboard alone; from disk and from a server
//   node walk.mjs --shots FILE DIR [STEP]  a picture of each step at three widths, light and dark
//   node walk.mjs --tree FILE              what a screen reader is told of each step
//   node walk.mjs --drag FILE              how long a frame takes while the dial is dragged
//
// WIDTHS and MODES choose among widths and light and dark; LAB_RESULTS names a results.json to open.
// CHROMIUM names the browser if it is not `chromium`.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
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
    const folder = join(tmpdir(), "lab-open");
    mkdirSync(folder, { recursive: true });
    const results = process.env.LAB_RESULTS;
    if (results) {
      await page.setInputFiles("input[type=file]", results);
      await page.locator(".overview").waitFor();
    }
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
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const { id, help, nodes } of found.violations)
    problem(where, `axe: ${id}: ${help}: ${nodes[0].html.slice(0, 160)}: ${nodes[0].any[0]?.message ?? ""}`);
}

// The ways in which axe-core looks at a step, by width; at each width the step has to fit.
const LOOKS = { 390: ["dark"], 768: [], 1280: ["light", "dark", "print"], 1920: ["light"] };

// Every step at every width.
async function widths(browser, address) {
  const only = process.env.WIDTHS?.split(",");
  for (const [width, height] of SIZES.filter(([w]) => !only || only.includes(String(w)))) {
    const at = `${width} px`;
    const { context, page } = await open(browser, address, { viewport: { width, height } }, at);
    for (const step of STEPS) {
      const where = `${step}, ${at}`;
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
    await context.close();
    console.log(`walked at ${width} px`);
  }
}

// The first step to its truth, and the dial, without a pointer.
async function keyboard(browser, address) {
  const where = "keyboard";
  const { context, page } = await open(browser, address, { viewport: { width: 1280, height: 900 } }, where);
  const reach = async (selector, most = 60) => {
    for (let i = 0; i < most; i++) {
      if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return true;
      await page.keyboard.press("Tab");
    }
    problem(where, `Tab does not reach ${selector}`);
    return false;
  };
  await page.locator(".card").waitFor();
  await reach(".answer");
  for (const key of ["1", "2", "4", "3", "1", "2", "1", "2", "1", "2", "1"]) await page.keyboard.press(key);
  await reach(".guess input");
  await page.keyboard.type("3");
  await page.keyboard.press("Enter");
  await page.locator(".revealed").waitFor();
  await reach(".choose input");
  await page.keyboard.press("Space");
  if (!(await page.locator(".reply").textContent())) problem(where, "a choice made with the space bar has no reply");
  await reach(".turn a.main", 90);
  await page.keyboard.press("Enter");
  await page.locator("#step-dial .dial").waitFor();
  await reach(".dial input[type=range]");
  const before = await page.locator(".piles").textContent();
  for (let i = 0; i < 80; i++) await page.keyboard.press("ArrowRight");
  await page
    .waitForFunction((t) => document.querySelector(".piles").textContent !== t, before)
    .catch(() => problem(where, "the arrow keys do not move the dial"));
  if (!/threshold/.test(await page.locator(".dial input[type=range]").getAttribute("aria-valuetext")))
    problem(where, "the dial does not say its value");
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

async function frames(browser, address) {
  const { context, page } = await open(browser, address, { viewport: { width: 1280, height: 900 } }, "drag");
  await to(page, address, "dial");
  await page.locator(".piles strong").first().waitFor();
  const box = await page.locator("canvas").boundingBox();
  const client = await context.newCDPSession(page);
  const events = [];
  client.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  await client.send("Tracing.start", {
    categories: "devtools.timeline,blink.user_timing,disabled-by-default-devtools.timeline.frame",
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
  // Work of the main thread in tasks that drew a frame: the task that ran an animation frame.
  const main = events.find((e) => e.name === "FireAnimationFrame");
  const drawn = events.filter((e) => e.name === "FireAnimationFrame" && e.dur).map((e) => e.dur / 1000);
  const tasks = events
    .filter(
      (e) =>
        e.name === "RunTask" &&
        main &&
        e.tid === main.tid &&
        e.pid === main.pid &&
        events.some((f) => f.name === "FireAnimationFrame" && f.tid === e.tid && f.ts >= e.ts && f.ts <= e.ts + e.dur),
    )
    .map((e) => e.dur / 1000);
  const quantile = (list, q) => {
    const sorted = [...list].sort((a, b) => a - b);
    return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))].toFixed(2) : "none";
  };
  console.log(
    `frames ${drawn.length}: script 50 % ${quantile(drawn, 0.5)} ms, 95 % ${quantile(drawn, 0.95)} ms; whole tasks ${tasks.length}: 50 % ${quantile(tasks, 0.5)} ms, 95 % ${quantile(tasks, 0.95)} ms`,
  );
  await context.close();
}

async function shots(browser, address, folder, only) {
  mkdirSync(folder, { recursive: true });
  for (const [width, height] of SIZES.filter(([w]) =>
    (process.env.WIDTHS ?? "390,1280,1920").split(",").includes(String(w)),
  )) {
    for (const colorScheme of (process.env.MODES ?? "light,dark").split(",")) {
      for (const step of STEPS.filter((s) => !only || only.split(",").includes(s))) {
        const { context, page } = await open(
          browser,
          address,
          { viewport: { width, height }, colorScheme },
          `${step} ${width}`,
        );
        try {
          await to(page, address, step);
          await page.waitForTimeout(150);
          if (process.env.FIRST !== "0")
            await page.screenshot({ path: join(folder, `${step}-${width}-${colorScheme}-first.png`) });
          await WALKS[step](page);
          await page.waitForTimeout(300);
          await page.evaluate(() => scrollTo(0, 0));
          await page.screenshot({ path: join(folder, `${step}-${width}-${colorScheme}.png`), fullPage: true });
        } catch (error) {
          problem(`${step} ${width}`, error.message.split("\n").slice(0, 3).join(" "));
          await page.screenshot({ path: join(folder, `${step}-${width}-${colorScheme}-broken.png`), fullPage: true });
        }
        await context.close();
      }
    }
  }
}

async function trees(browser, address, file) {
  const { context, page } = await open(browser, address, { viewport: { width: 1280, height: 900 } }, "tree");
  let out = "";
  for (const step of STEPS) {
    await to(page, address, step);
    await WALKS[step](page);
    out += `# ${step}\n\n${await page.locator("main").ariaSnapshot()}\n\n`;
  }
  writeFileSync(file, out);
  await context.close();
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
  console.error("usage: node walk.mjs [--shots|--tree|--drag] FILE …");
  process.exit(2);
}
const address = pathToFileURL(resolve(args[0])).href;
const browser = await chromium.launch({ executablePath: browserPath(), args: FLAGS });
try {
  if (mode === "--shots") await shots(browser, address, args[1], args[2]);
  else if (mode === "--tree") await trees(browser, address, args[1]);
  else if (mode === "--drag") await frames(browser, address);
  else {
    await widths(browser, address);
    await keyboard(browser, address);
    await pointer(browser, address);
    await memory(browser, address);
    const server = await serve(resolve(args[0]));
    await keyboard(browser, server.address);
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
