/** Step 5: common names first, groups afterwards; then one dial for each group. */

import type { JudgedRates, Part } from "../engine";
import type { Rate, Results } from "../results";
import { intervals } from "../shared/bars";
import type { Context, Run, Step } from "../shared/context";
import { DialView } from "../shared/dial-view";
import { folded, h, p, put, table, unique } from "../shared/dom";
import { beside, choose, contentNote, guess, revealed, said, show } from "../shared/predict";
import { state } from "../shared/state";
import { digits, fill, label, ofTrials, rateText, share, w } from "../shared/words";

const text = w.commonness;
const COMMON = "name_commonness";

const rowsOf = (results: Results, attribute: string, rate: string): { name: string; rate: Rate }[] =>
  Object.entries(results.by_group[attribute] ?? {}).flatMap(([name, group]) => {
    const found = group.rates[rate];
    return found ? [{ name: attribute === COMMON ? `${COMMON}.${name}` : name, rate: found }] : [];
  });

/** Rates by one attribute at a time, chosen by the reader; the first is how common the surname is. */
export function groupChart(results: Results, key: string, rateName = "wrong_person"): HTMLElement {
  const attributes = Object.keys(results.by_group).sort((a, b) => Number(b === COMMON) - Number(a === COMMON));
  const id = unique("by");
  const out = h("div", { "aria-live": "polite" });
  const select = h(
    "select",
    {
      id,
      onchange: () => {
        state.set(key, select.value);
        draw();
      },
    },
    attributes.map((a) => h("option", { value: a, selected: state.get(key) === a }, label(a))),
  );
  const draw = () => {
    const rows = rowsOf(results, select.value, rateName);
    put(
      out,
      intervals(rows, fill(text.chartCaption, { by: label(select.value) })),
      p(text.readings[select.value as "sex"] ?? text.readings.other, { class: "note" }),
      folded(
        w.chart.table,
        table(
          label(select.value),
          [text.columns.value, text.columns.wrong, text.columns.missed],
          Object.entries(results.by_group[select.value] ?? {}).map(([name, group]) => [
            label(select.value === COMMON ? `${COMMON}.${name}` : name),
            rateText(group.rates["wrong_person"]!),
            group.rates["missed"] ? rateText(group.rates["missed"]) : "",
          ]),
          [1, 2],
        ),
      ),
    );
  };
  draw();
  return h("div", { class: "by" }, h("label", { for: id }, text.by), " ", select, out);
}

/** The parts that a class compares: each has a dial. */
const DIVISIONS: {
  key: keyof typeof text.divisions;
  attribute: string;
  parts: [keyof typeof text.parts, string[]][];
}[] = [
  {
    key: "commonness",
    attribute: COMMON,
    parts: [
      ["common", ["01_most_common", "02", "03", "04", "05"]],
      ["rare", ["06", "07", "08", "09", "10_rarest"]],
    ],
  },
  {
    key: "sex",
    attribute: "sex",
    parts: [
      ["female", ["female"]],
      ["male", ["male"]],
    ],
  },
  {
    key: "age",
    attribute: "age",
    parts: [
      ["young", ["0-17", "18-29"]],
      ["old", ["30-44", "45-64", "65+"]],
    ],
  },
  {
    key: "group",
    attribute: "group",
    parts: [
      ["white", ["white"]],
      ["hispanic", ["hispanic"]],
      ["black", ["black"]],
    ],
  },
];

type PartRates = Pick<JudgedRates, "wrong_person" | "missed">;

/** Distance between the highest and the lowest rate of the parts. */
const gap = (rates: PartRates[], name: keyof PartRates): number =>
  Math.max(...rates.map((r) => r[name].rate ?? 0)) - Math.min(...rates.map((r) => r[name].rate ?? 0));
/** As equal as a dial can make them: few are returned in error, so that error has the narrower measure. */
const ALIKE = { wrong_person: 0.001, missed: 0.005 };

