// Completes the site: the book lies in DIR/docs already, made by mdBook, with the Lab and the sample report, and here the
// pages outside of it are added, and whatever pages link to. Then every link of every page is followed, offline.
//
//   node site.mjs DIR

import { marked } from "marked";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = process.argv[2];
if (!out || !existsSync(join(out, "docs", "index.html"))) {
  console.error(out ? `site: no book in ${out}/docs; make book` : "usage: node site.mjs DIR");
  process.exit(2);
}

const STYLE = `:root { color-scheme: light dark; }
body { font: 1.05rem/1.6 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
pre, table { overflow-x: auto; display: block; } pre { padding: 0.8rem; border: 1px solid #8886; }
td, th { padding: 0.3rem 0.6rem; border: 1px solid #8886; text-align: left; vertical-align: top; }
img { max-width: 100%; } nav { margin-bottom: 2rem; }`;

/** Files to put into the site, by their place in the repository. */
const waiting = ["README.md", ...markdown("docs")];
const done = new Set();
const folders = new Set();
const dead = [];

function markdown(folder) {
  return readdirSync(join(ROOT, folder), { recursive: true })
    .filter((name) => name.endsWith(".md"))
    .map((name) => posix.join(folder, name));
}

/** Where a link of a page leads in the site; what it leads to is taken along. */
function follow(href, from) {
  if (/^([a-z]+:|#)/.test(href)) return href;
  let [path, anchor] = href.split("#");
  let target = posix.normalize(posix.join(posix.dirname(from), path));
  let place = join(ROOT, target);
  if (!target.startsWith("..") && existsSync(place) && statSync(place).isDirectory()) {
    path = posix.join(path, "README.md");
    target = posix.join(target, "README.md");
    place = join(ROOT, target);
    if (!existsSync(place)) {
      // The files of the book's folders are in the site, and a page lists them. A folder of sources has no page.
      const folder = posix.dirname(target);
      if (folder.startsWith("docs/")) folders.add(folder);
      return folder.startsWith("docs/") ? posix.relative(posix.dirname(from), `${folder}/index.html`) : null;
    }
  }
  if (target.startsWith("..") || !existsSync(place)) {
    dead.push(`${from}: ${href}`);
    return href;
  }
  waiting.push(target);
  return path.replace(/\.md$/, ".html") + (anchor ? `#${anchor}` : "");
}

function page(path, text = readFileSync(join(ROOT, path), "utf8")) {
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
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-");
    return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
  };
  const body = marked.parse(text, { renderer });
  const title = /^# (.*)$/m.exec(text)?.[1] ?? path;
  const up = posix.relative(posix.dirname(path), "") || ".";
  const nav = `<nav><a href="${up}/docs/namesake-lab.html">The Lab</a> · <a href="${up}/index.html">Namesake</a> · <a href="${up}/docs/index.html">The book</a></nav>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${STYLE}</style></head><body>${nav}<main>${body}</main></body></html>\n`;
}

while (waiting.length) {
  const path = waiting.pop();
  if (done.has(path)) continue;
  done.add(path);
  const html = path.endsWith(".md") ? page(path) : undefined;
  // The book has its own pages; it is read for what it links to.
  if (path.startsWith("docs/")) continue;
  const target = join(out, path.replace(/\.md$/, ".html"));
  mkdirSync(dirname(target), { recursive: true });
  if (html) writeFileSync(target, html);
  else cpSync(join(ROOT, path), target);
}
for (const folder of folders) {
  const names = readdirSync(join(ROOT, folder)).filter((name) => statSync(join(ROOT, folder, name)).isFile());
  const list = names.map((name) => `- [${name}](${name})`).join("\n");
  writeFileSync(join(out, folder, "index.html"), page(`${folder}/index.md`, `# ${folder}\n\n${list}\n`));
}
cpSync(join(out, "README.html"), join(out, "index.html"));

// Pages of the teaching kit that are HTML already take the place of the book's; beside them lie pages, not Markdown.
for (const name of readdirSync(join(ROOT, "docs/teaching")).filter((name) => name.endsWith(".html"))) {
  const file = join(out, "docs/teaching", name);
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(/href="([^":]+)\.md\b/g, 'href="$1.html'));
}

// Links of the pages as they are now. The Lab and the sample report are programs: their tests open them.
const pages = readdirSync(out, { recursive: true }).filter(
  (name) => name.endsWith(".html") && !/(namesake-lab|sample-report|toc|print|404)\.html$/.test(name),
);
const ids = new Map();
function idsOf(file) {
  if (!ids.has(file)) {
    ids.set(file, new Set([...readFileSync(file, "utf8").matchAll(/\sid="([^"]+)"/g)].map((m) => m[1])));
  }
  return ids.get(file);
}
let links = 0;
for (const name of pages) {
  const file = join(out, name);
  for (const [, href] of readFileSync(file, "utf8").matchAll(/<(?:a|img)\s[^>]*?(?:href|src)="([^"]+)"/g)) {
    if (/^[a-z]+:/.test(href)) continue;
    links += 1;
    const [path, anchor] = href.split("#").map(decodeURIComponent);
    let target = path ? join(dirname(file), path) : file;
    if (existsSync(target) && statSync(target).isDirectory()) target = join(target, "index.html");
    const anchored = !anchor || !target.endsWith(".html") || (existsSync(target) && idsOf(target).has(anchor));
    if (!existsSync(target) || !anchored) dead.push(`${name}: ${href}`);
  }
}
if (dead.length) {
  console.error(dead.map((link) => `site: ${link} leads nowhere`).join("\n"));
  process.exit(1);
}
console.log(`${relative(process.cwd(), out)}: ${pages.length} pages, ${links} links followed, index.html first`);
