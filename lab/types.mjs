// Writes page/results-types.ts, the types of the results tree, from the schema that the program publishes.
import { writeFileSync } from "node:fs";
import { compileFromFile } from "json-schema-to-typescript";

const schema = new URL("../docs/results.schema.json", import.meta.url).pathname;
const options = { bannerComment: "", additionalProperties: false, style: { printWidth: 120 } };
writeFileSync(new URL("page/results-types.ts", import.meta.url), await compileFromFile(schema, options));
