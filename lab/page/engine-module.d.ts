/**
 * The module `namesake-engine`: the glue that wasm-bindgen writes (`--target web`), or in development the stand-in of
 * dev/. The bundler decides which. Its functions are exported by name, one for each member of `EngineModule`.
 */
import type { EngineModule } from "./engine";

/** Starts the module from the bytes of the .wasm file; the other exports may be called once this is done. */
export default function start(bytes: { module_or_path: Uint8Array | null }): Promise<unknown>;

export const version: EngineModule["version"];
export const scenarios: EngineModule["scenarios"];
export const open: EngineModule["open"];
export const run: EngineModule["run"];
export const outcomes: EngineModule["outcomes"];
export const judge: EngineModule["judge"];
export const explain: EngineModule["explain"];
export const pairs: EngineModule["pairs"];
export const compare: EngineModule["compare"];
export const coincidences: EngineModule["coincidences"];
export const close: EngineModule["close"];
