/** A threshold over dots: dragged with a finger or set by keys. Steps decide what a new threshold asks of the engine. */

import type { Judged } from "../engine";
import type { Run } from "./context";
import { h, unique } from "./dom";
import { Dots } from "./dots";
import { fill, score, w } from "./words";

const text = w.dial;

/** Dots, a threshold to drag, and the four piles counted. */
export class DialView {
  readonly element: HTMLElement;
  readonly dots: Dots;
  readonly slider: HTMLInputElement;
  threshold: number;
  judged: Judged | null = null;
  private fate: Uint8Array;
  private chosen = -1;
  private frame = 0;
  private readonly canvas: HTMLCanvasElement;
  private readonly watch: ResizeObserver;

  constructor(
    run: Run,
    members: number[],
    start: number,
    labelText: string,
    private readonly height: () => number,
    private readonly onMove: (threshold: number) => void,
    private readonly onPick?: (request: number) => void,
  ) {
    this.fate = run.outcomes.fate;
    this.canvas = h("canvas", { "aria-hidden": "true" });
    this.dots = new Dots(this.canvas, run.outcomes, members);
    this.threshold = start;
    const id = unique("dial");
    this.slider = h("input", {
      id,
      type: "range",
      min: this.dots.low,
      max: this.dots.high,
      step: 0.1,
      value: start,
      oninput: () => this.move(this.slider.valueAsNumber),
    });
    this.slider.setAttribute("aria-valuetext", this.valueText());
    this.element = h(
      "div",
      { class: "dial" },
      h(
        "div",
        { class: "stage" },
        this.canvas,
        h(
          "p",
          { class: "axis", "aria-hidden": "true" },
          h("span", {}, text.unscored),
          h("span", {}, text.axisLow),
          h("span", {}, text.axisHigh),
        ),
      ),
      h("label", { for: id }, labelText),
      this.slider,
    );
    this.watch = new ResizeObserver(() => {
      this.dots.layout(this.height());
      this.redraw();
    });
    this.watch.observe(this.canvas);
    this.pointer();
  }

  private valueText = () => fill(text.threshold, { t: score(this.threshold, "bits") });

  private pointer(): void {
    let down: { x: number; y: number; moved: boolean } | null = null;
    const place = (event: PointerEvent) => {
      const box = this.canvas.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      down = { ...place(event), moved: false };
      this.canvas.setPointerCapture(event.pointerId);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (!down) return;
      const at = place(event);
      if (!down.moved && Math.hypot(at.x - down.x, at.y - down.y) < 4) return;
      down.moved = true;
      this.move(this.dots.scoreAt(at.x));
    });
    this.canvas.addEventListener("pointerup", (event) => {
      const at = place(event);
      if (down && !down.moved) {
        const request = this.onPick ? this.dots.near(at.x, at.y) : -1;
        if (request >= 0) {
          this.choose(request);
          this.onPick?.(request);
        } else this.move(this.dots.scoreAt(at.x));
      }
      down = null;
    });
    this.canvas.addEventListener("pointercancel", () => {
      down = null;
    });
  }

  /** Sets the threshold, as dragging does. */
  move(threshold: number): void {
    this.threshold = Math.round(threshold * 10) / 10;
    this.slider.value = String(this.threshold);
    this.slider.setAttribute("aria-valuetext", this.valueText());
    this.redraw();
    this.onMove(this.threshold);
  }

  choose(request: number): void {
    this.chosen = request;
    this.redraw();
  }

  /** Takes the fates of a run judged again. */
  take(fate: Uint8Array): void {
    this.fate = fate;
    this.redraw();
  }

  /** At most once a frame. */
  redraw(): void {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.dots.draw(this.threshold, this.fate, this.chosen);
    });
  }

  relayout = (): void => {
    this.dots.layout(this.height());
    this.redraw();
  };

  close(): void {
    this.watch.disconnect();
    cancelAnimationFrame(this.frame);
  }
}
