/** State of the page, held in the address bar alone: `#step?key=value&…`. Nothing is stored or sent. */

const listeners = new Set<() => void>();

function parts(): { step: string; values: URLSearchParams } {
  const [step = "", query = ""] = location.hash.slice(1).split("?");
  return { step, values: new URLSearchParams(query) };
}

/** The address of a step. Keys stand in the order of the alphabet, so one state has one address. */
function address(step: string, values: URLSearchParams): string {
  values.sort();
  const query = values.toString();
  return `#${step}${query ? `?${query}` : ""}`;
}

function write(step: string, values: URLSearchParams): void {
  history.replaceState(null, "", address(step, values));
}

export const state = {
  step: (): string => parts().step,
  get: (key: string): string | null => parts().values.get(key),
  number(key: string): number | null {
    const text = parts().values.get(key);
    const value = text === null || text === "" ? NaN : Number(text);
    return Number.isFinite(value) ? value : null;
  },
  all: (): [string, string][] => [...parts().values],
  /** Keeps a value, or forgets it. */
  set(key: string, value: string | number | null): void {
    const { step, values } = parts();
    if (value === null || value === "") values.delete(key);
    else values.set(key, String(value));
    write(step, values);
    for (const listener of listeners) listener();
  },
  /** Forgets everything whose key begins so. */
  forget(prefix: string): void {
    const { step, values } = parts();
    for (const key of [...values.keys()]) if (key.startsWith(prefix)) values.delete(key);
    write(step, values);
  },
  /** The address of another step, with all that is kept. */
  link(step: string, extra: Record<string, string | number | null> = {}): string {
    const { values } = parts();
    for (const [key, value] of Object.entries(extra))
      if (value === null) values.delete(key);
      else values.set(key, String(value));
    return address(step, values);
  },
  go(step: string, extra: Record<string, string | number> = {}): void {
    location.hash = state.link(step, extra);
  },
  onChange(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** The seed of everything that is shown: a whole number from 1. */
export function seed(): number {
  const value = state.number("seed");
  return value !== null && Number.isInteger(value) && value >= 0 && value <= 4294967295 ? value : 1;
}
