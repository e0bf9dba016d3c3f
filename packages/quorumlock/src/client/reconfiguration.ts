import type { Clock } from "../base/clock.ts";
import type { Deadlines } from "../base/deadlines.ts";
import {
  type InstanceFailure,
  LockAbortedError,
  LockClosedError,
  QuorumError,
  ReconfigurationError,
} from "../base/errors.ts";
import { askAgain } from "../members/counters.ts";
import type { Member } from "../members/member.ts";
import type { Members } from "../members/members.ts";
import { maskOf, Voters } from "../members/voters.ts";
import { carryCounters } from "../quorum/carry-counters.ts";
import type { HeldLocks } from "./held-locks.ts";

/** A change of the instances that is in progress. Every request needs a majority of both sets (protocol §10). */
export interface MembershipChange {
  /**
   * Carries the fencing counters and the records to the next set, and then the next set decides alone. Call it when `reconfigure` has resolved
   * in *every* process. Otherwise a process that uses the old set alone could acquire a lock that the next set grants to another
   * process. Resolves when the old members are removed: when no lock needs them, after the largest ttl at the latest.
   * @throws QuorumError if they were not read from a majority of the old set, or not written to a majority of the next set. Records
   * cannot be carried from or to clusters. Then both sets still decide, and you can call it again.
   * @throws ReconfigurationError if the change was aborted before.
   */
  complete(): Promise<void>;
  /**
   * Makes the old set decide alone again. Safe if no process has completed the change. Resolves when the new members are removed.
   * @param options `carryBack`: whether the fencing counters and the records of the next set are carried to the old one first. With it, the
   * return is safe also after processes have completed the change, as soon as *every* process needs both sets again. @default false
   * @throws QuorumError with `carryBack`, if they were not read from a majority of the next set, or not written to a majority of the old
   * one. Then both sets still decide.
   * @throws ReconfigurationError if the change was completed before.
   */
  abort(options?: { readonly carryBack?: boolean | undefined }): Promise<void>;
}

/**
 * Carries what is kept besides locks from the old set to the next one. Resolves to the members that failed, or to `undefined` if
 * majorities of both succeeded.
 */
export type Carry = (from: Voters, to: Voters) => Promise<readonly InstanceFailure[] | undefined>;

/** The parts of the client that a change uses. */
export interface ReconfigurationContext {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly members: Members;
  readonly heldLocks: HeldLocks;
  readonly prefix: string;
  readonly requestTimeoutMs: number;
  readonly isClosed: boolean;
  /** `undefined` for a client without records, so that small bundles do not contain the code. */
  readonly carryRecords: Carry | undefined;
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
  /** Called when the change has ended. `removed`: members without a vote. `hadVotes`: whether locks may need them for a release. */
  readonly onEnd: (removed: readonly Member[], hadVotes: boolean) => Promise<void>;
}

/** Maximum time until a majority of the next set can vote, or until it is known when it can. */
const REACH_TIMEOUT_MS = 5_000;

/**
 * One change of the members of a client.
 *
 * - `preparing`: the new members are identified, while the old set decides alone. It ends when a majority of the next set can
 *   vote. Otherwise acquisitions would wait for servers that are still in quarantine.
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
      await this.#until(() => !heldLocks.hasOutdated, Infinity);
    } catch (error) {
      if (this.#added !== undefined) void this.#end("aborted");
      throw error;
    }
  }

  async complete(): Promise<void> {
    if (this.#state === "joint") {
      this.#carrying ??= this.#carryCounters(this.#old, this.#next).finally(
        () => (this.#carrying = undefined),
      );
      await this.#carrying;
    }
    return this.#end("completed");
  }

  /** Waits until a `complete` in progress has succeeded or failed. Never rejects. */
  async waitForCompletion(): Promise<void> {
    await this.#carrying?.catch(() => undefined);
    // `complete` continues after the same promise, so the change ends in this tick.
    await Promise.resolve();
  }

  async abort({ carryBack = false }: { readonly carryBack?: boolean | undefined } = {}): Promise<void> {
    if (carryBack && this.#state === "joint") await this.#carryCounters(this.#next, this.#old);
    return this.#end("aborted");
  }

  /**
   * Carries the counters before one set decides alone that perhaps did not decide before. Otherwise it would repeat tokens of names that
   * are not locked now. Carries the records as well, because that set would not find them.
   */
  async #carryCounters(from: readonly Member[], to: readonly Member[]): Promise<void> {
    const [source, target] = [new Voters(from), new Voters(to)];
    const failures =
      (await carryCounters(source, target, this.#context)) ??
      (await this.#context.carryRecords?.(source, target));
    if (failures === undefined || this.#context.isClosed || this.#state !== "joint") return;
    const what = `fencing counters or records were not carried over: ${new Voters(this.#old).needed} present and ${new Voters(this.#next).needed} next instances are needed`;
    throw new QuorumError([], what, failures);
  }

  async #prepare(added: readonly Member[]): Promise<void> {
    const { members, clock } = this.#context;
    const next = new Voters(this.#next);
    await members.identifyAll();
    await members.identify(added, () => false);
    const duplicates = next.findDuplicates(({ identity }) => identity);
    if (duplicates !== undefined) throw members.duplicateError(duplicates);
    await Promise.all(this.#next.map((member) => askAgain(member, this.#context)));
    if (members.retryRefusedRecovery()) await members.recover();
    const limit = clock.monotonic() + REACH_TIMEOUT_MS;
    await this.#until(() => {
      const eligibleAt: number[] = [];
      for (const member of this.#next) eligibleAt[member.index] = member.eligibleAt;
      const at = next.quorumReadyAt(eligibleAt);
      if (at !== Infinity) return at <= clock.monotonic() || at;
      if (clock.monotonic() < limit && canDecideLater(next)) return false;
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
   * Waits until `check` returns true. It is called again after every change of the members or locks, and at `limit`. If `check`
   * returns a moment, it is called again at that moment.
   */
  async #until(check: () => boolean | number, limit: number): Promise<void> {
    this.#context.beginWait();
    try {
      for (;;) {
        if (this.#context.isClosed) throw new LockClosedError([]);
        if (this.#signal?.aborted === true) throw new LockAbortedError([], this.#signal.reason);
        const result = check();
        if (result === true) return;
        await this.#nextChange(typeof result === "number" ? result : limit);
      }
    } finally {
      this.#context.endWait();
    }
  }

  /** Resolves at the next change of the members or locks, when the signal aborts, or at `at`. */
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
    // A member that was retiring before this change may still be needed for releases.
    const hadVotes = wasJoint || leaving.some((member) => this.#added?.includes(member) !== true);
    this.#ended = this.#onEnd([...new Set(leaving)], hadVotes);
    return this.#ended;
  }
}

/** Whether a quorum is left without the members that refuse this client for good. */
function canDecideLater(voters: Voters): boolean {
  const waited = voters.members.filter(({ problem }) => problem?.isPermanent !== true);
  return voters.hasQuorum(maskOf(waited));
}
