import { Redlock, type RedlockOptions } from "../../src/index.ts";
import { DistantInstance } from "./distant-instance.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { WatchedInstance } from "./watched-instance.ts";

/** Instances that record their requests, and any number of clients, in virtual time. */
export interface WatchedWorld {
  readonly clock: VirtualClock;
  readonly instances: readonly WatchedInstance[];
  /** Creates another client on the same instances, like a client of another process. */
  client(options?: RedlockOptions): Redlock;
  /** Creates a client whose messages take `oneWayMs` in each direction. */
  distantClient(oneWayMs: number): Redlock;
}

export function watchedWorld(count = 3, defaults: RedlockOptions = {}): WatchedWorld {
  const clock = new VirtualClock();
  const instances = Array.from(
    { length: count },
    (_, index) => new WatchedInstance({ clock, label: `m${index}` }),
  );
  return {
    clock,
    instances,
    client: (options) => new Redlock(instances, { clock, ttl: 10_000, ...defaults, ...options }),
    distantClient: (oneWayMs) =>
      new Redlock(
        instances.map((instance) => new DistantInstance(instance, clock, oneWayMs)),
        { clock, ttl: 10_000, ...defaults },
      ),
  };
}

/** The number of requests that acquire a plain lock, on all instances together. */
export function countAcquires({ instances }: WatchedWorld): number {
  const operations = ["mutex.acquire", "mutex.takeOver"];
  return instances.reduce(
    (sum, instance) => sum + operations.reduce((count, name) => count + instance.countOperations(name), 0),
    0,
  );
}

/** The token that each instance has for a name. */
export function lockTokens({ instances }: WatchedWorld, name: string): readonly (string | undefined)[] {
  return instances.map((instance) => instance.get(`lock:${name}`));
}
