import { type Deadline } from "../base/deadlines.ts";
import { LockAbortedError, LockClosedError, ReconfigurationError } from "../base/errors.ts";
import { driftAllowance } from "../base/options.ts";
import type { Instance } from "../instances/port.ts";
import { type InstanceSource, MAX_INSTANCES, checkSources } from "../instances/sources.ts";
import type { Member } from "../members/member.ts";
import { Reconfiguration, type ReconfigurationContext } from "./reconfiguration.ts";

/** The instances in the middle of a change of membership: a majority of each list is needed (protocol §10). */
export interface JointInstances {
  readonly current: readonly InstanceSource[];
  readonly next: readonly InstanceSource[];
}

export interface MembershipContext extends ReconfigurationContext {
  readonly driftFactor: number;
  /** Whether acquisitions are under way. */
  readonly isAcquiring: boolean;
  /** A member is removed: its index may be given to another one. */
  onRemoved(member: Member): void;
}

/** Members that are not voters any more. They still receive releases until no lock needs that. */
interface Retiring {
  members: readonly Member[];
  readonly limit: Deadline;
  readonly resolve: () => void;
}

/**
 * Which instances are the members of a client, and the changes of them.
 *
 * - `stable`: one set of voters.
 * - `configured`: the client was made with current and next instances. It ends the change to exactly those.
 * - `changing`: a reconfiguration is under way.
 */
type MembershipState =
  | { readonly name: "stable" }
  | { readonly name: "configured"; readonly next: readonly Member[] }
  | { readonly name: "changing"; readonly change: Reconfiguration };

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
    const current = within("current", () => checkSources(instances.current));
    const next = within("next", () => checkSources(instances.next));
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
    if (this.#context.isClosed) throw new LockClosedError([]);
    if (signal?.aborted === true) throw new LockAbortedError([], signal.reason);
    // A change that is about to be completed is no reason to refuse the next one.
    if (this.#state.name === "changing") await this.#state.change.completing;
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

  /** A lock was extended or has ended: members that retire may not be needed any more. */
  onLockChanged(): void {
    for (const retiring of this.#retiring) {
      const isNeeded = retiring.members.some(({ index }) => this.#context.heldLocks.areOn(index));
      if (!this.#context.isAcquiring && !isNeeded) this.#remove(retiring);
    }
  }

  /** The client closes: it closes the retiring members with the others. */
  beginClose(): void {
    for (const { limit } of this.#retiring) limit.cancel();
  }

  endClose(): void {
    for (const { resolve } of this.#retiring) resolve();
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
        "this client was made with current and next instances: pass exactly those next ones to reconfigure",
      );
    }
    if (state.name === "changing")
      throw new ReconfigurationError(
        "another change of the instances is under way: complete or abort it first",
      );
    const before = new Set(this.#context.members.all);
    const next = this.#membersFor(sources, checkSources(sources));
    // A retiring member that is wanted again stays.
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

  /** The members of these sources: known ones, and new ones for the rest. */
  #membersFor(sources: readonly InstanceSource[], open: readonly (() => Instance)[]): readonly Member[] {
    const { members } = this.#context;
    const known = new Set(members.all);
    for (const [source, member] of this.#memberOf) if (!known.has(member)) this.#memberOf.delete(source);
    refuseTooMany(known.size + sources.filter((source) => !this.#memberOf.has(source)).length);
    return open.map((start, index) => {
      const source = sources[index]!;
      const member = this.#memberOf.get(source) ?? members.add(start());
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
      this.#context.onRemoved(member);
      return this.#context.members.remove(member);
    });
    void Promise.all(removals).then(() => retiring.resolve());
  }
}

export function isJoint(instances: readonly InstanceSource[] | JointInstances): instances is JointInstances {
  return typeof instances === "object" && instances !== null && "current" in instances && "next" in instances;
}

/** Names the field that holds a bad list. */
function within<T>(field: string, read: () => T): T {
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
