import { Redlock, type RedlockOptions } from "../../src/index.ts";
import { DistantInstance } from "./distant-instance.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { WatchedInstance } from "./watched-instance.ts";

/** Instances that count what they are asked, and any number of clients on them, in virtual time. */
export interface WatchedWorld {
  readonly clock: VirtualClock;
  readonly instances: readonly WatchedInstance[];
  /** Another client on the same instances: as from another process. */
  client(options?: RedlockOptions): Redlock;
  /** One whose messages take so many ms to the instances, and as many back. */
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
