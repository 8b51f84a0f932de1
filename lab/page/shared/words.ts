/** Words and numbers as the page writes them. */

import words from "../../text/en.json";
import type { Rate } from "../results";

/** Every text of the page. */
export const w = words;

type Value = string | number;

/** Fills `{name}`, and `{name|one|many}` by whether the number is one. Numbers get their separators. */
export function fill(text: string, values: Record<string, Value>): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (one !== undefined) return (value === 1 ? one : many) ?? "";
    return typeof value === "number" ? count(value) : value;
  });
}

/** 1,000,000 */
export function count(n: number): string {
  return n.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

/** Two significant digits, without an exponent. */
function digits(x: number): string {
  if (x === 0) return "0";
  const places = Math.max(0, 1 - Math.floor(Math.log10(Math.abs(x)) + 1e-9));
  return Math.abs(x) >= 100 ? count(x) : x.toFixed(Math.min(places, 12));
}

/** True where a share reads better as "1 in n". */
const tiny = (x: number) => x > 0 && x < 0.0005;

/** 0.78 %, or 1 in 16,000. */
export function share(x: number | null): string {
  if (x === null) return w.number.none;
  return tiny(x) ? fill(w.number.oneIn, { n: rounded(1 / x) }) : `${digits(x * 100)}\u00a0%`;
}

function rounded(x: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(x)) - 1);
  return count(Math.round(x / step) * step);
}

/** The interval of a rate, in the unit of the rate. */
export function interval(rate: Rate): string {
  if (rate.rate === null || rate.low === null || rate.high === null) return "";
  if (tiny(rate.rate)) {
    const high = fill(w.number.oneIn, { n: rounded(1 / rate.high) });
    return rate.low > 0
      ? fill(w.number.span, { low: fill(w.number.oneIn, { n: rounded(1 / rate.low) }), high })
      : fill(w.number.atMost, { high });
  }
  return `${digits(rate.low * 100)}–${digits(rate.high * 100)}\u00a0%`;
}

/** A count with what it is a count of: 7 of 521. */
export const ofTrials = (rate: Rate): string => fill(w.number.of, { hits: rate.hits, trials: rate.trials });

/** Everything a rate has to be shown with: 1.3 % (7 of 521; 95 % interval 0.54–2.7 %). */
export function rateText(rate: Rate): string {
  if (rate.trials === 0) return w.number.noTrials;
  if (rate.too_few_to_tell) return fill(w.number.few, { of: ofTrials(rate) });
  return fill(w.number.rate, { share: share(rate.rate), of: ofTrials(rate), interval: interval(rate) });
}

/** A name of files and results, as people say it; groups, causes and fields have words of their own. */
export function label(name: string): string {
  const own = (w.labels as Record<string, string>)[name];
  return own ?? name.replace(/^\d+_/, "").replaceAll("_", " ");
}

/** A score: bits with a decimal, strengths without. */
export function score(x: number, decision: string): string {
  return decision === "rules" ? digits(x) : x.toFixed(1).replace("-", "−");
}

export { digits };
