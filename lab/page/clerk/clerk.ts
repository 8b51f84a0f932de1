/** Step 1: the reader decides ten pairs by hand. */

import type { Pair } from "../engine";
import type { Context, Run, Step } from "../shared/context";
import { folded, h, p, put, table } from "../shared/dom";
import { beside, choose, guess, revealed, said, show } from "../shared/predict";
import { errorsBetween, marked, sideBySide } from "../shared/records";
import { state } from "../shared/state";
import { fill, label, w } from "../shared/words";

const PAIRS = 10;
const LEAST = 3;
/** Fields shown at first, and those that each question reveals. */
const STAGES = [
  ["given_name", "surname", "year_of_birth", "city"],
  ["date_of_birth"],
  ["house_number", "street", "unit", "zip"],
] as const;
const ALL = ["given_name", "surname", "date_of_birth", "house_number", "street", "unit", "city", "zip"];

type Answer = "s" | "d" | "c";
const text = w.clerk;

const fieldOf = (record: Record<string, string>, field: string): string =>
  field === "year_of_birth" ? (record["date_of_birth"] ?? "").slice(0, 4) : (record[field] ?? "");

/** The person behind a pair whom a wrong answer would touch. */
const personOf = (pair: Pair): string => {
  const record = pair.explained.records[0]?.holder.as_recorded ?? {};
  return [record["given_name"], record["surname"]].filter(Boolean).join(" ") || w.records.blank;
};

function desk(run: Run, pairs: Pair[], place: HTMLElement): () => void {
  let answers = (state.get("c") ?? "").slice(0, pairs.length);
  let asked = (state.get("ca") ?? "").padEnd(pairs.length, "0").slice(0, pairs.length);
  const keep = () => {
    state.set("c", answers);
    state.set("ca", asked);
  };

  const card = (focus: boolean) => {
    const i = answers.length;
    const pair = pairs[i];
    if (!pair || state.get("cd")) return ending();
    const stage = Number(asked[i] ?? 0);
    const fields = STAGES.slice(0, stage + 1)
      .flat()
      .filter((f) => !(stage > 0 && f === "year_of_birth"));
    const [q, r] = [pair.explained.requester.as_recorded, pair.explained.records[0]!.holder.as_recorded];
    const answer = (a: Answer) => {
      answers += a;
      keep();
      card(true);
    };
    const more = () => {
      asked = asked.slice(0, i) + String(stage + 1) + asked.slice(i + 1);
      keep();
      card(true);
    };
    const heading = h("h2", { tabindex: -1 }, fill(text.pair, { n: i + 1, all: pairs.length }));
    const button = (key: string, name: string, act: () => void, on = true) =>
      h(
        "button",
        { type: "button", class: "answer", onclick: act, disabled: !on, "aria-keyshortcuts": key },
        h("kbd", { "aria-hidden": "true" }, key),
        name,
      );
    put(
      place,
      h(
        "div",
        { class: "card" },
        h(
          "div",
          { class: "progress-dots", "aria-hidden": "true" },
          pairs.map((_, k) => h("i", { class: k < i ? "done" : k === i ? "now" : "" })),
        ),
        heading,
        pairTable(fields, q, r),
        h("p", { class: "question" }, text.question),
        h(
          "div",
          { class: "answers" },
          button("1", text.same, () => answer("s")),
          button("2", text.different, () => answer("d")),
          button("3", text.cannot, () => answer("c")),
          button("4", stage === 0 ? text.askDate : stage === 1 ? text.askAddress : text.nothingMore, more, stage < 2),
        ),
        h("p", { class: "note" }, fill(text.price, { n: [...asked].reduce((sum, c) => sum + Number(c), 0) })),
      ),
      answers.length >= LEAST &&
        h(
          "p",
          {},
          h(
            "button",
            {
              type: "button",
              onclick: () => {
                state.set("cd", 1);
                ending();
              },
            },
            text.stop,
          ),
        ),
    );
    if (focus) heading.focus({ preventScroll: true });
  };

  const ending = () => {
    const n = answers.length;
    const after = h("div");
    put(
      place,
      h("h2", { tabindex: -1 }, text.done),
      guess({
        key: "g1",
        question: fill(text.guess, { n }),
        unit: fill(text.guessUnit, { n }),
        max: n,
        reveal: (value) => reveal(after, pairs.slice(0, n), answers, asked, value, run),
      }),
      after,
    );
    place.querySelector("h2")?.focus({ preventScroll: true });
  };

  card(false);
  const keys = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest("input, textarea, select"))
      return;
    const button = place.querySelector<HTMLButtonElement>(`button[aria-keyshortcuts="${CSS.escape(event.key)}"]`);
    if (button && !button.disabled) {
      event.preventDefault();
      button.click();
    }
  };
  // Single keys work only while the desk has the focus (WCAG 2.1.4).
  place.addEventListener("keydown", keys);
  return () => place.removeEventListener("keydown", keys);
}

