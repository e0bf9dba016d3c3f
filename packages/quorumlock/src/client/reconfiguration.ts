import type { Clock } from "../base/clock.ts";
import type { Deadlines } from "../base/deadlines.ts";
import {
  type InstanceFailure,
  LockAbortedError,
  LockClosedError,
  QuorumError,
  ReconfigurationError,
} from "../base/errors.ts";
import type { Member } from "../members/member.ts";
import type { Members } from "../members/members.ts";
import { Voters } from "../members/voters.ts";
import { carryCounters } from "../quorum/carry-counters.ts";
import type { HeldLocks } from "./held-locks.ts";

/** A change of the instances while it is under way: both sets are in use (protocol §10). */
export interface MembershipChange {
  /**
   * The next set decides alone, after it received the fencing counters. Call it when the `reconfigure` of *every* process has
   * resolved: a process that still asks the old set alone could grant what the next set grants, too. Resolves when the members
   * that left are removed: when no lock needs them for its release any more, and after the largest ttl at the latest.
   * @throws QuorumError if the counters could not be read from a majority of the old set and written to a majority of the next
   * one. Both sets decide as before, and you can call it again. ReconfigurationError if the change was aborted before.
   */
  complete(): Promise<void>;
  /**
   * Back to the old set alone. Safe as long as no process has completed the change. Resolves as `complete` does.
   * @throws ReconfigurationError if the change was completed before.
   */
  abort(): Promise<void>;
}

/** What a change needs of its client. */
export interface ReconfigurationContext {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly members: Members;
  readonly heldLocks: HeldLocks;
  readonly prefix: string;
  readonly isClosed: boolean;
  /** Called when a lock was extended or has ended, and when the client closes. */
  readonly lockListeners: Set<() => void>;
  /** Keeps the process running until `endWait`. */
  beginWait(): void;
  endWait(): void;
}

export interface ReconfigurationOptions {
  readonly context: ReconfigurationContext;
  readonly next: readonly Member[];
  /** The members of `next` that are new; `undefined` if the client was made in the middle of this change. */
  readonly added: readonly Member[] | undefined;
  readonly signal: AbortSignal | undefined;
  /** The change has ended: these members leave. `hadVotes`: locks may need them for a release. */
  readonly onEnd: (removed: readonly Member[], hadVotes: boolean) => Promise<void>;
}

/** How long new members may take, at most, until a majority of their set can vote. */
const REACH_TIMEOUT_MS = 5_000;

/**
 * One change of the members of a client.
 *
 * - `preparing`: the new members are identified, while the old set decides alone. It ends when a majority of the next set can
 *   vote, so that no acquisition waits for servers that were only just started.
 * - `joint`: every round needs both majorities. Locks that were granted before are extended under both, or end.
 * - `completed` or `aborted`: one set decides alone again.
 */
export class Reconfiguration implements MembershipChange {
  readonly #context: ReconfigurationContext;
  readonly #old: readonly Member[];
  readonly #next: readonly Member[];
  readonly #added: readonly Member[] | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #onEnd: ReconfigurationOptions["onEnd"];
  #state: "preparing" | "joint" | "completed" | "aborted" = "preparing";
  #carrying: Promise<void> | undefined;
  #ended: Promise<void> | undefined;

  constructor({ context, next, added, signal, onEnd }: ReconfigurationOptions) {
    this.#context = context;
    this.#old = context.members.voters.current;
    this.#next = next;
    this.#added = added;
    this.#signal = signal;
    this.#onEnd = onEnd;
  }

