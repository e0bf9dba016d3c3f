import { assert } from "../base/assert.ts";
import type { Member } from "./member.ts";

/** One set of members, and how many of them are a majority. */
interface VoterSet {
  readonly members: readonly Member[];
  readonly mask: number;
  readonly majority: number;
}

/**
 * The members whose votes decide. Usually one set. While the set is being changed: the current set and the next one, and a
 * quorum is a majority of each (joint quorum, protocol §10).
 *
 * The majority is that of the configured members, never of those that answer. A set of votes is a mask: the bits of the
 * members' indexes in one integer. Immutable; a change of the members makes a new object.
 */
export class Voters {
  /** The members of both sets, each once. */
  readonly members: readonly Member[];
  /** The mask of all of them. */
  readonly all: number;
  /** One more than the largest index. */
  readonly size: number;
  readonly #current: VoterSet;
  readonly #next: VoterSet | undefined;
  /** Copied for each round. A copy of the right length is cheaper than a list that grows. */
  readonly #noReplies: readonly undefined[];

  constructor(current: readonly Member[], next?: readonly Member[]) {
    this.#current = voterSet(current);
    this.#next = next === undefined ? undefined : voterSet(next);
    this.members = [...new Set([...current, ...(next ?? [])])];
    this.all = maskOf(this.members);
    assert(count(this.all) === this.members.length, "each voter has an index of its own");
    this.size = Math.max(-1, ...this.members.map(({ index }) => index)) + 1;
    this.#noReplies = Array.from({ length: this.size }, () => undefined);
  }

  get current(): readonly Member[] {
    return this.#current.members;
  }

  /** The set that replaces the current one; `undefined` if no change is in progress. */
  get next(): readonly Member[] | undefined {
    return this.#next?.members;
  }

  /** "2 of 3", for messages. */
  get needed(): string {
    const [current, next] = this.#sets.map(({ majority, members }) => `${majority} of ${members.length}`);
    return next === undefined ? `${current}` : `${current} present and ${next} next instances`;
  }

  /** A list with an empty place for the reply of each member, by index. */
  emptyReplies<T>(): (T | undefined)[] {
    return this.#noReplies.slice();
  }

  /** Whether these votes are a majority of each set. */
  hasQuorum(votesMask: number): boolean {
    if (count(votesMask & this.#current.mask) < this.#current.majority) return false;
    return this.#next === undefined || count(votesMask & this.#next.mask) >= this.#next.majority;
  }

  /** The earliest moment at which a quorum can vote. `eligibleAt` has the moment of each member, by index. */
  earliest(eligibleAt: readonly number[]): number {
    const current = majorityAt(this.#current, eligibleAt);
    return this.#next === undefined ? current : Math.max(current, majorityAt(this.#next, eligibleAt));
  }

  /** Whether a quorum here is a quorum of `other` as well: each of its sets is one of these. */
  covers(other: Voters): boolean {
    return this === other || other.#sets.every((theirs) => this.#sets.some((ours) => isSame(ours, theirs)));
  }

  /** The first two members of one set with the same key. A server may be in both sets. */
  findDuplicates(keyOf: (member: Member) => string | undefined): readonly [Member, Member] | undefined {
    for (const { members } of this.#sets) {
      const seen = new Map<string, Member>();
      for (const member of members) {
        const key = keyOf(member);
        if (key === undefined) continue;
        const first = seen.get(key);
        if (first !== undefined) return [first, member];
        seen.set(key, member);
      }
    }
    return undefined;
  }

  get #sets(): readonly VoterSet[] {
    return this.#next === undefined ? [this.#current] : [this.#current, this.#next];
  }
}

/** The number of bits that are set. One step for each of them: rounds have few. */
export function count(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits += 1;
  return bits;
}

export function maskOf(members: readonly Member[]): number {
  let mask = 0;
  for (const { index } of members) mask |= 1 << index;
  return mask;
}

function voterSet(members: readonly Member[]): VoterSet {
  return { members, mask: maskOf(members), majority: Math.floor(members.length / 2) + 1 };
}

/** Compares members, not indexes: the index of a member that was removed is given to another one. */
function isSame(a: VoterSet, b: VoterSet): boolean {
  return a.members.length === b.members.length && a.members.every((member) => b.members.includes(member));
}

function majorityAt({ members, majority }: VoterSet, eligibleAt: readonly number[]): number {
  const moments = members.map(({ index }) => eligibleAt[index] ?? Infinity).toSorted((a, b) => a - b);
  return moments[majority - 1] ?? Infinity;
}
