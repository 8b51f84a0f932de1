/** Step 6: one person returned in error, from the request to what the terms did. */

import type { Explained, ExplainedRecord } from "../engine";
import { FATES } from "../results";
import type { Context, Run, SetupName, Step } from "../shared/context";
import { h, p, put, unique } from "../shared/dom";
import { choose, contentNote, revealed, said, show } from "../shared/predict";
import { errorsBetween, sideBySide, termName, waterfall } from "../shared/records";
import { state } from "../shared/state";
import { fill, label, w } from "../shared/words";

const text = w.person;
const SETUPS = ["dial", "weighted"] as const satisfies readonly SetupName[];

const nameOf = (record: Record<string, string>): string =>
  [record["given_name"], record["surname"]].filter(Boolean).join(" ") || w.records.blank;

/** Changes that would have kept this record from being returned, in sentences. */
function wouldHaveTo(record: ExplainedRecord): Node[] {
  const why = record.why;
  if (!why) return [p(text.notProposed)];
  const slack = why.score - why.threshold;
  const decisive = why.terms.filter((t) => t.value > slack && t.value > 0);
  const list = decisive.map((t) =>
    h(
      "li",
      {},
      fill(text.without, { field: termName(t), score: ((why.score - t.value) / 1000).toFixed(1).replace("-", "−") }),
    ),
  );
  const errors = record.enough_alone.map((e) => {
    const [side = "", kind = "", field = ""] = e.split(":");
    return h(
      "li",
      {},
      fill(text.errorAlone, {
        error: label(kind),
        field: label(field),
        file: side === "holder" ? w.records.onFile : w.records.asked,
      }),
    );
  });
  if (!list.length && !errors.length) return [p(text.nothingAlone)];
  return [p(text.anyOf), h("ul", {}, list, errors)];
}

/** A blocking rule, such as `surname:4 + zip`, in words. */
const ruleText = (rule: string): string =>
  rule
    .split(" + ")
    .map((part) => {
      const [field = "", n] = part.split(":");
      return n ? fill(w.records.firstCharacters, { field: label(field), n }) : label(field);
    })
    .join(" + ");

/** Everything about one record beside one request. */
export function story(explained: Explained, record: ExplainedRecord): HTMLElement {
  const fields = Object.keys(explained.requester.as_recorded).filter(
    (f) => explained.requester.as_recorded[f] || record.holder.as_recorded[f],
  );
  return h(
    "div",
    { class: "story" },
    h("h2", {}, text.both),
    sideBySide(explained.requester, record.holder, fields, text.bothCaption),
    h("h2", {}, text.errors),
    errorsBetween(explained, record),
    record.primary_cause && said(text.cause, { cause: label(record.primary_cause) }),
    h("h2", {}, text.score),
    record.why
      ? [
          waterfall(record.why.terms, record.why.threshold, record.why.score),
          said(text.proposed, { route: record.why.route, rule: ruleText(record.why.proposed_by) }),
        ]
      : p(text.notProposed),
    h("h2", {}, text.differ),
    wouldHaveTo(record),
    h("h2", {}, text.terms),
    h(
      "ol",
      {},
      record.steps.map(({ step, passed }) =>
        h(
          "li",
          {},
          (passed ? text.passed : text.stopped)[step as "answered"] ?? `${label(step)}: ${passed ? text.yes : text.no}`,
        ),
      ),
    ),
    !record.is_person_sought && p(record.returned ? text.wasReturned : text.notReturned),
    record.others_at_address > 0 ? said(text.others, { n: record.others_at_address }) : p(text.noOthers),
  );
}

