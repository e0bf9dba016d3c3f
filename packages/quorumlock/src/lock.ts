import { elapsed, type Instant, instant } from "./clock.ts";
import type { Holding, Core } from "./core.ts";
import type { Deadline } from "./deadlines.ts";
import { type LockError, LockLostError, QuorumError } from "./errors.ts";
import type { Lock } from "./lockable.ts";
import { checkTtl, driftAllowance } from "./options.ts";
import type { Claim, Refusal } from "./quorum/claim.ts";
import { Lease } from "./quorum/lease.ts";
import type { ReleaseVerdict } from "./quorum/release.ts";
import { type HeldHere, isRowOver, type Ticket } from "./waiting/local-queue.ts";

/** Tokens of the locks that this process holds, over all its clients. */
const heldHere = new Set<string>();

/** Whether a lock of this very process has the token. */
export function isHeldHere(token: string): boolean {
  return heldHere.has(token);
}

/** No attempt to extend follows another sooner than this. */
const SHORTEST_EXTENSION_GAP_MS = 10;
/** No failed attempt is repeated later than this, and than a tenth of the ttl; sooner while the members are changed. */
const LONGEST_EXTENSION_GAP_MS = 1_000;
const SETTLING_GAP_MS = 50;

export interface Held {
  readonly names: readonly string[];
  readonly claim: Claim;
  readonly lease: Lease;
  readonly ttlMs: number;
  readonly autoExtend: boolean;
  readonly ticket: Ticket;
  readonly channels: readonly string[];
  /** Called once, when the lock ends for whatever reason. */
  readonly onEnd: () => void;
}

/**
 * A lock that was granted. It is `held` until it is `released` by its holder or `lost`; both are final.
 *
 * One deadline serves it: for the next extension, where it extends itself, or for the end of its lease. The
 * lease ends by the clocks of this process before any instance could give the lock away (protocol §5).
 */
export class HeldLock implements Lock, Holding, HeldHere {
  readonly names: readonly string[];
  readonly #core: Core;
  readonly #held: Held;
  readonly #grantedAt: Instant;
  #lease: Lease;
  /** An extension that was asked for and not confirmed: instances may have carried it out, with its shorter ttl. */
  #asked: Lease | undefined;
  #ttlMs: number;
  #state: "held" | "released" | "lost" = "held";
  #deadline: Deadline | undefined;
  /** The extension under way; the next one waits for it. */
  #extending: Promise<void> | undefined;
  /** When the next automatic extension may begin, by the monotonic clock. */
  #extendAt = Infinity;
  #lastFailure: LockError | undefined;
  #lost: LockLostError | undefined;
  #controller: AbortController | undefined;
  #withdrawal: Promise<ReleaseVerdict> | undefined;

