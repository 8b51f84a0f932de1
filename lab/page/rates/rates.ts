/** Step 3: the same wrong persons over five denominators. */

import type { Rate, Results } from "../results";
import { powersOfTen, type Denominator } from "../shared/bars";
import type { Context, Run, Step } from "../shared/context";
import { h, p, put, unique } from "../shared/dom";
import { beside, choose, contentNote, guess, revealed, said, show } from "../shared/predict";
import { state } from "../shared/state";
import { fill, interval, ofTrials, share, w } from "../shared/words";

const text = w.rates;

/** The rates whose hits are people returned in error, as every view of a run lists them. */
export const DENOMINATORS = [
  "wrong_among_answers",
  "wrong_person",
  "answered_though_absent",
  "people_exposed",
  "pair_false_match",
] as const;

/** The denominators that a run has. */
export function denominators(results: Results): Denominator[] {
  return DENOMINATORS.flatMap((name) => {
    const rate = results.rates[name];
    return rate ? [{ ...text.names[name], rate }] : [];
  });
}

/** The bars with their caption. */
export function denominatorChart(results: Results): HTMLElement {
  return powersOfTen(denominators(results), fill(text.caption, { wrong: results.counts.returned_wrong }), text.scale);
}

function newspaper(key: string, name: string, asks: string, results: Results): HTMLElement {
  const list = denominators(results);
  const id = unique("paper"),
    own = unique("headline");
  const select = h(
    "select",
    {
      id,
      onchange: () => {
        state.set(`${key}r`, select.value);
        draw(true);
      },
    },
    h("option", { value: "" }, text.pick),
    list.map(({ title, rate }, i) =>
      h("option", { value: i, selected: state.get(`${key}r`) === String(i) }, `${share(rate.rate)} ${title}`),
    ),
  );
  const input = h("input", {
    id: own,
    type: "text",
    maxlength: 90,
    value: state.get(`${key}h`) ?? "",
    oninput: () => {
      state.set(`${key}h`, input.value);
      draw(false);
    },
  });
  const front = h("div", { class: "front", "aria-live": "polite" });
  const draw = (fresh: boolean) => {
    const chosen: Rate | undefined = select.value === "" ? undefined : list[Number(select.value)]?.rate;
    if (chosen && (fresh || !input.value)) {
      input.value = fill(list[Number(select.value)]?.headline ?? "", { share: share(chosen.rate) });
      state.set(`${key}h`, input.value);
    }
    put(
      front,
      h("p", { class: "paper" }, name),
      h("p", { class: "headline" }, input.value || text.empty),
      chosen
        ? h(
            "p",
            { class: "note" },
            fill(text.small, { of: ofTrials(chosen), what: chosen.of, interval: interval(chosen) }),
          )
        : h("p", { class: "note" }, text.noRate),
    );
  };
  draw(false);
  return h(
    "div",
    { class: "newspaper" },
    h("h3", {}, name),
    p(asks),
    h("label", { for: id }, text.which),
    select,
    h("label", { for: own }, text.headline),
    input,
    front,
  );
}

function board(run: Run, place: HTMLElement): void {
  const { results } = run;
  const { counts } = results;
  const wrong = results.rates["wrong_among_answers"]!;
  const after = h("div");
  put(
    place,
    contentNote(run.opened.content_note),
    said(text.setting, {
      requests: counts.requests,
      records: counts.holder_records,
      people: counts.people,
      onFile: counts.requested_on_file,
    }),
    guess({
      key: "g3",
      question: text.guess,
      unit: text.guessUnit,
      max: 100,
      step: 0,
      reveal: (value) => reveal(value),
    }),
    after,
  );
  const reveal = (guessed: number) => {
    const smallest = results.rates["pair_false_match"]!;
    const box = revealed(
      h(
        "p",
        { class: "surprise" },
        fill(text.surprise, { wrong: counts.returned_wrong, high: share(wrong.rate), low: share(smallest.rate) }),
      ),
      beside(
        fill(text.guessCount, { n: String(guessed) }),
        fill(text.guessTruth, { n: ((wrong.rate ?? 0) * 100).toFixed(1), of: ofTrials(wrong) }),
      ),
      denominatorChart(results),
      said(text.missed, { hits: results.rates["missed"]!.hits, trials: results.rates["missed"]!.trials }),
      h("h2", {}, text.twoPapers),
      p(text.twoPapersLead),
      h(
        "div",
        { class: "papers" },
        newspaper("pa", text.paperA, text.paperAWants, results),
        newspaper("pb", text.paperB, text.paperBWants, results),
      ),
      choose("w3", w.predict.why, text.why, text.whyChoices),
    );
    put(after, box);
    if (state.number("w3") === null && state.get("par") === null) show(box);
  };
}

export const rates: Step = {
  show(place: HTMLElement, context: Context) {
    const body = h("div");
    put(place, h("h1", { tabindex: -1 }, text.title), p(text.lead, { class: "lede" }), body);
    context.run("rates", body, (run) => board(run, body));
  },
};
