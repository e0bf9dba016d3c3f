import { Redlock, type RedlockOptions } from "../../src/index.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { WatchedInstance } from "./watched-instance.ts";

const TTL_MS = 10_000;

/** Six in-memory instances and any number of clients, in virtual time. */
export class MembersWorld {
  readonly clock = new VirtualClock();
  readonly all = ["a", "b", "c", "d", "e", "f"].map(
    (label) => new ClosingInstance({ clock: this.clock, label }),
  );

  set(labels: string): readonly ClosingInstance[] {
    return Array.from(labels, (label) => this.all.find((instance) => instance.label === label)!);
  }

  one(label: string): ClosingInstance {
    return this.set(label)[0]!;
  }

  client(labels: string | { current: string; next: string }, options: RedlockOptions = {}): Redlock {
    const instances =
      typeof labels === "string"
        ? this.set(labels)
        : { current: this.set(labels.current), next: this.set(labels.next) };
    return new Redlock(instances, { clock: this.clock, ttl: TTL_MS, requestTimeout: 100, ...options });
  }
}

/** Counts how often it was closed. */
export class ClosingInstance extends WatchedInstance {
  closed = 0;

  override async close(): Promise<void> {
    this.closed += 1;
  }
}

/** Whether a promise has settled. */
export function watch(promise: Promise<unknown>): { readonly done: boolean } {
  const state = { done: false };
  promise.then(
    () => (state.done = true),
    () => (state.done = true),
  );
  return state;
}
