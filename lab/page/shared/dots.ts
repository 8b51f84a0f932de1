/**
 * Requests as dots on a canvas, piled by the score of their best answer.
 *
 * Where a dot stands is worked out once for a width; a frame only draws. Shapes as well as colours tell the piles
 * apart: a disc is the person sought, a triangle somebody else, a ring a person not found, a point nobody (correctly).
 */

import type { Outcomes } from "../engine";
import { WRONG_KEPT } from "../engine";
import { FATES } from "../results";

export type Pile = "right" | "wrong" | "missed" | "nobody" | "held";

/** The pile of each fate, in the order of FATES. */
export const PILE: readonly Pile[] = FATES.map(
  (f): Pile =>
    (
      ({
        right_alone: "right",
        right_with_others: "wrong",
        wrong_only: "wrong",
        not_returned: "missed",
        correctly_nobody: "nobody",
        refused: "held",
        withheld: "held",
      }) as const
    )[f],
);

/** The pile of a request. Where nothing was returned it lies with those who are on file, or with those who are not. */
export function pileOf(fate: number, onFile: number): Exclude<Pile, "held"> {
  const pile = PILE[fate] ?? "nobody";
  return pile === "held" ? (onFile ? "missed" : "nobody") : pile;
}

const ORDER = ["nobody", "right", "missed", "wrong"] as const;

export class Dots {
  private readonly pen: CanvasRenderingContext2D;
  private x = new Float32Array(0);
  private y = new Float32Array(0);
  private size = 4;
  private width = 0;
  private height = 0;
  private left = 0;
  private colours: Record<string, string> = {};
  private readonly onFile: Uint8Array;
  /** Best score of each request; NaN where nobody was compared. */
  readonly best: Float32Array;
  readonly low: number;
  readonly high: number;

  constructor(
    readonly canvas: HTMLCanvasElement,
    outcomes: Outcomes,
    readonly members: number[],
  ) {
    const pen = canvas.getContext("2d");
    if (!pen) throw new Error("no canvas");
    this.pen = pen;
    this.onFile = outcomes.on_file;
    this.best = Float32Array.from({ length: outcomes.length }, (_, i) => {
      const right = outcomes.right[i] ?? NaN,
        wrong = outcomes.wrong[i * WRONG_KEPT] ?? NaN;
      return Number.isNaN(right) ? wrong : Number.isNaN(wrong) ? right : Math.max(right, wrong);
    });
    let low = Infinity,
      high = -Infinity;
    for (const i of members) {
      const v = this.best[i]!;
      if (v < low) low = v;
      if (v > high) high = v;
    }
    this.low = Math.floor(low);
    this.high = Math.ceil(high);
  }

  /** Places the dots anew when the width or the colours changed. */
  layout(height: number): void {
    const ratio = Math.min(2, devicePixelRatio || 1);
    this.width = this.canvas.clientWidth;
    this.height = height;
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.height = `${height}px`;
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const style = getComputedStyle(this.canvas);
    for (const name of ["right", "wrong", "gold", "nobody", "ink", "paper"])
      this.colours[name] = style.getPropertyValue(`--${name}`).trim();

    const unscored = this.members.filter((i) => Number.isNaN(this.best[i]!));
    const scored = this.members
      .filter((i) => !Number.isNaN(this.best[i]!))
      .sort((a, b) => this.best[a]! - this.best[b]!);
    this.x = new Float32Array(this.best.length);
    this.y = new Float32Array(this.best.length);
    const floor = height - 4;
    // The largest dots with which the highest pile still fits.
    for (this.size = 9; this.size > 2; this.size -= 0.5) {
      const columns = Math.ceil((unscored.length * this.size) / (height * 0.8));
      this.left = unscored.length ? Math.max(columns * this.size + 26, 44) : 8;
      const bins = new Map<number, number>();
      let most = 0;
      for (const i of scored) {
        const bin = Math.floor((this.at(this.best[i]!) - this.left) / this.size);
        const n = bins.get(bin) ?? 0;
        bins.set(bin, n + 1);
        most = Math.max(most, n + 1);
        this.x[i] = this.left + (bin + 0.5) * this.size;
        this.y[i] = floor - (n + 0.5) * this.size;
      }
      if (most * this.size < height - 16 && this.left < this.width * 0.35) break;
    }
    this.canvas.closest<HTMLElement>(".dial")?.style.setProperty("--left", `${this.left}px`);
    const rows = Math.floor((height * 0.8) / this.size);
    unscored.forEach((i, k) => {
      this.x[i] = 4 + (Math.floor(k / rows) + 0.5) * this.size;
      this.y[i] = floor - ((k % rows) + 0.5) * this.size;
    });
  }

