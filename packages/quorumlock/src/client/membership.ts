import type { Deadline } from "../base/deadlines.ts";
import { LockAbortedError, LockClosedError, ReconfigurationError } from "../base/errors.ts";
import { driftAllowance } from "../base/options.ts";
import type { Instance } from "../instances/port.ts";
import { type InstanceSource, MAX_INSTANCES, checkSources } from "../instances/sources.ts";
import type { Member } from "../members/member.ts";
import { Reconfiguration, type ReconfigurationContext } from "./reconfiguration.ts";

/** The instances of a client that starts during a change of the membership. It needs a majority of each list (protocol §10). */
export interface JointInstances {
  /** The present set, as in the constructor of `Redlock`. */
  readonly current: readonly InstanceSource[];
  /** The set after the change. An entry that is in both lists stays the same member. */
  readonly next: readonly InstanceSource[];
}

export interface MembershipContext extends ReconfigurationContext {
  readonly driftFactor: number;
  /** Whether an acquisition has not ended. */
  readonly isAcquiring: boolean;
  /** Opens the instance of a source by `open`, and may return another one that stands for it. */
  openInstance(source: InstanceSource, open: () => Instance): Instance;
  /** Called when a member is removed, because another member may get its index. */
  onMemberRemoved(member: Member): void;
}

/** Members that have no vote any more. They receive releases until no lock needs them. */
interface Retiring {
  members: readonly Member[];
  readonly limit: Deadline;
  readonly resolve: () => void;
}

/**
 * The states of the membership:
 *
 * - `stable`: one set of voters.
 * - `configured`: the client was made with current and next instances. The only change that it accepts is to these next ones.
 * - `changing`: a reconfiguration is in progress.
 */
type MembershipState =
  | { readonly name: "stable" }
  | { readonly name: "configured"; readonly next: readonly Member[] }
  | { readonly name: "changing"; readonly change: Reconfiguration };

/** The instances of a client, as its members, and the changes of them. */
export class Membership {
  readonly #context: MembershipContext;
  readonly #memberOf = new Map<InstanceSource, Member>();
  readonly #retiring = new Set<Retiring>();
  #state: MembershipState = { name: "stable" };

