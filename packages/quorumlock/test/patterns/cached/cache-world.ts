import type { RedlockOptions } from "../../../src/index.ts";
import type { Redlock } from "../../../src/index.ts";
import { type Cached, cached, type CachedOptions, type CacheEvents } from "../../../src/patterns/index.ts";
import { offsetClock } from "../../support/offset-clock.ts";
import { type WatchedStore, watchedStore } from "../../support/watched-store.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";
import { watchedWorld, type WatchedWorld } from "../../support/watched-world.ts";

/** A process with a cache. */
export interface CacheProcess {
  readonly redlock: Redlock;
  readonly cache: Cached;
  /** The events of the cache so far: the name and the fields. */
  readonly events: (readonly [name: string, fields: unknown])[];
}

/** Processes that share lock servers and a store, in virtual time. */
export interface CacheWorld extends WatchedWorld {
  readonly store: WatchedStore;
  /** Number of rounds that the lock servers had so far: requests of the first one. */
  countRounds(): number;
  process(
    options?: Partial<CachedOptions>,
    client?: RedlockOptions & { readonly offsetMs?: number },
  ): CacheProcess;
}

const EVENTS: readonly (keyof CacheEvents)[] = [
  "cache:computed",
  "cache:write:skipped",
  "cache:store:failed",
  "cache:refresh:failed",
  "cache:release:failed",
];

export function cacheWorld(defaults: Partial<CachedOptions> = {}, canReplace = true): CacheWorld {
  const world = watchedWorld();
  const store = watchedStore(world.clock, canReplace);
  return {
    ...world,
    store,
    countRounds: () => world.instances[0]!.operations.filter((name) => name.startsWith("mutex.")).length,
    process(options = {}, { offsetMs = 0, ...client } = {}) {
      const redlock = world.client({ clock: offsetClock(world.clock, offsetMs), ...client });
      const cache = cached(redlock, store, {
        ttl: 60_000,
        earlyRefresh: 0,
        jitter: 0,
        ...defaults,
        ...options,
      });
      const events: (readonly [string, unknown])[] = [];
      for (const name of EVENTS) cache.on(name, (fields) => void events.push([name, fields]));
      return { redlock, cache, events };
    },
  };
}

/** A computation that takes `ms`, and counts how often and how many at once it runs. */
export interface SlowWork {
  (context?: { readonly signal: AbortSignal; readonly fence: number | undefined }): Promise<unknown>;
  started: number;
  running: number;
  peak: number;
  aborted: number;
}

/** @param result of the n-th computation, from 1. */
export function slowWork(
  clock: VirtualClock,
  ms: number,
  result: (nth: number) => unknown = (nth) => `value ${nth}`,
): SlowWork {
  const work = Object.assign(
    async (context?: { readonly signal: AbortSignal }): Promise<unknown> => {
      work.started += 1;
      const nth = work.started;
      work.running += 1;
      work.peak = Math.max(work.peak, work.running);
      context?.signal.addEventListener("abort", () => (work.aborted += 1));
      await new Promise<void>((resolve) => clock.setTimer(ms, resolve, true));
      work.running -= 1;
      return result(nth);
    },
    { started: 0, running: 0, peak: 0, aborted: 0 },
  );
  return work;
}
