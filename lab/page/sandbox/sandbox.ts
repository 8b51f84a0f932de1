/** Every scenario and every setting, with its basis and range. */

import type { Knob, Opened, ScenarioInfo, Terms } from "../engine";
import type { Context, Run, Step } from "../shared/context";
import { h, p, put, unique } from "../shared/dom";
import { downloads, overview } from "../shared/overview";
import { contentNote } from "../shared/predict";
import { seed, state } from "../shared/state";
import { fill, rateText, w } from "../shared/words";

const text = w.sandbox;

/** The reader's settings, as the address holds them. */
const kept = (): Map<string, string> =>
  new Map(
    (state.get("set") ?? "")
      .split("\n")
      .filter(Boolean)
      .map((line) => {
        const at = line.indexOf("=");
        return [line.slice(0, at), line.slice(at + 1)];
      }),
  );
const keep = (set: Map<string, string>): void =>
  state.set("set", [...set].map(([k, v]) => `${k}=${v}`).join("\n") || null);

function knobRow(knob: Knob, set: Map<string, string>, changed: () => void): HTMLElement {
  const id = unique("knob");
  const now = set.get(knob.key) ?? knob.value;
  const take = (value: string) => {
    if (value === knob.value || value === "") set.delete(knob.key);
    else set.set(knob.key, value);
    keep(set);
    row.classList.toggle("changed", set.has(knob.key));
    changed();
  };
  const field =
    knob.kind === "choice"
      ? h(
          "select",
          { id, onchange: (event: Event) => take((event.target as HTMLSelectElement).value) },
          [...new Set([knob.value, ...knob.alternatives])].map((v) =>
            h("option", { value: v, selected: v === now }, v),
          ),
        )
      : h("input", {
          id,
          type: knob.kind === "number" || knob.kind === "whole" ? "number" : "text",
          step: "any",
          value: now,
          onchange: (event: Event) => take((event.target as HTMLInputElement).value),
        });
  const row: HTMLElement = h(
    "div",
    { class: `knob${set.has(knob.key) ? " changed" : ""}` },
    h("label", { for: id }, h("code", {}, knob.key)),
    field,
    h(
      "p",
      { class: "note" },
      h("span", { class: `basis ${knob.basis}` }, text.bases[knob.basis]),
      " ",
      knob.range ? fill(text.range, { low: String(knob.range[0]), high: String(knob.range[1]) }) : "",
      " ",
      knob.source,
    ),
  );
  return row;
}

function knobs(opened: Opened, set: Map<string, string>): HTMLElement {
  const id = unique("find");
  const list = h("div", { class: "knobs" });
  const says = h("p", { class: "note", role: "status" });
  const find = h("input", { id, type: "search", oninput: () => draw() });
  const draw = () => {
    const wanted = find.value.trim().toLowerCase();
    const found = opened.knobs.filter((k) =>
      wanted ? `${k.key} ${k.source}`.toLowerCase().includes(wanted) : set.has(k.key) || MAIN.includes(k.key),
    );
    says.textContent = fill(text.found, { n: Math.min(found.length, 40), all: opened.knobs.length });
    put(
      list,
      found.slice(0, 40).map((k) => knobRow(k, set, () => undefined)),
    );
  };
  draw();
  return h(
    "div",
    {},
    h("h2", {}, text.settings),
    p(text.settingsLead),
    h("label", { for: id }, text.find),
    find,
    says,
    list,
  );
}

/** Settings shown before anything is looked for. */
const MAIN = [
  "requester.on_file",
  "requester.dependence",
  "holder.dependence",
  "agreement.answers",
  "agreement.address_check",
  "population.clustering",
  "requester.errors.number_of_relative",
];

/** The same run under other thresholds and another rule for several answers, at once. */
function judgeAgain(run: Run, context: Context): HTMLElement {
  const out = h("dl", { class: "rates-now" });
  const [idAnswers, idMargin] = ["answers", "margin"].map(unique) as [string, string];
  const answers = h(
    "select",
    { id: idAnswers, onchange: () => work() },
    h("option", { value: "" }, text.asScenario),
    (["all", "best", "unique"] as const).map((a) => h("option", { value: a }, w.terms.several[a])),
  );
  const margin = h("input", { id: idMargin, type: "number", min: 0, step: 0.1, oninput: () => work() });
  const thresholds = run.opened.routes.map((route) => {
    const id = unique("threshold");
    const input = h("input", {
      id,
      type: "number",
      step: route.decision === "rules" ? 1 : 0.5,
      value: route.threshold,
      oninput: () => work(),
    });
    return {
      route,
      input,
      element: h(
        "div",
        {},
        h("label", { for: id }, fill(route.decision === "rules" ? text.strength : text.bits, { route: route.name })),
        input,
      ),
    };
  });
  const work = () => {
    const terms: Terms = {
      thresholds: Object.fromEntries(
        thresholds
          .filter(({ input }) => Number.isFinite(input.valueAsNumber))
          .map(({ route, input }) => [route.name, input.valueAsNumber]),
      ),
      ...(answers.value ? { answers: answers.value as "all" } : {}),
      ...(Number.isFinite(margin.valueAsNumber) ? { margin: margin.valueAsNumber } : {}),
    };
    context.engine.judge(run.opened.handle, terms).then(
      ({ rates }) =>
        put(
          out,
          (["wrong_among_answers", "wrong_person", "missed"] as const).map((name) =>
            h(
              "div",
              {},
              h("dt", {}, name === "wrong_person" ? w.commonness.wrongOfRequests : w.terms.rates[name]),
              h("dd", {}, rateText(rates[name])),
            ),
          ),
        ),
      (error: Error) => put(out, h("div", {}, h("dt", {}, error.message))),
    );
  };
  work();
  return h(
    "div",
    { class: "again" },
    h("h2", {}, text.again),
    p(text.againLead),
    h(
      "div",
      { class: "fields" },
      thresholds.map(({ element }) => element),
      h("div", {}, h("label", { for: idAnswers }, text.several), answers),
      h("div", {}, h("label", { for: idMargin }, text.margin), margin),
    ),
    h("div", { role: "status" }, out),
  );
}

