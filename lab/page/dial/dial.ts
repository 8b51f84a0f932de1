/** Step 2: a threshold, and who falls on which side of it. */

import { FATES } from "../results";
import type { Context, Run, Step } from "../shared/context";
import { DialView } from "../shared/dial-view";
import { pileOf, type Pile } from "../shared/dots";
import { h, p, put, table, unique } from "../shared/dom";
import { beside, choose, contentNote, guess, revealed, said, show } from "../shared/predict";
import { mark } from "../shared/records";
import { state } from "../shared/state";
import { fill, rateText, score, w } from "../shared/words";

const text = w.dial;
const PILES: readonly Pile[] = ["right", "wrong", "missed", "nobody"];

/** Number of requests on each pile. */
function pileCounts(fate: Uint8Array, onFile: Uint8Array): Record<Pile, number> {
  const out: Record<Pile, number> = { right: 0, wrong: 0, missed: 0, nobody: 0, held: 0 };
  fate.forEach((f, i) => {
    out[pileOf(f, onFile[i]!)]++;
  });
  return out;
}

/** The four piles as counts that change in place. */
export function pileList(): { element: HTMLElement; update(counts: Record<Pile, number>): void } {
  const numbers = new Map<Pile, HTMLElement>();
  const element = h(
    "ul",
    { class: "piles" },
    PILES.map((pile) => {
      const n = h("strong", {}, "–");
      numbers.set(pile, n);
      return h("li", { class: pile }, mark(pile), n, h("span", {}, text.piles[pile as "right"]));
    }),
  );
  return {
    element,
    update: (counts) => {
      for (const [pile, n] of numbers) n.textContent = counts[pile].toLocaleString("en-US");
    },
  };
}

