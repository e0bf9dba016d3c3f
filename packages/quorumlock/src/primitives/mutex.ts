import type { Core } from "../core.ts";
import {
  type Holder,
  LockAbortedError,
  LockClosedError,
  type LockError,
  LockReentrantError,
  LockTimeoutError,
  QuorumError,
} from "../errors.ts";
import type { HeldNames } from "../held-contexts.ts";
import { HeldLock, isHeldHere } from "../lock.ts";
import { type Lock, type Lockable, type Routine, runUnder } from "../lockable.ts";
import { type ResourceKeys, resourceKeys } from "../operations/keys.ts";
import {
  type AcquireOptions,
  checkNames,
  resolveAcquireOptions,
  type ResolvedAcquireOptions,
} from "../options.ts";
import { Claim, type Refusal } from "../quorum/claim.ts";
import { isOurs, makeToken, ownerOf } from "../token.ts";
import type { Ticket } from "../waiting/local-queue.ts";
import { type GaveUp, Patience } from "../waiting/patience.ts";
import { waitFor } from "../waiting/wait.ts";

/** After so many hand-overs within this process others get their turn, where any wait. */
const LONGEST_STREAK = 32;
/**
 * How long the next in line here stands back then: some rounds, so that a woken process surely comes first.
 */
const STAND_BACK_MS = 5;

/** The exclusive lock on one or several names, all or nothing. */
export class Mutex implements Lockable {
  readonly name: string;
  readonly #core: Core;
  readonly #names: readonly string[];
  readonly #resources: readonly ResourceKeys[];
  readonly #channels: readonly string[];

  constructor(core: Core, names: string | readonly string[]) {
    this.#core = core;
    this.#names = checkNames(names);
    this.#resources = this.#names.map((name) => resourceKeys(core.options.prefix, name));
    this.#channels = this.#resources.map(({ wake }) => wake);
    this.name = this.#names.join(", ");
  }