  constructor(core: Core, held: Held) {
    this.#core = core;
    this.#held = held;
    this.names = held.names;
    this.#lease = held.lease;
    this.#ttlMs = held.ttlMs;
    this.#grantedAt = instant(core.clock);
    heldHere.add(this.token);
    core.held.add(this);
    held.ticket.holder = this;
    // The first in a row may have waited for long.
    if (held.ticket.row.count === 0) held.ticket.row = { count: 0, began: this.#grantedAt.monotonic };
    this.#plan();
  }

  get token(): string {
    return this.#held.claim.token;
  }

  get fence(): number {
    return this.#held.claim.fence;
  }

  get ttl(): number {
    return this.#ttlMs;
  }

  /** Made when it is first asked for: most locks are released before anybody asks. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#lost !== undefined) this.#controller.abort(this.#lost);
    }
    return this.#controller.signal;
  }

  get isHeld(): boolean {
    return this.#state === "held" && this.#left() > 0;
  }

  remaining(): number {
    return this.#state === "held" ? Math.max(0, this.#left()) : 0;
  }

  async extend(ttl: number = this.#ttlMs): Promise<void> {
    checkTtl(ttl, this.#core.options.driftFactor);
    this.#core.members.noteTtl(ttl);
    while (this.#extending !== undefined) {
      await this.#extending.catch(() => undefined);
    }
    this.#ttlMs = ttl;
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
    const { confirmed, held, failures } = await this.#giveBack();
    const heldMs = elapsed(this.#core.clock, this.#grantedAt);
    const { names, token, fence } = this;
    this.#core.events.emit("lock:released", { names, token, fence, heldMs, confirmed });
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
    return this.#state !== "held" || !this.#held.claim.superseded;
  }

  /** Whether a member may hold something of it. */
  touches(member: number): boolean {
    return this.#held.claim.touches(member);
  }

  /** Extends itself at once, where it does so at all: other members decide now. */
  settle(): void {
    if (this.settled || !this.#held.autoExtend || this.#state !== "held") return;
    this.#extendAt = this.#core.clock.monotonic();
    if (this.#extending === undefined) this.#plan();
  }

  /** Milliseconds for which it is surely held, below 0 when that is over. */
  #left(): number {
    return Math.min(this.#lease.remaining(), this.#asked?.remaining() ?? Infinity);
  }

  #plan(): void {
    this.#deadline?.cancel();
    const { clock, leases } = this.#core;
    if (this.#held.autoExtend && this.#extending === undefined && this.#extendAt === Infinity) {
      // One that the members which decide now have not all granted asks them at once.
      const share = this.settled ? 1 / 3 : 0;
      const third = this.#lease.startedAt + this.#ttlMs * share;
      this.#extendAt = Math.max(third, clock.monotonic() + SHORTEST_EXTENSION_GAP_MS);
    }
    const endsAt = Math.min(this.#lease.endsAt, this.#asked?.endsAt ?? Infinity);
    this.#deadline = leases.add(Math.min(this.#extendAt, endsAt), this.#due);
  }

  readonly #due = (): void => {
    if (this.#state !== "held") return;
    if (this.#left() <= 0) {
      this.#lose("it was not extended before its lease ended");
      return;
    }
    if (this.#core.clock.monotonic() >= this.#extendAt && this.#extending === undefined) {
      this.#extend().catch(() => undefined);
    } else {
      this.#plan();
    }
  };

  #extend(): Promise<void> {
    this.#extendAt = Infinity;
    const extending = this.#askForMore().finally(() => {
      this.#extending = undefined;
      if (this.#state === "held") this.#plan();
    });
    this.#extending = extending;
    if (this.#state === "held") this.#plan();
    return extending;
  }

  async #askForMore(): Promise<void> {
    const { clock, options, events } = this.#core;
    if (this.#state === "held" && this.#left() <= 0) this.#lose("its lease ended before the extension");
    if (this.#state !== "held") throw this.#lost ?? new LockLostError(this.names, "it was released before");
    // Instances may carry out a shorter ttl although its confirmation is lost: until there is one, only the shorter
    // of both leases is sure.
    this.#asked = new Lease(clock, instant(clock), this.#ttlMs, options.driftFactor);
    const shortens = this.#asked.endsAt < this.#lease.endsAt;
    const verdict = await this.#held.claim.extend(this.#ttlMs, shortens);
    // A lease that ended while its extension was under way is over: others may have come and gone since.
    if (this.#state === "held" && this.#left() <= 0) this.#lose("its lease ended during the extension");
    if (this.#state !== "held")
      throw this.#lost ?? new LockLostError(this.names, "it was released meanwhile");
    if ("lease" in verdict) {
      this.#lease = verdict.lease;
      this.#asked = undefined;
      this.#lastFailure = undefined;
      this.#core.onSettled();
      return;
    }
    const { refusal } = verdict;
    const error = extensionError(this.names, refusal);
    this.#lastFailure = error;
    const { names, token } = this;
    events.emit("lock:extend:failed", { names, token, error, remainingMs: this.remaining() });
    if (refusal.lost) {
      this.#lose("others were granted it meanwhile");
      throw this.#lost ?? error;
    }
    // New members may have been asked for the very lock by someone who waits, in vain: that has soon passed.
    const longest = this.settled ? LONGEST_EXTENSION_GAP_MS : SETTLING_GAP_MS;
    const gap = Math.max(SHORTEST_EXTENSION_GAP_MS, Math.min(this.#ttlMs / 10, longest));
    this.#extendAt = this.#held.autoExtend ? clock.monotonic() + gap : Infinity;
    throw error;
  }

  #lose(why: string): void {
    this.#state = "lost";
    const { names, token, fence } = this;
    const error = new LockLostError(names, why, { cause: this.#lastFailure });
    this.#lost = error;
    this.#controller?.abort(error);
    // The instances keep the lock for a little longer than its lease, and what the holder sent before may
    // still be on its way: that time is not cut short. Behind it goes what undoes the extensions that arrive
    // later.
    const { clock, leases, options } = this.#core;
    const until = clock.monotonic() + driftAllowance(this.#ttlMs, options.driftFactor);
    this.#deadline?.cancel();
    this.#deadline = leases.add(until, () => void this.#withdraw());
    this.#end();
    this.#core.events.emit("lock:lost", { names, token, fence, error });
  }

  /**
   * To the next in line of this process, as long as the others can wait for their turn, or to whoever comes first. Then it
   * is known whether others wait, before the next in line here tries.
   */
  async #giveBack(): Promise<ReleaseVerdict> {
    const { ticket, claim, channels } = this.#held;
    const { heir } = ticket;
    const yields = heir !== undefined && isRowOver(ticket, this.#core.clock.monotonic());
    if (heir !== undefined && !yields) {
      const handOver = claim.handOver(this.#core.wakeUps.client);
      heir.inherits(handOver);
      void this.#gone(handOver.verdict);
      this.#end();
      return handOver.verdict;
    }
    // The release goes out before the next in line is told, so that its request comes right behind.
    const verdict = this.#withdraw();
    if (!yields) this.#end();
    const { told } = await verdict;
    const own = channels.reduce((sum, channel) => sum + this.#core.wakeUps.ownListeners(channel), 0);
    this.#core.queue.noteRivals(this.names, told > own);
    if (yields) this.#end();
    return verdict;
  }

  #gone(withdrawal: Promise<ReleaseVerdict>): Promise<ReleaseVerdict> {
    this.#deadline?.cancel();
    this.#core.held.delete(this);
    this.#withdrawal = withdrawal;
    this.#core.onSettled();
    return withdrawal;
  }

  /** Takes the token from all instances, once. */
  #withdraw(): Promise<ReleaseVerdict> {
    return this.#withdrawal ?? this.#gone(this.#held.claim.release(this.#core.wakeUps.client));
  }

  /** Those who come next in this process are told. */
  #end(): void {
    heldHere.delete(this.token);
    this.#held.onEnd();
    this.#held.ticket.leave();
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
