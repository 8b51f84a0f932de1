/** The steps as a lesson: minutes, what students say, keys computed from the seed, a seed for every group. */

import setups from "../../data/setups.json";
import type { Context, Run, SetupName, Step } from "../shared/context";
import { h, p, put, stacked, table, unique } from "../shared/dom";
import { seed, state } from "../shared/state";
import { fill, ofTrials, rateText, score, share, w } from "../shared/words";

const text = w.teach;

type Row = (typeof text.plan)[number];
type Runs = { setup: string; title: string }[];

/** Both errors of a run, in the words of a case. */
const bothErrors =
  (words: string) =>
  ({ results: { counts, rates } }: Run): string =>
    fill(words, {
      returned: counts.returned_right + counts.returned_wrong,
      wrong: counts.returned_wrong,
      missed: rates["missed"]!.hits,
      onFile: rates["missed"]!.trials,
    });

const named = (row: { title: string }, run: { title: string }): string => `${row.title} (${run.title})`;

/** The keys of the runs that a row of the plan has in the sandbox. */
const keysOf = (rows: { title: string; runs: Runs }[], words: string): Key[] =>
  rows.flatMap((row) =>
    row.runs.map((run) => ({ title: named(row, run), setup: run.setup as SetupName, key: bothErrors(words) })),
  );

interface Key {
  title: string;
  setup: SetupName;
  key(run: Run): string;
}

/** Answers to the guesses of the steps, for this seed. */
const KEYS: Key[] = [
  { title: w.steps.clerk, setup: "clerk", key: bothErrors(text.keys.clerk) },
  {
    title: w.steps.dial,
    setup: "dial",
    key: ({ results }) => {
      const none = results.curve.find((c) => c.returned_wrong === 0);
      return none
        ? fill(text.keys.dial, { t: score(none.threshold, "bits"), missed: none.missed })
        : w.dial.surpriseNever;
    },
  },
  {
    title: w.steps.rates,
    setup: "rates",
    key: ({ results }) =>
      fill(text.keys.rates, {
        wrong: results.counts.returned_wrong,
        rate: rateText(results.rates["wrong_among_answers"]!),
      }),
  },
  {
    title: w.steps.names,
    setup: "names",
    key: ({ results }) => {
      const top = results.by_group["name_commonness"]?.["01_most_common"]?.rates["share_of_wrong"];
      return top ? fill(text.keys.names, { share: share(top.rate), of: ofTrials(top) }) : w.commonness.nobody;
    },
  },
  ...keysOf(text.plan, text.keys.paid),
  ...keysOf(text.library.slice(-1), text.keys.library),
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
        KEYS.map(({ title, setup, key }) => {
          const place = h("dd");
          context.run(setup, place, (run) => {
            put(place, key(run));
            if (setup === "clerk") void pairKey(run, context, place);
          });
          return h("div", {}, h("dt", {}, title), place);
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

/** The address of a run in the sandbox, with its settings. */
function inSandbox(setup: SetupName): string {
  const { scenario, set } = setups[setup];
  const value = (key: string) => set.find((one) => one.startsWith(`${key}=`))!.slice(key.length + 1);
  const [people, requests] = ["population.people", "requester.requests"] as const;
  const own = set.filter((one) => !one.startsWith(`${people}=`) && !one.startsWith(`${requests}=`));
  return state.link("sandbox", {
    s: scenario,
    n: value(people),
    m: value(requests),
    set: own.length > 0 ? own.join("\n") : null,
  });
}

const runLinks = (runs: Runs): HTMLElement =>
  h(
    "ul",
    {},
    runs.map(({ setup, title }) => h("li", {}, h("a", { href: inSandbox(setup as SetupName) }, title))),
  );

/** A lesson as a table. */
function plan(caption: string, rows: Row[]): HTMLElement {
  let minute = 0;
  return stacked(
    table(
      caption,
      text.columns,
      rows.map((row) => {
        const from = minute;
        minute += row.minutes;
        const name = row.step ? h("a", { href: state.link(row.step) }, row.title) : row.title;
        const does = row.runs.length > 0 ? h("div", {}, row.does, runLinks(row.runs)) : row.does;
        return [name, `${from}–${minute}`, does, row.say && `“${row.say}”`, row.ask];
      }),
    ),
  );
}

/** The track in which little is at stake, for the whole class. */
function libraryTrack(): HTMLElement {
  return h(
    "section",
    {},
    h("h2", {}, text.libraryTitle),
    h(
      "ul",
      {},
      text.library.map(({ title, does, runs }) =>
        h("li", {}, h("strong", {}, title), " ", does, runs.length > 0 && runLinks(runs)),
      ),
    ),
    p(text.librarySays),
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
      plan(text.planCaption, text.plan),
      libraryTrack(),
      h("h2", {}, text.secondTitle),
      plan(text.secondCaption, text.second),
      p(text.short),
      answerKeys(context),
      groups(),
      projector(),
    );
  },
};