  /** Resolves when every lock of the client needs both sets. If it rejects, everything is as before. */
  async begin(): Promise<void> {
    const { members, heldLocks } = this.#context;
    try {
      if (this.#added === undefined) {
        await members.identifyAll();
        if (members.conflict !== undefined) throw members.conflict;
      } else {
        await this.#prepare(this.#added);
        members.setVoters(this.#old, this.#next);
      }
      this.#state = "joint";
      heldLocks.extendForNewVoters();
      await this.#until(() => heldLocks.areUpToDate, Infinity);
    } catch (error) {
      if (this.#added !== undefined) void this.#end("aborted");
      throw error;
    }
  }

  async complete(): Promise<void> {
    if (this.#state === "joint") {
      this.#carrying ??= this.#carryCounters().finally(() => (this.#carrying = undefined));
      await this.#carrying;
    }
    return this.#end("completed");
  }

  /** Resolves, never rejects, when the next set decides alone or cannot yet; at once if `complete` was not called. */
  get completing(): Promise<void> {
    const carrying = this.#carrying?.catch(() => undefined) ?? Promise.resolve();
    // The change ends right behind.
    return carrying.then(() => undefined);
  }

  abort(): Promise<void> {
    return this.#end("aborted");
  }

  /** The next set must know what the old set counted before it decides alone, also for names that nobody locks meanwhile. */
  async #carryCounters(): Promise<void> {
    const [old, next] = [new Voters(this.#old), new Voters(this.#next)];
    const failures = await carryCounters(old, next, this.#context.prefix);
    if (failures === undefined || this.#context.isClosed || this.#state !== "joint") return;
    const what = `the fencing counters were not carried over: ${old.needed} present and ${next.needed} next instances are needed`;
    throw new QuorumError([], what, failures);
  }

  async #prepare(added: readonly Member[]): Promise<void> {
    const { members, clock } = this.#context;
    const next = new Voters(this.#next);
    await members.identifyAll();
    await members.identify(added, () => false);
    const duplicates = next.findDuplicates(({ identity }) => identity);
    if (duplicates !== undefined) throw members.duplicateError(duplicates);
    const limit = clock.monotonic() + REACH_TIMEOUT_MS;
    await this.#until(() => {
      const eligibleAt: number[] = [];
      for (const member of this.#next) eligibleAt[member.index] = member.eligibleAt;
      const at = next.earliest(eligibleAt);
      if (at !== Infinity) return at <= clock.monotonic() || at;
      if (clock.monotonic() < limit) return false;
      const what = `the next set of instances cannot decide: ${next.needed} are needed`;
      throw new QuorumError([], what, this.#problems());
    }, limit);
  }

  #problems(): readonly InstanceFailure[] {
    return this.#next.flatMap(({ label, problem }) =>
      problem === undefined ? [] : [{ instance: label, error: problem }],
    );
  }

  /**
   * Waits until `condition` holds. It is checked again after every change, and at the moment that it returns instead of an
   * answer, or at `limit`.
   */
  async #until(condition: () => boolean | number, limit: number): Promise<void> {
    this.#context.beginWait();
    try {
      for (;;) {
        if (this.#context.isClosed) throw new LockClosedError([]);
        if (this.#signal?.aborted === true) throw new LockAbortedError([], this.#signal.reason);
        const isMet = condition();
        if (isMet === true) return;
        await this.#nextChange(typeof isMet === "number" ? isMet : limit);
      }
    } finally {
      this.#context.endWait();
    }
  }

  #nextChange(at: number): Promise<void> {
    const { members, deadlines, lockListeners } = this.#context;
    const signal = this.#signal;
    return new Promise((resolve) => {
      const wake = (): void => {
        deadline?.cancel();
        stopWatching();
        lockListeners.delete(wake);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const deadline = at === Infinity ? undefined : deadlines.add(at, wake);
      const stopWatching = members.watch(wake);
      lockListeners.add(wake);
      signal?.addEventListener("abort", wake);
    });
  }

  #end(outcome: "completed" | "aborted"): Promise<void> {
    if (this.#state === "completed" || this.#state === "aborted") {
      if (this.#state === outcome) return this.#ended ?? Promise.resolve();
      return Promise.reject(
        new ReconfigurationError(`this change of the instances was ${this.#state} already`),
      );
    }
    const { members, isClosed } = this.#context;
    const wasJoint = this.#state === "joint";
    this.#state = outcome;
    const staying = outcome === "completed" ? this.#next : this.#old;
    if (wasJoint && !isClosed) members.setVoters(staying);
    const leaving = [...this.#old, ...this.#next].filter((member) => !staying.includes(member));
    // A member that was retiring before may still be needed for releases.
    const hadVotes = wasJoint || leaving.some((member) => this.#added?.includes(member) !== true);
    this.#ended = this.#onEnd([...new Set(leaving)], hadVotes);
    return this.#ended;
  }
}
