import type { Clock } from "../base/clock.ts";
import type { Voters } from "../members/voters.ts";
import type { Members } from "../members/members.ts";
import type { ResourceKeys } from "../operations/keys.ts";
import type { Claim, Refusal, AcquireResult } from "../quorum/claim.ts";
import type { Lease } from "../quorum/lease.ts";
import { mutex } from "../operations/mutex.ts";
import { Forecast } from "../waiting/forecast.ts";
import { Round } from "../quorum/round.ts";
import { asideDelay, pollDelay, safetyDelay, splitDelay, unreachableDelay } from "../waiting/backoff.ts";
import type { WaitEnd, WaitLimit } from "./wait-limit.ts";
import type { WakeUps, Watch } from "../waiting/wake-ups.ts";

/** How long others are let go first, at most, before it asks again. */
const LONGEST_ASIDE_MS = 500;

export interface WaitContext {
  readonly clock: Clock;
  readonly members: Members;
  readonly wakeUps: WakeUps;
}

/** One that was refused. */
export interface RefusedAttempt {
  readonly claim: Claim;
  readonly refusal: Refusal;
  readonly tookMs: number;
}

export interface WaitRequest {
  /** The attempt that was made already. */
  readonly first: RefusedAttempt | undefined;
  /** A new claim for each attempt: the withdrawal of one must not undo the next. */
  readonly newClaim: (client: string | undefined) => Claim;
  readonly ttlMs: number;
  /** One attempt only. */
  readonly once: boolean;
  readonly resources: readonly ResourceKeys[];
  /** Whether a token was made by this library: its release will be told. */
  readonly tells: (token: string) => boolean;
  /** Called after each attempt that failed. */
  readonly onRefused: (refusal: Refusal) => void;
}

export type WaitOutcome =
  | { readonly claim: Claim; readonly lease: Lease; readonly attempts: number }
  | { readonly why: WaitEnd; readonly attempts: number };

/**
 * Tries until the claim is won or patience ends (protocol §8): one attempt; at contention subscribe, try once
 * more, and then sleep until a quorum could be free, by what the refusals told and by wake messages.
 */
export async function waitFor(
  context: WaitContext,
  request: WaitRequest,
  patience: WaitLimit,
): Promise<WaitOutcome> {
  const waiter = new Waiter(context, request, patience);
  try {
    const outcome = await waiter.run();
    if ("why" in outcome) waiter.leave();
    // Where it holds something it leaves with the release.
    else waiter.leave(~outcome.claim.touched);
    return outcome;
  } finally {
    waiter.close();
  }
}

class Waiter {
  readonly #context: WaitContext;
  readonly #request: WaitRequest;
  readonly #patience: WaitLimit;
  /** Made at the first refusal: most locks are had at once. */
  #outlook: Forecast | undefined;
  #watch: Watch | undefined;
  /** Whom outlook and watch are about. */
  #electorate: Voters;
  /** Bits of the members that may have it in line. */
  #inLine = 0;
  #attempts = 0;
  /** Split votes, and outages, in a row. */
  #splits = 0;
  #outages = 0;
  #refusal: Refusal | undefined;
  #roundMs = 0;
  /** Until when another client is to go first, by the monotonic clock, and the member that said so. */
  #asideUntil = 0;
  #asideSince = Infinity;
  #namedBy = Infinity;

  constructor(context: WaitContext, request: WaitRequest, patience: WaitLimit) {
    this.#context = context;
    this.#request = request;
    this.#patience = patience;
    this.#electorate = request.first?.claim.electorate ?? context.members.voters;
  }

