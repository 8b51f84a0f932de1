/** Step 4: the same rule among ever more people. */

import data from "../../data/crowd.json";
import type { Context, Run, SetupName, Step } from "../shared/context";
import { folded, h, p, put, s, table, unique } from "../shared/dom";
import { beside, choose, contentNote, guess, revealed, said, show } from "../shared/predict";
import { state } from "../shared/state";
import { count, digits, fill, rateText, w } from "../shared/words";

const text = w.crowd;

interface Size {
  people: number;
  wrong: number;
  returned: number;
  wrong_requests: number;
  requests: number;
  mean: number;
  low: number;
  high: number;
}
interface Rule {
  key: "names" | "address";
  command: string;
  version: string;
  seeds: number;
  rows: Size[];
}
const RULES = data.rules as Rule[];

/** Counts and interval that stand beside a share over several countries. */
const told = (r: Size) => ({
  wrong: r.wrong,
  returned: r.returned,
  seeds: RULES[0]!.seeds,
  interval: `${digits(Math.max(0, r.low) * 100)}–${digits(Math.min(1, r.high) * 100)}\u00a0%`,
});

const percent = (x: number) => `${digits(x * 100)}\u00a0%`;
const place = (people: number) => text.places[String(people) as "10000"] ?? count(people);

/** Share of persons returned who are somebody else, by the size of the country, for both rules. */
function chart(): HTMLElement {
  const width = 640,
    height = 320,
    left = 72,
    bottom = 46,
    right = 16,
    top = 16;
  const sizes = RULES[0]!.rows.map((r) => r.people);
  const [low, high] = [Math.log10(Math.min(...sizes)), Math.log10(Math.max(...sizes))];
  const x = (people: number) => left + ((Math.log10(people) - low) / (high - low)) * (width - left - right - 24) + 12;
  const y = (v: number) => height - bottom - v * (height - bottom - top);
  const lines = RULES.map((rule) => {
    const points = rule.rows.map((r) => `${x(r.people)},${y(r.mean)}`).join(" ");
    return s(
      "g",
      { class: `rule-${rule.key}` },
      rule.rows.map((r) =>
        s("line", {
          x1: x(r.people),
          x2: x(r.people),
          y1: y(Math.max(0, r.low)),
          y2: y(Math.min(1, r.high)),
          class: "reach",
        }),
      ),
      s("polyline", { points }),
      rule.rows.map((r) =>
        rule.key === "names"
          ? s("circle", { cx: x(r.people), cy: y(r.mean), r: 5 })
          : s("rect", { x: x(r.people) - 4.5, y: y(r.mean) - 4.5, width: 9, height: 9 }),
      ),
    );
  });
  const grid = [0, 0.25, 0.5, 0.75, 1].map((v) => [
    s("line", { x1: left, x2: width - right, y1: y(v), y2: y(v), class: "grid" }),
    s("text", { x: left - 8, y: y(v) + 5, "text-anchor": "end" }, `${v * 100}\u00a0%`),
  ]);
  const labels = sizes.map((n) =>
    s("text", { x: x(n), y: height - bottom + 32, "text-anchor": "middle" }, n >= 1e6 ? `${n / 1e6}M` : `${n / 1e3}k`),
  );
  const [names, address] = [RULES[0]!, RULES[1]!];
  const told = fill(text.chartText, {
    low: percent(names.rows[0]!.mean),
    high: percent(names.rows.at(-1)!.mean),
    alow: percent(address.rows[0]!.mean),
    ahigh: percent(address.rows.at(-1)!.mean),
  });
  return h(
    "figure",
    {},
    h("figcaption", {}, text.caption),
    p(told, { class: "note" }),
    h(
      "p",
      { class: "keys" },
      h("span", { class: "line-key names" }),
      text.rules.names,
      h("span", { class: "line-key address" }),
      text.rules.address,
    ),
    s(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, class: "lines", role: "img", "aria-label": told },
      ...grid.flat(),
      ...labels,
      ...lines,
    ),
    folded(
      w.chart.table,
      RULES.map((rule) =>
        table(
          fill(text.tableCaption, {
            rule: text.rules[rule.key],
            seeds: rule.seeds,
            command: rule.command,
            version: rule.version,
          }),
          text.columns,
          rule.rows.map((r) => [
            `${place(r.people)} (${count(r.people)})`,
            fill(w.number.of, { hits: r.wrong, trials: r.returned }),
            `${percent(r.mean)} (${digits(Math.max(0, r.low) * 100)}–${digits(r.high * 100)} %)`,
            fill(w.number.of, { hits: r.wrong_requests, trials: r.requests }),
          ]),
          [1, 2, 3],
        ),
      ),
    ),
  );
}

