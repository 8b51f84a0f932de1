/** Charts that stand still: each with a text and a table. */

import type { Rate } from "../results";
import { folded, h, table } from "./dom";
import { interval, label, ofTrials, rateText, share, w, fill } from "./words";

const POWERS = 9;

/** From one in a thousand million at the left to all at the right. */
const place = (x: number): number => Math.max(0, Math.min(100, (1 + Math.log10(Math.max(x, 1e-12)) / POWERS) * 100));

export interface Denominator {
  title: string;
  also: string;
  /** A headline that a newspaper would make of the rate. */
  headline: string;
  rate: Rate;
}

/** The same people over several denominators, as bars over nine powers of ten. */
export function powersOfTen(rows: Denominator[], caption: string, text: string): HTMLElement {
  const ticks = [0, 3, 6, 9].map((n) =>
    h("span", { style: `left:${(n / POWERS) * 100}%` }, w.rates.ticks[n / 3] ?? ""),
  );
  return h(
    "figure",
    { class: "powers" },
    h("figcaption", {}, caption),
    h("p", { class: "note" }, text),
    h(
      "ol",
      {},
      rows.map(({ title, also, rate }) =>
        h(
          "li",
          {},
          h(
            "p",
            { class: "what" },
            h("strong", {}, share(rate.rate)),
            " ",
            title,
            h("span", { class: "of" }, `${ofTrials(rate)}; ${fill(w.number.bracket, { interval: interval(rate) })}`),
            h("span", { class: "of" }, also),
          ),
          h(
            "div",
            { class: "lane", "aria-hidden": "true" },
            h("i", { class: "bar", style: `width:${rate.rate ? place(rate.rate) : 0}%` }),
            rate.low !== null &&
              rate.high !== null &&
              h("i", {
                class: "reach",
                style: `left:${place(rate.low)}%;width:${Math.max(0.4, place(rate.high) - place(rate.low))}%`,
              }),
          ),
        ),
      ),
    ),
    h("div", { class: "ticks", "aria-hidden": "true" }, ticks),
    folded(
      w.chart.table,
      table(
        caption,
        [w.rates.share, w.rates.of, w.rates.count, w.rates.interval],
        rows.map(({ title, rate }) => [share(rate.rate), title, ofTrials(rate), interval(rate)]),
        [0, 2, 3],
      ),
    ),
  );
}

export interface Row {
  name: string;
  rate: Rate;
}

/** Rates of groups as dots with their intervals, on one scale. */
export function intervals(rows: Row[], caption: string, kind: "wrong" | "missed" | "right" = "wrong"): HTMLElement {
  const told = rows.filter(({ rate }) => rate.rate !== null && !rate.too_few_to_tell);
  const high = Math.max(
    1e-6,
    ...told.map(({ rate }) => Math.min(rate.high ?? 0, 4 * Math.max(...told.map((r) => r.rate.rate ?? 0)) || 1)),
  );
  const x = (v: number) => Math.min(100, (v / high) * 100);
  return h(
    "figure",
    { class: "intervals" },
    h("figcaption", {}, caption),
    h(
      "ul",
      {},
      rows.map(({ name, rate }) =>
        h(
          "li",
          {},
          h("span", { class: "what" }, label(name)),
          h(
            "span",
            { class: `lane ${kind}`, "aria-hidden": "true" },
            rate.rate !== null &&
              !rate.too_few_to_tell && [
                h("i", {
                  class: "reach",
                  style: `left:${x(rate.low ?? 0)}%;width:${Math.max(0.5, x(rate.high ?? 0) - x(rate.low ?? 0))}%`,
                }),
                h("i", { class: "dot", style: `left:${x(rate.rate)}%` }),
              ],
          ),
          h("span", { class: "said" }, rateText(rate)),
        ),
      ),
    ),
    h("p", { class: "scale note", "aria-hidden": "true" }, h("span", {}, "0"), h("span", {}, share(high))),
  );
}

/** A bar of one whole, cut into parts that are told apart by name as well. */
export function parts(caption: string, pieces: { name: string; n: number; kind: string }[]): HTMLElement {
  const all = pieces.reduce((sum, { n }) => sum + n, 0) || 1;
  return h(
    "figure",
    { class: "parts" },
    h("figcaption", {}, caption),
    h(
      "div",
      { class: "whole", "aria-hidden": "true" },
      pieces.filter(({ n }) => n > 0).map(({ n, kind }) => h("i", { class: kind, style: `flex-grow:${n / all}` })),
    ),
    h(
      "div",
      { class: "quiet" },
      table(
        caption,
        [w.chart.what, w.chart.count],
        pieces.map(({ name, n, kind }) => [
          [h("i", { class: `key ${kind}`, "aria-hidden": "true" }), name],
          n.toLocaleString("en-US"),
        ]),
        [1],
      ),
    ),
  );
}
