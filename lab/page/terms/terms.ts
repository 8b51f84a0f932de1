/** Step 7: an agreement whose terms are switches, two versions on the same people, and a sheet to print. */

import setups from "../../data/setups.json";
import type { Compared, ComparedPerson, Fourfold, Terms } from "../engine";
import { parts } from "../shared/bars";
import type { Context, Run, Step } from "../shared/context";
import { story } from "../person/person";
import { folded, h, p, put, table, unique } from "../shared/dom";
import { beside, choose, contentNote, guess, ownWords, revealed, said, show } from "../shared/predict";
import { state } from "../shared/state";
import { count, fill, rateText, w } from "../shared/words";
import { sheet } from "./sheet";

const text = w.terms;

/** The reader's version, as the address holds it. */
interface Draft {
  number: "letters" | "name" | "address";
  several: "all" | "best" | "unique";
  birth: boolean;
  review: boolean;
  notice: "no" | "confirms" | "withholds";
}

const one = <T extends string>(key: string, of: readonly T[]): T => of.find((v) => v === state.get(key)) ?? of[0]!;
const draft = (): Draft => ({
  number: one("mn", ["letters", "name", "address"] as const),
  several: one("ms", ["all", "best", "unique"] as const),
  notice: one("mt", ["no", "confirms", "withholds"] as const),
  birth: state.get("mb") === "1",
  review: state.get("mr") === "1",
});

const same = (d: Draft): boolean =>
  d.number === "letters" && d.several === "all" && !d.birth && !d.review && d.notice === "no";

function termsOf(d: Draft): Terms {
  return {
    ...(d.number === "name" ? { thresholds: { number: 2 } } : {}),
    ...(d.several !== "all" ? { answers: d.several } : {}),
    ...(d.birth || d.review || d.notice !== "no"
      ? {
          safeguards: {
            ...(d.birth ? { second_identifier: {} } : {}),
            ...(d.review ? { review: {} } : {}),
            ...(d.notice !== "no" ? { notice: d.notice === "withholds" ? { silence: "withholds" } : {} } : {}),
          },
        }
      : {}),
  };
}

/** The command lines that repeat both versions. */
export function commands(run: Run, d: Draft): string[] {
  const set = [
    d.number === "name" && "routes.number.threshold=2",
    d.several !== "all" && `agreement.answers=${d.several}`,
    d.birth && "agreement.second_identifier.on=true",
    d.review && "agreement.review.on=true",
    d.notice !== "no" && "agreement.notice.on=true",
    d.notice === "withholds" && "agreement.notice.silence=withholds",
  ].filter((s) => s !== false);
  const quoted = (s: string) => (/[^\w.=-]/.test(s) ? `"${s}"` : s);
  const command = (set: string[]) =>
    `namesake run ${run.scenario} --seed ${run.opened.seed} --alone${set.map((s) => ` --set ${quoted(s)}`).join("")}`;
  const rule = d.number === "address" ? setups.checked.set : run.set;
  return [command(run.set), `${command([...rule, ...set])} --out mine`];
}

/** The document: every switch stands in a sentence of it. */
function document_(change: () => void): HTMLElement {
  const select = (key: string, title: string, options: Record<string, string>) => {
    const box = h(
      "select",
      {
        "aria-label": title,
        onchange: () => {
          state.set(key, box.value);
          change();
        },
      },
      Object.entries(options).map(([value, name]) => h("option", { value, selected: state.get(key) === value }, name)),
    );
    return box;
  };
  const tick = (key: string, title: string) => {
    const id = unique("term");
    const box = h("input", {
      id,
      type: "checkbox",
      checked: state.get(key) === "1",
      onchange: () => {
        state.set(key, box.checked ? 1 : null);
        change();
      },
    });
    return h("span", { class: "tick" }, box, h("label", { for: id }, title));
  };
  const article = (n: number, title: string, ...body: (Node | string)[]) =>
    h("section", { class: "article" }, h("h3", {}, `§ ${n} ${title}`), h("p", {}, ...body));
  return h(
    "div",
    { class: "document" },
    h("h2", { class: "heading" }, text.heading),
    h("p", { class: "parties" }, text.parties),
    article(1, text.articles.request, text.requestBody),
    article(2, text.articles.number, text.numberBefore, " ", select("mn", text.articles.number, text.number)),
    article(3, text.articles.several, text.severalBefore, " ", select("ms", text.articles.several, text.several)),
    article(4, text.articles.second, tick("mb", text.birth)),
    article(5, text.articles.review, tick("mr", text.review)),
    article(6, text.articles.notice, select("mt", text.articles.notice, text.notice)),
    h("p", { class: "note" }, text.assumed),
  );
}

const foldText = (f: Fourfold, kind: "sought" | "never"): [string, number, string][] => [
  [text.fold.both, f.both, kind === "sought" ? "right" : "wrong"],
  [kind === "sought" ? text.fold.lost : text.fold.spared, f.spared, kind === "sought" ? "missed" : "spared"],
  [text.fold.newly, f.newly_returned, kind === "sought" ? "right" : "wrong"],
  [text.fold.neither, f.neither, "nobody"],
];