  async run(): Promise<WaitOutcome> {
    let { first } = this.#request;
    for (;;) {
      let won: WaitOutcome | undefined;
      if (first === undefined) won = await this.#attempt();
      else this.#learn(first);
      first = undefined;
      if (won !== undefined) return won;
      if (this.#patience.ended !== undefined) return this.#gaveUp(this.#patience.ended);
      // Others decide now than when it asked: it asks them, and what it knew of the former ones is out of date.
      if (this.#startOver()) continue;
      if (this.#request.once) return this.#gaveUp("timeout");
      const why = this.#watch === undefined ? await this.#subscribe() : await this.#sleep();
      if (why !== undefined) return this.#gaveUp(why);
      this.#startOver();
    }
  }

  /** Gives up its places in line, or those on some members, given by their bits. Members get to it when they can. */
  leave(mask = ~0): void {
    const only = this.#inLine & mask;
    this.#inLine = 0;
    if (only === 0) return;
    const { client } = this.#context.wakeUps;
    // One by one: in a cluster they lie in slots of their own.
    for (const resource of this.#request.resources) {
      void new Round(this.#electorate, mutex.leave([resource], client), { only, given: ~0 });
    }
  }

  close(): void {
    this.#forget();
  }

  #startOver(): boolean {
    const { voters: electorate } = this.#context.members;
    if (electorate === this.#electorate) return false;
    this.leave();
    this.#electorate = electorate;
    this.#forget();
    return true;
  }

  #forget(): void {
    this.#watch?.close();
    this.#watch = undefined;
    if (this.#outlook !== undefined) this.#outlook.onChange = undefined;
    this.#outlook = undefined;
  }

  async #attempt(): Promise<WaitOutcome | undefined> {
    const { clock } = this.#context;
    const began = clock.monotonic();
    this.#attempts += 1;
    this.#outlook?.begin();
    this.#asideUntil = 0;
    this.#asideSince = Infinity;
    this.#namedBy = Infinity;
    this.#watch?.renew();
    // Who has subscribed waits in line: it is told when it is first.
    const waits = this.#watch !== undefined;
    const claim = this.#request.newClaim(waits ? this.#context.wakeUps.client : undefined);
    let verdict: AcquireResult | undefined;
    const asked = claim.acquire(this.#request.ttlMs).then((given) => void (verdict = given));
    if (waits) this.#inLine |= claim.touched;
    const why = await this.#patience.until(asked);
    if (why !== undefined || verdict === undefined) {
      if (this.#refusal === undefined) this.#refused(claim.unfinished);
      // Whatever is still granted to it must not stay: the release is ordered behind the request.
      void claim.release();
      return undefined;
    }
    if ("lease" in verdict) return { claim, lease: verdict.lease, attempts: this.#attempts };
    const { refusal } = verdict;
    this.#learn({ claim, refusal, tookMs: clock.monotonic() - began });
    return undefined;
  }

  #learn({ claim, refusal, tookMs }: RefusedAttempt): void {
    this.#roundMs = tookMs;
    const split = refusal.kind === "contended" && (refusal.votes > 0 || refusal.holder === undefined);
    this.#splits = split ? this.#splits + 1 : 0;
    this.#outages = refusal.kind === "unreachable" ? this.#outages + 1 : 0;
    this.#refused(refusal);
    if (this.#request.once) return;
    const { clock } = this.#context;
    claim.listen(this.#sight().listener(() => clock.monotonic()));
  }

  #sight(): Forecast {
    return (this.#outlook ??= new Forecast(this.#electorate));
  }

  #refused(refusal: Refusal | undefined): void {
    this.#refusal = refusal;
    if (refusal !== undefined) this.#request.onRefused(refusal);
  }

  async #subscribe(): Promise<WaitEnd | undefined> {
    const { wakeUps } = this.#context;
    // During an outage nobody could confirm a subscription.
    if (this.#outages > 0) return this.#sleep();
    const channels = this.#request.resources.map(({ wake }) => wake);
    this.#watch = wakeUps.watch(channels, (member, first) => this.#wake(member, first));
    return this.#patience.until(this.#watch.ready);
  }

  /**
   * A member may be free. Where another client is first in line there, as the first of all members has it that tell so, it
   * is let go first: whoever comes together with it would only split the votes. Where nobody is named, a vote was
   * withdrawn, say, or the connection is another one: that tells nothing about who is first.
   */
  #wake(member: number, first: string): void {
    if (first !== "" && member <= this.#namedBy) {
      const { clock, wakeUps } = this.#context;
      const now = clock.monotonic();
      const isOther = first !== wakeUps.client;
      this.#namedBy = member;
      this.#asideSince = Math.min(this.#asideSince, now);
      // Not for ever: its own place in line may have been lost.
      this.#asideUntil = isOther ? Math.min(now + asideDelay(clock), this.#asideSince + LONGEST_ASIDE_MS) : 0;
    }
    this.#sight().wake(member);
  }

  async #sleep(): Promise<WaitEnd | undefined> {
    const { clock, members } = this.#context;
    const outlook = this.#sight();
    const now = clock.monotonic();
    const earliest = now + this.#backoff();
    const [poll, safety] = [now + pollDelay(clock), now + safetyDelay(clock)];
    let changed = false;
    let look = (): void => undefined;
    const stop = members.watch(() => {
      changed = true;
      look();
    });
    const why = await this.#patience.sleep(
      () => {
        if (changed) return now;
        if (this.#outages > 0) return this.#outageEnd(now, earliest, outlook.earliest, safety);
        const free = Math.max(earliest, outlook.earliest, this.#asideUntil);
        // Also where everything seems to be told, a message can be lost, or a key be deleted by hand.
        return Math.min(free, Math.max(earliest, this.#isTold() ? safety : poll));
      },
      (given) => (outlook.onChange = look = given),
    );
    stop();
    return why;
  }

  /**
   * When to ask again after an outage: not before enough members may vote, where some abstain; from then on by and by, or
   * when it is known that one more may vote.
   */
  #outageEnd(now: number, earliest: number, free: number, safety: number): number {
    const votesFrom = this.#refusal?.votesFrom ?? 0;
    const next = free > now ? Math.min(earliest, free) : earliest;
    return Math.min(Math.max(votesFrom, next), votesFrom === Infinity ? safety : Infinity);
  }

  /** How long not to ask again whatever is heard, in ms. */
  #backoff(): number {
    const { clock } = this.#context;
    if (this.#outages > 0) return unreachableDelay(clock, this.#outages);
    return this.#splits > 0 ? splitDelay(clock, this.#splits, this.#roundMs) : 0;
  }

  /** Whether a release would be told. Where not, a slow poll takes its place. */
  #isTold(): boolean {
    const holder = this.#refusal?.holder;
    return this.#watch?.covered === true && holder !== undefined && this.#request.tells(holder.token);
  }

  #gaveUp(why: WaitEnd): WaitOutcome {
    return { why, attempts: this.#attempts };
  }
}
