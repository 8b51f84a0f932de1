/** Two records beside each other, with the differing characters marked, and the score as a waterfall. */

import type { Explained, ExplainedRecord, Side, Term } from "../engine";
import { folded, h, p, s, stacked, table } from "./dom";
import { fill, label, w } from "./words";

/** A value with the characters that differ from the other record's. */
export function marked(value: string, differs: [number, number][] | undefined): (Node | string)[] {
  if (value === "") return [h("span", { class: "blank" }, w.records.blank)];
  if (!differs?.length) return [value];
  const out: (Node | string)[] = [];
  let at = 0;
  for (const [from, to] of differs) {
    out.push(value.slice(at, from), h("mark", {}, value.slice(from, to)));
    at = to;
  }
  out.push(value.slice(at));
  return out;
}

/** Both records, field by field. */
export function sideBySide(requester: Side, holder: Side, fields: string[], caption: string): HTMLElement {
  const same = (f: string) => requester.as_recorded[f] === holder.as_recorded[f];
  const box = table(
    caption,
    [w.records.field, w.records.asked, w.records.onFile, w.records.verdict],
    fields.map((f) => [
      label(f),
      marked(requester.as_recorded[f] ?? "", requester.differs[f]),
      marked(holder.as_recorded[f] ?? "", holder.differs[f]),
      same(f)
        ? requester.as_recorded[f]
          ? w.records.same
          : w.records.bothBlank
        : !requester.as_recorded[f] || !holder.as_recorded[f]
          ? w.records.missing
          : w.records.differs,
    ]),
  );
  box.classList.add("records");
  return box;
}

/** The errors that came between a person and the two records. */
export function errorsBetween(explained: Explained, record: ExplainedRecord): HTMLElement {
  const rows = (
    [
      ["asked", explained.requester],
      ["onFile", record.holder],
    ] as const
  ).flatMap(([side, { errors }]) =>
    errors.map((e) => [
      label(e.error),
      w.records[side],
      label(e.field),
      h("s", {}, e.before || w.records.blank),
      e.after || w.records.blank,
    ]),
  );
  if (!rows.length) return p(w.records.noErrors);
  return stacked(
    table(
      w.records.errors,
      [w.records.error, w.records.file, w.records.field, w.records.before, w.records.after],
      rows,
    ),
  );
}

/** A term with what was found, where that is short. */
export const termName = (term: Term): string =>
  term.name === "prior"
    ? w.records.prior
    : term.level && term.level.length < 26
      ? `${term.name}: ${term.level}`
      : term.name;

/** Terms that sum to a score, as bars that each begin where the last one ended; in bits or strengths. */
export function waterfall(terms: Term[], threshold: number, score: number): HTMLElement {
  const unit = 1000;
  const rows: { name: string; from: number; to: number; sum: boolean }[] = [];
  let at = 0;
  for (const term of terms) {
    rows.push({ name: termName(term), from: at, to: at + term.value / unit, sum: false });
    at += term.value / unit;
  }
  rows.push({ name: w.records.score, from: 0, to: score / unit, sum: true });
  const limit = threshold / unit;
  const ends = rows.flatMap((r) => [r.from, r.to]).concat(limit, 0);
  const low = Math.min(...ends),
    high = Math.max(...ends);
  const pad = (high - low || 1) * 0.12;
  const x = (v: number) => ((v - low + pad) / (high - low + 2 * pad)) * 100;
  const signed = (v: number) => `${v < 0 ? "−" : "+"}${Math.abs(v).toFixed(1)}`;
  const text = fill(w.records.waterfallText, {
    score: (score / unit).toFixed(1).replace("-", "−"),
    threshold: limit.toFixed(1).replace("-", "−"),
  });
  const bars = rows.map((r) =>
    h(
      "div",
      { class: `fall${r.sum ? " sum" : ""}` },
      h("span", { class: "what" }, r.name),
      h(
        "span",
        { class: "lane" },
        h("i", { class: "limit", style: `left:${x(limit)}%` }),
        h("i", { class: "zero", style: `left:${x(0)}%` }),
        h("i", {
          class: r.to < r.from ? "bar minus" : "bar plus",
          style: `left:${x(Math.min(r.from, r.to))}%;width:${Math.max(0.6, Math.abs(x(r.to) - x(r.from)))}%`,
        }),
      ),
      h("span", { class: "n" }, r.sum ? (score / unit).toFixed(1).replace("-", "−") : signed(r.to - r.from)),
    ),
  );
  return h(
    "figure",
    {},
    h("figcaption", {}, text),
    h("div", { class: "falls", "aria-hidden": "true" }, bars, h("p", { class: "note" }, w.records.limit)),
    folded(
      w.chart.table,
      table(
        w.records.terms,
        [w.records.field, w.records.found, w.records.adds],
        [
          ...terms.map((t) => [t.name === "prior" ? w.records.prior : t.name, t.level, signed(t.value / unit)]),
          [w.records.score, "", (score / unit).toFixed(1).replace("-", "−")],
        ],
        [2],
      ),
    ),
  );
}

/** A mark for one of the four piles, as the canvas draws it. */
export function mark(kind: "right" | "wrong" | "missed" | "nobody" | "held"): SVGElement {
  const shapes = {
    right: s("circle", { cx: 6, cy: 6, r: 4.6 }),
    wrong: s("path", { d: "M6 .8 11.4 11H.6z" }),
    missed: s("circle", { cx: 6, cy: 6, r: 3.8, class: "ring" }),
    nobody: s("circle", { cx: 6, cy: 6, r: 2.4 }),
    held: s("rect", { x: 1.5, y: 1.5, width: 9, height: 9 }),
  };
  return s("svg", { class: `mark-of ${kind}`, viewBox: "0 0 12 12", "aria-hidden": "true" }, shapes[kind]);
}
