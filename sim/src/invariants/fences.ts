import { clash, hashSlot, isYes, type Mode, type Reply, type Request } from "../library.ts";
import { lockKey } from "../world/lock-keys.ts";
import { choiceIn, fenceIn, grantedKeys, tokenOf } from "../world/requests.ts";
import type { Grant } from "./grant.ts";

interface Vote {
  readonly server: number;
  /** The keys of the locks. A cluster has one vote for each hash slot. */
  readonly keys: readonly string[];
  /** Its position among all votes of all servers. */
  readonly order: number;
  readonly fence: number;
  /** What the server voted for. */
  readonly choice: string;
}

/** The part of a grant that is compared with others. */
type Compared = Pick<Grant, "names" | "lock"> & Partial<Pick<Grant, "modes" | "slots">>;

interface Winner {
  readonly token: string;
  readonly fence: number;
  /** The mode in which it holds the name. */
  readonly mode: Mode;
  /** Whether its grant counts the counter up. Otherwise it reads the counter. */
  readonly counts: boolean;
  /** The votes that the winner had received when it was granted. */
  readonly votes: readonly Vote[];
}

/**
 * Checks the fencing tokens of each name (protocol §§6, 7). No two grants of a name have the same token. At each server that
 * voted for two of its holders, the order of the votes is the order of the tokens. The check reads no clock.
 *
 * Holders whose modes do not clash are not compared. A shared holder may have the token of an earlier exclusive one.
 *
 * Names are compared with themselves only. Names of one hash slot may share a counter, so tokens of one name can have
 * gaps, and two names can have equal tokens.
 *
 * A vote counts if the client had received it when the lock was granted. A vote that a late message causes afterwards
 * belongs to no holder.
 */
export class Fences {
  #order = 0;
  /** By token: all votes at the servers. */
  readonly #cast = new Map<string, Vote[]>();
  /** By token: the votes that reached the client. */
  readonly #received = new Map<string, Vote[]>();
  /** By name: all grants so far. */
  readonly #winners = new Map<string, Winner[]>();
  /** By name: the largest token of an exclusive grant so far, and when it was granted. */
  readonly #largest = new Map<string, { readonly fence: number; readonly at: number }>();

  /** A server executed an acquire request. */
  onVote(server: number, request: Request, reply: Reply): void {
    if (!isYes(reply)) return;
    const token = tokenOf(request);
    const keys = grantedKeys(request, reply);
    const vote: Vote = {
      server,
      keys,
      order: (this.#order += 1),
      fence: fenceIn(reply),
      choice: choiceIn(request, reply),
    };
    const cast = this.#cast.get(token);
    if (cast === undefined) this.#cast.set(token, [vote]);
    else cast.push(vote);
  }

  /** The reply to an acquire request reached its client. */
  onReply(server: number, request: Request, reply: Reply | undefined): void {
    if (reply === undefined || !isYes(reply)) return;
    const token = tokenOf(request);
    const [key] = grantedKeys(request, reply);
    const isSame = (other: Vote): boolean => other.server === server && other.keys[0] === key;
    // A resent request may be executed twice. The first execution with this reply is the one that counts.
    const vote = this.#cast.get(token)?.find((cast) => isSame(cast) && cast.fence === fenceIn(reply));
    const votes = this.#received.get(token) ?? [];
    if (vote !== undefined && !votes.some(isSame)) votes.push(vote);
    this.#received.set(token, votes);
  }

  /** Returns the problems of a grant with earlier grants of the same names. */
  onGrant(grant: Compared & Pick<Grant, "grantedAt">): readonly string[] {
    const { lock, grantedAt } = grant;
    const { token, fence } = lock;
    const { names, modes, hashSlots } = lockedBy(grant);
    // On a cluster, each hash slot counts for itself.
    const counting = new Set(hashSlots.filter((_, index) => modes[index] === "X" || modes[index] === "SIX"));
    const votes = forOneChoice(this.#received.get(token) ?? []);
    names.forEach((name, index) => {
      const isLargest = fence > (this.#largest.get(name)?.fence ?? 0);
      if (modes[index] === "X" && isLargest) this.#largest.set(name, { fence, at: grantedAt });
    });
    return names.flatMap((name, index) => {
      const winner: Winner = {
        token,
        fence,
        mode: modes[index] ?? "X",
        counts: counting.has(hashSlots[index]!),
        votes,
      };
      const earlier = this.#winners.get(name) ?? [];
      const problems = earlier.flatMap((other) => compare(name, other, winner));
      earlier.push(winner);
      this.#winners.set(name, earlier);
      return problems;
    });
  }

  /** Returns the problems of an extension that succeeded. A larger token that was granted before it began must make it fail. */
  onExtended(grant: Compared, startedAt: number): readonly string[] {
    const { lock } = grant;
    return lockedBy(grant).names.flatMap((name) => {
      const largest = this.#largest.get(name);
      if (largest === undefined || largest.fence <= lock.fence || largest.at >= startedAt) return [];
      return [
        `${lock.token} with fencing token ${lock.fence} was extended for ${name}, after ${largest.fence} was granted`,
      ];
    });
  }
}

/** The votes for what was won: a quorum voted for it, and a minority for other things. */
function forOneChoice(votes: readonly Vote[]): readonly Vote[] {
  const countOf = (choice: string): number => votes.filter((vote) => vote.choice === choice).length;
  const [won] = votes.toSorted((a, b) => countOf(b.choice) - countOf(a.choice));
  return votes.filter(({ choice }) => choice === won?.choice);
}

/** The locks of a grant. Each slot of a semaphore is an exclusive lock with tokens of its own. */
function lockedBy({ names, modes = [], slots = [] }: Pick<Compared, "names" | "modes" | "slots">): {
  readonly names: readonly string[];
  readonly modes: readonly Mode[];
  readonly hashSlots: readonly number[];
} {
  if (slots.length === 0) return { names, modes, hashSlots: names.map((name) => hashSlot(lockKey(name))) };
  const locks = names.flatMap((name) => slots.map((slot) => `${name}#${slot}`));
  return { names: locks, modes: locks.map(() => "X"), hashSlots: slots };
}

function compare(name: string, one: Winner, other: Winner): readonly string[] {
  if (!clash(one.mode, other.mode)) return [];
  if (one.fence === other.fence && one.counts && other.counts)
    return [`${one.token} and ${other.token} both have fencing token ${one.fence} for ${name}`];
  const key = lockKey(name);
  for (const vote of one.votes) {
    const { server } = vote;
    const otherVote = other.votes.find((second) => second.server === server && second.keys.includes(key));
    if (otherVote === undefined || !vote.keys.includes(key)) continue;
    const [first, second] = vote.order < otherVote.order ? [one, other] : [other, one];
    if (second.counts ? second.fence <= first.fence : second.fence < first.fence) {
      return [
        `server ${server} granted ${name} to ${first.token} with fencing token ${first.fence}, and later to ${second.token} with ${second.fence}`,
      ];
    }
  }
  return [];
}
