/** Elements, without a framework: every part of the page is made once and then changed in place. */

type Child = Node | string | null | undefined | false | Child[];
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: never) => void)>;

const SVG = "http://www.w3.org/2000/svg";

function fillElement<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value as EventListener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  append(element, children);
  return element;
}

export function append(parent: Element, children: Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(parent, child);
    else if (child !== null && child !== undefined && child !== false) parent.append(child);
  }
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fillElement(document.createElement(tag), attributes, children);
}

export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return fillElement(document.createElementNS(SVG, tag), attributes, children);
}

/** Puts these in place of everything in `parent`. */
export function put(parent: Element, ...children: Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

/** A text in which `**` marks what is strong and `_` what is stressed. */
export function rich(text: string): Node[] {
  return text
    .split(/(\*\*[^*]+\*\*|\b_[^_]+_\b)/)
    .filter(Boolean)
    .map((part) =>
      part.startsWith("**")
        ? h("strong", {}, part.slice(2, -2))
        : /^_.*_$/.test(part)
          ? h("em", {}, part.slice(1, -1))
          : document.createTextNode(part),
    );
}

/** A paragraph of `rich` text. */
export function p(text: string, attributes: Attributes = {}): HTMLParagraphElement {
  return h("p", attributes, ...rich(text));
}

let last = 0;
/** An id that no other element of the page has. */
export const unique = (prefix: string): string => `${prefix}-${++last}`;

/** A table with a caption. The first column names the rows; columns named in `numbers` (from 0) are set to the right. */
export function table(caption: string, head: string[], rows: Child[][], numbers: number[] = []): HTMLElement {
  const side = (i: number) => (numbers.includes(i) ? "n" : null);
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      {},
      h("caption", {}, caption),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          head.map((cell, i) => h("th", { scope: "col", class: side(i) }, cell)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            row.map((cell, i) =>
              i === 0
                ? h("th", { scope: "row", class: side(i) }, cell)
                : h("td", { class: side(i), "data-head": head[i] }, cell),
            ),
          ),
        ),
      ),
    ),
  );
}

/** The same table; on a narrow screen each row becomes a block, and no column leaves the screen. */
export function stacked(box: HTMLElement): HTMLElement {
  box.classList.add("stacked");
  return box;
}

/** Something folded under its heading. */
export function folded(summary: string, ...children: Child[]): HTMLDetailsElement {
  return h("details", {}, h("summary", {}, summary), ...children);
}

export const reduced = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