function board(run: Run, context: Context, place: HTMLElement): () => void {
  const route = run.opened.routes[0]!;
  const everybody = Array.from({ length: run.outcomes.length }, (_, i) => i);
  const piles = pileList();
  const says = h("p", { class: "reading", role: "status" });
  const rates = h("dl", { class: "rates-now" });
  const balance = h("div");
  const picked = h("p", { class: "picked", role: "status" });
  let quiet = 0;

  const judge = (threshold: number) =>
    void context.engine.judge(run.opened.handle, { thresholds: { [route.name]: threshold } }).then((judged) => {
      if (!place.isConnected) return;
      view.judged = judged;
      view.take(judged.fate);
      piles.update(pileCounts(judged.fate, run.outcomes.on_file));
      put(
        rates,
        (
          [
            ["wrong_among_answers", text.wrongOfReturned],
            ["missed", text.missedOfOnFile],
          ] as const
        ).map(([name, title]) => h("div", {}, h("dt", {}, title), h("dd", {}, rateText(judged.rates[name])))),
      );
      clearTimeout(quiet);
      quiet = window.setTimeout(() => {
        const missed = judged.rates.missed.hits;
        const instead = missed - pileCounts(judged.fate, run.outcomes.on_file).missed;
        const reading = fill(text.reading, { t: score(view.threshold, "bits"), wrong: judged.returned_wrong, missed });
        says.textContent = instead > 0 ? `${reading} ${fill(text.instead, { n: instead })}` : reading;
        state.set("t", view.threshold);
      }, 250);
    });
  const pick = (request: number) => {
    const fate = FATES[view.judged?.fate[request] ?? run.outcomes.fate[request]!]!;
    put(
      picked,
      fill(text.picked, { n: request, fate: w.fates[fate] }),
      " ",
      h("a", { href: state.link("person", { r: request, q: "dial", t: view.threshold }) }, text.follow),
    );
  };
  const next = () => {
    const wrong = everybody.filter((i) => {
      const f = FATES[view.judged?.fate[i] ?? 0];
      return f === "wrong_only" || f === "right_with_others";
    });
    const after = wrong.find((i) => i > last) ?? wrong[0];
    if (after === undefined) {
      put(picked, text.nobodyWrong);
      return;
    }
    last = after;
    view.choose(after);
    pick(after);
  };
  let last = -1;

  const begin = state.number("t") ?? -8;
  const view: DialView = new DialView(
    run,
    everybody,
    begin,
    text.drag,
    () => Math.round(Math.min(380, Math.max(220, innerHeight * 0.42))),
    judge,
    pick,
  );
  const keep = h("div");
  put(
    place,
    said(text.board, { requests: run.outcomes.length }),
    view.element,
    piles.element,
    rates,
    h("p", {}, h("button", { type: "button", onclick: next }, text.nextWrong)),
    picked,
    says,
    balance,
    keep,
  );
  judge(begin);

  put(
    balance,
    guess({ key: "g2", question: text.guess, unit: text.guessUnit, max: 2000, reveal: (value) => reveal(value) }),
  );
  const reveal = (guessed: number) => {
    const curve = run.results.curve;
    const none = curve.find((point) => point.returned_wrong === 0);
    const weigh = h("output");
    const id = unique("weight");
    const slider = h("input", {
      id,
      type: "range",
      min: 0,
      max: 40,
      value: state.number("weight") ?? 20,
      oninput: () => {
        weighed();
        state.set("weight", slider.value);
      },
    });
    const weighed = () => {
      const many = Math.round(10 ** (slider.valueAsNumber / 20));
      slider.setAttribute("aria-valuetext", fill(text.weightValue, { n: many }));
      let best = curve[0]!,
        least = Infinity;
      for (const point of curve) {
        const loss = point.missed + many * point.returned_wrong;
        if (loss < least) {
          least = loss;
          best = point;
        }
      }
      put(
        weigh,
        ...said(text.implied, {
          n: many,
          t: score(best.threshold, "bits"),
          wrong: best.returned_wrong,
          missed: best.missed,
        }).childNodes,
      );
      implied = best.threshold;
    };
    let implied = begin;
    const steps = [-20, -10, -8, -4, 0, 4, 8, 12, 16, 20].flatMap((t) => {
      const point = curve.find((c) => c.threshold >= t);
      return point ? [point] : [];
    });
    const box = revealed(
      h(
        "p",
        { class: "surprise" },
        none ? fill(text.surprise, { t: score(none.threshold, "bits"), missed: none.missed }) : text.surpriseNever,
      ),
      beside(fill(text.guessCount, { n: guessed }), none ? fill(text.guessCount, { n: none.missed }) : text.never),
      p(text.neither),
      h(
        "div",
        { class: "weight" },
        h("label", { for: id }, text.weightLabel),
        slider,
        weigh,
        h(
          "p",
          {},
          h(
            "button",
            {
              type: "button",
              onclick: () => {
                view.move(implied);
                view.element.scrollIntoView({ block: "center" });
              },
            },
            text.setIt,
          ),
        ),
      ),
      table(
        text.tableCaption,
        [text.columns.threshold, text.columns.right, text.columns.wrong, text.columns.missed],
        steps.map((c) => [
          score(c.threshold, "bits"),
          String(c.returned_right),
          String(c.returned_wrong),
          String(c.missed),
        ]),
        [0, 1, 2, 3],
      ),
      choose("w2", w.predict.why, text.why, text.whyChoices),
    );
    put(keep, box);
    weighed();
    if (state.number("w2") === null) show(box);
  };
  addEventListener("themechange", view.relayout);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", view.relayout);
  return () => {
    removeEventListener("themechange", view.relayout);
    dark.removeEventListener("change", view.relayout);
    view.close();
    clearTimeout(quiet);
  };
}

export const dial: Step = {
  show(place: HTMLElement, context: Context) {
    const body = h("div");
    let stop: (() => void) | undefined;
    put(place, h("h1", { tabindex: -1 }, text.title), p(text.lead, { class: "lede" }), contentNote(text.note), body);
    context.run("dial", body, (run) => {
      stop = board(run, context, body);
    });
    return () => stop?.();
  },
};
