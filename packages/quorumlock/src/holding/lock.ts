import type { RegisteredLock, Client } from "../client/client.ts";
import type { Deadline } from "../base/deadlines.ts";
import { type LockError, LockLostError, QuorumError } from "../base/errors.ts";
import type { LockedNames } from "../base/reentrancy-guard.ts";
import type { Lock } from "../lockable.ts";
import { checkTtl, driftAllowance } from "../base/options.ts";
import type { Claim, Refusal } from "../quorum/claim.ts";
import { Lease } from "../quorum/lease.ts";
import type { ReleaseResult } from "../quorum/release.ts";
import type { Turn } from "./concurrency-limit.ts";
import type { LocalHolder, Ticket } from "../waiting/local-queue.ts";

/** No attempt to extend follows another sooner than this. */
const SHORTEST_EXTENSION_GAP_MS = 10;
/** No failed attempt is repeated later than this, and than a tenth of the ttl; sooner while the members are changed. */
const LONGEST_EXTENSION_GAP_MS = 1_000;
const SETTLING_GAP_MS = 50;

export interface LockInit {
  readonly claim: Claim;
  readonly lease: Lease;
  readonly ttlMs: number;
  readonly autoExtend: boolean;
  readonly ticket: Ticket;
  /** Where its names stand for those who look for a caller that waits for itself. */
  readonly context: LockedNames | undefined;
}

/** What most locks have most of the time: none of it. A lock that is merely held is small without. */
interface Rarities {
  /**
   * Of the extensions that were asked for and not confirmed, the one that ends first: instances may have carried it out, with
   * its shorter ttl, and none of those after it.
   */
  asked?: Lease | undefined;
  /** Whether its automatic extension is due, and waits for those of others. */
  waits?: boolean;
  /** The extension under way; the next one waits for it. */
  extending?: Promise<void> | undefined;
  /** When the next automatic extension may begin, by the monotonic clock, where that is not at a third of the ttl. */
  retryAt?: number | undefined;
  lastFailure?: LockError | undefined;
  lost?: LockLostError;
  /** Made when the signal is first asked for: most locks are released before anybody asks. */
  controller?: AbortController;
  withdrawal?: Promise<ReleaseResult>;
}

/**
 * A lock that was granted. It is `held` until it is `released` by its holder or `lost`; both are final.
 *
 * One deadline serves it: for the next extension, where it extends itself, or for the end of its lease. The
 * lease ends by the clocks of this process before any instance could give the lock away (protocol §5).
 */
export class HeldLock implements Lock, RegisteredLock, LocalHolder, Turn {
  readonly #core: Client;
  readonly #claim: Claim;
  readonly #ticket: Ticket;
  readonly #context: LockedNames | undefined;
  readonly #autoExtend: boolean;
  /** By the monotonic clock. */
  readonly #grantedAt: number;
  #lease: Lease;
  #ttlMs: number;
  #state: "held" | "released" | "lost" = "held";
  #deadline: Deadline | undefined;
  #rarities: Rarities | undefined;

