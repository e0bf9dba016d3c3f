import { type Clock, elapsed } from "../base/clock.ts";
import { InstanceError, type InstanceFailure } from "../base/errors.ts";
import { count, type Voters } from "../members/voters.ts";
import type { Members } from "../members/members.ts";
import { hashSlot, type ResourceKeys, resourceKeys } from "../operations/keys.ts";
import { mutex } from "../operations/mutex.ts";
import type { ReplyList, Request, Withdrawable } from "../operations/request.ts";
import { driftAllowance } from "../base/options.ts";
import { Lease } from "./lease.ts";
import { HandOver } from "./hand-over.ts";
import { type ReleaseResult, settleRelease } from "./release.ts";
import { type ReplyListener, Round } from "./round.ts";

export interface ClaimContext {
  readonly clock: Clock;
  readonly members: Members;
  readonly driftFactor: number;
  /** What every key begins with. */
  readonly prefix: string;
}

/** Why a claim did not get or keep its quorum (protocol §4): others hold it, or too few answered in time. */
export interface Refusal {
  readonly kind: "contended" | "unreachable";
  /** When it was given, by the monotonic clock. */
  readonly at: number;
  /**
   * Members that said yes before they were asked to forget it. Above 0 in a contended round: the votes were
   * split.
   */
  readonly votes: number;
  /** Members that said no. */
  readonly refusals: number;
  /** The token that stands in the way on most members, and the longest time it was there for then, in ms. */
  readonly holder: { readonly token: string; readonly remainingMs: number } | undefined;
  /** Whether others hold so many members that this claim cannot be what it was when it was last won. */
  readonly lost: boolean;
  /**
   * From when on enough members may vote, as far as they abstain because of a restart or their set-up, by the monotonic
   * clock. 0 where that is not what is missing.
   */
  readonly votesFrom: number;
  readonly failures: readonly InstanceFailure[];
}

export type AcquireResult = { readonly lease: Lease } | { readonly refusal: Refusal };

export interface ClaimOptions {
  /** A hold that it takes over. */
  readonly handOver?: HandOver | undefined;
  /** The client that waits where it is refused, and is to be woken in its turn. */
  readonly client?: string | undefined;
}

/** Of a claim that asks for its votes. */
interface Asking {
  readonly handOver: HandOver | undefined;
  readonly client: string | undefined;
  /** The latest round that was sent. */
  round: Round | undefined;
  /** The latest one that asked for votes. */
  vote: Round | undefined;
  /** Ends the attempt before its round is decided. */
  giveUp: ((verdict: AcquireResult) => void) | undefined;
}

/**
 * One holder's hold on one or several resources: a token, and the rounds that win, renew and end it. Where an
 * instance is a cluster, resources of different hash slots are asked for one slot after the other, in order,
 * all or nothing.
 *
 * It is kept for as long as the lock is held, so it is small: keys are made of the names for each round.
 */
export class Claim implements Withdrawable {
  readonly token: string;
  readonly names: readonly string[];
  readonly #context: ClaimContext;
  /** Whether its resources are asked for by hash slots: where it once was, some instance may be a cluster. */
  #scattered = false;
  #electorate: Voters;
  /** Bits of the members that may hold the token. */
  #touched = 0;
  #fence = 0;
  #withdrawn = false;
  /** Until it is won. */
  #asking: Asking | undefined;

  constructor(
    context: ClaimContext,
    names: readonly string[],
    token: string,
    { handOver, client }: ClaimOptions = {},
  ) {
    this.#context = context;
    this.token = token;
    this.names = names;
    this.#electorate = context.members.voters;
    this.#asking = { handOver, client, round: undefined, vote: undefined, giveUp: undefined };
  }

  /** The fencing token; 0 until the claim was won. */
  get fence(): number {
    return this.#fence;
  }

  /** Whether it was given up: then none of its requests may be carried out any more. */
  get withdrawn(): boolean {
    return this.#withdrawn;
  }

  /** Whose votes decided when it was last won, or who decide the round that is to win it. */
  get electorate(): Voters {
    return this.#electorate;
  }

  /** Whether others decide now than those who granted it: it would not exclude everybody (protocol §10). */
  get superseded(): boolean {
    return !this.#electorate.covers(this.#context.members.voters);
  }

  /** Bits of the members that may hold something of it. */
  get touched(): number {
    return this.#touched;
  }

  /** What stands in the way as far as it is known while a round is not decided. */
  get unfinished(): Refusal | undefined {
    const round = this.#asking?.round;
    return round === undefined ? undefined : this.#refusal(round);
  }

  /** Tells of the votes in its latest round of asking for them, those that came and those that will. */
  listen(listener: ReplyListener): void {
    this.#asking?.vote?.listen(listener);
  }