function board(run: Run, context: Context, place: HTMLElement, setup: string): void {
  const threshold = setup === "dial" ? (state.number("t") ?? 0) : null;
  const terms = threshold === null ? {} : { thresholds: { [run.opened.routes[0]!.name]: threshold } };
  void context.engine.judge(run.opened.handle, terms).then(({ fate }) => {
    const wrong = [...fate].flatMap((f, i) =>
      FATES[f] === "wrong_only" || FATES[f] === "right_with_others" ? [i] : [],
    );
    const wanted = state.number("r");
    if (!wrong.length && wanted === null) {
      put(place, p(text.nobody));
      return;
    }
    const id = unique("who");
    const out = h("div");
    const select = h(
      "select",
      {
        id,
        onchange: () => {
          for (const k of ["g6", "w6"]) state.set(k, null);
          follow(Number(select.value));
        },
      },
      (wanted !== null && !wrong.includes(wanted) ? [wanted, ...wrong] : wrong).map((r) =>
        h("option", { value: r, selected: r === wanted }, fill(text.option, { n: r, fate: w.fates[FATES[fate[r]!]!] })),
      ),
    );
    const follow = (request: number) => {
      state.set("r", request);
      context.engine.explain(run.opened.handle, request, null, terms).then(
        (explained) => tell(explained, out, run),
        (error: Error) => put(out, h("p", { role: "alert" }, error.message)),
      );
    };
    put(
      place,
      h("p", { class: "pick" }, h("label", { for: id }, fill(text.who, { n: wrong.length })), " ", select),
      out,
    );
    follow(Number(select.value));
  });
}

function tell(explained: Explained, place: HTMLElement, run: Run): void {
  const record =
    explained.records.find((r) => !r.is_person_sought && r.returned) ??
    explained.records.find((r) => !r.is_person_sought) ??
    explained.records[0];
  if (!record) {
    put(place, p(text.noRecord));
    return;
  }
  const asked = nameOf(explained.requester.as_recorded),
    found = nameOf(record.holder.as_recorded);
  const after = h("div");
  const options = (record.why?.levels ?? []).map(([field]) => ({ text: field, reply: "" }));
  const against = [
    ...new Set((record.why?.terms ?? []).filter((t) => t.value < 0 && t.name !== "prior").map((t) => t.name)),
  ];
  const best = record.why?.terms.reduce((a, b) => (b.value > a.value ? b : a), record.why.terms[0]!);
  const replies = options.map(({ text: field }) => ({
    text: field,
    reply:
      best && best.name === field
        ? fill(text.guessRight, { field })
        : fill(text.guessWrong, { field: best?.name ?? "", guess: field }),
  }));
  const reveal = () => {
    const box = revealed(
      h(
        "p",
        { class: "surprise" },
        fill(record.is_person_sought ? text.surpriseRight : against.length ? text.surprise : text.surpriseNothing, {
          asked,
          found,
          against: against.join(", "),
        }),
      ),
      story(explained, record),
    );
    put(after, box, choose("w6", w.predict.why, text.why, text.whyChoices));
    if (state.number("w6") === null) show(box);
  };
  put(
    place,
    said(record.is_person_sought ? text.introRight : text.intro, { asked, found, title: run.opened.title }),
    options.length > 1 ? choose("g6", w.predict.tag, text.guess, replies, reveal) : null,
    after,
  );
  if (options.length <= 1) reveal();
}

export const person: Step = {
  show(place: HTMLElement, context: Context) {
    const body = h("div");
    const note = h("div");
    const id = unique("case");
    const given = state.get("q");
    const setup = SETUPS.find((name) => name === given) ?? "dial";
    const select = h(
      "select",
      {
        id,
        onchange: () => {
          for (const k of ["r", "g6", "w6"]) state.set(k, null);
          begin(select.value as "dial");
        },
      },
      SETUPS.map((name) => h("option", { value: name, selected: name === setup }, text.setups[name])),
    );
    const begin = (name: (typeof SETUPS)[number]) => {
      state.set("q", name);
      context.run(name, body, (run) => {
        put(note, contentNote(run.opened.content_note));
        board(run, context, body, name);
      });
    };
    put(
      place,
      h("h1", { tabindex: -1 }, text.title),
      p(text.lead, { class: "lede" }),
      h("p", { class: "pick" }, h("label", { for: id }, text.which), " ", select),
      note,
      body,
    );
    begin(setup);
  },
};
