/** Context of every step: the engine, and runs that are made once and kept. */

import setups from "../../data/setups.json";
import dialScenario from "../../data/dial.toml";
import type { Engine, Opened, Outcomes, Running } from "../engine";
import type { Results } from "../results";
import { CANCELLED } from "../client";
import { h, p, put } from "./dom";
import { seed } from "./state";
import { fill, w } from "./words";

export type SetupName = keyof typeof setups;

export interface Run {
  setup: string;
  scenario: string;
  set: string[];
  opened: Opened;
  results: Results;
  outcomes: Outcomes;
}

export interface Context {
  engine: Engine;
  /** The run of a setup with the seed of the address; made on first use. Progress is shown in `place` until then. */
  run(setup: SetupName, place: Element, then: (run: Run) => void): void;
  /** The same for a scenario and settings of the reader's. */
  runOf(scenario: string, set: string[], place: Element, then: (run: Run) => void): void;
}

/** A step of the page. What `show` returns is called before another step takes its place. */
export interface Step {
  show(place: HTMLElement, context: Context): void | (() => void);
}

/** Runs the engine keeps at a time: those of all steps, and some of the sandbox. */
const MOST_RUNS = 12;

export function makeContext(engine: Engine): Context {
  const kept = new Map<string, Promise<Run>>();

  const runOf = (scenario: string, set: string[], place: Element, then: (run: Run) => void): void => {
    const key = JSON.stringify([scenario, set, seed()]);
    const bar = h("progress", { max: 1, value: 0, "aria-label": w.run.progress });
    const says = h("p", { role: "status", class: "note" }, w.run.inventing);
    let running: Running | undefined;
    const cancel = h("button", { type: "button", onclick: () => running?.cancel() }, w.run.cancel);
    const box = h("div", { class: "waiting" }, says, bar, cancel);
    put(place, box);

    let made = kept.get(key);
    if (made) {
      // The run used last stands last.
      kept.delete(key);
      kept.set(key, made);
    }
    if (!made) {
      made = (async () => {
        const opened = await engine.open({
          scenario: scenario === "dial.toml" ? dialScenario : scenario,
          seed: seed(),
          set,
        });
        says.textContent = fill(w.run.running, { people: opened.people, requests: opened.requests });
        running = engine.run(opened.handle, (stage, done, total) => {
          bar.max = total;
          bar.value = done;
          bar.title = w.run.stages[stage];
        });
        const results = await running.done;
        return { setup: key, scenario, set, opened, results, outcomes: await engine.outcomes(opened.handle) };
      })();
      kept.set(key, made);
      const [oldest] = kept;
      if (oldest && kept.size > MOST_RUNS) {
        kept.delete(oldest[0]);
        oldest[1].then((run) => engine.close(run.opened.handle)).catch(() => undefined);
      }
      made.catch(() => kept.delete(key));
    }
    made.then(
      (run) => {
        if (box.isConnected) {
          place.replaceChildren();
          then(run);
        }
      },
      (error: Error) => {
        if (!box.isConnected) return;
        const again = h(
          "button",
          { type: "button", class: "main", onclick: () => runOf(scenario, set, place, then) },
          w.run.again,
        );
        put(
          place,
          h(
            "div",
            { class: "waiting", role: "alert" },
            p(error.message === CANCELLED ? w.run.cancelled : fill(w.run.failed, { message: error.message })),
            again,
          ),
        );
      },
    );
  };

  return { engine, runOf, run: (name, place, then) => runOf(setups[name].scenario, setups[name].set, place, then) };
}
