/** A run made on the command line, of any size: its results.json in the same views. */

import type { Results } from "../results";
import type { Step } from "../shared/context";
import { h, p, put, unique } from "../shared/dom";
import { downloads, overview } from "../shared/overview";
import { fill, w } from "../shared/words";

const text = w.openRun;

/** The results in a file, or why it has none. */
export function read(content: string): Results {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new Error(fill(text.notJson, { message: (error as Error).message }));
  }
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (schema !== "namesake.results/1")
    throw new Error(fill(text.otherSchema, { schema: typeof schema === "string" ? schema : text.noSchema }));
  for (const key of ["counts", "rates", "fates", "lost_at", "causes", "by_group", "curve", "assumptions"]) {
    if (typeof (value as Record<string, unknown>)[key] !== "object") throw new Error(fill(text.lacks, { key }));
  }
  return value as Results;
}

export const openRun: Step = {
  show(place: HTMLElement) {
    const id = unique("file");
    const out = h("div", { "aria-live": "polite" });
    const take = async (file: File | undefined) => {
      if (!file) return;
      try {
        const results = read(await file.text());
        const heading = h("h2", { tabindex: -1 }, fill(text.opened, { file: file.name }));
        put(out, heading, downloads(results, `${results.scenario}-${results.seed}`), overview(results));
        heading.focus();
      } catch (error) {
        put(out, h("p", { role: "alert" }, fill(text.failed, { file: file.name, message: (error as Error).message })));
      }
    };
    const input = h("input", {
      id,
      type: "file",
      accept: ".json,application/json",
      onchange: () => void take(input.files?.[0]),
    });
    const zone = h(
      "div",
      {
        class: "drop",
        ondragover: (event: DragEvent) => {
          event.preventDefault();
          zone.classList.add("over");
        },
        ondragleave: () => zone.classList.remove("over"),
        ondrop: (event: DragEvent) => {
          event.preventDefault();
          zone.classList.remove("over");
          void take(event.dataTransfer?.files[0]);
        },
      },
      h("label", { for: id }, text.drop),
      input,
    );
    put(
      place,
      h("h1", { tabindex: -1 }, text.title),
      p(text.lead, { class: "lede" }),
      zone,
      h("pre", { tabindex: 0 }, text.command),
      out,
    );
  },
};