/** A code for a slide: the address of this page with what is set, and the command line. */
function code(run: Run): HTMLElement {
  const command = `namesake run ${run.scenario} --seed ${run.opened.seed} --alone${run.set.map((s) => ` --set '${s}'`).join("")}`;
  return h(
    "div",
    { class: "code" },
    h("h2", {}, text.code),
    p(text.codeLead),
    h("p", { class: "address" }, h("code", {}, location.hash)),
    h("pre", { tabindex: 0 }, command),
  );
}

function form(list: ScenarioInfo[], context: Context, place: HTMLElement): void {
  const [idS, idSeed, idPeople, idRequests] = ["s", "seed", "people", "requests"].map(unique) as [
    string,
    string,
    string,
    string,
  ];
  const set = kept();
  const chosen = state.get("s") ?? "library-card";
  const setting = h("div"),
    out = h("div"),
    about = h("div");
  const themes = [...new Set(list.map((s) => s.theme))];
  const select = h(
    "select",
    {
      id: idS,
      onchange: () => {
        state.set("s", select.value);
        set.clear();
        keep(set);
        open();
      },
    },
    themes.map((theme) =>
      h(
        "optgroup",
        { label: theme },
        list
          .filter((s) => s.theme === theme)
          .map((s) => h("option", { value: s.name, selected: s.name === chosen }, s.title)),
      ),
    ),
  );
  const number = (id: string, title: string, key: string, value: number, min: number, max: number) => {
    const input = h("input", {
      id,
      type: "number",
      min,
      max,
      value: state.number(key) ?? value,
      onchange: () => state.set(key, input.value),
    });
    return { input, element: h("div", {}, h("label", { for: id }, title), input) };
  };
  const seedField = number(idSeed, text.seed, "seed", seed(), 0, 4294967295),
    people = number(idPeople, text.people, "n", 40000, 256, 2_000_000),
    requests = number(idRequests, text.requests, "m", 2000, 1, 50_000);
  const settings = () => [
    `population.people=${people.input.value}`,
    `requester.requests=${requests.input.value}`,
    ...[...set].map(([k, v]) => `${k}=${v}`),
  ];
  const open = () => {
    const info = list.find((s) => s.name === select.value);
    put(about, info && [contentNote(info.content_note), p(info.summary)]);
    put(out);
    const [size, , ...own] = settings();
    // One request, so that the settings are shown whatever the country can give.
    const openWith = (more: string[]) =>
      context.engine.open({ scenario: select.value, seed: seed(), set: [size!, ...more, "requester.requests=1"] });
    // The scenario's own values, beside which a setting is a change; and how many there are to ask for under the reader's.
    Promise.all([openWith([]), openWith(own)]).then(
      ([opened, changed]) => {
        const most = changed.most_requests;
        const fewer = most > 1 && most < requests.input.valueAsNumber;
        if (fewer) requests.input.value = String(most);
        put(setting, fewer && p(fill(text.fewer, { most }), { class: "note" }), knobs(opened, set));
        for (const { handle } of [opened, changed]) void context.engine.close(handle);
      },
      (error: Error) => put(setting, h("p", { class: "note" }, error.message)),
    );
  };
  const run = (event: Event) => {
    event.preventDefault();
    state.set("seed", seedField.input.value);
    state.set("n", people.input.value);
    state.set("m", requests.input.value);
    state.set("s", select.value);
    context.runOf(select.value, settings(), out, (made) => {
      const heading = h("h2", { tabindex: -1 }, text.result);
      put(
        out,
        heading,
        downloads(made.results, `${made.results.scenario}-${made.results.seed}`),
        overview(made.results),
        judgeAgain(made, context),
        code(made),
      );
      heading.focus();
    });
  };
  put(
    place,
    h(
      "form",
      { onsubmit: run },
      h("label", { for: idS }, text.scenario),
      select,
      about,
      h("div", { class: "fields" }, seedField.element, people.element, requests.element),
      setting,
      h("p", {}, h("button", { class: "main" }, text.run)),
    ),
    out,
  );
  open();
}

export const sandbox: Step = {
  show(place: HTMLElement, context: Context) {
    const body = h("div", {}, h("p", { class: "note", role: "status" }, w.run.inventing));
    put(place, h("h1", { tabindex: -1 }, text.title), p(text.lead, { class: "lede" }), body);
    context.engine.scenarios().then(
      (list) => form(list, context, body),
      (error: Error) => put(body, h("p", { role: "alert" }, error.message)),
    );
  },
};
