import type { Clock } from "../base/clock.ts";
import type { Deadlines } from "../base/deadlines.ts";
import {
  type InstanceFailure,
  LockAbortedError,
  LockClosedError,
  QuorumError,
  ReconfigurationError,
} from "../base/errors.ts";
import { Voters } from "../members/voters.ts";
import type { Member } from "../members/member.ts";
import type { Members } from "../members/members.ts";
import { carryCounters } from "../quorum/carry-counters.ts";

/** A change of the members while it is under way: both sets are in use (protocol §10). */
export interface MembershipChange {
  /**
   * The new set decides alone, once it has been told the fencing counters of all names. To be called when *every* process
   * has told that its own `reconfigure` has resolved: one that still asks the old set alone could grant what the new set
   * grants, too. Resolves when the members that left were let go: when no lock needs them for its release any more, and
   * after the largest ttl at the latest.
   * @throws QuorumError when the counters could not be read from a majority of the old set and written to one of the new:
   * both sets decide as before, and it can be called again. ReconfigurationError when it was aborted before.
   */
  complete(): Promise<void>;
  /**
   * Back to the old set alone. Safe as long as no process has completed the change. Resolves as `complete` does.
   * @throws ReconfigurationError when it was completed before.
   */
  abort(): Promise<void>;
}

/** The client whose members are changed. */
export interface Reconfigurable {
  readonly members: Members;
  readonly options: { readonly prefix: string };
  readonly clock: Clock;
  readonly waits: Deadlines;
  /** The locks that it holds. */
  readonly held: Iterable<{ readonly settled: boolean; settle(): void }>;
  /** Who is told when a lock has ended or was extended, and when the client closes. */
  readonly changes: Set<() => void>;
  readonly closed: boolean;
  /** The change that is under way. */
  change: object | string | undefined;
  retire(members: readonly Member[], hadVotes: boolean): Promise<void>;
}

/** How long new members may take, at most, until a majority of their set can be reached. */
const REACH_TIMEOUT_MS = 5_000;

/**
 * One change of the members of a client.
 *
 * 1. `prepare`: the newcomers say who they are, while the old set goes on alone. It ends when a majority of the new set
 *    answers and may vote: so nobody has to wait for servers that were only just started.
 * 2. `joint`: every round needs both majorities. Locks that were granted before are extended under both, or end.
 * 3. `complete` or `abort`: one set alone again. Who has left is told of releases until no lock needs that any more.
 */
export class Reconfiguration implements MembershipChange {
  readonly #core: Reconfigurable;
  readonly #old: readonly Member[];
  readonly #next: readonly Member[];
  /** `undefined` where the client was made in the middle of this change. */
  readonly #newcomers: readonly Member[] | undefined;
  readonly #signal: AbortSignal | undefined;
  #joint = false;
  #carrying: Promise<void> | undefined;
  #outcome: "completed" | "aborted" | undefined;
  #ended: Promise<void> | undefined;

  constructor(
    core: Reconfigurable,
    next: readonly Member[],
    newcomers: readonly Member[] | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#core = core;
    this.#old = core.members.voters.current;
    this.#next = next;
    this.#newcomers = newcomers;
    this.#signal = signal;
  }

