/** The steps as a lesson: minutes, what students say, keys computed from the seed, a seed for every group. */

import type { Context, Run, SetupName, Step } from "../shared/context";
import { h, p, put, stacked, table, unique } from "../shared/dom";
import { seed, state } from "../shared/state";
import { fill, ofTrials, rateText, score, share, w } from "../shared/words";

const text = w.teach;
const STEPS = ["clerk", "dial", "rates", "crowd", "names", "person", "terms"] as const;

/** Answers to the guesses of the steps, for this seed. */
const KEYS: { step: keyof typeof w.steps; setup: SetupName; key(run: Run): string }[] = [
  {
    step: "clerk",
    setup: "clerk",
    key: ({ results: { counts, rates } }) =>
      fill(text.keys.clerk, {
        returned: counts.returned_right + counts.returned_wrong,
        wrong: counts.returned_wrong,
        missed: rates["missed"]!.hits,
        onFile: rates["missed"]!.trials,
      }),
  },
  {
    step: "dial",
    setup: "dial",
    key: ({ results }) => {
      const none = results.curve.find((c) => c.returned_wrong === 0);
      return none
        ? fill(text.keys.dial, { t: score(none.threshold, "bits"), missed: none.missed })
        : w.dial.surpriseNever;
    },
  },
  {
    step: "rates",
    setup: "rates",
    key: ({ results }) =>
      fill(text.keys.rates, {
        wrong: results.counts.returned_wrong,
        rate: rateText(results.rates["wrong_among_answers"]!),
      }),
  },
  {
    step: "names",
    setup: "names",
    key: ({ results }) => {
      const top = results.by_group["name_commonness"]?.["01_most_common"]?.rates["share_of_wrong"];
      return top ? fill(text.keys.names, { share: share(top.rate), of: ofTrials(top) }) : w.commonness.nobody;
    },
  },
];

/** Adds the truth of the clerk's pairs. */
async function pairKey(run: Run, context: Context, place: HTMLElement): Promise<void> {
  const pairs = await context.engine.pairs(run.opened.handle, 10);
  place.append(
    " ",
    fill(text.keys.pairs, {
      list: pairs.map((pair, i) => `${i + 1} ${pair.same_person ? text.keys.one : text.keys.two}`).join(", "),
    }),
  );
}

function answerKeys(context: Context): HTMLElement {
  const out = h("div");
  const work = () => {
    put(
      out,
      h(
        "dl",
        { class: "key-list" },
        KEYS.map(({ step, setup, key }) => {
          const place = h("dd");
          context.run(setup, place, (run) => {
            put(place, key(run));
            if (step === "clerk") void pairKey(run, context, place);
          });
          return h("div", {}, h("dt", {}, w.steps[step]), place);
        }),
        h("div", {}, h("dt", {}, w.steps.crowd), h("dd", {}, text.keys.crowd)),
        h("div", {}, h("dt", {}, w.steps.terms), h("dd", {}, text.keys.terms)),
      ),
    );
  };
  return h(
    "section",
    {},
    h("h2", {}, text.keysTitle),
    p(fill(text.keysLead, { seed: seed() })),
    h("p", {}, h("button", { type: "button", class: "main", onclick: work }, text.compute)),
    out,
  );
}

/** Every group in class gets a seed of its own, and so another country. */
function groups(): HTMLElement {
  const id = unique("groups");
  const list = h("ol", { class: "seeds" });
  const input = h("input", {
    id,
    type: "number",
    min: 1,
    max: 40,
    value: state.number("groups") ?? 6,
    oninput: () => draw(),
  });
  const draw = () => {
    const n = Math.min(40, Math.max(0, Math.floor(input.valueAsNumber || 0)));
    state.set("groups", n);
    put(
      list,
      Array.from({ length: n }, (_, i) =>
        h("li", {}, h("a", { href: `#clerk?seed=${i + 1}` }, fill(text.groupSeed, { n: i + 1, seed: i + 1 }))),
      ),
    );
  };
  draw();
  return h(
    "section",
    {},
    h("h2", {}, text.groupsTitle),
    p(text.groupsLead),
    h("label", { for: id }, text.groups),
    input,
    list,
  );
}

function projector(): HTMLElement {
  const id = unique("projector");
  const box = h("input", {
    id,
    type: "checkbox",
    checked: state.get("projector") === "1",
    onchange: () => {
      state.set("projector", box.checked ? 1 : null);
      document.documentElement.classList.toggle("projector", box.checked);
    },
  });
  return h(
    "section",
    {},
    h("h2", {}, text.projectorTitle),
    h("p", {}, h("span", { class: "tick" }, box, h("label", { for: id }, text.projector))),
    p(text.projectorSays, { class: "note" }),
  );
}

export const teach: Step = {
  show(place: HTMLElement, context: Context) {
    let minute = 0;
    put(
      place,
      h("h1", { tabindex: -1 }, text.title),
      p(text.lead, { class: "lede" }),
      h("h2", {}, text.beforeTitle),
      h(
        "ul",
        {},
        text.before.map((line) => h("li", {}, ...p(line).childNodes)),
      ),
      h("h2", {}, text.planTitle),
      stacked(
        table(
          text.planCaption,
          text.columns,
          STEPS.map((name) => {
            const step = text.plan[name];
            const from = minute;
            minute += step.minutes;
            return [
              h("a", { href: state.link(name) }, w.steps[name]),
              `${from}–${minute}`,
              step.does,
              step.say,
              step.ask,
            ];
          }),
        ),
      ),
      p(text.short),
      answerKeys(context),
      groups(),
      projector(),
    );
  },
};
