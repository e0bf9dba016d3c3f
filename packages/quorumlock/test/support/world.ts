import { MemoryInstance, Redlock, type RedlockOptions } from "../../src/index.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** In-memory instances and one client on them, in virtual time. */
export interface World {
  readonly clock: VirtualClock;
  readonly instances: readonly MemoryInstance[];
  readonly redlock: Redlock;
}

export function world(count = 3, options: RedlockOptions = {}): World {
  const clock = new VirtualClock();
  const instances = Array.from(
    { length: count },
    (_, index) => new MemoryInstance({ clock, label: `m${index}` }),
  );
  return { clock, instances, redlock: new Redlock(instances, { clock, ttl: 10_000, ...options }) };
}

/** Advances the virtual time by `ms`, and then waits for the promise. */
export async function advanceDuring<T>(clock: VirtualClock, ms: number, promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  await clock.advance(ms);
  return promise;
}
