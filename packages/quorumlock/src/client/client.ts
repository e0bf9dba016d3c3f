import type { Clock } from "../base/clock.ts";
import { type Deadline, Deadlines } from "../base/deadlines.ts";
import { Events } from "../base/events.ts";
import type { ReentrancyGuard } from "../base/reentrancy-guard.ts";
import { LockAbortedError, LockClosedError, ReconfigurationError } from "../base/errors.ts";
import { type InstanceSource, MAX_INSTANCES, checkSources } from "../instances/sources.ts";
import type { Member } from "../members/member.ts";
import type { Instance } from "../instances/port.ts";
import { Members } from "../members/members.ts";
import type { Claim, ClaimContext } from "../quorum/claim.ts";
import { driftAllowance, type ResolvedOptions } from "../base/options.ts";
import { Reconfiguration } from "./reconfiguration.ts";
import { ConcurrencyLimit } from "../holding/concurrency-limit.ts";
import { LocalQueue } from "../waiting/local-queue.ts";
import type { Closable } from "../acquiring/wait-limit.ts";
import { WakeUps } from "../waiting/wake-ups.ts";

/** Clients of this process that hold anything. */
const holders = new Set<Client>();

/** Whether a lock of this very process has the token. */
export function isHeldHere(token: string): boolean {
  for (const core of holders) if (core.holds(token)) return true;
  return false;
}

/** A lock, as far as the client that it belongs to is concerned. */
export interface RegisteredLock {
  readonly token: string;
  /** Looks whether its lease has ended. */
  look(): void;
  /** Whether it excludes everybody under the set of members that decides now, or has ended. */
  readonly settled: boolean;
  /** Other members decide now: it extends itself at once, if it does so at all. */
  settle(): void;
  /** Whether a member may hold something of it. */
  touches(member: number): boolean;
  close(): Promise<void>;
}

/** Members that have no vote any more, and who is told when they were let go of. */
interface Retiring {
  members: readonly Member[];
  readonly limit: Deadline;
  readonly resolve: () => void;
}

/**
 * How often the clocks are looked at while locks are held, so that the sleep of a machine is noticed soon.
 */
const LONGEST_LEASE_SLEEP_MS = 1_000;

/**
 * So many locks extend themselves at a time. After a pause of the process all of them are due at once: asked for together,
 * none would be answered within the time limit of a request.
 */
const MOST_EXTENSIONS = 1_024;

/** What all the locks of one client share. */
export class Client {
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  readonly events = new Events();
  readonly members: Members;
  readonly queue = new LocalQueue();
  readonly wakeUps: WakeUps;
  /** Deadlines of callers who wait: they keep the process running. */
  readonly waits: Deadlines;
  /**
   * Ends and extensions of leases, time limits of requests, and whatever else must not keep the process running: all on one
   * timer.
   */
  readonly deadlines: Deadlines;
  readonly extensions = new ConcurrencyLimit(MOST_EXTENSIONS);
  readonly contexts: ReentrancyGuard | undefined;
  /** Who is to be told when the client closes: those who wait. */
  readonly closing = new Set<Closable>();
  /** By their tokens. */
  readonly #held = new Map<string, RegisteredLock>();
  /** What all claims need, once for all of them. */
  readonly claims: ClaimContext;
  /** The change of the members that is under way. */
  change: Reconfiguration | "configured" | undefined;
  /** Called when a lock has ended or was extended, for those who wait for that. */
  readonly changes = new Set<() => void>();
  readonly #seats = new Map<InstanceSource, Member>();
  readonly #leaving = new Set<Retiring>();
  /** How many claims ask for their votes. */
  #trying = 0;
  /** By how much the wall clock was ahead of the monotonic clock when last looked at. */
  #wallLead: number;
  #closing = false;
  #closed: Promise<void> | undefined;