  /** The client closes while it asks: nobody waits for the votes any more. */
  close(): void {
    const { round, giveUp } = this.#asking ?? {};
    void this.release();
    if (round !== undefined) giveUp?.({ refusal: this.#refusal(round) });
  }

  /**
   * Tries once. A claim that was not won has been withdrawn from every member it was sent to, behind the
   * request, so that a grant that comes late is undone.
   */
  acquire(ttlMs: number): Promise<AcquireResult> {
    const { clock, driftFactor } = this.#context;
    const lease = new Lease(clock, ttlMs, driftFactor);
    this.#electorate = this.#begin();
    const groups = this.#groups();
    const [only] = groups;
    if (only === undefined || groups.length > 1) return this.#acquireEach(groups, lease, ttlMs);
    return new Promise((resolve) => {
      if (this.#asking !== undefined) this.#asking.giveUp = resolve;
      const round = this.#vote(only, ttlMs);
      round.whenDecided(() => {
        if (this.#withdrawn || !round.won) {
          // Who said no holds nothing of it.
          this.#touched &= ~round.no;
          resolve(this.#withdraw(this.#refusal(round)));
          return;
        }
        this.#asking?.handOver?.taken(round);
        const { value, by } = round.highest;
        const agreed = this.#electorate.hasQuorum(by);
        resolve(agreed ? this.#won(value, lease, ttlMs) : this.#raise(value, lease, ttlMs));
      });
    });
  }

  async #acquireEach(
    groups: readonly (readonly ResourceKeys[])[],
    lease: Lease,
    ttlMs: number,
  ): Promise<AcquireResult> {
    let fence = 0;
    let agreed = true;
    for (const group of groups) {
      const round = this.#vote(group, ttlMs);
      await round.decided;
      if (this.#withdrawn || !round.won) return this.#withdraw(this.#refusal(round));
      const { value, by } = round.highest;
      agreed &&= this.#electorate.hasQuorum(by) && (fence === 0 || value === fence);
      fence = Math.max(fence, value);
    }
    return agreed ? this.#won(fence, lease, ttlMs) : this.#raise(fence, lease, ttlMs);
  }

  /** Asks for the votes of all members. */
  #vote(group: readonly ResourceKeys[], ttlMs: number): Round {
    const round = this.#ask(this.#request(group, ttlMs), this.#electorate);
    if (this.#asking !== undefined) this.#asking.vote = round;
    this.#asking?.handOver?.sent(round);
    return round;
  }

  /** Everybody agrees on the fencing token. */
  #won(fence: number, lease: Lease, ttlMs: number): AcquireResult {
    this.#fence = fence;
    this.#asking = undefined;
    if (lease.remaining() <= 0) return this.#withdraw(this.#tooSlow(lease, ttlMs));
    return { lease };
  }

  #request(group: readonly ResourceKeys[], ttlMs: number): Request {
    const { handOver, client } = this.#asking ?? {};
    return handOver === undefined
      ? mutex.acquire(group, this.token, ttlMs, this, client)
      : mutex.take(group, this.token, handOver.token, ttlMs, this, client);
  }

  /** Writes the fencing token to a quorum, where a quorum did not give that very one. All resources get the same. */
  async #raise(fence: number, lease: Lease, ttlMs: number): Promise<AcquireResult> {
    // A member that abstains may take part: what it writes down now it remembers, and its later grants go beyond it.
    const rounds = this.#groups().map((group) =>
      this.#ask(mutex.raise(group, this.token, ttlMs, fence, this), this.#electorate),
    );
    for (const round of rounds) {
      await round.decided;
      if (this.#withdrawn || !round.won) return this.#withdraw(this.#refusal(round));
    }
    return this.#won(fence, lease, ttlMs);
  }

  /**
   * Renews the hold on every member, also on those that did not vote for it at first (protocol §5). `shortens`: the hold
   * ends before it would have, which those who wait for its end are told.
   */
  async extend(ttlMs: number, shortens: boolean): Promise<AcquireResult> {
    const { clock, members, driftFactor } = this.#context;
    const lease = new Lease(clock, ttlMs, driftFactor);
    const electorate = this.#begin();
    // Members that came since may have been asked by somebody who waits. It was in vain, but their counters have gone on.
    const kind = { settles: this.superseded, shortens };
    const rounds = this.#groups().map((group) =>
      this.#ask(mutex.extend(group, this.token, ttlMs, this.#fence, this, kind), electorate),
    );
    for (const round of rounds) {
      await round.decided;
      if (!round.won) return { refusal: this.#refusal(round) };
    }
    if (members.conflict !== undefined) return { refusal: this.#unreachable("members", members.conflict) };
    if (lease.remaining() <= 0) return { refusal: this.#tooSlow(lease, ttlMs) };
    this.#electorate = electorate;
    return { lease };
  }

  /**
   * Ends the hold on every member that may have it, behind all that was sent before. The requests are under
   * way when this returns.
   */
  release(client = ""): Promise<ReleaseResult> {
    this.#withdrawn = true;
    const { members } = this.#context;
    const only = this.#touched;
    // A member that was never asked holds nothing: it need not confirm.
    const options = { members: members.all, only, given: ~only };
    const rounds = this.#groups().map(
      (group) => new Round(members.voters, mutex.release(group, this.token, client), options),
    );
    this.#asking?.handOver?.left();
    return settleRelease(rounds);
  }

  /** Gives it to the next in line of this process. It extends itself no more. */
  handOver(client: string): HandOver {
    this.#withdrawn = true;
    return new HandOver(this, client);
  }

  /** Has some members forget it, given by their bits, whenever they get to it, and the place in line of `client`. */
  releaseAt(mask: number, client?: string): void {
    const only = this.#touched & mask;
    if (only === 0) return;
    const { members } = this.#context;
    const options = { members: members.all, only, given: ~0 };
    for (const group of this.#groups()) {
      void new Round(members.voters, mutex.release(group, this.token), options);
      if (client !== undefined) void new Round(members.voters, mutex.leave(group, client), options);
    }
  }

  /** Who decides a round that is about to be asked. */
  #begin(): Voters {
    const { members } = this.#context;
    if (this.names.length > 1 && members.hasCluster) this.#scattered = true;
    return members.voters;
  }

  /** The keys of each request that is to be asked. */
  #groups(): readonly (readonly ResourceKeys[])[] {
    const { prefix } = this.#context;
    const resources = this.names.map((name) => resourceKeys(prefix, name));
    return this.#scattered ? bySlot(resources) : [resources];
  }

  #ask(request: Request, electorate: Voters): Round {
    const round = new Round(electorate, request);
    if (this.#asking !== undefined) this.#asking.round = round;
    this.#touched |= round.sent;
    return round;
  }

  #withdraw(refusal: Refusal): AcquireResult {
    if (!this.#withdrawn) void this.release();
    return { refusal };
  }

  #refusal(round: Round): Refusal {
    const { clock } = this.#context;
    const electorate = round.voters;
    const blocks = round.refused.map((reply) => blockOf(reply));
    const tokens = new Map<string, { count: number; remainingMs: number }>();
    for (const { token, remainingMs } of blocks) {
      if (token === "") continue;
      const known = tokens.get(token) ?? { count: 0, remainingMs: 0 };
      tokens.set(token, { count: known.count + 1, remainingMs: Math.max(known.remainingMs, remainingMs) });
    }
    const [most] = [...tokens].toSorted(([, a], [, b]) => b.count - a.count);
    // Too many abstentions forbid a quorum whoever holds the lock.
    const contended = blocks.length > 0 && electorate.hasQuorum(electorate.all & ~round.abstained);
    return {
      kind: contended ? "contended" : "unreachable",
      at: clock.monotonic(),
      votes: count(round.yes),
      refusals: blocks.length,
      holder: most === undefined ? undefined : { token: most[0], remainingMs: most[1].remainingMs },
      lost: !this.#electorate.hasQuorum(this.#electorate.all & ~round.no),
      votesFrom: contended ? 0 : round.quorumPossibleAt,
      failures: contended ? round.failures : [...round.failures, ...round.silent],
    };
  }

