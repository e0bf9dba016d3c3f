import { isYes, type Reply, type Request } from "../../../packages/quorumlock/src/operations/request.ts";
import type { Grant } from "./referee.ts";

interface Vote {
  readonly server: number;
  /** Its place among all votes of all servers. */
  readonly order: number;
  readonly fence: number;
}

interface Winner {
  readonly token: string;
  readonly fence: number;
  /** By server: the votes that the winner had heard when it was granted. */
  readonly votes: ReadonlyMap<number, Vote>;
}

/**
 * Committed fencing tokens are unique, and increase in the order of the votes at each server that two holders have in
 * common (protocol §6). No clock is looked at. A vote counts where its holder had heard it when it was granted: what a
 * late message is given afterwards is nobody's.
 */
export class Fences {
  #order = 0;
  readonly #cast = new Map<string, Vote[]>();
  readonly #heard = new Map<string, Map<number, Vote>>();
  readonly #winners = new Map<string, Winner[]>();

  voted(server: number, { args }: Request, reply: Reply): void {
    if (!isYes(reply)) return;
    const token = args[0] ?? "";
    const vote: Vote = { server, order: (this.#order += 1), fence: fenceOf(reply) };
    const cast = this.#cast.get(token);
    if (cast === undefined) this.#cast.set(token, [vote]);
    else cast.push(vote);
  }

  heard(server: number, { args }: Request, reply: Reply | undefined): void {
    if (reply === undefined || !isYes(reply)) return;
    const token = args[0] ?? "";
    // It may have been carried out twice; the first one with this answer is the one that counts.
    const vote = this.#cast
      .get(token)
      ?.find((cast) => cast.server === server && cast.fence === fenceOf(reply));
    const votes = this.#heard.get(token) ?? new Map<number, Vote>();
    if (vote !== undefined && !votes.has(server)) votes.set(server, vote);
    this.#heard.set(token, votes);
  }

  granted({ names, lock }: Grant): readonly string[] {
    const { token, fence } = lock;
    const winner: Winner = { token, fence, votes: new Map(this.#heard.get(token)) };
    return names.flatMap((name) => {
      const earlier = this.#winners.get(name) ?? [];
      const problems = earlier.flatMap((other) => compare(name, other, winner));
      earlier.push(winner);
      this.#winners.set(name, earlier);
      return problems;
    });
  }
}

/** Below 0 where a hold was taken over. */
function fenceOf(reply: Reply): number {
  return Math.abs(Number(reply));
}

function compare(name: string, one: Winner, other: Winner): readonly string[] {
  if (one.fence === other.fence)
    return [`${one.token} and ${other.token} both have ${one.fence} for ${name}`];
  for (const [server, vote] of one.votes) {
    const theirs = other.votes.get(server);
    if (theirs === undefined) continue;
    if (vote.order < theirs.order !== one.fence < other.fence) {
      const [first, second] = vote.order < theirs.order ? [one, other] : [other, one];
      return [
        `server ${server} granted ${name} to ${first.token} with ${first.fence}, and then to ${second.token} with ${second.fence}`,
      ];
    }
  }
  return [];
}