  /** With `next` it starts in the middle of a change of the members, which another deploy ends. */
  constructor(
    sources: readonly InstanceSource[],
    next: readonly InstanceSource[] | undefined,
    options: ResolvedOptions,
    contexts: ReentrancyGuard | undefined,
  ) {
    const { clock, requestTimeoutMs, prefix } = options;
    this.options = options;
    this.clock = clock;
    this.contexts = contexts;
    this.waits = new Deadlines(clock, { keepAlive: true });
    this.deadlines = new Deadlines(clock, {
      keepAlive: false,
      longestSleepMs: LONGEST_LEASE_SLEEP_MS,
      onLook: () => this.#watchWall(),
    });
    this.#wallLead = clock.wall() - clock.monotonic();
    const { driftFactor, restartGuard, windowMs, strict } = options;
    this.members = new Members({
      clock,
      deadlines: this.deadlines,
      events: this.events,
      requestTimeoutMs,
      prefix,
      driftFactor,
      restartGuard,
      windowMs,
      strict,
    });
    // All are looked at before the first connection is opened.
    if (next === undefined) {
      this.members.setVoters(this.#seat(sources, checkSources(sources)));
    } else {
      const [plan, nextPlan] = [
        within("current", () => checkSources(sources)),
        within("next", () => checkSources(next)),
      ];
      refuseTooMany(new Set([...sources, ...next]).size);
      this.members.setVoters(this.#seat(sources, plan), this.#seat(next, nextPlan));
    }
    this.change = next === undefined ? undefined : "configured";
    this.claims = { clock, members: this.members, driftFactor, prefix };
    this.wakeUps = new WakeUps(this.members, clock, this.deadlines, this.events, requestTimeoutMs);
  }

  get held(): Iterable<RegisteredLock> {
    return this.#held.values();
  }

  holds(token: string): boolean {
    return this.#held.has(token);
  }

  register(lock: RegisteredLock): void {
    if (this.#held.size === 0) holders.add(this);
    this.#held.set(lock.token, lock);
  }

  unregister({ token }: RegisteredLock): void {
    this.#held.delete(token);
    if (this.#held.size === 0) holders.delete(this);
  }

  /** From the moment that it begins to close: whom that is told may not come in again. */
  get closed(): boolean {
    return this.#closing;
  }

  /** Both sets are needed once it resolves. */
  async reconfigure(
    sources: readonly InstanceSource[],
    signal: AbortSignal | undefined,
  ): Promise<Reconfiguration> {
    if (this.closed) throw new LockClosedError([]);
    if (signal?.aborted === true) throw new LockAbortedError([], signal.reason);
    if (this.change === "configured" && this.#isNext(sources)) {
      const change = new Reconfiguration(this, this.members.voters.next ?? [], undefined, signal);
      this.change = change;
      await change.begin();
      return change;
    }
    if (this.change !== undefined) {
      throw new ReconfigurationError(
        this.change === "configured"
          ? "this client was made with current and next instances: only the change to those next ones can be ended"
          : "another change of the instances is under way: complete or abort it first",
      );
    }
    const before = new Set(this.members.all);
    const next = this.#seat(sources, checkSources(sources));
    // One that was about to be let go of, and is wanted again, stays.
    for (const leaving of this.#leaving) {
      leaving.members = leaving.members.filter((member) => !next.includes(member));
    }
    const newcomers = next.filter((member) => !before.has(member));
    const change = new Reconfiguration(this, next, newcomers, signal);
    this.change = change;
    await change.begin();
    return change;
  }

  /** Whether these are the next members that the client was made with. */
  #isNext(sources: readonly InstanceSource[]): boolean {
    if (!Array.isArray(sources)) return false;
    const known = new Set(sources.map((source: InstanceSource) => this.#seats.get(source)));
    const next = this.members.voters.next ?? [];
    return known.size === next.length && next.every((member) => known.has(member));
  }

  /**
   * Members that have no vote any more are told of releases as long as a lock may need that, and then let go of: at once
   * where they never had a vote.
   */
  retire(members: readonly Member[], hadVotes: boolean): Promise<void> {
    if (members.length === 0 || this.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const ttlMs = this.members.longestTtlMs;
      const until = this.clock.monotonic() + ttlMs + driftAllowance(ttlMs, this.options.driftFactor);
      const leaving: Retiring = {
        members,
        resolve,
        limit: this.deadlines.add(until, () => this.#dismiss(leaving)),
      };
      this.#leaving.add(leaving);
      if (hadVotes) this.#lookAtLeaving();
      else this.#dismiss(leaving);
    });
  }

  /**
   * A claim asks for its votes. Until it is known what came of that, the time limits of its requests keep the process
   * running.
   */
  attemptStarted(claim: Claim): void {
    if (this.#trying === 0) this.deadlines.keepAlive(true);
    this.#trying += 1;
    this.closing.add(claim);
  }

  attemptEnded(claim: Claim): void {
    this.closing.delete(claim);
    this.#trying -= 1;
    if (this.#trying === 0) this.deadlines.keepAlive(false);
  }

  /** A lock has ended or was extended. */
  onSettled(): void {
    if (this.changes.size === 0 && this.#leaving.size === 0) return;
    for (const changed of this.changes) changed();
    this.#lookAtLeaving();
  }

  /** The members of these sources: those that are here already, and new ones for the rest. */
  #seat(sources: readonly InstanceSource[], open: readonly (() => Instance)[]): readonly Member[] {
    const here = new Set(this.members.all);
    for (const [source, member] of this.#seats) if (!here.has(member)) this.#seats.delete(source);
    const together = here.size + sources.filter((source) => !this.#seats.has(source)).length;
    refuseTooMany(together);
    return open.map((start, index) => {
      const source = sources[index]!;
      const member = this.#seats.get(source) ?? this.members.add(start());
      this.#seats.set(source, member);
      return member;
    });
  }

  #lookAtLeaving(): void {
    for (const leaving of this.#leaving) {
      const idle = this.closing.size === 0;
      const touched = [...this.held].some((lock) => leaving.members.some(({ index }) => lock.touches(index)));
      if (idle && !touched) this.#dismiss(leaving);
    }
  }

  #dismiss(leaving: Retiring): void {
    if (!this.#leaving.delete(leaving)) return;
    leaving.limit.cancel();
    void Promise.all(
      leaving.members.map((member) => {
        this.wakeUps.drop(member);
        return this.members.remove(member);
      }),
    ).then(() => leaving.resolve());
  }

  close(): Promise<void> {
    this.#closing = true;
    for (const changed of this.changes) changed();
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /**
   * Deadlines go by the monotonic clock; a wall clock that ran ahead of it has ended leases before their
   * deadline.
   */
  #watchWall(): void {
    const lead = this.clock.wall() - this.clock.monotonic();
    const jumped = lead > this.#wallLead + 1;
    this.#wallLead = lead;
    if (jumped) for (const lock of this.held) lock.look();
  }

  async #close(): Promise<void> {
    // They are closed with the others.
    for (const { limit } of this.#leaving) limit.cancel();
    for (const waiting of this.closing) waiting.close();
    await Promise.all([...this.held].map((lock) => lock.close()));
    // Those who waited withdraw their claims now; their requests go out before the connections are let go.
    await new Promise<void>((resolve) => this.clock.afterIo(resolve));
    this.wakeUps.close();
    this.waits.clear();
    await this.members.close();
    for (const { resolve } of this.#leaving) resolve();
  }
}

/** Names the field in which a bad list stands. */
function within<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error) error.message = `${field}: ${error.message}`;
    throw error;
  }
}

function refuseTooMany(together: number): void {
  if (together <= MAX_INSTANCES) return;
  throw new RangeError(
    `instances: ${together}, with those that are in use, are too many; use at most ${MAX_INSTANCES} at a time`,
  );
}
