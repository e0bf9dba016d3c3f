import { type Client, isHeldHere } from "../client/client.ts";
import {
  type Holder,
  InstanceError,
  LockAbortedError,
  LockClosedError,
  LockError,
  LockReentrantError,
  LockTimeoutError,
  QuorumError,
} from "../base/errors.ts";
import type { LockedNames } from "../base/reentrancy-guard.ts";
import { HeldLock } from "../holding/lock.ts";
import { type Lock, type Lockable, type Routine, runUnder } from "../lockable.ts";
import { checkResource, resourceKeys } from "../operations/keys.ts";
import {
  type AcquireOptions,
  checkNames,
  resolveAcquireOptions,
  type ResolvedAcquireOptions,
} from "../base/options.ts";
import { Claim, type Refusal, type AcquireResult } from "../quorum/claim.ts";
import type { Lease } from "../quorum/lease.ts";
import { isOwnToken, makeToken, ownerOf } from "../base/token.ts";
import type { Ticket } from "../waiting/local-queue.ts";
import { type WaitEnd, WaitLimit } from "../acquiring/wait-limit.ts";
import { type RefusedAttempt, waitFor, type WaitOutcome } from "../acquiring/wait.ts";

/** The exclusive lock on one or several names, all or nothing. */
export class Mutex implements Lockable {
  readonly #core: Client;
  readonly #names: readonly string[];

