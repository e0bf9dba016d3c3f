import { LockReentrantError } from "../base/errors.ts";
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
  /** The names for which it waits while another caller holds them. */
  readonly namesToWaitFor?: readonly string[];
  /** How long it waits for other holders, in ms. A circle of callers that do not wait ends by itself. */
  readonly waitMs?: number;
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
      this.#contexts.locks.find(({ watch }) => watch.isHeld)?.watch.onRequest(host);
    });
    this.#context = { ...client, requests, times: new ClassTimes(), watches: new WeakMap() };
  }

  /**
   * Watches an acquisition. Call this before the first `await` of the caller's call.
   * @throws LockReentrantError if the current code is in a routine that holds a name for which it would wait.
   */
  watch({ names, namesToWaitFor = [], waitMs = 0, isForContext, ttlMs, autoExtend }: WatchedCall): LockWatch {
    const watch = new LockWatch(this.#context, names, { ttlMs, autoExtend });
    for (const { watch: held, isRoutine } of this.#contexts.locks) {
      const name = namesToWaitFor.find((each) => held.names.includes(each));
      if (name !== undefined && isRoutine && held.isHeld) throw new LockReentrantError(names, name);
      if (waitMs === 0) continue;
      if (name !== undefined) watch.waitFor(held, waitMs);
      const circle = name === undefined && held.isHeld ? this.#order.add(held, watch) : undefined;
      if (circle !== undefined) this.#reportCircle(watch, circle);
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
