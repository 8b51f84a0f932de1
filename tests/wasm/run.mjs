// Runs the WebAssembly module of examples/wasm.rs, prints its answer or compares it with a file, byte for byte.
//
//   node run.mjs MODULE.wasm SCENARIO [--set KEY=VALUE]… [--file NAME] [--out FILE] [--expect FILE]
//
// NAME is a file of the run folder, results.json unless it is given.
// SCENARIO is a built-in name, or a path that ends in .toml. Exit: 0 done; 1 the bytes differ; 2 anything else.

import { readFileSync, writeFileSync } from "node:fs";

const fail = (code, message) => {
  console.error(message);
  process.exit(code);
};

function readArguments(words) {
  const asked = { set: [], place: [] };
  while (words.length > 0) {
    const word = words.shift();
    if (!word.startsWith("--")) {
      asked.place.push(word);
      continue;
    }
    const value = words.shift();
    if (value === undefined) fail(2, `${word} needs a value`);
    if (word === "--set") asked.set.push(value);
    else if (word === "--out" || word === "--expect" || word === "--file") asked[word.slice(2)] = value;
    else fail(2, `unknown option ${word}`);
  }
  if (asked.place.length !== 2) {
    fail(2, "usage: node run.mjs MODULE.wasm SCENARIO [--set KEY=VALUE]… [--file NAME] [--out FILE] [--expect FILE]");
  }
  return asked;
}

// Instantiating without imports is the proof that the core asks its host for nothing.
function load(path) {
  return new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)), {}).exports;
}

function answer(exports, call, request) {
  const bytes = new TextEncoder().encode(request);
  const room = exports.alloc(bytes.length) >>> 0;
  new Uint8Array(exports.memory.buffer, room, bytes.length).set(bytes);
  // The memory may grow during the run, which detaches every view made before it.
  const pointer = exports[call]() >>> 0;
  const head = new DataView(exports.memory.buffer, pointer, 8);
  const [status, length] = [head.getUint32(0, true), head.getUint32(4, true)];
  return { status, text: Buffer.from(exports.memory.buffer, pointer + 8, length) };
}

function compare(got, path) {
  const expected = readFileSync(path);
  if (Buffer.compare(got, expected) === 0) return;
  let at = 0;
  while (at < got.length && at < expected.length && got[at] === expected[at]) at += 1;
  const around = (bytes) => JSON.stringify(bytes.subarray(Math.max(0, at - 40), at + 40).toString());
  fail(1, `byte ${at} of ${expected.length} differs\n  webassembly: ${around(got)}\n  ${path}: ${around(expected)}`);
}

const asked = readArguments(process.argv.slice(2));
try {
  const [module, scenario] = asked.place;
  const text = scenario.endsWith(".toml") ? readFileSync(scenario, "utf8") : scenario;
  const exports = load(module);
  let result = answer(exports, "run", JSON.stringify({ scenario: text, set: asked.set }));
  if (result.status === 0 && asked.file) result = answer(exports, "file", asked.file);
  if (result.status !== 0) fail(2, result.text.toString());
  if (asked.out !== undefined) writeFileSync(asked.out, result.text);
  if (asked.expect !== undefined) compare(result.text, asked.expect);
  if (asked.out === undefined && asked.expect === undefined) process.stdout.write(result.text);
} catch (error) {
  fail(2, `${asked.place[0]}: ${error.message}`);
}
