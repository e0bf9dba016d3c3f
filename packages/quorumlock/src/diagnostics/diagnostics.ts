import { ClassTimes } from "./class-times.ts";
import { HeldContexts } from "./held-contexts.ts";
import { LockObjects } from "./lock-objects.ts";
import { LockOrder, type OrderEdge } from "./lock-order.ts";
import {
  type DiagnosedClient,
  type DiagnosticsContext,
  LockWatch,
  type WatchedLock,
  type WatchedOptions,
} from "./lock-watch.ts";
import { OutgoingRequests } from "./outgoing-requests.ts";
import { report } from "./warnings.ts";

/** An acquisition that begins. */
interface WatchedCall extends WatchedOptions {
  readonly names: readonly string[];
  /** Whether it waits for other holders. A circle of callers that do not wait ends by itself. */
  readonly waits: boolean;
  /** Whether the lock counts for the current asynchronous context. Otherwise it counts for the routine of `runRoutine`. */
  readonly isForContext: boolean;
}

/**
 * Watches how the code of the user uses locks (`diagnostics: true`). It finds a caller that would wait for its own lock, and it reports
 * what can fail as the event `diagnostics:warning` and as process warnings.
 */
export class Diagnostics {
  readonly #context: DiagnosticsContext;
  readonly #contexts = new HeldContexts();
  readonly #order = new LockOrder();
  readonly #objects = new LockObjects();

  constructor(client: DiagnosedClient) {
    const requests = new OutgoingRequests((host) => {
      const [latest] = this.#contexts.held();
      latest?.onRequest(host);
    });
    this.#context = { ...client, requests, times: new ClassTimes(), watches: new WeakMap() };
  }

  /** The first of `names` that the current asynchronous context holds. */
  findHeld(names: readonly string[]): string | undefined {
    for (const { names: held } of this.#contexts.held()) {
      const found = names.find((name) => held.includes(name));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Watches an acquisition. Call this before the first `await` of the caller's call. */
  watch({ names, waits, isForContext, ttlMs, autoExtend }: WatchedCall): LockWatch {
    const watch = new LockWatch(this.#context, names, { ttlMs, autoExtend });
    if (waits) {
      for (const held of this.#contexts.held()) {
        const circle = this.#order.add(held, watch);
        if (circle !== undefined) this.#reportCircle(watch, circle);
      }
    }
    if (isForContext) this.#contexts.enter(watch);
    return watch;
  }

  /** The object that the caller gets for a lock. */
  objectFor<L extends WatchedLock>(lock: L): L {
    const watch = this.#context.watches.get(lock);
    return watch === undefined ? lock : this.#objects.make(lock, watch);
  }

  /** An async function, so that an error has the stack of the caller. */
  async objectWhenGranted<L extends WatchedLock>(granted: Promise<L>): Promise<L> {
    return this.objectFor(await granted);
  }

  /** Runs the routine of a lock, until the lock is released. */
  async runRoutine<T>(lock: WatchedLock, routine: () => Promise<T>): Promise<T> {
    const watch = this.#context.watches.get(lock);
    if (watch === undefined) return routine();
    watch.onRoutineStarted();
    try {
      return await this.#contexts.run(watch, routine);
    } finally {
      watch.onRoutineEnded();
    }
  }

  #reportCircle({ names, site }: LockWatch, circle: readonly OrderEdge[]): void {
    const steps = circle.map(
      ({ heldName, name }) => `${JSON.stringify(heldName)} before ${JSON.stringify(name)}`,
    );
    report(this.#context.events, {
      id: "lock-order",
      names,
      place: site.place,
      describe: () =>
        `locks are nested in different orders: ${steps.join(", and elsewhere ")}. Callers can wait for each other until their \`wait\` ends; ` +
        "acquire them in one order everywhere, or all at once: acquire([...names])",
      evidence: circle.flatMap(({ heldName, heldSite, name, site: acquiredSite }) => [
        { what: `${JSON.stringify(heldName)} was acquired`, site: heldSite },
        { what: `${JSON.stringify(name)} was acquired under it`, site: acquiredSite },
      ]),
    });
  }
}