  #tooSlow(lease: Lease, ttlMs: number): Refusal {
    const took = elapsed(this.#context.clock, lease);
    const left = ttlMs - driftAllowance(ttlMs, this.#context.driftFactor);
    const error = new InstanceError(
      "INSTANCE_TIMEOUT",
      `the votes took ${took.toFixed(1)} ms, longer than the ${left.toFixed(1)} ms for which a ttl of ${ttlMs} ms is valid`,
    );
    return this.#unreachable("round", error);
  }

  #unreachable(instance: string, error: Error): Refusal {
    const at = this.#context.clock.monotonic();
    return {
      kind: "unreachable",
      at,
      votes: 0,
      refusals: 0,
      holder: undefined,
      lost: false,
      votesFrom: 0,
      failures: [{ instance, error }],
    };
  }
}

function blockOf(reply: ReplyList): { readonly token: string; readonly remainingMs: number } {
  const remaining = Number(reply[1] ?? 0);
  return { token: String(reply[2] ?? ""), remainingMs: remaining === -1 ? Infinity : remaining };
}

function bySlot(resources: readonly ResourceKeys[]): readonly (readonly ResourceKeys[])[] {
  const slots = new Map<number, ResourceKeys[]>();
  for (const resource of resources) {
    const slot = hashSlot(resource.lock);
    slots.set(slot, [...(slots.get(slot) ?? []), resource]);
  }
  return [...slots.entries()].toSorted(([a], [b]) => a - b).map(([, group]) => group);
}
