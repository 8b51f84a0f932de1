// Makes the Lab's one file, or says whether a file was made of the sources as they are.
//
//   node build.mjs MODULE.wasm FILE    the worker, the packed module, styles, words, data and the page go into one HTML file
//                                      that asks for nothing else
//   node build.mjs --check FILE        exit 1 where FILE was made of other sources

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(HERE);
// What the file is made of. The command line, report.html and types made of the schema (bundled away) are no part of it.
const FOLDERS = ["src", "synthetic-data", "lab/engine", "lab/page", "lab/text", "lab/data"];
const FILES = ["Cargo.lock", "lab/build.mjs", "lab/package-lock.json"];
const IS_SOURCE = /\.(rs|toml|csv|ts|css|html|json)$/;
const NO_SOURCE = /^(src\/(main\.rs|cli|bridge|report\/page)|synthetic-data\/golden|lab\/page\/results-types)/;
// The most that the file may weigh, as it is and compressed.
const MOST = [4e6, 2e6];

/** A digest of the sources. */
function digest() {
  const inFolder = (folder) => readdirSync(join(ROOT, folder), { recursive: true }).map((file) => `${folder}/${file}`);
  const files = [...FILES, ...FOLDERS.flatMap(inFolder)].filter((file) => FILES.includes(file) || IS_SOURCE.test(file));
  const hash = createHash("sha256");
  for (const file of files.filter((file) => !NO_SOURCE.test(file)).sort())
    hash.update(`${file}\n`).update(readFileSync(join(ROOT, file)));
  return hash.digest("hex");
}

async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [join(HERE, "page", entry)],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    minify: true,
    legalComments: "none",
    charset: "utf8",
    loader: { ".toml": "text", ".css": "text" },
    logLevel: "warning",
  });
  return outputFiles[0].text;
}

// Inside a script element nothing may look like its end.
const inScript = (text) => text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
const carried = (id, text) => `<script type="text/plain" id="${id}">${inScript(text)}</script>`;

async function make(module, out) {
  const [worker, page] = [await bundle("worker.ts"), await bundle("main.ts")];
  const packed = gzipSync(readFileSync(module), { level: 9 }).toString("base64");
  const words = JSON.parse(readFileSync(join(HERE, "text/en.json"), "utf8")).page;
  const parts = {
    sources: `<meta name="sources" content="${digest()}">`,
    title: words.title,
    noscript: words.noscript,
    worker: carried("engine-worker", worker),
    module: carried("engine-module", packed),
    page: `<script>${inScript(page)}</script>`,
  };
  const html = readFileSync(join(HERE, "page/index.html"), "utf8").replace(/<!--(\w+)-->/g, (_, part) => parts[part]);
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, html);
  const sizes = [Buffer.byteLength(html), gzipSync(html, { level: 9 }).length];
  const [whole, compressed, script] = [...sizes, page.length].map((bytes) => `${(bytes / 1e6).toFixed(2)} MB`);
  console.log(`${relative(process.cwd(), out)}: ${whole}, ${compressed} compressed; the page alone ${script}`);
  if (sizes.some((size, i) => size > MOST[i])) {
    console.error(`build: at most ${MOST.map((most) => `${most / 1e6} MB`).join(", compressed ")}`);
    process.exit(1);
  }
}

const [first, file] = process.argv.slice(2);
if (!file) {
  console.error("usage: node build.mjs MODULE.wasm FILE, or node build.mjs --check FILE");
  process.exit(2);
}
if (first !== "--check") {
  await make(first, file);
} else if (!readFileSync(file, "utf8").includes(`<meta name="sources" content="${digest()}">`)) {
  console.error(`build: ${file} was made of other sources; \`make lab\` makes it again`);
  process.exit(1);
}
