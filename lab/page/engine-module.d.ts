/**
 * The module `namesake-engine`: the glue that wasm-bindgen writes (`--target web`), or in development the stand-in of
 * dev/. The bundler decides which.
 */
import type { EngineModule } from "./engine";

/** Starts the module from the bytes of the .wasm file. The stand-in takes no bytes. */
export default function start(bytes: { module_or_path: Uint8Array | null }): Promise<EngineModule>;
