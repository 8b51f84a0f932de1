/** The engine as the page sees it: a worker, its calls as promises, cancelling, and opening again after a cancel. */

import type { Engine, EngineModule, Judged, Opened, OpenRequest, Progress, Running, Terms } from "./engine";
import type { Results } from "./results";
import type { FromWorker, ToWorker } from "./worker";

/** The error of a run that was cancelled. */
export const CANCELLED = "cancelled";

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
  progress?: Progress;
}

/** A scenario that the page opened, and where the worker of now has it. */
interface Session {
  request: OpenRequest;
  ran: boolean;
  /** The module's handle, and the worker it belongs to. */
  handle: number;
  worker: number;
}

export class WorkerEngine implements Engine {
  private worker!: Worker;
  private generation = 0;
  private next = 1;
  private readonly waiting = new Map<number, Waiting>();
  private readonly sessions = new Map<number, Session>();
  private sessionCount = 0;
  private judging: Promise<unknown> = Promise.resolve();
  private latest: { handle: number; terms: Terms; answer: Promise<Judged> } | null = null;

  constructor(
    private readonly script: string,
    private readonly module: string,
  ) {
    this.launch();
  }

  private launch(): void {
    const address = URL.createObjectURL(new Blob([this.script], { type: "text/javascript" }));
    this.worker = new Worker(address);
    URL.revokeObjectURL(address);
    this.generation++;
    this.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      const waiting = this.waiting.get(data.id);
      if (!waiting) return;
      if ("progress" in data) {
        waiting.progress?.(...(data.progress as Parameters<Progress>));
        return;
      }
      this.waiting.delete(data.id);
      if ("error" in data) waiting.reject(new Error(data.error));
      else waiting.resolve(data.answer);
    };
    this.worker.onerror = (event) => this.fail(event.message || "the engine stopped");
    this.send({ module: this.module });
  }

  private fail(message: string): void {
    for (const waiting of this.waiting.values()) waiting.reject(new Error(message));
    this.waiting.clear();
  }

  private send(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  private call<T>(call: keyof EngineModule, args: unknown[], progress?: Progress): Promise<T> {
    const id = this.next++;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, ...(progress ? { progress } : {}) });
      this.send({ id, call, args });
    });
  }

  /** The module's handle of a session, opened and run again where a cancel took it away. */
  private async handle(session: number): Promise<number> {
    const s = this.sessions.get(session);
    if (!s) throw new Error("this run is closed");
    if (s.worker !== this.generation) {
      const worker = this.generation;
      const opened = await this.call<Opened>("open", [s.request]);
      if (s.ran) await this.call<string>("run", [opened.handle]);
      s.handle = opened.handle;
      s.worker = worker;
    }
    return s.handle;
  }

  version = () => this.call<string>("version", []);
  scenarios: Engine["scenarios"] = () => this.call("scenarios", []);

  async open(request: OpenRequest): Promise<Opened> {
    const worker = this.generation;
    const opened = await this.call<Opened>("open", [request]);
    const session = ++this.sessionCount;
    this.sessions.set(session, { request, ran: false, handle: opened.handle, worker });
    return { ...opened, handle: session };
  }

  run(session: number, onProgress: Progress): Running {
    const done = (async () => {
      const text = await this.call<string>("run", [await this.handle(session)], onProgress);
      const s = this.sessions.get(session);
      if (s) s.ran = true;
      return JSON.parse(text) as Results;
    })();
    const cancel = () => {
      this.worker.terminate();
      this.fail(CANCELLED);
      this.launch();
    };
    return { done, cancel };
  }

  outcomes: Engine["outcomes"] = async (session) => this.call("outcomes", [await this.handle(session)]);

  /** One call is on its way at a time; of those that wait only the last is sent. */
  judge(handle: number, terms: Terms): Promise<Judged> {
    if (this.latest && this.latest.handle === handle) {
      this.latest.terms = terms;
      return this.latest.answer;
    }
    const before = this.judging;
    const mine = { handle, terms, answer: Promise.resolve() as unknown as Promise<Judged> };
    mine.answer = before
      .catch(() => undefined)
      .then(async () => {
        const module = await this.handle(handle);
        if (this.latest === mine) this.latest = null;
        return this.call<Judged>("judge", [module, mine.terms]);
      });
    this.latest = mine;
    this.judging = mine.answer;
    return mine.answer;
  }

  explain: Engine["explain"] = async (session, request, record, terms) =>
    this.call("explain", [await this.handle(session), request, record, terms]);
  pairs: Engine["pairs"] = async (session, count) => this.call("pairs", [await this.handle(session), count]);
  compare: Engine["compare"] = async (first, firstTerms, second, secondTerms) =>
    this.call("compare", [await this.handle(first), firstTerms, await this.handle(second), secondTerms]);
  coincidences: Engine["coincidences"] = (question) => this.call("coincidences", [question]);

  async close(session: number): Promise<void> {
    const s = this.sessions.get(session);
    this.sessions.delete(session);
    if (s && s.worker === this.generation) await this.call("close", [s.handle]);
  }
}