  /** Resolves when both sets are needed for every lock of the client. When it rejects, all is as before. */
  async begin(): Promise<void> {
    const { members } = this.#core;
    try {
      if (this.#newcomers === undefined) {
        await members.identifyAll();
        if (members.conflict !== undefined) throw members.conflict;
      } else {
        await this.#prepare(this.#newcomers);
        members.setVoters(this.#old, this.#next);
      }
      this.#joint = true;
      for (const lock of this.#core.held) lock.settle();
      await this.#until(() => [...this.#core.held].every((lock) => lock.settled), Infinity);
    } catch (error) {
      if (this.#newcomers === undefined) this.#core.change = "configured";
      else void this.#end("aborted");
      throw error;
    }
  }

  async complete(): Promise<void> {
    if (this.#outcome === undefined && this.#joint) {
      this.#carrying ??= this.#carry().finally(() => (this.#carrying = undefined));
      await this.#carrying;
    }
    return this.#end("completed");
  }

  abort(): Promise<void> {
    return this.#end("aborted");
  }

  /**
   * What the old set counted, the new one has to know before it decides alone: also of names that nobody locked while
   * both did.
   */
  async #carry(): Promise<void> {
    // A cluster tells of one of its nodes at a time.
    if ([...this.#old, ...this.#next].some(({ instance }) => instance.isCluster)) return;
    const [old, next] = [new Voters(this.#old), new Voters(this.#next)];
    const failures = await carryCounters(old, next, this.#core.options.prefix);
    if (failures === undefined || this.#core.closed || this.#outcome !== undefined) return;
    const what = `the fencing counters were not carried over: ${old.needed} present and ${next.needed} next instances are needed`;
    throw new QuorumError([], what, failures);
  }

  async #prepare(newcomers: readonly Member[]): Promise<void> {
    const { members, clock } = this.#core;
    const next = new Voters(this.#next);
    await members.identifyAll();
    await members.identify(newcomers, () => false);
    const twins = next.findDuplicates(({ identity }) => identity);
    if (twins !== undefined) throw members.duplicateError(twins);
    const limit = clock.monotonic() + REACH_TIMEOUT_MS;
    await this.#until(() => {
      const from: number[] = [];
      for (const member of this.#next) from[member.index] = member.eligibleAt;
      const at = next.earliest(from);
      if (at !== Infinity) return at <= clock.monotonic() || at;
      if (clock.monotonic() < limit) return false;
      throw new QuorumError(
        [],
        `the next set of instances cannot decide: ${next.needed} are needed`,
        this.#troubles(),
      );
    }, limit);
  }

  #troubles(): readonly InstanceFailure[] {
    return this.#next.flatMap(({ label, problem: trouble }) =>
      trouble === undefined ? [] : [{ instance: label, error: trouble }],
    );
  }

  /**
   * Waits until `condition` holds. It is asked again when something has changed, and at the moment that it gives instead of
   * an answer, or at `limit` where it gives none.
   */
  async #until(condition: () => boolean | number, limit: number): Promise<void> {
    const { members, waits, changes } = this.#core;
    const signal = this.#signal;
    for (;;) {
      if (this.#core.closed) throw new LockClosedError([]);
      if (signal?.aborted === true) throw new LockAbortedError([], signal.reason);
      const met = condition();
      if (met === true) return;
      const at = typeof met === "number" ? met : limit;
      await new Promise<void>((resolve) => {
        const woken = (): void => {
          deadline?.cancel();
          stop();
          changes.delete(woken);
          signal?.removeEventListener("abort", woken);
          resolve();
        };
        const deadline = at === Infinity ? undefined : waits.add(at, woken);
        const stop = members.watch(woken);
        changes.add(woken);
        signal?.addEventListener("abort", woken);
      });
    }
  }

  #end(outcome: "completed" | "aborted"): Promise<void> {
    const { members } = this.#core;
    if (this.#outcome !== undefined && this.#outcome !== outcome) {
      return Promise.reject(
        new ReconfigurationError(`this change of the instances was ${this.#outcome} already`),
      );
    }
    if (this.#outcome === undefined) {
      this.#outcome = outcome;
      const stay = outcome === "completed" ? this.#next : this.#old;
      if (this.#joint && !this.#core.closed) members.setVoters(stay);
      this.#core.change = undefined;
      const leave = [...this.#old, ...this.#next].filter((member) => !stay.includes(member));
      // One that was about to be let go of may still be needed for releases.
      const hadVotes = this.#joint || leave.some((member) => this.#newcomers?.includes(member) !== true);
      this.#ended = this.#core.retire([...new Set(leave)], hadVotes);
    }
    return this.#ended ?? Promise.resolve();
  }
}
