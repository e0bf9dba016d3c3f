import type { Core } from "../core.ts";
import {
  type Holder,
  InstanceError,
  LockAbortedError,
  LockClosedError,
  LockError,
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
import { isRowOver, type Ticket } from "../waiting/local-queue.ts";
import { type GaveUp, Patience } from "../waiting/patience.ts";
import { waitFor, type WaitOutcome } from "../waiting/wait.ts";

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
    return this.#obtain(resolved, this.#core.contexts?.enter());
  }

  async tryAcquire(options?: AcquireOptions): Promise<Lock | null> {
    const resolved = resolveAcquireOptions(options, this.#core.options, false);
    this.#forbidReentry();
    try {
      return await this.#obtain({ ...resolved, waitMs: 0 }, this.#core.contexts?.enter());
    } catch (error) {
      if (error instanceof LockTimeoutError) return null;
      throw error;
    }
  }

  using<T>(routine: Routine<T>): Promise<T>;
  using<T>(options: AcquireOptions, routine: Routine<T>): Promise<T>;
  async using<T>(first: AcquireOptions | Routine<T>, second?: Routine<T>): Promise<T> {
    const [options, routine] = typeof first === "function" ? [undefined, first] : [first, second];
    if (typeof routine !== "function") {
      throw new TypeError("using: the last argument is not a function to run under the lock");
    }
    const resolved = resolveAcquireOptions(options, this.#core.options, true);
    this.#forbidReentry();
    const lock = await this.#obtain(resolved, undefined);
    const { contexts } = this.#core;
    return contexts === undefined
      ? runUnder(lock, routine)
      : contexts.run(this.#names, () => runUnder(lock, routine));
  }

  #forbidReentry(): void {
    const held = this.#core.contexts?.find(this.#names);
    if (held !== undefined) throw new LockReentrantError(this.#names, held);
  }

  /** One acquisition from its place in the queue to the lock, and the events of how it ended. */
  async #obtain(options: ResolvedAcquireOptions, context: HeldNames | undefined): Promise<HeldLock> {
    const { clock, events } = this.#core;
    const course: Course = { began: clock.monotonic(), attempts: 0 };
    try {
      const lock = await this.#queueAndWait(options, context, course);
      if (events.heard("lock:acquire:succeeded")) {
        const { names, token, fence } = lock;
        const waitedMs = clock.monotonic() - course.began;
        events.emit("lock:acquire:succeeded", { names, token, fence, waitedMs, attempts: course.attempts });
      }
      return lock;
    } catch (error) {
      if (error instanceof LockError) {
        const waitedMs = clock.monotonic() - course.began;
        events.emit("lock:acquire:failed", {
          names: this.#names,
          error,
          waitedMs,
          attempts: course.attempts,
        });
      }
      throw error;
    }
  }

  async #queueAndWait(
    options: ResolvedAcquireOptions,
    context: HeldNames | undefined,
    course: Course,
  ): Promise<HeldLock> {
    const { clock, members, queue, waits, closing } = this.#core;
    if (this.#core.closed) throw new LockClosedError(this.#names);
    if (options.signal?.aborted === true) throw new LockAbortedError(this.#names, options.signal.reason);
    if (options.waitMs === 0 && queue.isTaken(this.#names)) throw this.#timeout(0, undefined);

    const ticket = queue.enter(this.#names, clock.monotonic());
    const patience = new Patience(clock, waits, options.waitMs, options.signal, closing);
    let lock: HeldLock | undefined;
    try {
      if (members.conflict !== undefined) throw members.conflict;
      const atOnce = members.ready && ticket.turn === undefined;
      const early = atOnce ? undefined : await this.#takeTurn(ticket, patience);
      if (early !== undefined) throw this.#error(early, ticket, options, course);
      members.noteTtl(options.ttlMs);
      let outcome = await this.#wait(options, ticket, patience);
      course.attempts += outcome.attempts;
      // Others decide now than those who granted it: it does not count.
      while ("claim" in outcome && outcome.claim.superseded && patience.ended === undefined) {
        void outcome.claim.release();
        outcome = await this.#wait(options, ticket, patience);
        course.attempts += outcome.attempts;
      }
      if ("why" in outcome) throw this.#error(outcome.why, ticket, options, course);
      const { claim, lease } = outcome;
      // Since the last vote came in, the caller may have given up, or the client been closed.
      const why = patience.ended;
      if (why !== undefined || members.conflict !== undefined) {
        void claim.release();
        throw members.conflict ?? this.#error(why ?? "closed", ticket, options, course);
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
    if (members.conflict !== undefined) throw members.conflict;
    if (ticket.turn === undefined) return undefined;
    const why = await patience.until(ticket.turn);
    const now = clock.monotonic();
    if (why !== undefined || ticket.inheriting || !isRowOver(ticket, now)) return why;
    ticket.row = { count: 0, began: now };
    if (!queue.hasRivals(this.#names)) return undefined;
    const until = now + STAND_BACK_MS;
    return patience.sleep(
      () => until,
      () => undefined,
    );
  }

  #wait(
    { ttlMs, waitMs, owner }: ResolvedAcquireOptions,
    ticket: Ticket,
    patience: Patience,
  ): Promise<WaitOutcome> {
    const { clock, members, options, wakeUps } = this.#core;
    const context = { clock, members, driftFactor: options.driftFactor };
    return waitFor(
      { clock, members, wakeUps },
      {
        newClaim: (client) => {
          const token = makeToken(clock.randomToken(), owner);
          return new Claim(context, this.#resources, token, { handOver: ticket.inherit(), client });
        },
        ttlMs,
        once: waitMs === 0,
        resources: this.#resources,
        tells: isOurs,
        onRefused: (refusal) => (ticket.refusal = refusal),
      },
      patience,
    );
  }

  #error(why: GaveUp, ticket: Ticket, { signal }: ResolvedAcquireOptions, course: Course): LockError {
    if (why === "aborted") return new LockAbortedError(this.#names, signal?.reason);
    if (why === "closed") return new LockClosedError(this.#names);
    return this.#timeout(this.#core.clock.monotonic() - course.began, ticket);
  }

  /** What it was waited for in vain, as far as this acquisition, or the one before it in this process, was told. */
  #timeout(waited: number, ticket: Ticket | undefined): LockError {
    const ahead = this.#core.queue.ahead(this.#names, ticket);
    const refusal = ticket?.refusal ?? ahead?.refusal;
    const { electorate } = this.#core.members;
    const reached = refusal === undefined ? ahead !== undefined : refusal.kind === "contended";
    if (reached || ahead?.holder !== undefined) {
      return new LockTimeoutError(this.#names, waited, this.#holder(ahead, refusal), refusal?.failures ?? []);
    }
    // Nobody was asked yet where the members did not even say who they are.
    const silent = new InstanceError("INSTANCE_TIMEOUT", "has not answered yet");
    // Who abstains is told as it is now: it has been waited for since.
    const abstentions = electorate.members.flatMap(({ label, abstention }) =>
      abstention === undefined ? [] : [{ instance: label, error: abstention }],
    );
    const told =
      refusal?.failures ?? electorate.members.map(({ label }) => ({ instance: label, error: silent }));
    const failures = told.filter(
      ({ instance, error }) =>
        !(error === silent || isUnsafe(error)) || !abstentions.some((other) => other.instance === instance),
    );
    const may = abstentions.length > 0 ? "could vote" : "answered";
    const what = `too few instances ${may} within ${Math.round(waited)} ms: ${electorate.needed} are needed`;
    return new QuorumError(this.#names, what, [...abstentions, ...failures]);
  }

  #holder(ahead: Ticket | undefined, refusal: Refusal | undefined): Holder | undefined {
    if (ahead?.holder !== undefined) {
      const { token } = ahead.holder;
      return { owner: ownerOf(token), token, remaining: ahead.holder.remaining(), thisProcess: true };
    }
    if (refusal?.holder === undefined) return undefined;
    const { token, remainingMs } = refusal.holder;
    const remaining = Math.max(0, remainingMs - (this.#core.clock.monotonic() - refusal.at));
    return { owner: ownerOf(token), token, remaining, thisProcess: isHeldHere(token) };
  }
}

function isUnsafe(error: Error): boolean {
  return error instanceof InstanceError && error.code === "INSTANCE_UNSAFE";
}

/** How one acquisition has gone so far, for its events. */
interface Course {
  /** By the monotonic clock. */
  readonly began: number;
  attempts: number;
}
