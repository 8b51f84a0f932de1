/** The views of a whole run, for the sandbox and for a run that was opened. */

import { FATES, type Results } from "../results";
import { denominatorChart, denominators } from "../rates/rates";
import { groupChart } from "../names/names";
import { parts } from "./bars";
import { folded, h, p, s, table } from "./dom";
import { PILE } from "./dots";
import { said } from "./predict";
import { count, digits, fill, label, rateText, share, w } from "./words";

const text = w.overview;

/** Both errors at every threshold. */
function curve(results: Results): HTMLElement | null {
  const points = results.curve;
  if (points.length < 3) return null;
  const width = 640,
    height = 260,
    left = 84,
    bottom = 40;
  const [low, high] = [points[0]!.threshold, points.at(-1)!.threshold];
  const most = Math.max(...points.map((c) => Math.max(c.returned_wrong, c.missed)), 1);
  const x = (t: number) => left + ((t - low) / (high - low || 1)) * (width - left - 12);
  const y = (n: number) => height - bottom - (n / most) * (height - bottom - 12);
  const line = (of: "returned_wrong" | "missed", kind: string) =>
    s("polyline", { class: kind, points: points.map((c) => `${x(c.threshold)},${y(c[of])}`).join(" ") });
  const told = fill(text.curveText, {
    low: low.toFixed(1),
    high: high.toFixed(1),
    wrong: points[0]!.returned_wrong,
    least: points.at(-1)!.returned_wrong,
    found: points[0]!.missed,
    missed: points.at(-1)!.missed,
  });
  const some = points.filter((_, i) => i % Math.ceil(points.length / 12) === 0);
  return h(
    "figure",
    {},
    h("figcaption", {}, text.curve),
    p(told, { class: "note" }),
    h(
      "p",
      { class: "keys" },
      h("span", { class: "line-key names" }),
      w.dial.columns.wrong,
      h("span", { class: "line-key gold" }),
      w.dial.columns.missed,
    ),
    s(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, class: "lines", role: "img", "aria-label": told },
      ...[0, 0.5, 1].flatMap((v) => [
        s("line", { class: "grid", x1: left, x2: width - 12, y1: y(v * most), y2: y(v * most) }),
        s("text", { x: left - 8, y: y(v * most) + 5, "text-anchor": "end" }, count(v * most)),
      ]),
      ...[low, (low + high) / 2, high].map((t, i) =>
        s("text", { x: x(t), y: height - bottom + 32, "text-anchor": ["start", "middle", "end"][i]! }, digits(t)),
      ),
      line("missed", "gold"),
      line("returned_wrong", "wrong"),
    ),
    folded(
      w.chart.table,
      table(
        text.curve,
        [w.dial.columns.threshold, w.dial.columns.right, w.dial.columns.wrong, w.dial.columns.missed],
        some.map((c) => [c.threshold.toFixed(1), count(c.returned_right), count(c.returned_wrong), count(c.missed)]),
        [0, 1, 2, 3],
      ),
    ),
  );
}

export function overview(results: Results): HTMLElement {
  const { counts } = results;
  const causes = Object.entries(results.causes)
    .filter(([, c]) => c.primary > 0)
    .sort((a, b) => b[1].primary - a[1].primary);
  const lost = Object.entries(results.lost_at).filter(([, n]) => n > 0);
  return h(
    "div",
    { class: "overview" },
    h(
      "p",
      { class: "surprise" },
      fill(text.lead, { returned: counts.returned_right + counts.returned_wrong, wrong: counts.returned_wrong }),
    ),
    said(text.setting, {
      scenario: results.scenario,
      seed: results.seed,
      version: results.version,
      requests: counts.requests,
      records: counts.holder_records,
      people: counts.people,
    }),
    h(
      "ul",
      { class: "lines-of" },
      (["wrong_among_answers", "missed"] as const).map(
        (name) =>
          results.rates[name] && h("li", {}, h("strong", {}, w.terms.rates[name]), ": ", rateText(results.rates[name])),
      ),
    ),
    parts(
      text.fates,
      FATES.map((f, i) => ({ name: w.fates[f], n: results.fates[f] ?? 0, kind: PILE[i]! })),
    ),
    denominatorChart(results),
    h("h2", {}, w.commonness.title),
    groupChart(results, "by"),
    curve(results),
    causes.length > 0 &&
      table(
        text.causes,
        [text.cause, text.people],
        causes.map(([name, c]) => [label(name), count(c.primary)]),
        [1],
      ),
    lost.length > 0 &&
      table(
        text.lost,
        [text.stage, text.people],
        lost.map(([name, n]) => [w.lost[name as "score"] ?? label(name), count(n)]),
        [1],
      ),
    folded(
      fill(text.assumptions, { n: results.assumptions.length }),
      table(
        text.assumptionsCaption,
        [text.key, text.value, text.basis, text.range, text.source],
        results.assumptions.map((a) => [
          h("code", {}, a.key),
          typeof a.value === "string" ? a.value : JSON.stringify(a.value),
          text.bases[a.basis],
          a.range ? `${a.range[0]}–${a.range[1]}` : "",
          a.source,
        ]),
      ),
    ),
    h("p", { class: "note" }, text.limits),
  );
}

