#!/usr/bin/env bash
# Makes again what the documents show of a run: docs/images/summary.svg, the summary and the figures in README.md,
# docs/sample-report.html, where Chromium is the pictures of it in docs/images and, by running every case, docs/cases.md
# and the handouts in docs/cases/.
# With --check it changes nothing, leaves the cases out, which take minutes, and ends with 1 if something is out of date.
#
#   tools/refresh-readme.sh            builds Namesake and runs it
#   NAMESAKE=path tools/refresh-readme.sh [--check]     takes that program instead
#
# Needs Node, as `make test` does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case "${1:-}" in
  "" | --check) ;;
  *) echo "refresh-readme: $1 is not known; there is --check" >&2; exit 2 ;;
esac
if [ -z "${NAMESAKE:-}" ]; then
  cargo build --release --quiet
  NAMESAKE="${CARGO_TARGET_DIR:-target}/release/namesake"
fi
NAMESAKE="$(realpath "$NAMESAKE")"

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
# In a folder of its own, so that the summary names the folder a reader's own run will have.
(cd "$folder" && "$NAMESAKE" run >summary.txt 2>/dev/null)

if [ -z "${1:-}" ] && [ -d tests/page/node_modules ] && [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
  node tests/page/look.mjs --pictures "$folder/namesake-out/tax-address-request-1/report.html" docs/images
fi

node - "$folder" "${1:-}" <<'JS'
const { readFileSync, writeFileSync, existsSync } = require("node:fs");
const [folder, mode] = process.argv.slice(2);
const summary = readFileSync(`${folder}/summary.txt`, "utf8").trimEnd().split("\n");
const results = JSON.parse(readFileSync(`${folder}/namesake-out/tax-address-request-1/results.json`, "utf8"));

// --- The picture: the summary as a terminal shows it, in real text. ---
const xml = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const LABEL = 10;
const [columnWidth, lineHeight, left, top] = [8.4, 20, 24, 64];
const lines = ["$ cargo run --release", "", ...summary];
const columns = Math.max(...lines.map((line) => [...line].length));
const [width, height] = [Math.ceil(columns * columnWidth) + 2 * left, top + lines.length * lineHeight + 8];
const piece = (text, column, row, kind) => {
  if (text === "") return "";
  const long = ([...text].length * columnWidth).toFixed(1);
  const [x, y] = [(left + column * columnWidth).toFixed(1), top + row * lineHeight];
  return `    <text class="${kind}" x="${x}" y="${y}" textLength="${long}" lengthAdjust="spacingAndGlyphs">${xml(text)}</text>\n`;
};
const text = lines
  .map((line, row) => {
    if (row === 0) return piece(line, 0, row, "command");
    const [label, rest] = [line.slice(0, LABEL).trimEnd(), line.slice(LABEL)];
    // The two lines at the top and what stands under a label begin otherwise.
    const labelled = /^[A-Z][A-Z ]*$/.test(label) && line[LABEL - 1] === " ";
    if (!labelled) return piece(line.trimStart(), line.length - line.trimStart().length, row, "line");
    return piece(label, 0, row, "label") + piece(rest, LABEL, row, "line");
  })
  .join("");
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-labelledby="title desc">
  <title id="title">The summary that Namesake prints</title>
  <desc id="desc">A terminal with the command cargo run --release and the summary of the default scenario under seed 1. The same text stands in README.md below the picture.</desc>
  <!-- from: namesake run; made by tools/refresh-readme.sh -->
  <style>
    svg { color-scheme: light dark; }
    .window { fill: #ffffff; stroke: #d0d7de; }
    .bar { fill: #eaeef2; }
    .dot { fill: #afb8c1; }
    text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; }
    .line { fill: #1f2328; }
    .label { fill: #0550ae; font-weight: 600; }
    .command { fill: #57606a; }
    @media (prefers-color-scheme: dark) {
      .window { fill: #0d1117; stroke: #30363d; }
      .bar { fill: #161b22; }
      .dot { fill: #484f58; }
      .line { fill: #e6edf3; }
      .label { fill: #79c0ff; }
      .command { fill: #8b949e; }
    }
  </style>
  <rect class="window" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
  <path class="bar" d="M1 32V8.5A7.5 7.5 0 0 1 8.5 1H${width - 8.5}A7.5 7.5 0 0 1 ${width - 1} 8.5V32Z"/>
  <circle class="dot" cx="20" cy="16.5" r="5"/><circle class="dot" cx="38" cy="16.5" r="5"/><circle class="dot" cx="56" cy="16.5" r="5"/>
  <g>
${text}  </g>
</svg>
`;

// --- Put in place, between the marks. ---
let stale = 0;
const put = (path, content) => {
  if (existsSync(path) && readFileSync(path, "utf8") === content) return;
  stale += 1;
  if (mode === "--check") console.error(`${path}: out of date; run tools/refresh-readme.sh`);
  else {
    writeFileSync(path, content);
    console.error(`${path}: written`);
  }
};
const between = (path, from, to, content) => {
  const old = readFileSync(path, "utf8");
  const [start, end] = [old.indexOf(from), old.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`${path}: the marks ${from} and ${to} are missing`);
  put(path, old.slice(0, start + from.length) + "\n" + content + "\n" + old.slice(end));
};
put("docs/images/summary.svg", svg);
put("docs/sample-report.html", readFileSync(`${folder}/namesake-out/tax-address-request-1/report.html`, "utf8"));
between("README.md", "<!-- from: namesake run -->", "<!-- end -->", "```text\n" + summary.join("\n") + "\n```");
// Figures in sentences stand between <!--run.NAME--> and <!--/-->.
const percent = (share) => `${(100 * share).toPrecision(2)} %`;
const thousands = (count) => count.toLocaleString("en-US");
const { wrong_among_answers: wrong, missed } = results.rates;
const figures = {
  returned: thousands(wrong.trials),
  wrong: thousands(wrong.hits),
  share: percent(wrong.rate),
  interval: `${(100 * wrong.low).toPrecision(2)} to ${percent(wrong.high)}`,
  missed: percent(missed.rate),
};
const readme = readFileSync("README.md", "utf8");
put(
  "README.md",
  readme.replaceAll(/<!--run\.(\w+)-->[^<]*<!--\/-->/g, (_, name) => {
    if (!(name in figures)) throw new Error(`README.md: there is no figure run.${name}`);
    return `<!--run.${name}-->${figures[name]}<!--/-->`;
  }),
);
process.exit(mode === "--check" && stale > 0 ? 1 : 0);
JS

if [ -z "${1:-}" ]; then
  (cd "$folder" && "$NAMESAKE" scenarios --markdown >cases.md)
  cp "$folder/cases.md" docs/cases.md
  # The handouts take their figures from that page.
  NAMESAKE_BLESS=1 cargo test --quiet --test integration each_case_is_a_handout
fi