function dials(run: Run, context: Context): { element: HTMLElement; stop(): void } {
  const route = run.opened.routes[0]!.name;
  const id = unique("division");
  const select = h(
    "select",
    {
      id,
      onchange: () => {
        state.set("dv", select.value);
        build();
      },
    },
    DIVISIONS.map(({ key }) => h("option", { value: key, selected: state.get("dv") === key }, text.divisions[key])),
  );
  const board = h("div", { class: "dials" });
  const verdict = h("div", { class: "verdict", role: "status" });
  let views: DialView[] = [];
  let timer = 0;
  const stop = () => {
    for (const view of views) view.close();
    views = [];
    clearTimeout(timer);
  };

  const build = () => {
    stop();
    const division = DIVISIONS.find((d) => d.key === select.value) ?? DIVISIONS[0]!;
    const values = run.outcomes.groups[division.attribute] ?? [];
    const group = run.outcomes.group[division.attribute]!;
    const says = division.parts.map(() => h("dl", { class: "rates-now" }));
    const parts = (): Part[] =>
      division.parts.map(([name, of], i) => ({
        name,
        attribute: division.attribute,
        values: of,
        thresholds: { [route]: views[i]?.threshold ?? 0 },
      }));
    const judge = () =>
      void context.engine.judge(run.opened.handle, { parts: parts() }).then((judged) => {
        if (!board.isConnected) return;
        for (const view of views) view.take(judged.fate);
        judged.parts.forEach((rates, i) =>
          put(
            says[i]!,
            h("div", {}, h("dt", {}, text.wrongOfRequests), h("dd", {}, rateText(rates.wrong_person))),
            h("div", {}, h("dt", {}, text.missedOfOnFile), h("dd", {}, rateText(rates.missed))),
          ),
        );
        clearTimeout(timer);
        timer = window.setTimeout(() => judgeAloud(judged.parts), 300);
      });
    views = division.parts.map(([name, of], i) => {
      const wanted = new Set(of.map((v) => values.indexOf(v)));
      const members = Array.from({ length: run.outcomes.length }, (_, k) => k).filter((k) => wanted.has(group[k]!));
      return new DialView(
        run,
        members,
        state.number(`d${i}`) ?? -8,
        fill(text.dialOf, { part: text.parts[name], n: members.length }),
        () => 150,
        (t) => {
          state.set(`d${i}`, t);
          judge();
        },
      );
    });
    put(
      board,
      views.map((view, i) =>
        h("div", { class: "group-dial" }, h("h3", {}, text.parts[division.parts[i]![0]]), view.element, says[i]),
      ),
    );
    judge();
  };
  const judgeAloud = (rates: PartRates[]) => {
    const wrong = gap(rates, "wrong_person") <= ALIKE.wrong_person,
      missed = gap(rates, "missed") <= ALIKE.missed;
    const none = rates.every((r) => r.wrong_person.hits === 0);
    const nobody = none && rates.every((r) => (r.missed.rate ?? 0) > 0.98);
    put(
      verdict,
      fill(text.gaps, { wrong: digits(100 * gap(rates, "wrong_person")), missed: digits(100 * gap(rates, "missed")) }),
      " ",
      h(
        "strong",
        {},
        nobody
          ? text.equalByNobody
          : none
            ? fill(text.equalByNone, { reach: share(Math.max(...rates.map((r) => r.wrong_person.high ?? 0))) })
            : wrong && missed
              ? text.equalBoth
              : wrong
                ? text.equalWrong
                : missed
                  ? text.equalMissed
                  : text.equalNone,
      ),
    );
  };
  build();
  return { element: h("div", {}, h("p", {}, h("label", { for: id }, text.divide), " ", select), board, verdict), stop };
}

function board(run: Run, context: Context, place: HTMLElement): () => void {
  const { results } = run;
  const top = results.by_group[COMMON]?.["01_most_common"]?.rates["share_of_wrong"];
  const rarest = rowsOf(results, COMMON, "share_of_wrong")
    .slice(5)
    .reduce((sum, { rate }) => sum + rate.hits, 0);
  const after = h("div");
  let stop: (() => void) | undefined;
  put(
    place,
    contentNote(run.opened.content_note),
    said(text.setting, {
      requests: results.counts.requests,
      people: results.counts.people,
      records: results.counts.holder_records,
    }),
    guess({ key: "g5", question: text.guess, unit: text.guessUnit, max: 100, reveal: (value) => reveal(value) }),
    after,
  );
  const reveal = (guessed: number) => {
    const dialPlace = h("div");
    const many = (top?.rate ?? 0) >= 0.2;
    const box = revealed(
      h(
        "p",
        { class: "surprise" },
        top
          ? fill(many ? text.surprise : text.surpriseNot, { hits: top.hits, wrong: top.trials, rest: rarest })
          : text.nobody,
      ),
      top
        ? beside(
            fill(text.guessCount, { n: guessed }),
            fill(text.guessTruth, { n: Math.round(100 * (top.rate ?? 0)), of: ofTrials(top) }),
          )
        : null,
      p(text.namesFirst),
      groupChart(results, "by"),
      choose("w5", w.predict.why, text.why, text.whyChoices),
      h("h2", {}, text.dialsTitle),
      p(text.dialsLead),
      dialPlace,
    );
    put(after, box);
    context.run("dial", dialPlace, (own) => {
      const made = dials(own, context);
      stop = made.stop;
      put(dialPlace, made.element, choose("w5b", text.both, text.bothQuestion, text.bothChoices));
    });
    if (state.number("w5") === null) show(box);
  };
  return () => stop?.();
}

export const names: Step = {
  show(place: HTMLElement, context: Context) {
    const body = h("div");
    let stop: (() => void) | undefined;
    put(place, h("h1", { tabindex: -1 }, text.title), p(text.lead, { class: "lede" }), body);
    context.run("names", body, (run) => {
      stop = board(run, context, body);
    });
    return () => stop?.();
  },
};
