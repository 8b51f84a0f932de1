/** The page: its frame, and one step at a time. */

import { WorkerEngine } from "./client";
import { clerk } from "./clerk/clerk";
import { crowd } from "./crowd/crowd";
import { dial } from "./dial/dial";
import { names } from "./names/names";
import { openRun } from "./open/open";
import { person } from "./person/person";
import { rates } from "./rates/rates";
import { sandbox } from "./sandbox/sandbox";
import { append, h, put } from "./shared/dom";
import { makeContext, type Step } from "./shared/context";
import { about } from "./shared/predict";
import { seed, state } from "./shared/state";
import { fill, w } from "./shared/words";
import { teach } from "./teach/teach";
import { terms } from "./terms/terms";
import style from "./style.css";

/** The seven steps, in order. */
const STEPS = ["clerk", "dial", "rates", "crowd", "names", "person", "terms"] as const;
type StepName = (typeof STEPS)[number];
const MODULES: Record<string, Step> = {
  clerk,
  dial,
  rates,
  crowd,
  names,
  person,
  terms,
  sandbox,
  open: openRun,
  teach,
};
const ABOUT: Record<StepName, Parameters<typeof about>[0]> = {
  clerk: w.clerk.about,
  dial: w.dial.about,
  rates: w.rates.about,
  crowd: w.crowd.about,
  names: w.commonness.about,
  person: w.person.about,
  terms: w.terms.about,
};

const carried = (id: string): string | null => document.getElementById(id)?.textContent ?? null;

function themeButton(): HTMLElement {
  const root = document.documentElement;
  return h(
    "button",
    {
      type: "button",
      class: "small",
      id: "theme",
      onclick: () => {
        const dark = root.dataset["theme"]
          ? root.dataset["theme"] === "dark"
          : matchMedia("(prefers-color-scheme: dark)").matches;
        root.dataset["theme"] = dark ? "light" : "dark";
        dispatchEvent(new Event("themechange"));
      },
    },
    w.page.theme,
  );
}

function start(): void {
  document.title = w.page.title;
  document.head.append(h("style", {}, style));
  const engine = new WorkerEngine(carried("engine-worker") ?? "", carried("engine-module") ?? "");
  const context = makeContext(engine);
  const main = h("main", { id: "main", tabindex: -1 });
  const nav = h("nav", { "aria-label": w.page.steps });
  const version = h("span");
  const header = h("header", { class: "top" }, h("a", { class: "mark", href: "#clerk" }, w.page.title), nav);
  const footer = h("footer", {}, h("p", {}, w.page.footer), h("p", { class: "tools" }, version, themeButton()));
  put(
    document.body,
    h(
      "a",
      {
        class: "skip",
        href: "#main",
        onclick: (event: Event) => {
          event.preventDefault();
          main.focus();
        },
      },
      w.page.skip,
    ),
    header,
    main,
    footer,
  );
  engine.version().then(
    (v) => {
      version.textContent = fill(w.page.version, { version: v });
    },
    (error: Error) => put(main, h("p", { role: "alert" }, fill(w.page.failed, { message: error.message }))),
  );

  let leave: void | (() => void);
  let shown = "";
  const go = () => {
    const name = state.step() || "clerk";
    const step = MODULES[name];
    if (!step) {
      state.go("clerk");
      return;
    }
    leave?.();
    drawNav(nav, name);
    document.documentElement.classList.toggle("projector", state.get("projector") === "1");
    const place = h("div", { class: "step", id: `step-${name}` });
    put(main, place);
    leave = step.show(place, context);
    const at = STEPS.indexOf(name as StepName);
    if (at >= 0) append(main, [about(ABOUT[name as StepName]), turn(at)]);
    document.title = `${name in w.steps ? w.steps[name as StepName] : w.page[name as "sandbox"]} · ${w.page.title}`;
    if (shown && shown !== name) {
      scrollTo(0, 0);
      main.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
    }
    shown = name;
  };
  addEventListener("hashchange", go);
  state.onChange(() => {
    for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-step]"))
      link.setAttribute("href", address(link.dataset["step"] ?? ""));
  });
  document.addEventListener("keydown", (event) => {
    if (state.get("projector") !== "1" || (event.target as Element).closest("input, textarea, select")) return;
    const at = STEPS.indexOf((state.step() || "clerk") as StepName);
    const to = event.key === "PageDown" ? at + 1 : event.key === "PageUp" ? at - 1 : -1;
    if (STEPS[to]) {
      event.preventDefault();
      state.go(STEPS[to]);
    }
  });
  go();
}

function drawNav(nav: HTMLElement, current: string): void {
  const item = (name: string, title: string, n?: number) =>
    h(
      "li",
      {},
      stepLink(
        name,
        { "aria-current": name === current ? "step" : null, title: n === undefined ? null : title },
        n !== undefined && h("span", { class: "n" }, String(n)),
        h("span", { class: n === undefined ? "" : "name" }, title),
      ),
    );
  put(
    nav,
    h(
      "ol",
      {},
      STEPS.map((name, i) => item(name, w.steps[name], i + 1)),
    ),
    h(
      "ul",
      {},
      item("sandbox", w.page.sandbox),
      item("open", w.page.open),
      item("teach", w.page.teach),
      h("li", { class: "seed" }, seedField()),
    ),
  );
}

/** A link to a step with all that is kept: made anew whenever something is. */
function stepLink(step: string, attributes: Record<string, string | null>, ...children: (Node | string | false)[]) {
  return h("a", { ...attributes, href: address(step), "data-step": step }, ...children);
}

const address = (step: string): string => state.link(step, { r: null, q: null });

/** Another seed is another country: guesses about this one are forgotten. */
function seedField(): HTMLElement {
  const input = h("input", {
    type: "number",
    min: 0,
    max: 4294967295,
    value: seed(),
    onchange: () => {
      if (!input.checkValidity() || input.value === "") return;
      const values = new URLSearchParams({ seed: input.value });
      if (state.get("projector") === "1") values.set("projector", "1");
      location.hash = `#${state.step() || "clerk"}?${values}`;
    },
  });
  return h("label", { title: w.page.seedSays }, w.page.seed, " ", input);
}

function turn(at: number): HTMLElement {
  const before = STEPS[at - 1],
    after = STEPS[at + 1];
  return h(
    "nav",
    { class: "turn", "aria-label": w.page.more },
    before ? stepLink(before, {}, fill(w.page.previous, { title: w.steps[before] })) : h("span"),
    after
      ? stepLink(after, { class: "main" }, fill(w.page.next, { title: w.steps[after] }))
      : stepLink("sandbox", { class: "main" }, w.page.sandbox),
  );
}

start();