  constructor(core: Client, { claim, lease, ttlMs, autoExtend, ticket, context }: LockInit) {
    this.#core = core;
    this.#claim = claim;
    this.#ticket = ticket;
    this.#context = context;
    this.#autoExtend = autoExtend;
    this.#lease = lease;
    this.#ttlMs = ttlMs;
    this.#grantedAt = core.clock.monotonic();
    core.register(this);
    ticket.holds(this, this.#grantedAt);
    if (context !== undefined) for (const name of this.names) context.add(name);
    this.#plan();
  }

  get names(): readonly string[] {
    return this.#claim.names;
  }

  get token(): string {
    return this.#claim.token;
  }

  get fence(): number {
    return this.#claim.fence;
  }

  get ttl(): number {
    return this.#ttlMs;
  }

  get signal(): AbortSignal {
    const rarities = this.#rare();
    if (rarities.controller === undefined) {
      rarities.controller = new AbortController();
      if (rarities.lost !== undefined) rarities.controller.abort(rarities.lost);
    }
    return rarities.controller.signal;
  }

  get isHeld(): boolean {
    return this.#state === "held" && this.#left() > 0;
  }

  remaining(): number {
    return this.#state === "held" ? Math.max(0, this.#left()) : 0;
  }

  async extend(ttl: number = this.#ttlMs): Promise<void> {
    checkTtl(ttl, this.#core.options.driftFactor);
    this.#core.members.recordTtl(ttl);
    while (this.#extending !== undefined) await this.#extending.catch(() => undefined);
    this.#ttlMs = ttl;
    this.#ticket.ttlMs = Math.max(this.#ticket.ttlMs, ttl);
    await this.#extend();
  }

  async release(): Promise<boolean> {
    if (this.#state === "held" && this.#left() <= 0) this.#lose("its lease ended before the release");
    if (this.#state !== "held") {
      // Its holder is done: what late extensions may have left need not stay any longer.
      void this.#withdraw();
      return false;
    }
    this.#state = "released";
    const { confirmed, held, rivals, failures } = await this.#giveBack();
    const { names, token, fence } = this;
    const { clock, events, queue } = this.#core;
    queue.noteRivals(names, rivals, clock);
    if (events.hasListener("lock:released")) {
      const heldMs = clock.monotonic() - this.#grantedAt;
      events.emit("lock:released", { names, token, fence, heldMs, confirmed });
    }
    if (!confirmed)
      throw new QuorumError(names, "the release was not confirmed; the keys end with their expiry", failures);
    return held;
  }

  /** Ends it with the client: released on the instances, and told to the routine that still runs. */
  async close(): Promise<void> {
    if (this.#state === "held") this.#lose("the client was closed");
    await this.#withdraw();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The work is done; that a release could not be confirmed is told by the event `lock:released`.
    await this.release().catch(() => undefined);
  }

  /** Looks whether the lease has ended: the wall clock may have stepped, or the machine slept. */
  look(): void {
    if (this.#state === "held" && this.#left() <= 0) this.#lose("its lease ended");
  }

  /** Whether it excludes everybody under the set of members that decides now. */
  get settled(): boolean {
    return this.#state !== "held" || !this.#claim.superseded;
  }

  /** Whether a member may hold something of it. */
  touches(member: number): boolean {
    return (this.#claim.touched & (1 << member)) !== 0;
  }

  /** Extends itself at once, where it does so at all: other members decide now. */
  settle(): void {
    if (this.settled || !this.#autoExtend || this.#state !== "held") return;
    this.#rare().retryAt = this.#core.clock.monotonic();
    if (this.#extending === undefined) this.#plan();
  }

  get #extending(): Promise<void> | undefined {
    return this.#rarities?.extending;
  }

  #rare(): Rarities {
    return (this.#rarities ??= {});
  }

  /** Milliseconds for which it is surely held, below 0 when that is over. */
  #left(): number {
    const left = this.#lease.remaining();
    const asked = this.#rarities?.asked;
    return asked === undefined ? left : Math.min(left, asked.remaining());
  }

  #plan(): void {
    this.#deadline?.cancel();
    const endsAt = Math.min(this.#lease.endsAt, this.#rarities?.asked?.endsAt ?? Infinity);
    this.#deadline = this.#core.deadlines.add(Math.min(this.#extendsAt, endsAt), this);
  }

  /** When the next automatic extension begins, by the monotonic clock. */
  get #extendsAt(): number {
    if (!this.#autoExtend || this.#extending !== undefined || this.#rarities?.waits === true) return Infinity;
    const retryAt = this.#rarities?.retryAt;
    if (retryAt !== undefined) return retryAt;
    // One that the members which decide now have not all granted asks them at once.
    const share = this.settled ? 1 / 3 : 0;
    const third = this.#lease.monotonic + this.#ttlMs * share;
    return Math.max(third, this.#core.clock.monotonic() + SHORTEST_EXTENSION_GAP_MS);
  }

  /** Its deadline has come: its lease has ended, or the next extension begins. */
  due(): void {
    if (this.#state === "lost") void this.#withdraw();
    if (this.#state !== "held") return;
    if (this.#left() <= 0) {
      this.#lose("it was not extended before its lease ended");
    } else if (this.#autoExtend && this.#extending === undefined) {
      this.#rare().waits = true;
      this.#core.extensions.enter(this);
      if (this.#rarities?.waits === true) this.#plan();
    } else {
      this.#plan();
    }
  }

  /** It is the turn of its automatic extension. */
  begin(): boolean {
    this.#rare().waits = false;
    if (this.#state !== "held" || this.#extending !== undefined) return false;
    void this.#extend()
      .catch(() => undefined)
      .finally(() => this.#core.extensions.leave());
    return true;
  }

  #extend(): Promise<void> {
    if (this.#rarities !== undefined) this.#rarities.retryAt = undefined;
    const extending = this.#askForMore().finally(() => {
      const rarities = this.#rare();
      rarities.extending = undefined;
      // What an extension needed is not kept until the next one.
      const { controller, asked, retryAt, waits } = rarities;
      const isPlain =
        controller === undefined && asked === undefined && retryAt === undefined && waits !== true;
      if (isPlain && this.#state === "held") this.#rarities = undefined;
      if (this.#state === "held") this.#plan();
    });
    this.#rare().extending = extending;
    if (this.#state === "held") this.#plan();
    return extending;
  }

  async #askForMore(): Promise<void> {
    const { clock, options, events } = this.#core;
    if (this.#state === "held" && this.#left() <= 0) this.#lose("its lease ended before the extension");
    if (this.#state !== "held")
      throw this.#rarities?.lost ?? new LockLostError(this.names, "it was released before");
    // Instances may carry out a shorter ttl although its confirmation is lost: until there is one, only the shorter
    // of both leases is sure.
    const asked = new Lease(clock, this.#ttlMs, options.driftFactor);
    const earlier = this.#rare().asked;
    if (earlier === undefined || asked.remaining() < earlier.remaining()) this.#rare().asked = asked;
    const verdict = await this.#claim.extend(this.#ttlMs, asked.endsAt < this.#lease.endsAt);
    const rarities = this.#rare();
    // A lease that ended while its extension was under way is over: others may have come and gone since.
    if (this.#state === "held" && this.#left() <= 0) this.#lose("its lease ended during the extension");
    if (this.#state !== "held")
      throw rarities.lost ?? new LockLostError(this.names, "it was released meanwhile");
    if ("lease" in verdict) {
      this.#lease = verdict.lease;
      rarities.asked = undefined;
      rarities.lastFailure = undefined;
      this.#core.onSettled();
      return;
    }
    const { refusal } = verdict;
    const error = extensionError(this.names, refusal);
    rarities.lastFailure = error;
    const { names, token } = this;
    events.emit("lock:extend:failed", { names, token, error, remainingMs: this.remaining() });
    if (refusal.lost) {
      this.#lose("others were granted it meanwhile");
      throw this.#rarities?.lost ?? error;
    }
    // New members may have been asked for the very lock by someone who waits, in vain: that has soon passed.
    const longest = this.settled ? LONGEST_EXTENSION_GAP_MS : SETTLING_GAP_MS;
    const gap = Math.max(SHORTEST_EXTENSION_GAP_MS, Math.min(this.#ttlMs / 10, longest));
    rarities.retryAt = clock.monotonic() + gap;
    throw error;
  }

  #lose(why: string): void {
    this.#state = "lost";
    const { names, token, fence } = this;
    const rarities = this.#rare();
    const error = new LockLostError(names, why, { cause: rarities.lastFailure });
    rarities.lost = error;
    rarities.controller?.abort(error);
    // The instances keep the lock for a little longer than its lease, and what the holder sent before may
    // still be on its way: that time is not cut short. Behind it goes what undoes the extensions that arrive
    // later.
    const { clock, deadlines, options } = this.#core;
    const until = clock.monotonic() + driftAllowance(this.#ttlMs, options.driftFactor);
    this.#deadline?.cancel();
    this.#deadline = deadlines.add(until, this);
    this.#end();
    this.#core.events.emit("lock:lost", { names, token, fence, error });
  }

  /**
   * To the next in line of this process, as long as the others can wait for their turn and go by what they were told of its
   * end, or to whoever comes first. Then it is known whether others wait, before the next in line here tries.
   */
  #giveBack(): Promise<ReleaseResult> {
    const ticket = this.#ticket;
    const { heir } = ticket;
    const yields = heir !== undefined && ticket.isRowOver(this.#core.clock.monotonic());
    if (heir !== undefined && !yields && heir.ttlMs >= ticket.ttlMs) {
      const handOver = this.#claim.handOver(this.#core.wakeUps.client);
      heir.inherits(handOver);
      void this.#gone(handOver.verdict);
      this.#end();
      return handOver.verdict;
    }
    // The release goes out before the next in line is told, so that its request comes right behind.
    const verdict = this.#withdraw();
    if (!yields) {
      this.#end();
      return verdict;
    }
    return this.#endAfter(verdict);
  }

  /** When it is known whether others wait. */
  async #endAfter(verdict: Promise<ReleaseResult>): Promise<ReleaseResult> {
    const { rivals } = await verdict;
    this.#core.queue.noteRivals(this.names, rivals, this.#core.clock);
    this.#end();
    return verdict;
  }

  #gone(withdrawal: Promise<ReleaseResult>): Promise<ReleaseResult> {
    this.#deadline?.cancel();
    this.#core.extensions.withdraw(this);
    this.#core.unregister(this);
    this.#rare().withdrawal = withdrawal;
    this.#core.onSettled();
    return withdrawal;
  }

  /** Takes the token from all instances, once. */
  #withdraw(): Promise<ReleaseResult> {
    return this.#rarities?.withdrawal ?? this.#gone(this.#claim.release(this.#core.wakeUps.client));
  }

  /** Those who come next in this process are told. */
  #end(): void {
    if (this.#context !== undefined) for (const name of this.names) this.#context.delete(name);
    this.#ticket.leave();
    this.#core.onSettled();
  }
}

function extensionError(names: readonly string[], { kind, refusals, failures, holder }: Refusal): LockError {
  const what =
    kind === "unreachable"
      ? "not extended: too few instances answered"
      : `not extended: ${refusals} instances refused it${holder === undefined ? "" : `, held there by ${holder.token}`}`;
  return new QuorumError(names, what, failures);
}