function live(context: Context): HTMLElement {
  const out = h("div");
  const button = (setup: SetupName, title: string) =>
    h("button", { type: "button", onclick: () => context.run(setup, out, (run) => put(out, told(run))) }, title);
  const told = (run: Run) => {
    const rate = run.results.rates["wrong_among_answers"]!;
    return h(
      "p",
      { role: "status" },
      fill(text.liveSays, {
        people: run.results.counts.people,
        requests: run.results.counts.requests,
        returned: rate.trials,
        rate: rateText(rate),
      }),
    );
  };
  return h(
    "div",
    { class: "live" },
    h("h2", {}, text.live),
    p(text.liveLead),
    h("p", { class: "buttons" }, button("town", text.liveTown), button("city", text.liveCity)),
    out,
  );
}

/** The birthday arithmetic with the reader's own numbers. */
function birthdays(context: Context): HTMLElement {
  const field = (key: string, title: string, value: number) => {
    const id = unique("n");
    const input = h("input", {
      id,
      type: "number",
      min: 1,
      max: 1e12,
      value: state.number(key) ?? value,
      oninput: () => {
        state.set(key, input.value);
        void work();
      },
    });
    return { input, element: h("div", {}, h("label", { for: id }, title), input) };
  };
  const asked = field("ba", text.asked, 1_000_000),
    onFile = field("bf", text.onFile, 20_000),
    oneIn = field("bo", text.oneIn, data.one_in.name);
  const out = h("p", { class: "reading", role: "status" });
  const work = async () => {
    const question = {
      asked: asked.input.valueAsNumber,
      on_file: onFile.input.valueAsNumber,
      one_in: oneIn.input.valueAsNumber,
    };
    if (Object.values(question).some((v) => !(v >= 1))) {
      out.textContent = text.needNumbers;
      return;
    }
    const a = await context.engine.coincidences(question);
    const many = a.expected >= 10 ? count(a.expected) : digits(a.expected);
    put(
      out,
      ...said(text.expected, {
        pairs: count(a.pairs),
        expected: many,
        chance: a.at_least_one > 0.9999 ? text.nearlyCertain : percent(a.at_least_one),
      }).childNodes,
    );
  };
  const preset = (value: number, title: string) =>
    h(
      "button",
      {
        type: "button",
        onclick: () => {
          oneIn.input.value = String(value);
          state.set("bo", value);
          void work();
        },
      },
      title,
    );
  void work();
  return h(
    "div",
    { class: "birthdays" },
    h("h2", {}, text.birthday),
    p(text.birthdayLead),
    h("div", { class: "fields" }, asked.element, onFile.element, oneIn.element),
    h(
      "p",
      { class: "buttons" },
      preset(data.one_in.name, text.presetName),
      preset(data.one_in.name_and_year, text.presetYear),
      preset(data.one_in.name_and_date, text.presetDate),
    ),
    out,
    p(fill(text.oneInSource, { command: data.one_in.command }), { class: "note" }),
  );
}

function board(context: Context, place: HTMLElement): void {
  const [first, last] = [RULES[0]!.rows[0]!, RULES[0]!.rows.at(-1)!];
  const after = h("div");
  put(
    place,
    said(text.setting, { ...told(first), share: percent(first.mean), people: count(first.people) }),
    guess({
      key: "g4",
      question: fill(text.guess, { people: count(last.people) }),
      unit: text.guessUnit,
      max: 100,
      step: 0,
      reveal: (value) => reveal(value),
    }),
    after,
  );
  const reveal = (guessed: number) => {
    const box = revealed(
      h("p", { class: "surprise" }, fill(text.surprise, { high: percent(last.mean), people: count(last.people) })),
      beside(
        fill(text.guessCount, { n: String(guessed) }),
        fill(text.guessTruth, { ...told(last), n: Math.round(last.mean * 100) }),
      ),
      chart(),
      choose("w4", w.predict.why, text.why, text.whyChoices),
      birthdays(context),
      live(context),
    );
    put(after, box);
    if (state.number("w4") === null) show(box);
  };
}

export const crowd: Step = {
  show(place: HTMLElement, context: Context) {
    const body = h("div");
    put(place, h("h1", { tabindex: -1 }, text.title), p(text.lead, { class: "lede" }), contentNote(text.note), body);
    board(context, body);
  },
};
