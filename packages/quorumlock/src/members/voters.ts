import { assert } from "../base/assert.ts";
import type { Member } from "./member.ts";

/** One set of members, and how many of them are a majority. */
interface VoterSet {
  readonly members: readonly Member[];
  readonly mask: number;
  readonly majority: number;
}

/**
 * The members whose votes decide. Usually they are one set. During a change they are the current set and the next set, and a
 * quorum is a majority of each (joint quorum, protocol §10).
 *
 * A majority is more than half of the configured members, whatever number of them answers. A set of votes is a mask: one integer
 * with the bits of the members' indexes. Immutable: a change of the members makes a new object.
 */
export class Voters {
  /** The members of both sets, each once. */
  readonly members: readonly Member[];
  /** Bits of all voters. */
  readonly allMask: number;
  /** One more than the largest index. */
  readonly size: number;
  readonly #current: VoterSet;
  readonly #next: VoterSet | undefined;
  /** An empty list that each round copies. A copy of the right length is cheaper than a list that grows. */
  readonly #noReplies: readonly undefined[];

  constructor(current: readonly Member[], next?: readonly Member[]) {
    this.#current = voterSet(current);
    this.#next = next === undefined ? undefined : voterSet(next);
    this.members = [...new Set([...current, ...(next ?? [])])];
    this.allMask = maskOf(this.members);
    assert(countBits(this.allMask) === this.members.length, "each voter has an index of its own");
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

  /** The size of a quorum as text for messages, such as "2 of 3". */
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
    if (countBits(votesMask & this.#current.mask) < this.#current.majority) return false;
    return this.#next === undefined || countBits(votesMask & this.#next.mask) >= this.#next.majority;
  }

  /**
   * Whether N − quorum + 1 members of each set are among these. Then each quorum has one of them, also without one other member
   * (protocol §10).
   */
  meetsEveryQuorum(membersMask: number): boolean {
    return this.#sets.every(
      ({ members, mask, majority }) => countBits(membersMask & mask) >= members.length - majority + 1,
    );
  }

  /** The earliest moment at which a quorum is ready. `readyAt` has the moment of each member, by index. */
  quorumReadyAt(readyAt: readonly number[]): number {
    const current = majorityReadyAt(this.#current, readyAt);
    return this.#next === undefined ? current : Math.max(current, majorityReadyAt(this.#next, readyAt));
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

/** The number of set bits. It takes one step for each, and rounds have few. */
export function countBits(mask: number): number {
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

function majorityReadyAt({ members, majority }: VoterSet, readyAt: readonly number[]): number {
  const moments = members.map(({ index }) => readyAt[index] ?? Infinity).toSorted((a, b) => a - b);
  return moments[majority - 1] ?? Infinity;
}
