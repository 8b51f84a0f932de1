// Gathers the Lab, the sample report and the documents into one folder for any static host.
//
//   node site.mjs DIR
//
// Documents become pages; whatever they link to is taken along. A link to something that is not there is an error.

import { marked } from "marked";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = process.argv[2];
if (!out) {
  console.error("usage: node site.mjs DIR");
  process.exit(2);
}

const STYLE = `:root { color-scheme: light dark; }
body { font: 1.05rem/1.6 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
pre, table { overflow-x: auto; display: block; } pre { padding: 0.8rem; border: 1px solid #8886; }
td, th { padding: 0.3rem 0.6rem; border: 1px solid #8886; text-align: left; vertical-align: top; }
img { max-width: 100%; } nav { margin-bottom: 2rem; }`;

const missing = [];
const waiting = ["README.md", "docs/README.md", "docs/namesake-lab.html", "docs/sample-report.html"];
waiting.push(
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
);
const done = new Set();

/** Where a link of a document leads in the site; what it leads to is taken along. */
function follow(href, from) {
  if (/^([a-z]+:|#)/.test(href)) return href;
  const [path, anchor] = href.split("#");
  const target = posix.normalize(posix.join(posix.dirname(from), path));
  const place = join(ROOT, target);
  if (target.startsWith("..") || !existsSync(place)) {
    missing.push(`${from}: ${href}`);
    return href;
  }
  if (statSync(place).isDirectory()) {
    const index = posix.join(target, "README.md");
    if (!existsSync(join(ROOT, index))) return null;
    return follow(posix.relative(posix.dirname(from), index), from);
  }
  waiting.push(target);
  return path.replace(/\.md$/, ".html") + (anchor ? `#${anchor}` : "");
}

function page(path) {
  const text = readFileSync(join(ROOT, path), "utf8");
  const renderer = new marked.Renderer();
  const { link, image } = renderer;
  renderer.link = function (token) {
    const href = follow(token.href, path);
    return href === null ? this.parser.parseInline(token.tokens) : link.call(this, { ...token, href });
  };
  renderer.image = function (token) {
    return image.call(this, { ...token, href: follow(token.href, path) ?? token.href });
  };
  renderer.heading = function ({ tokens, depth, text }) {
    const id = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s-]/gu, "")
      .replaceAll(/\s/g, "-");
    return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
  };
  const body = marked.parse(text, { renderer });
  const title = /^# (.*)$/m.exec(text)?.[1] ?? path;
  const up = posix.relative(posix.dirname(path), "") || ".";
  const nav = `<nav><a href="${up}/docs/namesake-lab.html">The Lab</a> · <a href="${up}/index.html">Namesake</a> · <a href="${up}/docs/README.html">Documents</a></nav>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${STYLE}</style></head><body>${nav}<main>${body}</main></body></html>\n`;
}

rmSync(out, { recursive: true, force: true });
while (waiting.length) {
  const path = waiting.pop();
  if (done.has(path)) continue;
  done.add(path);
  const target = join(out, path.replace(/\.md$/, ".html"));
  mkdirSync(dirname(target), { recursive: true });
  if (path.endsWith(".md")) writeFileSync(target, page(path));
  else cpSync(join(ROOT, path), target);
}
cpSync(join(out, "README.html"), join(out, "index.html"));
if (missing.length) {
  console.error(missing.map((m) => `site: ${m} is not there`).join("\n"));
  process.exit(1);
}
console.log(`${relative(process.cwd(), out)}: ${done.size} files, index.html first`);