  /** Horizontal place of a score. */
  at(score: number): number {
    return this.left + ((score - this.low) / (this.high - this.low || 1)) * (this.width - this.left - 10);
  }

  /** The score at a place. */
  scoreAt(x: number): number {
    const score = this.low + ((x - this.left) / (this.width - this.left - 10)) * (this.high - this.low);
    return Math.min(this.high, Math.max(this.low, score));
  }

  draw(threshold: number, fate: Uint8Array, chosen = -1): void {
    const { pen, size, colours } = this;
    pen.clearRect(0, 0, this.width, this.height);
    const paths = { right: new Path2D(), wrong: new Path2D(), missed: new Path2D(), nobody: new Path2D() };
    const r = size / 2;
    for (const i of this.members) {
      const pile = pileOf(fate[i]!, this.onFile[i]!);
      const path = paths[pile],
        x = this.x[i]!,
        y = this.y[i]!;
      switch (pile) {
        case "wrong": {
          const t = Math.max(r * 1.25, 3);
          path.moveTo(x, y - t);
          path.lineTo(x + t, y + t * 0.8);
          path.lineTo(x - t, y + t * 0.8);
          path.closePath();
          break;
        }
        default: {
          const q = pile === "right" ? r * 0.88 : pile === "missed" ? r * 0.74 : Math.max(r * 0.5, 0.9);
          path.moveTo(x + q, y);
          path.arc(x, y, q, 0, 6.2832);
        }
      }
    }
    for (const pile of ORDER) {
      const colour = colours[pile === "missed" ? "gold" : pile] ?? "#888";
      if (pile === "missed") {
        pen.strokeStyle = colour;
        pen.lineWidth = Math.max(1.2, r * 0.5);
        pen.stroke(paths[pile]);
      } else {
        pen.fillStyle = colour;
        pen.fill(paths[pile]);
      }
      if (pile === "wrong") {
        pen.strokeStyle = colours["paper"] ?? "#fff";
        pen.lineWidth = 0.7;
        pen.stroke(paths[pile]);
      }
    }
    const x = Math.round(this.at(threshold)) + 0.5;
    pen.strokeStyle = colours["ink"] ?? "#000";
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(x, 0);
    pen.lineTo(x, this.height);
    pen.stroke();
    pen.fillStyle = colours["ink"] ?? "#000";
    pen.beginPath();
    pen.arc(x, 8, 8, 0, 6.2832);
    pen.fill();
    if (chosen >= 0) {
      pen.lineWidth = 2;
      pen.beginPath();
      pen.arc(this.x[chosen]!, this.y[chosen]!, Math.max(8, size), 0, 6.2832);
      pen.stroke();
    }
  }

  /** The request whose dot is nearest to a place, within reach of a finger. */
  near(x: number, y: number): number {
    let found = -1,
      best = 15 * 15;
    for (const i of this.members) {
      const d = (this.x[i]! - x) ** 2 + (this.y[i]! - y) ** 2;
      if (d < best) {
        best = d;
        found = i;
      }
    }
    return found;
  }
}
