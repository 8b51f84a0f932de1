/** Predict, reveal, explain: the parts that every step shares. */

import { h, p, put, unique } from "./dom";
import { state } from "./state";
import { fill, w } from "./words";

export interface Guess {
  /** Its key in the address. */
  key: string;
  question: string;
  /** Unit of the number, after the field. */
  unit: string;
  min?: number;
  max: number;
  step?: number;
  /** Called once with what the reader committed to, now or in an earlier visit. */
  reveal(guess: number): void;
}

/** A number the reader commits to before anything is shown. */
export function guess({ key, question, unit, min = 0, max, step = 1, reveal }: Guess): HTMLElement {
  const kept = state.number(key);
  const id = unique("guess");
  const input = h("input", {
    id,
    type: "number",
    inputmode: "decimal",
    min,
    max,
    step: step === 1 ? 1 : "any",
    required: true,
    value: kept ?? "",
  });
  const button = h("button", { class: "main" }, w.predict.commit);
  const form = h(
    "form",
    {
      class: "guess",
      onsubmit: (event: SubmitEvent) => {
        event.preventDefault();
        commit(input.valueAsNumber, true);
      },
    },
    h("p", { class: "tag" }, w.predict.tag),
    h("label", { for: id }, question),
    h("div", { class: "field" }, input, h("span", {}, unit), button),
  );
  const commit = (value: number, now: boolean) => {
    if (!Number.isFinite(value)) return;
    if (now) state.set(key, value);
    input.readOnly = true;
    button.hidden = true;
    form.classList.add("done");
    reveal(value);
  };
  if (kept !== null) queueMicrotask(() => commit(kept, false));
  return form;
}

export interface Choice {
  text: string;
  /** Reply of the page to this choice. */
  reply: string;
}

/** A question with a few answers, each of which the page has something to say to. */
export function choose(
  key: string,
  tag: string,
  question: string,
  choices: readonly Choice[],
  then?: (index: number) => void,
): HTMLElement {
  const name = unique("choice");
  const reply = h("p", { class: "reply", role: "status" });
  const kept = state.number(key);
  const take = (index: number) => {
    put(reply, ...p(choices[index]?.reply ?? "").childNodes);
    then?.(index);
  };
  const options = choices.map(({ text }, i) =>
    h(
      "label",
      { class: "option" },
      h("input", {
        type: "radio",
        name,
        value: i,
        checked: kept === i,
        onchange: () => {
          state.set(key, i);
          take(i);
        },
      }),
      h("span", {}, text),
    ),
  );
  if (kept !== null && choices[kept]) queueMicrotask(() => take(kept));
  return h(
    "fieldset",
    { class: "choose" },
    h("legend", {}, h("span", { class: "tag" }, tag), " ", question),
    options,
    reply,
  );
}

/** The reader's own words; kept in the address only. */
export function ownWords(key: string, question: string, rows = 2): HTMLElement {
  const id = unique("own");
  const field = h("textarea", {
    id,
    rows,
    maxlength: 280,
    "aria-describedby": `${id}-n`,
    oninput: () => state.set(key, field.value),
  });
  field.value = state.get(key) ?? "";
  return h(
    "div",
    { class: "own" },
    h("label", { for: id }, question),
    field,
    h("p", { class: "note", id: `${id}-n` }, w.predict.own),
  );
}

/** The guess beside the truth. */
export function beside(guessed: string, truth: string): HTMLElement {
  return h(
    "dl",
    { class: "beside" },
    h("div", {}, h("dt", {}, w.predict.you), h("dd", {}, guessed)),
    h("div", { class: "truth" }, h("dt", {}, w.predict.truth), h("dd", {}, truth)),
  );
}

interface AboutTexts {
  what: string;
  how: string;
  notice: string[];
  try: string[];
  not: string;
}

/** "About this step": the five headings that every step has. */
export function about(texts: AboutTexts): HTMLElement {
  const list = (items: string[]) =>
    h(
      "ul",
      {},
      items.map((item) => h("li", {}, ...p(item).childNodes)),
    );
  return h(
    "details",
    { class: "about" },
    h("summary", {}, w.about.title),
    h("h3", {}, w.about.what),
    p(texts.what),
    h("h3", {}, w.about.how),
    p(texts.how),
    h("h3", {}, w.about.notice),
    list(texts.notice),
    h("h3", {}, w.about.try),
    list(texts.try),
    h("h3", {}, w.about.not),
    p(texts.not),
  );
}

/** The note that stands before a case whose subject may concern somebody in the room. */
export function contentNote(text: string): HTMLElement {
  return h(
    "aside",
    { class: "content-note", "aria-label": w.note.label },
    h("strong", {}, w.note.label),
    " ",
    text,
    " ",
    w.note.always,
  );
}

/** A heading with what was found, told to a screen reader when it appears. */
export function revealed(...children: (Node | string | false | null)[]): HTMLElement {
  const box = h("div", { class: "revealed", tabindex: -1 });
  for (const child of children) if (child) box.append(child);
  return box;
}

/** Takes the reader to what has just appeared. */
export function show(element: HTMLElement): void {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
}

export const said = (text: string, values: Record<string, string | number>): HTMLParagraphElement =>
  p(fill(text, values));
