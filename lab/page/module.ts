/** The WebAssembly module: calls and answers are JSON texts in its memory (lab/engine/lib.rs). */

import type { EngineModule, Judged, Outcomes, Progress, Stage } from "./engine";

interface Exports {
  memory: WebAssembly.Memory;
  alloc(length: number): number;
  run(): number;
}

const STAGES: Stage[] = ["people", "requester", "training", "holder", "measuring"];

/** Lists of numbers as the page uses them. */
type Plain<T> = {
  [K in keyof T]: T[K] extends Float32Array
    ? (number | null)[]
    : T[K] extends Uint8Array | Int32Array
      ? number[]
      : T[K] extends Record<string, Uint8Array>
        ? Record<string, number[]>
        : T[K];
};

const scores = (list: (number | null)[]): Float32Array => Float32Array.from(list, (score) => score ?? NaN);

/** Starts the module and gives its calls. */
export async function start(bytes: BufferSource): Promise<EngineModule> {
  let told: Progress = () => undefined;
  const progress = (stage: number, done: number, total: number) => told(STAGES[stage]!, done, total);
  const { instance } = await WebAssembly.instantiate(bytes, { page: { progress } });
  const { memory, alloc, run } = instance.exports as unknown as Exports;

  function call<T>(name: keyof EngineModule, ...args: unknown[]): T {
    const asked = new TextEncoder().encode(JSON.stringify({ call: name, args }));
    // The memory may grow during a call, which detaches every view made before it.
    const room = alloc(asked.length) >>> 0;
    new Uint8Array(memory.buffer, room, asked.length).set(asked);
    const pointer = run() >>> 0;
    const head = new DataView(memory.buffer, pointer, 8);
    const text = new TextDecoder().decode(new Uint8Array(memory.buffer, pointer + 8, head.getUint32(4, true)));
    if (head.getUint32(0, true) !== 0) throw new Error(text);
    return JSON.parse(text) as T;
  }

  return {
    version: () => call("version"),
    scenarios: () => call("scenarios"),
    open: (request) => call("open", request),
    run: (handle, progress) => {
      told = progress;
      try {
        return call("run", handle);
      } finally {
        told = () => undefined;
      }
    },
    outcomes: (handle) => {
      const plain = call<Plain<Outcomes>>("outcomes", handle);
      return {
        ...plain,
        right: scores(plain.right),
        wrong: scores(plain.wrong),
        wrong_record: Int32Array.from(plain.wrong_record),
        route: Uint8Array.from(plain.route),
        on_file: Uint8Array.from(plain.on_file),
        fate: Uint8Array.from(plain.fate),
        lost_at: Uint8Array.from(plain.lost_at),
        group: Object.fromEntries(Object.entries(plain.group).map(([name, of]) => [name, Uint8Array.from(of)])),
      };
    },
    judge: (handle, terms) => {
      const plain = call<Plain<Judged>>("judge", handle, terms);
      return { ...plain, fate: Uint8Array.from(plain.fate) };
    },
    explain: (handle, request, record, terms) => call("explain", handle, request, record, terms),
    pairs: (handle, count) => call("pairs", handle, count),
    compare: (first, firstTerms, second, secondTerms) => call("compare", first, firstTerms, second, secondTerms),
    coincidences: (question) => call("coincidences", question),
    close: (handle) => call("close", handle),
  };
}
