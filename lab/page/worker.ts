/** The worker: unpacks the module and answers calls. Bundled apart and carried in the page as text. */

import type { EngineModule } from "./engine";
import { start } from "./module";

/** Messages of the page: first the packed module, afterwards calls. */
export type Call = { id: number; call: keyof EngineModule; args: unknown[] };
export type ToWorker = { module: string } | Call;
export type FromWorker =
  | { id: number; progress: [string, number, number] }
  | { id: number; answer: unknown }
  | { id: number; error: string };

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(m: FromWorker, t?: Transferable[]): void;
};

/** The bytes of a gzip file carried as base64. */
async function unpack(packed: string): Promise<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

function buffers(value: unknown): Transferable[] {
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap((v: unknown) =>
    ArrayBuffer.isView(v)
      ? [v.buffer as ArrayBuffer]
      : v && Object.getPrototypeOf(v) === Object.prototype
        ? buffers(v)
        : [],
  );
}

let started: Promise<EngineModule> | undefined;

scope.onmessage = ({ data }) => {
  if ("module" in data) {
    started = unpack(data.module).then(start);
    started.catch(() => undefined);
    return;
  }
  const { id, call, args } = data;
  void (async () => {
    try {
      if (!started) throw new Error("the module was not sent");
      const module = await started;
      const all =
        call === "run" ? [...args, (...p: [string, number, number]) => scope.postMessage({ id, progress: p })] : args;
      const answer = (module[call] as (...a: unknown[]) => unknown)(...all);
      scope.postMessage({ id, answer }, [...new Set(buffers(answer))]);
    } catch (error) {
      scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
  })();
};
