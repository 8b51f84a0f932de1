// Makes the Lab's one file.
//
//   node build.mjs --engine DIR [--out FILE]   with the WebAssembly engine: DIR has namesake_lab.js (wasm-bindgen,
//                                              --target web) and namesake_lab_bg.wasm
//   node build.mjs --dev [--out FILE]          for development, with the stand-in of page/dev/
//
// The worker with the module's glue, the packed module, styles, words, data and the page go into one HTML file that
// asks for nothing else.

import { build } from "esbuild";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
const option = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? null : process.argv[at + 1];
};
const dev = process.argv.includes("--dev");
const engine = option("--engine");
if (dev === Boolean(engine)) {
  console.error("usage: node build.mjs --engine DIR [--out FILE], or node build.mjs --dev [--out FILE]");
  process.exit(2);
}
const out = resolve(
  option("--out") ?? join(HERE, "../target/lab", dev ? "namesake-lab-dev.html" : "namesake-lab.html"),
);
const glue = dev ? join(HERE, "page/dev/stand-in.ts") : resolve(engine, "namesake_lab.js");

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
    alias: { "namesake-engine": glue },
    define: { LAB_DEV: String(dev), "import.meta.url": '""' },
    logLevel: "warning",
  });
  return outputFiles[0].text;
}

// Inside a script element nothing may look like its end.
const inScript = (text) => text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");

const worker = await bundle("worker.ts");
const page = await bundle("main.ts");
const module = dev
  ? null
  : gzipSync(readFileSync(resolve(engine, "namesake_lab_bg.wasm")), { level: 9 }).toString("base64");
const words = JSON.parse(readFileSync(join(HERE, "text/en.json"), "utf8")).page;
const html = readFileSync(join(HERE, "page/index.html"), "utf8")
  .replace("<!--title-->", () => words.title)
  .replace("<!--noscript-->", () => words.noscript)
  .replace("<!--worker-->", () => `<script type="text/plain" id="engine-worker">${inScript(worker)}</script>`)
  .replace("<!--module-->", () => (module ? `<script type="text/plain" id="engine-module">${module}</script>` : ""))
  .replace("<!--page-->", () => `<script>${inScript(page)}</script>`);
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, html);
const size = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
console.log(
  `${out}: ${size(Buffer.byteLength(html))}, ${size(gzipSync(html, { level: 9 }).length)} compressed; page alone ${size(Buffer.byteLength(page))}`,
);