  constructor(core: Client, names: string | readonly string[]) {
    this.#core = core;
    this.#names = checkNames(names);
    // A name whose keys are another's must not get any further.
    for (const name of this.#names) checkResource(core.options.prefix, name);
  }

  get name(): string {
    return this.#names.join(", ");
  }

  acquire(options?: AcquireOptions): Promise<Lock> {
    return this.#obtain(options, "wait");
  }

  async tryAcquire(options?: AcquireOptions): Promise<Lock | null> {
    try {
      return await this.#obtain(options, "once");
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
    const lock = await this.#obtain(options, "using");
    const { contexts } = this.#core;
    return contexts === undefined
      ? runUnder(lock, routine)
      : contexts.runHolding(this.#names, () => runUnder(lock, routine));
  }

  /** One acquisition from its place in the queue to the lock, and the events of how it ended. */
  async #obtain(given: AcquireOptions | undefined, manner: "wait" | "once" | "using"): Promise<HeldLock> {
    const { clock, contexts, events, options: defaults } = this.#core;
    const resolved = resolveAcquireOptions(given, defaults, manner === "using");
    const held = contexts?.findHeld(this.#names);
    if (held !== undefined) throw new LockReentrantError(this.#names, held);
    const course: Course = {
      options: manner === "once" ? { ...resolved, waitMs: 0 } : resolved,
      context: manner === "using" ? undefined : contexts?.trackContext(),
      began: clock.monotonic(),
      attempts: 0,
    };
    let ticket: Ticket | undefined;
    try {
      ticket = this.#enter(course);
      const claim = this.#canTryAtOnce(course, ticket) ? this.#newAttempt(course, ticket) : undefined;
      const first = claim && this.#judge(course, ticket, claim, await claim.acquire(course.options.ttlMs));
      const lock = first instanceof HeldLock ? first : await this.#wait(course, ticket, first);
      if (events.hasListener("lock:acquire:succeeded")) {
        const { names, token, fence } = lock;
        const waitedMs = clock.monotonic() - course.began;
        events.emit("lock:acquire:succeeded", { names, token, fence, waitedMs, attempts: course.attempts });
      }
      return lock;
    } catch (error) {
      ticket?.leave();
      if (error instanceof LockError) {
        const waitedMs = clock.monotonic() - course.began;
        const { attempts } = course;
        events.emit("lock:acquire:failed", { names: this.#names, error, waitedMs, attempts });
      }
      throw error;
    }
  }

  /** Its place in the queue. */
  #enter({ options: { signal, waitMs, ttlMs }, began }: Course): Ticket {
    const { members, queue, closed } = this.#core;
    if (closed) throw new LockClosedError(this.#names);
    if (signal?.aborted === true) throw new LockAbortedError(this.#names, signal.reason);
    if (waitMs === 0 && queue.isTaken(this.#names)) throw this.#timeout(0, undefined);
    if (members.conflict !== undefined) throw members.conflict;
    return queue.enter(this.#names, ttlMs, began);
  }

  /**
   * Whether it is first and nothing but the end of the client can make it give up before the instances have answered: then
   * it need not be watched for that. Most locks are had so.
   */
  #canTryAtOnce({ options: { signal, waitMs } }: Course, ticket: Ticket): boolean {
    const { members, options } = this.#core;
    if (ticket.turn !== undefined || !members.isIdentified || signal !== undefined) return false;
    if (waitMs !== 0 && this.#names.length > 1 && members.hasCluster) return false;
    // A vote has at most two rounds then.
    return waitMs === 0 || (waitMs >= 2 * options.requestTimeoutMs && ticket.notBefore === 0);
  }

  #newAttempt(course: Course, ticket: Ticket): Claim {
    this.#core.members.recordTtl(course.options.ttlMs);
    const claim = this.#newClaim(course, ticket, undefined);
    course.attempts += 1;
    this.#core.attemptStarted(claim);
    return claim;
  }

  /** What came of the first attempt; `undefined` where it does not count. */
  #judge(
    course: Course,
    ticket: Ticket,
    claim: Claim,
    verdict: AcquireResult,
  ): HeldLock | RefusedAttempt | undefined {
    const { clock, members, closed } = this.#core;
    this.#core.attemptEnded(claim);
    if (closed) throw new LockClosedError(this.#names);
    if ("lease" in verdict) {
      if (members.conflict === undefined && !claim.superseded)
        return this.#hold(course, claim, verdict.lease, ticket);
      // Others decide now than those who granted it, or two of them are one.
      void claim.release();
      if (members.conflict !== undefined) throw members.conflict;
      return undefined;
    }
    const { refusal } = verdict;
    ticket.refusal = refusal;
    return { claim, refusal, tookMs: clock.monotonic() - course.began };
  }

  #newClaim({ options }: Course, ticket: Ticket, client: string | undefined): Claim {
    const { clock, claims } = this.#core;
    const token = makeToken(clock.randomToken(), options.tokenSuffix);
    return new Claim(claims, this.#names, token, { handOver: ticket.inherit(), client });
  }

  #hold({ options, context }: Course, claim: Claim, lease: Lease, ticket: Ticket): HeldLock {
    const { ttlMs, autoExtend } = options;
    return new HeldLock(this.#core, { claim, lease, ttlMs, autoExtend, ticket, context });
  }

  /** Waits for its turn, and until the lock is free. */
  async #wait(course: Course, ticket: Ticket, first: RefusedAttempt | undefined): Promise<HeldLock> {
    const { clock, members, waits, closing, wakeUps } = this.#core;
    const { waitMs, signal, ttlMs } = course.options;
    const patience = new WaitLimit(clock, waits, course.began, waitMs, signal, closing);
    try {
      const early = await this.#takeTurn(course, ticket, patience);
      if (early !== undefined) throw this.#error(early, ticket, course);
      members.recordTtl(ttlMs);
      let outcome = await this.#waitFor(course, ticket, patience, first);
      course.attempts += outcome.attempts;
      // Others decide now than those who granted it: it does not count.
      while ("claim" in outcome && outcome.claim.superseded && patience.ended === undefined) {
        void outcome.claim.release(wakeUps.client);
        outcome = await this.#waitFor(course, ticket, patience, undefined);
        course.attempts += outcome.attempts;
      }
      if ("why" in outcome) throw this.#error(outcome.why, ticket, course);
      const { claim, lease } = outcome;
      // Since the last vote came in, the caller may have given up, or the client been closed.
      const why = patience.ended;
      if (why !== undefined || members.conflict !== undefined) {
        void claim.release(wakeUps.client);
        throw members.conflict ?? this.#error(why ?? "closed", ticket, course);
      }
      return this.#hold(course, claim, lease, ticket);
    } finally {
      patience.dispose();
    }
  }

  /** Waits for the members' introduction, once, for those who came before in this process, and for others that go first. */
  async #takeTurn(course: Course, ticket: Ticket, patience: WaitLimit): Promise<WaitEnd | undefined> {
    const { clock, members } = this.#core;
    if (!members.isIdentified) {
      const why = await patience.until(members.identifyAll());
      if (why !== undefined) return why;
    }
    if (members.conflict !== undefined) throw members.conflict;
    if (ticket.turn !== undefined) {
      const why = await patience.until(ticket.turn);
      if (why !== undefined || ticket.inheriting) return why;
      ticket.begin(clock.monotonic());
    }
    const { notBefore } = ticket;
    // Whoever cannot wait that long tries at once.
    if (notBefore <= clock.monotonic() || notBefore >= course.began + course.options.waitMs) return undefined;
    return patience.sleep(
      () => notBefore,
      () => undefined,
    );
  }

  #waitFor(
    course: Course,
    ticket: Ticket,
    patience: WaitLimit,
    first: RefusedAttempt | undefined,
  ): Promise<WaitOutcome> {
    const { clock, members, options, wakeUps } = this.#core;
    const { ttlMs, waitMs } = course.options;
    return waitFor(
      { clock, members, wakeUps },
      {
        first,
        newClaim: (client) => this.#newClaim(course, ticket, client),
        ttlMs,
        once: waitMs === 0,
        resources: this.#names.map((name) => resourceKeys(options.prefix, name)),
        tells: isOwnToken,
        onRefused: (refusal) => (ticket.refusal = refusal),
      },
      patience,
    );
  }

  #error(why: WaitEnd, ticket: Ticket, { options, began }: Course): LockError {
    if (why === "aborted") return new LockAbortedError(this.#names, options.signal?.reason);
    if (why === "closed") return new LockClosedError(this.#names);
    return this.#timeout(this.#core.clock.monotonic() - began, ticket);
  }

  /** What it was waited for in vain, as far as this acquisition, or the one before it in this process, was told. */
  #timeout(waited: number, ticket: Ticket | undefined): LockError {
    const ahead = this.#core.queue.ahead(this.#names, ticket);
    const refusal = ticket?.refusal ?? ahead?.refusal;
    const { voters: electorate } = this.#core.members;
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

/** One acquisition, and how it has gone so far. */
interface Course {
  readonly options: ResolvedAcquireOptions;
  /** Where its names are to stand for those who look for a caller that waits for itself. */
  readonly context: LockedNames | undefined;
  /** By the monotonic clock. */
  readonly began: number;
  attempts: number;
}
