import { InstanceError } from "../../base/errors.ts";
import { isYes, type Reply } from "../../operations/request.ts";
import type { Round } from "../../quorum/round.ts";
import type { Electorate } from "./electorate.ts";
import { MESSAGES, ResourceLockedError } from "./errors.ts";
import type { ExecutionStats, RedlockClient } from "./stats.ts";

/** Whether a reply of a member is a vote for the operation. */
export type IsFor = (member: number, reply: Reply) => boolean;

/**
 * The votes of one attempt. It can have several rounds: votes and their commit, or one for each hash slot. A client votes for the
 * operation if it does in every round.
 */
export class VoteCount {
  /** Resolves when no reply is missing any more. */
  readonly stats: Promise<ExecutionStats>;
  /** Whether a quorum voted for it. Resolves as soon as that is certain. */
  readonly hasQuorum: Promise<boolean>;
  readonly #electorate: Electorate;
  readonly #resources: number;
  readonly #onError: (error: Error) => void;
  readonly #against = new Map<RedlockClient, Error>();
  /** For each client, in how many rounds it voted for the operation. */
  readonly #rounds = new Map<RedlockClient, number>();
  #roundCount = 0;
  #missing = 0;
  #isClosed = false;
  #resolveStats!: (stats: ExecutionStats) => void;
  #resolveQuorum!: (hasQuorum: boolean) => void;

  constructor(electorate: Electorate, resources: number, onError: (error: Error) => void) {
    this.#electorate = electorate;
    this.#resources = resources;
    this.#onError = onError;
    this.stats = new Promise((resolve) => (this.#resolveStats = resolve));
    this.hasQuorum = new Promise((resolve) => (this.#resolveQuorum = resolve));
  }

  /** Counts the replies of a round that was sent. */
  add(round: Round, isFor: IsFor = (_, reply) => isYes(reply)): void {
    if (this.#isClosed) return;
    this.#roundCount += 1;
    this.#missing += this.#electorate.size;
    const counted = new Set<number>();
    round.listen((member, reply) => {
      if (counted.has(member)) return;
      counted.add(member);
      this.#missing -= 1;
      this.#count(member, reply, isFor);
      this.#review();
    });
  }

  /** No further round follows. */
  close(): void {
    this.#isClosed = true;
    this.#review();
  }

  /**
   * Whether so many clients refused the operation that it can never have a quorum. Waits for the missing replies if they decide that,
   * because a client that is down can have ended the attempt before them.
   */
  async isRefused(): Promise<boolean> {
    const isEnough = (count: number): boolean => count > this.#electorate.size - this.#electorate.quorumSize;
    const unanswered = this.#electorate.size - this.#against.size - this.#votesFor.size;
    const refused = this.#refusals;
    if (!isEnough(refused) && isEnough(refused + unanswered)) await this.stats;
    return isEnough(this.#refusals);
  }

  /** Whether a quorum has voted for the operation by now. */
  get isWon(): boolean {
    return this.#votesFor.size >= this.#electorate.quorumSize;
  }

  /** Why the first of the clients that did not vote did not. `undefined` if all have voted so far. */
  get failure(): Error | undefined {
    return [...this.#against.values()].find((error) => !(error instanceof ResourceLockedError));
  }

  get #refusals(): number {
    return [...this.#against.values()].filter((error) => error instanceof ResourceLockedError).length;
  }

  get #votesFor(): Set<RedlockClient> {
    const { clients } = this.#electorate;
    return new Set(
      clients.filter((client) => !this.#against.has(client) && this.#rounds.get(client) === this.#roundCount),
    );
  }

  #count(member: number, reply: Reply | InstanceError, isFor: IsFor): void {
    const client = this.#electorate.clientAt(member);
    const isFailure = reply instanceof InstanceError;
    if (!isFailure && isFor(member, reply)) {
      this.#rounds.set(client, (this.#rounds.get(client) ?? 0) + 1);
    } else if (!this.#against.has(client)) {
      const error = isFailure
        ? this.#electorate.errorOf(member, reply)
        : new ResourceLockedError(MESSAGES.refused(this.#resources));
      this.#against.set(client, error);
      this.#onError(error);
    }
  }

  #review(): void {
    if (!this.#isClosed) return;
    const { size: membershipSize, quorumSize } = this.#electorate;
    const votesFor = this.#votesFor;
    if (votesFor.size >= quorumSize) this.#resolveQuorum(true);
    else if (membershipSize - this.#against.size < quorumSize) this.#resolveQuorum(false);
    if (this.#missing === 0)
      this.#resolveStats({ membershipSize, quorumSize, votesFor, votesAgainst: new Map(this.#against) });
  }
}