  async acquire(options?: AcquireOptions): Promise<Lock> {
    const resolved = resolveAcquireOptions(options, this.#core.options, false);
    this.#forbidReentry();
    const lock = await this.#obtain(resolved, resolved.waitMs === 0, this.#core.contexts?.enter());
    if (lock instanceof HeldLock) return lock;
    throw lock;
  }

  async tryAcquire(options?: AcquireOptions): Promise<Lock | null> {
    const resolved = resolveAcquireOptions(options, this.#core.options, false);
    this.#forbidReentry();
    const lock = await this.#obtain({ ...resolved, waitMs: 0 }, true, this.#core.contexts?.enter());
    if (lock instanceof HeldLock) return lock;
    if (lock instanceof LockTimeoutError) return null;
    throw lock;
  }

  using<T>(routine: Routine<T>): Promise<T>;
  using<T>(options: AcquireOptions, routine: Routine<T>): Promise<T>;
  async using<T>(first: AcquireOptions | Routine<T>, second?: Routine<T>): Promise<T> {
    const [options, routine] = typeof first === "function" ? [undefined, first] : [first, second];
    if (typeof routine !== "function")
      throw new TypeError("using: the last argument is not a function to run under the lock");
    const resolved = resolveAcquireOptions(options, this.#core.options, true);
    this.#forbidReentry();
    const lock = await this.#obtain(resolved, resolved.waitMs === 0, undefined);
    if (!(lock instanceof HeldLock)) throw lock;
    const { contexts } = this.#core;
    return contexts === undefined
      ? runUnder(lock, routine)
      : contexts.run(this.#names, () => runUnder(lock, routine));
  }

  #forbidReentry(): void {
    const held = this.#core.contexts?.find(this.#names);
    if (held !== undefined) throw new LockReentrantError(this.#names, held);
  }

  /**
   * Gives the lock, or the error that says why there is none. Throws only where the client is misconfigured.
   */
  async #obtain(
    options: ResolvedAcquireOptions,
    once: boolean,
    context: HeldNames | undefined,
  ): Promise<HeldLock | LockError> {
    const { clock, events, members, queue, waits, closing } = this.#core;
    const began = clock.monotonic();
    const failed = (error: LockError, attempts: number): LockError => {
      const waitedMs = clock.monotonic() - began;
      events.emit("lock:acquire:failed", { names: this.#names, error, waitedMs, attempts });
      return error;
    };
    if (this.#core.closed) return failed(new LockClosedError(this.#names), 0);
    if (options.signal?.aborted === true)
      return failed(new LockAbortedError(this.#names, options.signal.reason), 0);
    if (once && queue.isTaken(this.#names)) return failed(this.#timeout(0, undefined), 0);

    const ticket = queue.enter(this.#names);
    const patience = new Patience(clock, waits, once ? 0 : options.waitMs, options.signal, closing);
    let lock: HeldLock | undefined;
    try {
      const early = await this.#takeTurn(ticket, patience);
      if (early !== undefined) {
        return failed(this.#error(early, undefined, clock.monotonic() - began, options.signal), 0);
      }
      const outcome = await this.#wait(options, once, patience);
      if ("why" in outcome) {
        const waited = clock.monotonic() - began;
        return failed(this.#error(outcome.why, outcome.refusal, waited, options.signal), outcome.attempts);
      }
      const { claim, lease, attempts } = outcome;
      try {
        members.check();
      } catch (error) {
        void claim.release();
        throw error;
      }
      for (const name of context === undefined ? [] : this.#names) context?.add(name);
      lock = new HeldLock(this.#core, {
        names: this.#names,
        claim,
        lease,
        ttlMs: options.ttlMs,
        autoExtend: options.autoExtend,
        ticket,
        channels: this.#channels,
        onEnd: () => this.#names.forEach((name) => context?.delete(name)),
      });
      const { names, token, fence } = lock;
      if (events.heard("lock:acquire:succeeded")) {
        const waitedMs = clock.monotonic() - began;
        events.emit("lock:acquire:succeeded", { names, token, fence, waitedMs, attempts });
      }
      return lock;
    } finally {
      patience.dispose();
      if (lock === undefined) ticket.leave();
    }
  }

  /** Waits for the members' introduction, once, and for those who came before in this process. */
  async #takeTurn(ticket: Ticket, patience: Patience): Promise<GaveUp | undefined> {
    const { clock, members, queue } = this.#core;
    if (!members.ready) {
      const why = await patience.until(members.introduce());
      if (why !== undefined) return why;
    }
    members.check();
    if (ticket.turn === undefined) return undefined;
    const why = await patience.until(ticket.turn);
    if (why !== undefined || ticket.streak < LONGEST_STREAK) return why;
    ticket.streak = 0;
    if (!queue.hasRivals(this.#names)) return undefined;
    const until = clock.monotonic() + STAND_BACK_MS;
    return patience.sleep(
      () => until,
      () => undefined,
    );
  }

  #wait(
    { ttlMs, owner }: ResolvedAcquireOptions,
    once: boolean,
    patience: Patience,
  ): ReturnType<typeof waitFor> {
    const { clock, members, options, wakeUps } = this.#core;
    const context = { clock, members, driftFactor: options.driftFactor };
    return waitFor(
      { clock, members: members.list.length, quorum: members.quorum, wakeUps },
      {
        newClaim: () => new Claim(context, this.#resources, makeToken(clock.randomToken(), owner)),
        ttlMs,
        once,
        channels: this.#channels,
        tells: isOurs,
      },
      patience,
    );
  }

  #error(
    why: GaveUp,
    refusal: Refusal | undefined,
    waited: number,
    signal: AbortSignal | undefined,
  ): LockError {
    if (why === "aborted") return new LockAbortedError(this.#names, signal?.reason);
    if (why === "closed") return new LockClosedError(this.#names);
    if (refusal?.kind !== "unreachable") return this.#timeout(waited, refusal);
    const { list, quorum } = this.#core.members;
    const what = `too few instances answered within ${Math.round(waited)} ms: ${quorum} of ${list.length} are needed`;
    return new QuorumError(this.#names, what, refusal.failures);
  }

  #timeout(waited: number, refusal: Refusal | undefined): LockTimeoutError {
    return new LockTimeoutError(this.#names, waited, this.#holder(refusal), refusal?.failures ?? []);
  }

  #holder(refusal: Refusal | undefined): Holder | undefined {
    const here = this.#core.queue.holderOf(this.#names);
    if (refusal?.holder === undefined) {
      if (here === undefined) return undefined;
      return {
        owner: ownerOf(here.token),
        token: here.token,
        remaining: here.remaining(),
        thisProcess: true,
      };
    }
    const { token, remainingMs } = refusal.holder;
    return { owner: ownerOf(token), token, remaining: remainingMs, thisProcess: isHeldHere(token) };
  }
}