function people(compared: Compared, run: Run, context: Context): HTMLElement {
  const out = h("div", { "aria-live": "polite" });
  const kinds: [string, (x: ComparedPerson) => boolean][] = [
    [text.list.spared, (x) => !x.sought && x.first && !x.second],
    [text.list.still, (x) => !x.sought && x.first && x.second],
    [text.list.newly, (x) => !x.sought && !x.first && x.second],
    [text.list.lost, (x) => x.sought && x.first && !x.second],
  ];
  const look = (x: ComparedPerson) =>
    context.engine.explain(run.opened.handle, x.request, x.record < 0 ? null : x.record, {}).then(
      (explained) => {
        const record =
          explained.records.find((r) => r.record === x.record) ??
          explained.records.find((r) => r.is_person_sought === x.sought) ??
          explained.records[0];
        put(out, record ? story(explained, record) : p(w.person.noRecord));
      },
      (error: Error) => put(out, h("p", { role: "alert" }, error.message)),
    );
  return h(
    "div",
    { class: "people" },
    h("h3", {}, text.list.title),
    kinds.map(([title, is]) => {
      const found = compared.persons.filter(is);
      return (
        found.length > 0 &&
        h(
          "p",
          {},
          fill(title, { n: found.length }),
          " ",
          found
            .slice(0, 12)
            .map((x) => [
              h(
                "button",
                { type: "button", class: "small", onclick: () => void look(x) },
                fill(text.list.request, { n: x.request }),
              ),
              " ",
            ]),
        )
      );
    }),
    out,
  );
}

function board(run: Run, context: Context, place: HTMLElement): void {
  const out = h("div");
  let turn = 0;
  const change = () => {
    const mine = ++turn;
    const d = draft();
    if (same(d)) {
      put(out, p(text.unchanged, { class: "note" }));
      return;
    }
    const work = (second: Run) =>
      context.engine.compare(run.opened.handle, {}, second.opened.handle, termsOf(d)).then(
        (compared) => {
          if (mine === turn) ask(compared, d);
        },
        (error: Error) => {
          if (mine === turn) put(out, h("p", { role: "alert" }, error.message));
        },
      );
    if (d.number === "address") context.run("checked", out, (second) => void work(second));
    else void work(run);
  };
  const ask = (compared: Compared, d: Draft) => {
    const after = h("div");
    put(
      out,
      guess({
        key: "g7",
        question: fill(text.guess, { sought: compared.sought.both + compared.sought.spared }),
        unit: text.guessUnit,
        max: compared.sought.people,
        reveal: (value) => reveal(value, compared, d, after),
      }),
      after,
    );
  };
  const reveal = (guessed: number, compared: Compared, d: Draft, after: HTMLElement) => {
    const { sought, never_sought: never } = compared;
    const box = revealed(
      h(
        "p",
        { class: "surprise" },
        fill(text.surprise, { spared: never.spared, wrong: never.both + never.spared, lost: sought.spared }),
      ),
      beside(fill(text.guessCount, { n: guessed }), fill(text.guessCount, { n: sought.spared })),
      h(
        "div",
        { class: "two" },
        parts(
          fill(text.soughtCaption, { n: sought.people }),
          foldText(sought, "sought").map(([name, n, kind]) => ({ name, n, kind })),
        ),
        parts(
          fill(text.neverCaption, { n: never.people }),
          foldText(never, "never")
            .filter(([, , kind]) => kind !== "nobody")
            .map(([name, n, kind]) => ({ name, n, kind })),
        ),
      ),
      folded(
        w.chart.table,
        table(
          text.ratesCaption,
          ["", text.first, text.second],
          (["wrong_among_answers", "missed"] as const).map((name) => [
            w.terms.rates[name],
            rateText(compared.first[name]),
            rateText(compared.second[name]),
          ]),
        ),
      ),
      p(text.luck, { class: "note" }),
      people(compared, run, context),
      h("h2", {}, text.sign),
      choose("sg", text.signTag, text.signQuestion, text.signChoices),
      ownWords("why7", text.reasons, 3),
      sheet(
        run,
        commands(run, d),
        fill(text.surprise, { spared: never.spared, wrong: never.both + never.spared, lost: sought.spared }),
      ),
    );
    put(after, box);
    if (state.number("sg") === null && state.get("why7") === null) show(box);
  };
  put(
    place,
    contentNote(run.opened.content_note),
    said(text.setting, {
      requests: run.opened.requests,
      people: run.opened.people,
      returned: count(run.results.counts.returned_right + run.results.counts.returned_wrong),
      wrong: run.results.counts.returned_wrong,
    }),
    document_(change),
    out,
  );
  change();
}

export const terms: Step = {
  show(place: HTMLElement, context: Context) {
    const body = h("div");
    put(place, h("h1", { tabindex: -1 }, text.title), p(text.lead, { class: "lede" }), body);
    context.run("rates", body, (run) => board(run, context, body));
  },
};
