import type { Clock } from "../../src/index.ts";
import { type CacheStore, mapStore } from "../../src/patterns/index.ts";

type Operation = "get" | "set" | "replace" | "delete";

/** A store that many caches share, as a server is. It counts its calls, and can be slow or fail. */
export interface WatchedStore extends CacheStore {
  /** The calls so far, in order: the operation and the key. */
  readonly calls: string[];
  /** Operations that reject. */
  readonly failing: Set<Operation>;
  /** How long each operation takes, in ms. `Infinity`: it never answers. */
  readonly delayMs: Partial<Record<Operation, number>>;
  /** The texts that were stored, in order. */
  readonly written: string[];
  count(operation: Operation): number;
}

/** @param canReplace whether it can compare and store in one step. */
export function watchedStore(clock: Clock, canReplace = true): WatchedStore {
  const inner = mapStore(new Map(), { clock });
  const calls: string[] = [];
  const failing = new Set<Operation>();
  const written: string[] = [];
  const delayMs: Partial<Record<Operation, number>> = {};
  const call = async <T>(operation: Operation, key: string, perform: () => T): Promise<Awaited<T>> => {
    calls.push(`${operation} ${key}`);
    const delay = delayMs[operation] ?? 0;
    // A read is carried out at once, and its answer is late. A write is on its way.
    const read = operation === "get" ? await perform() : undefined;
    if (delay === Infinity) await new Promise(() => undefined);
    if (delay > 0) await new Promise<void>((resolve) => clock.setTimer(delay, resolve, true));
    if (failing.has(operation)) throw new Error(`${operation} failed`);
    return operation === "get" ? (read as Awaited<T>) : await perform();
  };
  return {
    calls,
    failing,
    delayMs,
    written,
    count: (operation) => calls.filter((each) => each.startsWith(`${operation} `)).length,
    get: (key) => call("get", key, () => inner.get(key)),
    set: (key, text, ttl) =>
      call("set", key, () => {
        written.push(text);
        return inner.set(key, text, ttl);
      }),
    delete: (key) => call("delete", key, () => inner.delete(key)),
    ...(canReplace && {
      replace: (key, version, text, ttl) =>
        call("replace", key, () => {
          written.push(text);
          return inner.replace!(key, version, text, ttl);
        }),
    }),
  };
}
