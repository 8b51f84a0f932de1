/** The reader's own choices and reasons on one sheet, with what reproduces them. */

import type { Run } from "../shared/context";
import { h, put, table } from "../shared/dom";
import { state } from "../shared/state";
import { fill, w } from "../shared/words";

const text = w.sheet;

/** A guess as a sentence, or a choice as the text that was chosen. */
function rows(): [string, string][] {
  const out: [string, string][] = [];
  const add = (title: string, value: string | undefined | null) => {
    if (value) out.push([title, value]);
  };
  const guessed = (key: string, unit: string) => {
    const n = state.get(key);
    return n === null ? null : fill(text.guessed, { n, unit });
  };
  const chosen = (key: string, choices: readonly { text: string }[]) => {
    const n = state.number(key);
    return n === null ? null : choices[n]?.text;
  };
  add(`1 ${w.steps.clerk}`, guessed("g1", text.units.clerk));
  add(w.predict.why, chosen("w1", w.clerk.whyChoices));
  add(`2 ${w.steps.dial}`, guessed("g2", w.dial.guessUnit));
  const weight = state.number("weight");
  add(text.weighed, weight === null ? null : fill(text.weight, { n: Math.round(10 ** (weight / 20)) }));
  add(w.predict.why, chosen("w2", w.dial.whyChoices));
  add(`3 ${w.steps.rates}`, guessed("g3", text.units.rates));
  add(w.rates.paperA, state.get("pah"));
  add(w.rates.paperB, state.get("pbh"));
  add(w.predict.why, chosen("w3", w.rates.whyChoices));
  add(`4 ${w.steps.crowd}`, guessed("g4", text.units.rates));
  add(w.predict.why, chosen("w4", w.crowd.whyChoices));
  add(`5 ${w.steps.names}`, guessed("g5", text.units.rates));
  add(w.predict.why, chosen("w5", w.commonness.whyChoices));
  add(w.predict.why, chosen("w5b", w.commonness.bothChoices));
  add(`6 ${w.steps.person}`, chosen("w6", w.person.whyChoices));
  add(`7 ${w.steps.terms}`, guessed("g7", text.units.terms));
  add(text.signed, chosen("sg", w.terms.signChoices));
  add(text.reasons, state.get("why7"));
  return out;
}

export function sheet(run: Run, commands: string[], outcome: string): HTMLElement {
  const body = h("div", { class: "sheet-body" });
  const draw = () => put(body, table(text.caption, [text.step, text.said], rows()));
  draw();
  const stop = state.onChange(() => {
    if (body.isConnected) draw();
    else if (drawn) stop();
  });
  const drawn = true;
  const print = () => {
    document.documentElement.classList.add("print-sheet");
    addEventListener("afterprint", () => document.documentElement.classList.remove("print-sheet"), { once: true });
    window.print();
  };
  const address = h("code", {});
  const refresh = () => {
    address.textContent = location.hash;
  };
  refresh();
  state.onChange(() => {
    if (address.isConnected) refresh();
  });
  return h(
    "section",
    { class: "sheet", "aria-label": text.title },
    h("h2", {}, text.title),
    h("p", {}, outcome),
    body,
    h("h3", {}, text.code),
    h("p", {}, fill(text.codeSays, { seed: run.opened.seed })),
    h("p", { class: "address" }, address),
    h("pre", { tabindex: 0 }, commands.join("\n")),
    h("p", { class: "note" }, w.note.always),
    h("p", { class: "no-print" }, h("button", { type: "button", class: "main", onclick: print }, text.print)),
  );
}
