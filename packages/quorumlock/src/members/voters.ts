import type { Member } from "./member.ts";

/** One set of members, as bits of their indexes, and how many of them are a majority. */
interface Side {
  readonly members: readonly Member[];
  readonly mask: number;
  readonly majority: number;
}

/**
 * Whose votes decide: one set of members or, while the set is being changed, the present and the next one, and then a
 * majority of each is needed (joint quorum, protocol §10). The majority is that of the configured number, never of those
 * that happen to answer. Votes are the bits of the members' indexes in one integer.
 */
export class Voters {
  /** The members of both sets, each once. */
  readonly members: readonly Member[];
  /** The bits of all of them. */
  readonly all: number;
  /** One more than the largest index. */
  readonly size: number;
  /** One place for each, empty: copied for each round, which is cheaper than to let a list grow. */
  readonly #unanswered: readonly undefined[];
  readonly #current: Side;
  readonly #next: Side | undefined;

  constructor(current: readonly Member[], next?: readonly Member[]) {
    this.#current = sideOf(current);
    this.#next = next === undefined ? undefined : sideOf(next);
    this.members = [...new Set([...current, ...(next ?? [])])];
    this.all = maskOf(this.members);
    this.size = Math.max(...this.members.map(({ index }) => index)) + 1;
    this.#unanswered = Array.from({ length: Math.max(0, this.size) }, () => undefined);
  }

  /** A list of answers with a place for each member, none of them given. */
  emptyReplies<T>(): (T | undefined)[] {
    return this.#unanswered.slice();
  }

  get current(): readonly Member[] {
    return this.#current.members;
  }

  /** The set that is being changed to; `undefined` where there is no change under way. */
  get next(): readonly Member[] | undefined {
    return this.#next?.members;
  }

  /** Whether these votes are a majority of each set. As long as more may come in: whether they could be one yet. */
  hasQuorum(votes: number): boolean {
    if (count(votes & this.#current.mask) < this.#current.majority) return false;
    return this.#next === undefined || count(votes & this.#next.mask) >= this.#next.majority;
  }

  /** The earliest moment at which members that could vote from `at` on, by index, are a majority of each set. */
  earliest(at: readonly number[]): number {
    const current = majorityAt(this.#current, at);
    return this.#next === undefined ? current : Math.max(current, majorityAt(this.#next, at));
  }

  /** Whether whoever wins here has also won there: each of the other's sets is one of these. */
  covers(other: Voters): boolean {
    return this === other || other.#sides.every((theirs) => this.#sides.some((ours) => isSame(ours, theirs)));
  }

  /** Whether two members of one set are the same by `what`; a server may well be in both sets. */
  findDuplicates(what: (member: Member) => string | undefined): readonly [Member, Member] | undefined {
    for (const { members } of this.#sides) {
      const seen = new Map<string, Member>();
      for (const member of members) {
        const key = what(member);
        if (key === undefined) continue;
        const first = seen.get(key);
        if (first !== undefined) return [first, member];
        seen.set(key, member);
      }
    }
    return undefined;
  }

  /** "2 of 3", for messages. */
  get needed(): string {
    const [current, next] = this.#sides.map(({ majority, members }) => `${majority} of ${members.length}`);
    return next === undefined ? `${current}` : `${current} present and ${next} next instances`;
  }

  get #sides(): readonly Side[] {
    return this.#next === undefined ? [this.#current] : [this.#current, this.#next];
  }
}

/** How many bits are set. */
export function count(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits += 1;
  return bits;
}

export function maskOf(members: readonly Member[]): number {
  return members.reduce((mask, { index }) => mask | (1 << index), 0);
}

function sideOf(members: readonly Member[]): Side {
  return { members, mask: maskOf(members), majority: Math.floor(members.length / 2) + 1 };
}

/** By identity: an index is given to another member once its owner has left. */
function isSame(a: Side, b: Side): boolean {
  return a.members.length === b.members.length && a.members.every((member) => b.members.includes(member));
}

function majorityAt({ members, majority }: Side, at: readonly number[]): number {
  const moments = members.map(({ index }) => at[index] ?? Infinity).toSorted((a, b) => a - b);
  return moments[majority - 1] ?? Infinity;
}