const quoted = (x: string | number | null): string =>
  typeof x === "string" && /[",\n]/.test(x) ? `"${x.replaceAll('"', '""')}"` : String(x ?? "");

/** Every rate of the run and of its groups, as a file for a spreadsheet. */
export function ratesCsv(results: Results): string {
  const rows: (string | number | null)[][] = [
    ["attribute", "value", "rate", "hits", "trials", "share", "low", "high", "of", "interval"],
  ];
  const add = (attribute: string, value: string, rates: Results["rates"]) => {
    for (const [name, r] of Object.entries(rates))
      rows.push([attribute, value, name, r.hits, r.trials, r.rate, r.low, r.high, r.of, r.interval]);
  };
  add("", "", results.rates);
  for (const [attribute, values] of Object.entries(results.by_group))
    for (const [value, group] of Object.entries(values)) add(attribute, value, group.rates);
  return `${rows.map((row) => row.map(quoted).join(",")).join("\n")}\n`;
}

/** The denominators as a picture for a slide: one SVG with its own colours. */
export function slide(results: Results): string {
  const list = denominators(results);
  const escape = (t: string) => t.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const x = (v: number) => 60 + Math.max(0, 1 + Math.log10(Math.max(v, 1e-12)) / 9) * 1480;
  const rows = list.map(({ title, rate }, i) => {
    const y = 190 + i * 125;
    return `<text x="60" y="${y}" font-size="30"><tspan font-weight="bold">${escape(share(rate.rate))}</tspan> ${escape(title)}</text><text x="60" y="${y + 32}" font-size="20" fill="#5c5850">${escape(rateText(rate))}</text><rect x="60" y="${y + 46}" height="20" width="${Math.max(2, x(rate.rate ?? 0) - 60)}" fill="#b93a12"/>`;
  });
  const foot = fill(text.slideFoot, { scenario: results.scenario, seed: results.seed, version: results.version });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 900" width="1600" height="900" font-family="sans-serif" fill="#1d1c1a"><rect width="1600" height="900" fill="#fbfaf6"/><text x="60" y="95" font-size="46" font-weight="bold">${escape(fill(w.rates.caption, { wrong: results.counts.returned_wrong }))}</text>${rows.join("")}<text x="60" y="860" font-size="20" fill="#5c5850">${escape(foot)}</text></svg>`;
}

/** Buttons that hand out files of a run. Nothing leaves the page. */
export function downloads(results: Results, name: string): HTMLElement {
  const save = (blob: Blob, file: string) => {
    const address = URL.createObjectURL(blob);
    const link = h("a", { href: address, download: file });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };
  const png = () => {
    const image = new Image();
    const address = URL.createObjectURL(new Blob([slide(results)], { type: "image/svg+xml" }));
    image.onload = () => {
      const canvas = h("canvas", { width: 1600, height: 900 });
      canvas.getContext("2d")?.drawImage(image, 0, 0);
      URL.revokeObjectURL(address);
      canvas.toBlob((blob) => blob && save(blob, `${name}.png`));
    };
    image.src = address;
  };
  const button = (title: string, act: () => void) => h("button", { type: "button", onclick: act }, title);
  return h(
    "p",
    { class: "buttons" },
    button(text.csv, () => save(new Blob([ratesCsv(results)], { type: "text/csv" }), `${name}.csv`)),
    button(text.json, () =>
      save(new Blob([`${JSON.stringify(results, null, 2)}\n`], { type: "application/json" }), `${name}.json`),
    ),
    button(text.svg, () => save(new Blob([slide(results)], { type: "image/svg+xml" }), `${name}.svg`)),
    button(text.png, png),
  );
}