  /**
   * Opens the instances.
   * @throws TypeError, RangeError for a bad list. All lists are checked before the first connection is opened.
   */
  constructor(context: MembershipContext, instances: readonly InstanceSource[] | JointInstances) {
    this.#context = context;
    const { members } = context;
    if (!isJoint(instances)) {
      members.setVoters(this.#membersFor(instances, checkSources(instances)));
      return;
    }
    const current = withField("current", () => checkSources(instances.current));
    const next = withField("next", () => checkSources(instances.next));
    refuseTooMany(new Set([...instances.current, ...instances.next]).size);
    const currentMembers = this.#membersFor(instances.current, current);
    const nextMembers = this.#membersFor(instances.next, next);
    members.setVoters(currentMembers, nextMembers);
    this.#state = { name: "configured", next: nextMembers };
  }

  /** Begins a change of the members. Resolves when every lock of the client needs a majority of both sets. */
  async reconfigure(
    sources: readonly InstanceSource[],
    signal: AbortSignal | undefined,
  ): Promise<Reconfiguration> {
    this.#checkUsable(signal);
    // If `complete` of the present change is in progress, the next change waits for it.
    if (this.#state.name === "changing") {
      await this.#state.change.waitForCompletion();
      this.#checkUsable(signal);
    }
    const before = this.#state;
    const change = this.#newChange(before, sources, signal);
    this.#state = { name: "changing", change };
    try {
      await change.begin();
    } catch (error) {
      if (before.name === "configured") this.#state = before;
      throw error;
    }
    return change;
  }

  /** Removes retiring members that no lock needs any more. Called when a lock was extended or has ended. */
  onLockChanged(): void {
    for (const retiring of this.#retiring) {
      const isNeeded = retiring.members.some(({ index }) => this.#context.heldLocks.mayBeOn(index));
      if (!this.#context.isAcquiring && !isNeeded) this.#remove(retiring);
    }
  }

  /** Stops the time limits of retiring members, because the client closes all members now. */
  beginClose(): void {
    for (const { limit } of this.#retiring) limit.cancel();
  }

  /** Resolves the changes that wait for retiring members. All members are closed. */
  endClose(): void {
    for (const { resolve } of this.#retiring) resolve();
  }

  /** @throws LockClosedError, LockAbortedError */
  #checkUsable(signal: AbortSignal | undefined): void {
    if (this.#context.isClosed) throw new LockClosedError([]);
    if (signal?.aborted === true) throw new LockAbortedError([], signal.reason);
  }

  #newChange(
    state: MembershipState,
    sources: readonly InstanceSource[],
    signal: AbortSignal | undefined,
  ): Reconfiguration {
    const onEnd = (removed: readonly Member[], hadVotes: boolean): Promise<void> => {
      this.#state = { name: "stable" };
      return this.#retire(removed, hadVotes);
    };
    if (state.name === "configured" && this.#isSame(sources, state.next))
      return new Reconfiguration({
        context: this.#context,
        next: state.next,
        added: undefined,
        signal,
        onEnd,
      });
    if (state.name === "configured") {
      throw new ReconfigurationError(
        "this client was made with current and next instances; pass exactly these next instances to reconfigure",
      );
    }
    if (state.name === "changing")
      throw new ReconfigurationError(
        "another change of the instances is in progress; complete or abort it first",
      );
    const before = new Set(this.#context.members.all);
    const next = this.#membersFor(sources, checkSources(sources));
    // A retiring member that is in the next set again is not removed.
    for (const retiring of this.#retiring)
      retiring.members = retiring.members.filter((member) => !next.includes(member));
    const added = next.filter((member) => !before.has(member));
    return new Reconfiguration({ context: this.#context, next, added, signal, onEnd });
  }

  #isSame(sources: readonly InstanceSource[], members: readonly Member[]): boolean {
    if (!Array.isArray(sources)) return false;
    const known = new Set(sources.map((source: InstanceSource) => this.#memberOf.get(source)));
    return known.size === members.length && members.every((member) => known.has(member));
  }

  /** The members of these sources. A source that has no member yet is opened. */
  #membersFor(sources: readonly InstanceSource[], openers: readonly (() => Instance)[]): readonly Member[] {
    const { members } = this.#context;
    const known = new Set(members.all);
    for (const [source, member] of this.#memberOf) if (!known.has(member)) this.#memberOf.delete(source);
    refuseTooMany(known.size + sources.filter((source) => !this.#memberOf.has(source)).length);
    return openers.map((open, index) => {
      const source = sources[index]!;
      const member = this.#memberOf.get(source) ?? members.add(this.#context.openInstance(source, open));
      this.#memberOf.set(source, member);
      return member;
    });
  }

  /** Resolves when the members are removed: at once if they never were voters. */
  #retire(members: readonly Member[], hadVotes: boolean): Promise<void> {
    if (members.length === 0 || this.#context.isClosed) return Promise.resolve();
    const { clock, deadlines, driftFactor } = this.#context;
    return new Promise((resolve) => {
      const ttlMs = this.#context.members.longestTtlMs;
      const until = clock.monotonic() + ttlMs + driftAllowance(ttlMs, driftFactor);
      const limit = deadlines.add(until, () => this.#remove(retiring));
      const retiring: Retiring = { members, resolve, limit };
      this.#retiring.add(retiring);
      if (hadVotes) this.onLockChanged();
      else this.#remove(retiring);
    });
  }

  #remove(retiring: Retiring): void {
    if (!this.#retiring.delete(retiring)) return;
    retiring.limit.cancel();
    const removals = retiring.members.map((member) => {
      this.#context.onMemberRemoved(member);
      return this.#context.members.remove(member);
    });
    void Promise.allSettled(removals).then(() => retiring.resolve());
  }
}

export function isJoint(instances: readonly InstanceSource[] | JointInstances): instances is JointInstances {
  return typeof instances === "object" && instances !== null && "current" in instances && "next" in instances;
}

/** Puts the name of the field before the message of an error. */
function withField<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error) error.message = `${field}: ${error.message}`;
    throw error;
  }
}

function refuseTooMany(count: number): void {
  if (count <= MAX_INSTANCES) return;
  throw new RangeError(
    `instances: ${count} are too many, with those in use; use at most ${MAX_INSTANCES} at a time`,
  );
}