function pairTable(fields: string[], q: Record<string, string>, r: Record<string, string>): HTMLElement {
  const box = table(
    text.tableCaption,
    [w.records.field, text.asked, text.onFile],
    fields.map((f) => [label(f), marked(fieldOf(q, f), undefined), marked(fieldOf(r, f), undefined)]),
  );
  box.classList.add("records");
  return box;
}

/** Two kinds of error, of the reader and of the machine. No ranking. */
function reveal(place: HTMLElement, pairs: Pair[], answers: string, asked: string, guessed: number, run: Run): void {
  const yours = { taken: 0, parted: 0, open: 0 },
    machine = { taken: 0, parted: 0, open: 0 };
  const wrong: Pair[] = [];
  pairs.forEach((pair, i) => {
    const a = answers[i] as Answer;
    if (a === "c") yours.open++;
    else if ((a === "s") !== pair.same_person) {
      wrong.push(pair);
      if (a === "s") yours.taken++;
      else yours.parted++;
    }
    if (pair.machine_says_same && !pair.same_person) machine.taken++;
    if (!pair.machine_says_same && pair.same_person) machine.parted++;
  });
  const questions = [...asked].slice(0, pairs.length).reduce((sum, c) => sum + Number(c), 0);
  const first = wrong.find((x) => !x.same_person) ?? wrong[0];
  const theirs = pairs.find((x) => x.machine_says_same !== x.same_person);
  const headline = first
    ? fill(first.same_person ? text.youParted : text.youTook, { name: personOf(first) })
    : theirs
      ? fill(text.machineWrong, { name: personOf(theirs) })
      : text.allRight;
  const rates = run.results.counts;
  const box = revealed(
    h("p", { class: "surprise" }, headline),
    beside(fill(text.count, { n: guessed }), fill(text.count, { n: wrong.length })),
    table(
      fill(text.twoKinds, { n: pairs.length }),
      [text.kind, text.you, text.machine],
      [
        [text.taken, String(yours.taken), String(machine.taken)],
        [text.parted, String(yours.parted), String(machine.parted)],
        [text.left, String(yours.open), text.machineDecides],
        [text.questions, String(questions), text.machineAsks],
      ],
      [1, 2],
    ),
    h("p", { class: "note" }, text.small),
    said(text.wholeRun, {
      requests: rates.requests,
      returned: rates.returned_right + rates.returned_wrong,
      wrong: rates.returned_wrong,
      missed: run.results.rates["missed"]?.hits ?? 0,
      onFile: rates.requested_on_file,
    }),
  );
  const each = h(
    "div",
    { class: "each" },
    h("h3", {}, text.truthOfEach),
    pairs.map((pair, i) => one(pair, i, answers[i] as Answer)),
  );
  put(
    place,
    box,
    choose("w1", w.predict.why, text.why, text.whyChoices),
    each,
    h(
      "p",
      {},
      h(
        "button",
        {
          type: "button",
          onclick: () => {
            for (const k of ["c", "ca", "cd", "g1", "w1"]) state.set(k, null);
            dispatchEvent(new Event("hashchange"));
          },
        },
        w.predict.restart,
      ),
    ),
  );
  show(box);
}

function one(pair: Pair, i: number, answer: Answer): HTMLElement {
  const correct = answer !== "c" && (answer === "s") === pair.same_person;
  const record = pair.explained.records[0]!;
  const you = { s: text.saidSame, d: text.saidDifferent, c: text.saidCannot }[answer];
  const summary = fill(text.line, {
    n: i + 1,
    name: personOf(pair),
    truth: pair.same_person ? text.isSame : text.isDifferent,
    you,
    machine: pair.machine_says_same ? text.saidSame : text.saidDifferent,
  });
  const box = folded(
    summary,
    p(text.kinds[pair.kind]),
    sideBySide(pair.explained.requester, record.holder, ALL, fill(text.pair, { n: i + 1, all: PAIRS })),
    errorsBetween(pair.explained, record),
  );
  box.className = answer === "c" ? "pair open" : correct ? "pair" : "pair wrong";
  return box;
}

export const clerk: Step = {
  show(place: HTMLElement, context: Context) {
    let stop: (() => void) | undefined;
    const body = h("div");
    put(
      place,
      h("h1", { tabindex: -1 }, text.title),
      p(text.welcome, { class: "note" }),
      p(text.lead, { class: "lede" }),
      body,
    );
    context.run("clerk", body, (run) => {
      context.engine.pairs(run.opened.handle, PAIRS).then(
        (pairs) => {
          if (body.isConnected) stop = desk(run, pairs, body);
        },
        (error: Error) => put(body, h("p", { role: "alert" }, error.message)),
      );
    });
    return () => stop?.();
  },
};
