import { setTimeout as sleep } from "node:timers/promises";
import type { Grant, LockClient } from "../contender.ts";
import { LockNames } from "../lock-names.ts";
import { machineTime } from "../machine-time.ts";
import { messageOf, withTimeout } from "../with-timeout.ts";
import type { CallerGroup, Load, Loaded, LoadCall } from "./messages.ts";

/** A turn ends after this many errors, because a contender that is refused at once would retry without a pause. */
const MAX_ERRORS = 1_000;
/** The time limit for calls that are in flight at the end of the turn. */
const END_TIMEOUT_MS = 6_000;

/** Lets groups of callers acquire one lock for a while. */
export async function load(
  lockClient: LockClient,
  { lock, groups, timeMs }: Omit<Load, "kind" | "contender">,
): Promise<Loaded> {
  const turn = new LoadTurn(lockClient, lock, timeMs);
  const ended = groups.map((group) => turn.run(group));
  await withTimeout(Promise.all(ended.map(({ whenEnded }) => whenEnded)), timeMs + END_TIMEOUT_MS);
  return {
    kind: "loaded",
    calls: ended.map(({ calls }) => [...calls]),
    errors: [...turn.errors],
    unfinished: turn.unfinished,
  };
}

class LoadTurn {
  readonly errors: string[] = [];
  readonly #lockClient: LockClient;
  readonly #lock: string;
  readonly #endsAt: number;
  #unfinished = 0;

  constructor(lockClient: LockClient, lock: string, timeMs: number) {
    this.#lockClient = lockClient;
    this.#lock = lock;
    this.#endsAt = machineTime() + timeMs;
  }

  get unfinished(): number {
    return this.#unfinished;
  }

  run(group: CallerGroup): { readonly calls: readonly LoadCall[]; readonly whenEnded: Promise<unknown> } {
    const calls: LoadCall[] = [];
    const whenEnded =
      group.perSecond === undefined
        ? Promise.all(Array.from({ length: group.callers }, () => this.#callAgain(group, calls)))
        : this.#callAtRandom(group, group.perSecond, calls);
    return { calls, whenEnded };
  }

  get #isOver(): boolean {
    return machineTime() >= this.#endsAt || this.errors.length >= MAX_ERRORS;
  }

  async #callAgain(group: CallerGroup, calls: LoadCall[]): Promise<void> {
    const { pauseMs = 0, variation } = group;
    if (pauseMs > 0) await this.#pause(Math.random() * (pauseMs + group.holdMs));
    while (!this.#isOver) {
      await this.#call(this.#lock, group, calls);
      if (pauseMs > 0) await this.#pause(vary(pauseMs, variation));
    }
  }

  /** The times between two calls are distributed exponentially. */
  async #callAtRandom(group: CallerGroup, perSecond: number, calls: LoadCall[]): Promise<void> {
    const names = new LockNames(this.#lock, "new", 0);
    const running: Promise<void>[] = [];
    let nextAt = machineTime();
    while (!this.#isOver) {
      for (; nextAt <= machineTime(); nextAt -= (Math.log(1 - Math.random()) * 1_000) / perSecond)
        running.push(this.#call(names.next(), group, calls));
      await sleep(1);
    }
    await Promise.all(running);
  }

  async #call(
    name: string,
    { holdMs, variation, shared = false }: CallerGroup,
    calls: LoadCall[],
  ): Promise<void> {
    this.#unfinished += 1;
    try {
      const calledAt = machineTime();
      const grant = await this.#acquire(name, shared);
      const grantedAt = machineTime();
      await this.#pause(vary(holdMs, variation));
      const endedAt = machineTime();
      const { fence, rounds } = grant;
      calls.push({ calledAt, grantedAt, endedAt, fence, rounds });
      await grant.release();
    } catch (error) {
      this.errors.push(messageOf(error));
    } finally {
      this.#unfinished -= 1;
    }
  }

  #acquire(name: string, shared: boolean): Promise<Grant> {
    if (!shared) return this.#lockClient.acquire(name);
    if (this.#lockClient.acquireShared === undefined) throw new Error("the contender has no shared lock");
    return this.#lockClient.acquireShared(name);
  }

  /** Ends early at the end of the turn. */
  async #pause(ms: number): Promise<void> {
    await sleep(Math.max(0, Math.min(ms, this.#endsAt - machineTime())));
  }
}

/** A duration that is up to this share longer or shorter. */
function vary(ms: number, share = 0): number {
  return ms * (1 + share * (2 * Math.random() - 1));
}
