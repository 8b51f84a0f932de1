/** FOR DEVELOPMENT ONLY: intervals of the stand-in. The engine's own know about clusters; these do not. */

import type { Rate } from "../results";

function atMost(k: number, n: number, p: number): number {
  let term = n * Math.log1p(-p),
    sum = 0;
  for (let i = 0; i <= k; i++) {
    sum += Math.exp(term);
    term += Math.log((n - i) / (i + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return Math.min(1, sum);
}

function solve(f: (p: number) => boolean): number {
  let low = 0,
    high = 1;
  for (let i = 0; i < 60; i++) {
    const p = (low + high) / 2;
    if (f(p)) low = p;
    else high = p;
  }
  return low;
}

export function rateOf(hits: number, trials: number, of: string): Rate {
  if (trials === 0) return { hits, trials, rate: null, low: null, high: null, of, interval: "", too_few_to_tell: true };
  const few = { ...(trials < 30 ? { too_few_to_tell: true } : {}), ...(hits < 10 ? { too_few_to_compare: true } : {}) };
  const rate = hits / trials;
  if (hits < 30) {
    const low = hits === 0 ? 0 : solve((p) => 1 - atMost(hits - 1, trials, p) < 0.025);
    const high = hits === trials ? 1 : solve((p) => atMost(hits, trials, p) > 0.025);
    return { hits, trials, rate, low, high, of, interval: "Clopper-Pearson", ...few };
  }
  const z = 1.959964,
    d = 1 + (z * z) / trials,
    c = (rate + (z * z) / (2 * trials)) / d;
  const h = (z / d) * Math.sqrt((rate * (1 - rate)) / trials + (z * z) / (4 * trials * trials));
  return { hits, trials, rate, low: c - h, high: c + h, of, interval: "Wilson", ...few };
}
