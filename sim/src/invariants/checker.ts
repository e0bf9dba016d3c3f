import { LockClosedError, LockError, type Lock } from "quorumlock";
import { driftAllowance, type Mode, type Reply, type Request } from "../library.ts";
import type { Plan } from "../plan/plan.ts";
import { MAX_TTL_MS } from "../plan/profiles.ts";
import type { Host } from "../world/host.ts";
import type { Link, LinkWatcher, MessageFate } from "../world/link.ts";
import { lockKey } from "../world/lock-keys.ts";
import { readCall } from "../world/read-call.ts";
import { canRenew, isAcquire, isCommit, isRelease, lockKeysOf, tokenOf } from "../world/requests.ts";
import type { Call, Server, ServerWatcher } from "../world/server.ts";
import type { Time } from "../world/time.ts";
import { Fences } from "./fences.ts";
import { Idleness } from "./idleness.ts";
import { Leases } from "./leases.ts";
import { Order } from "./order.ts";
import { RecordedHistory } from "./recorded-history.ts";
import { Recoveries } from "./recoveries.ts";
import { RequestCounts } from "./request-counts.ts";
import { RetainedLocks } from "./retained-locks.ts";

/** The invariants. README.md describes each. */
export type Invariant =
  | "exclusion"
  | "signal"
  | "fences"
  | "renewal"
  | "leftovers"
  | "liveness"
  | "requests"
  | "release"
  | "history"
  | "order"
  | "errors";

export interface Violation {
  readonly invariant: Invariant;
  /** Real time in ms. */
  readonly at: number;
  readonly what: string;
}

/** One call that acquires a lock. */
export interface Attempt {
  readonly client: number;
  readonly worker: number;
  readonly names: readonly string[];
  /** The mode of each name. A plain lock is X. */
  readonly modes: readonly Mode[];
  readonly startedAt: number;
  /** Whether the caller waits without a limit, so that it must get the lock. */
  readonly waitsForever: boolean;
}

/** A lock that a caller got. */
export interface Grant extends Attempt {
  readonly lock: Lock;
  readonly host: Host;
  readonly grantedAt: number;
  /** From when on the holder does not rely on the lock. `Infinity` before that. */
  releasedAt: number;
}

/**
 * What a release reported. `held`: the lock was held until then. `ended`: it had ended before. `unconfirmed`: no quorum
 * replied. `unreported`: the call reports nothing.
 */
export type ReleaseEnd = "held" | "ended" | "unconfirmed" | "unreported";

export interface ExtensionAttempt {
  readonly grant: Grant;
  readonly startedAt: number;
  /** The validity of the new lease, in ms of the holder's clock. */
  readonly sureMs: number;
}

/** Longest wait of a caller without a limit after all faults have ended, in ms of real time. */
export const MAX_WAIT_MS = 30_000;
/** Longest time for which a name may be free while a caller waits and no fault is active. Allows some split votes. */
export const MAX_IDLE_MS = 700;
/**
 * Added to `MAX_IDLE_MS` if clock rates exceed the bound. A waiter with a slow clock then sleeps until long after the lock
 * has expired on servers with fast clocks.
 */
const WILD_CLOCKS_IDLE_MS = MAX_TTL_MS;
/** A step of the clock, and the end of a sleep, are noticed within a second. */
const MAX_SIGNAL_DELAY_MS = 1_100;
/** Time after the last fault for reconnections, restart guards and backoffs, by the slowest clock. */
const RECOVERY_MS = 4_000;
/** Maximum number of requests from one client to one server for each reason: see `RequestCounts`. */
export const MAX_REQUESTS_PER_REASON = 6;
/** Shortest time between two requests of a client during an outage. */
const MIN_OUTAGE_RETRY_MS = 25;

/** Receives a description of each event, line by line. */
export type Trace = (line: string) => void;

/** Observes everything that happens, in real time, and reports each violation of an invariant. */
export class Checker implements ServerWatcher, LinkWatcher {
  readonly violations: Violation[] = [];
  readonly history: RecordedHistory;
  readonly requests = new RequestCounts();
  readonly idleness: Idleness;
  readonly recoveries: Recoveries;
  readonly retainedLocks = new RetainedLocks();
  readonly order: Order;
  readonly counts = {
    operations: 0,
    grants: 0,
    lost: 0,
    late: 0,
    resent: 0,
  };
  readonly #time: Time;
  readonly #promises: Plan["promises"];
  readonly #driftFactor: number;
  readonly #hasFaults: boolean;
  readonly #recoveryMs: number;
  /** The rate of the slowest clock. */
  readonly #slowestRate: number;
  readonly #hosts: readonly Host[];
  readonly #trace: Trace | undefined;
  readonly #leases: Leases;
  readonly #fences = new Fences();
  /** Attempts that must get their lock. */
  readonly #waiting = new Set<Attempt>();
  /** By link: the locks, each with its token, that the client released there. Later requests must not renew them. */
  readonly #released = new Map<Link, Set<string>>();
  /** Tokens of acquisitions that needed a second round. */
  readonly #committed = new Set<string>();
  #healedAt = Infinity;
  /** Longest wait of a caller without a limit after the faults had ended. */
  longestWaitMs = 0;

  constructor(time: Time, plan: Plan, hosts: readonly Host[], trace: Trace | undefined) {
    this.#trace = trace;
    this.#time = time;
    this.#promises = plan.promises;
    this.#slowestRate = Math.min(...[...plan.clients, ...plan.servers].map(({ rate }) => rate));
    this.#recoveryMs = RECOVERY_MS / this.#slowestRate;
    this.#hasFaults = plan.faults.length > 0 || plan.changes !== undefined;
    this.#driftFactor = plan.driftFactor;
    this.#hosts = hosts;
    // If the plan has faults, idle times count after the faults have ended.
    this.idleness = new Idleness(
      this.#hasFaults ? Infinity : 0,
      ({ client }) => hosts[client]?.isDead === false,
    );
    this.#leases = new Leases(time);
    this.history = new RecordedHistory(time);
    this.recoveries = new Recoveries(plan);
    this.order = new Order(plan.servers.length, !this.#hasFaults);
  }

  /** Whether fencing tokens are promised until now. */
  get promisesFences(): boolean {
    return this.#promises !== "cleanup" && this.recoveries.promiseFences;
  }

  get #maxSignalDelayMs(): number {
    return MAX_SIGNAL_DELAY_MS / this.#slowestRate;
  }

  /** Writes a line to the trace, if there is one. */
  log(text: () => string): void {
    this.#trace?.(`${this.#time.now.toFixed(1).padStart(9)}  ${text()}`);
  }

  report(invariant: Invariant, what: string): void {
    this.log(() => `VIOLATED ${invariant}: ${what}`);
    this.violations.push({ invariant, at: this.#time.now, what });
  }

  /** The process emitted a warning. A warning of the library is expected, a warning of the platform shows a leak. */
  onWarning(warning: string, options: unknown): void {
    const { type } = (typeof options === "object" && options !== null ? options : {}) as { type?: unknown };
    if (type === "QuorumlockWarning") this.log(() => `warning: ${warning}`);
    else this.report("errors", `a warning: ${warning}`);
  }

  onHealed(): void {
    this.log(() => "all faults have ended");
    this.#healedAt = this.#time.now;
    if (this.#hasFaults) this.idleness.countFrom(this.#time.now + this.#recoveryMs);
  }

  /** A client was restarted with other members. It waits until new members have their counters, as after a fault. */
  onRestarted(): void {
    this.idleness.countFrom(this.#healedAt === Infinity ? Infinity : this.#time.now + this.#recoveryMs);
  }

  onAcquire(
    client: number,
    worker: number,
    names: readonly string[],
    waitsForever: boolean,
    modes: readonly Mode[] = names.map((): Mode => "X"),
  ): Attempt {
    this.counts.operations += 1;
    this.log(() => `client ${client}, worker ${worker} acquires ${names.join(", ")}`);
    const attempt: Attempt = { client, worker, names, modes, waitsForever, startedAt: this.#time.now };
    if (waitsForever) this.#waiting.add(attempt);
    this.idleness.addWaiter(attempt);
    for (const name of names) this.requests.addCaller(this.#hosts[client]?.label ?? "", lockKey(name));
    return attempt;
  }

  onGrant(attempt: Attempt, lock: Lock): Grant {
    for (const problem of this.order.onGrant(attempt, lock.token)) this.report("order", problem);
    this.#onAttemptEnd(attempt);
    this.counts.grants += 1;
    const host = this.#hosts[attempt.client]!;
    const grant: Grant = { ...attempt, lock, host, grantedAt: this.#time.now, releasedAt: Infinity };
    this.log(() => `${callerOf(grant)} GRANTED, fence ${lock.fence}, valid for ${remaining(grant)} ms`);
    this.idleness.onGrant(grant, this.#time.now);
    this.retainedLocks.add(grant);
    lock.signal.addEventListener("abort", () => this.#onLost(grant), { once: true });
    for (const name of attempt.names) this.requests.addGrant(lockKey(name));
    this.#checkLease(grant);
    if (this.promisesFences) {
      for (const problem of this.#fences.onGrant(grant)) this.report("fences", problem);
    }
    this.history.onGrant(grant);
    return grant;
  }

  /** The holder begins to convert its write lock, and does not rely on it from now on. */
  onDowngrade(grant: Grant): void {
    this.#checkOverlaps(grant);
    this.#leases.remove(grant);
  }

  /** The lock was converted: a read lock to a write lock, or the other way round. */
  onConverted(grant: Grant, lock: Lock): Grant {
    const isDowngrade = grant.modes[0] === "X";
    const modes = grant.modes.map((): Mode => (isDowngrade ? "S" : "X"));
    this.log(
      () =>
        `${callerOf(grant)} CONVERTED, fence ${lock.fence}, valid for ${remaining({ ...grant, lock })} ms`,
    );
    this.#leases.remove(grant);
    this.idleness.onEnd(grant, this.#time.now);
    const converted: Grant = { ...grant, lock, modes, grantedAt: this.#time.now };
    this.idleness.onConverted(converted);
    this.retainedLocks.add(converted);
    lock.signal.addEventListener("abort", () => this.#onLost(converted), { once: true });
    this.#checkLease(converted);
    // A downgrade keeps the token of the writer. An upgrade is a new exclusive grant.
    if (!isDowngrade && this.promisesFences) {
      for (const problem of this.#fences.onGrant(converted)) this.report("fences", problem);
    }
    return converted;
  }

  onRefused(attempt: Attempt): void {
    this.log(() => `${callerOf(attempt)} refused`);
    this.#onAttemptEnd(attempt);
    this.history.onNotGranted(attempt);
  }

  onFailed(attempt: Attempt, error: unknown): void {
    const mustBeGranted = this.#waiting.has(attempt);
    this.#onAttemptEnd(attempt);
    this.history.onNotGranted(attempt);
    this.log(() => `${callerOf(attempt)} failed: ${String(error).split("\n")[0]}`);
    if (!(error instanceof LockError)) {
      this.report("errors", error instanceof Error ? (error.stack ?? error.message) : String(error));
    } else if (mustBeGranted && !(error instanceof LockClosedError)) {
      this.report("liveness", `a wait without a limit ended: ${error.message}`);
    }
  }

  onExtend(grant: Grant, ttlMs: number): ExtensionAttempt {
    this.counts.operations += 1;
    const sureMs = ttlMs - driftAllowance(ttlMs, this.#driftFactor);
    const attempt: ExtensionAttempt = { grant, startedAt: this.#time.now, sureMs };
    this.history.onExtend(attempt);
    return attempt;
  }

  onExtended(attempt: ExtensionAttempt): void {
    const { grant } = attempt;
    this.log(() => `${callerOf(grant)} extended, valid for ${remaining(grant)} ms`);
    if (grant.releasedAt < attempt.startedAt)
      this.report("renewal", `${grant.lock.token} was extended after its release`);
    if (this.#promises === "all" && this.promisesFences) {
      for (const problem of this.#fences.onExtended(grant, attempt.startedAt)) this.report("fences", problem);
    }
    this.#checkLease(grant);
    this.history.onExtended(attempt);
  }

  onNotExtended(attempt: ExtensionAttempt): void {
    this.history.onNotExtended(attempt);
  }

  onRelease(grant: Grant): void {
    // An automatic extension may have renewed the lease since the last check.
    this.#checkOverlaps(grant);
    this.counts.operations += 1;
    this.log(() => `${callerOf(grant)} releases`);
    grant.releasedAt = this.#time.now;
    this.history.onRelease(grant);
    this.#leases.remove(grant);
    this.idleness.onEnd(grant, this.#time.now);
  }

  onReleased(grant: Grant, end: ReleaseEnd): void {
    if (end !== "unreported" && grant.host.observe(() => grant.lock.isHeld))
      this.report("release", `${grant.lock.token} is held after its release`);
    this.history.onReleased(grant, end);
  }

  /** A step of a clock can make an ended lease valid again, so all pairs are checked. */
  onClockStepped(): void {
    if (this.#promises === "all") {
      for (const problem of this.#leases.overlaps()) this.report("exclusion", problem);
    }
  }

  /** In ms of the slowest clock. */
  get longestIdleMs(): number {
    return this.idleness.longestMs * this.#slowestRate;
  }

  /** Number of acquisitions that needed a second round to commit their fencing token. */
  get commitRounds(): number {
    return this.#committed.size;
  }

  /** Checks the invariants that need the whole history. */
  checkTotals(): void {
    const allowance = this.#hasFaults ? (this.#healedAt + this.#recoveryMs) / MIN_OUTAGE_RETRY_MS : 0;
    const requests = this.requests.maxPerReason(allowance);
    if (requests > MAX_REQUESTS_PER_REASON) {
      this.report("requests", `one client sent one server ${requests.toFixed(1)} requests for each reason`);
    }
    const maxIdleMs = this.#promises === "all" ? MAX_IDLE_MS : MAX_IDLE_MS + WILD_CLOCKS_IDLE_MS;
    if (this.longestIdleMs > maxIdleMs) {
      const idle = Math.round(this.longestIdleMs);
      this.report("liveness", `a name was free for ${idle} ms while a caller waited for it`);
    }
  }

  /** Checks whether a caller has waited too long since the faults ended. */
  checkWaits(): void {
    if (this.#healedAt === Infinity) return;
    for (const attempt of this.#waiting) {
      if (this.#hosts[attempt.client]?.isDead === true) continue;
      const waited = this.#time.now - Math.max(attempt.startedAt, this.#healedAt);
      if (waited > MAX_WAIT_MS) {
        const { client, worker, names } = attempt;
        this.report(
          "liveness",
          `client ${client}, worker ${worker} has waited ${Math.round(waited)} ms for ${names.join(", ")}`,
        );
      }
    }
  }

  /** Called often. */
  checkSignals(): void {
    // After one client stalled, the signals of all others are late. That is no fault of the library.
    if (this.#promises === "cleanup" || this.#time.isClientOverdue) return;
    for (const problem of this.#leases.lateSignals(this.#maxSignalDelayMs)) this.report("signal", problem);
  }

  onExecuted(server: Server, request: Request, reply: Reply): void {
    if (isAcquire(request)) this.#fences.onVote(server.index, request, reply);
    this.recoveries.onExecuted(server.index, request, reply);
    this.order.onExecuted(server.index, request, reply, this.#time.now);
  }

  onPublished(server: Server, channel: string, message: string): void {
    this.log(() => `${server.label} publishes ${JSON.stringify(message)} on ${channel}`);
    this.order.onPublished(server.index, channel, message, this.#time.now);
  }

  onSent(link: Link, call: Call, isResent: boolean): void {
    const released = this.#released.get(link) ?? new Set();
    this.#released.set(link, released);
    for (const request of readCall(call.args)) {
      const token = tokenOf(request);
      this.order.onSent(this.#hosts.indexOf(link.host), request);
      this.log(
        () =>
          `${link.host.label} → ${link.label}: ${request.operation.name} ${shorten(token)}${isAcquire(request) && request.args[2] ? ` ${request.args[2]}` : ""}${isResent ? " (resent)" : ""}`,
      );
      const locks = (): readonly string[] => lockKeysOf(request).map((key) => `${token} ${key}`);
      if (isRelease(request)) for (const lock of locks()) released.add(lock);
      else if (canRenew(request) && !isResent && locks().some((lock) => released.has(lock))) {
        this.report(
          "renewal",
          `${request.operation.name} of ${token} was sent to ${link.label} after its release`,
        );
      }
      if (isCommit(request)) this.#committed.add(token);
      if (!isAcquire(request)) continue;
      for (const key of lockKeysOf(request))
        this.requests.addRequest(link.host.label, link.server.index, key);
    }
  }

  onReply(link: Link, call: Call, replies: readonly unknown[]): void {
    readCall(call.args).forEach((request, index) => {
      this.log(
        () =>
          `${link.host.label} ← ${link.label}: ${request.operation.name} ${shorten(tokenOf(request))} ${shorten(JSON.stringify(replies[index]))}`,
      );
      if (isAcquire(request))
        this.#fences.onReply(link.server.index, request, replies[index] as Reply | undefined);
    });
  }

  onBrokenMessage(fate: MessageFate): void {
    this.counts[fate] += 1;
  }

  #onLost(grant: Grant): void {
    this.log(() => `${callerOf(grant)} LOST: ${String(grant.lock.signal.reason).split("\n")[0]}`);
    this.history.onLost(grant);
    // The keys on the servers expire a little later than the lease.
    if (grant.releasedAt === Infinity) this.idleness.onEnd(grant, this.#time.now);
  }

  #onAttemptEnd(attempt: Attempt): void {
    this.idleness.removeWaiter(attempt, this.#time.now);
    this.order.onEnd(attempt);
    if (!this.#waiting.delete(attempt) || this.#healedAt === Infinity) return;
    const waited = this.#time.now - Math.max(attempt.startedAt, this.#healedAt);
    this.longestWaitMs = Math.max(this.longestWaitMs, waited);
  }

  #checkOverlaps(grant: Grant): void {
    if (this.#promises !== "all") return;
    for (const problem of this.#leases.overlapsOf(grant)) this.report("exclusion", problem);
  }

  #checkLease(grant: Grant): void {
    this.#leases.add(grant);
    this.#checkOverlaps(grant);
    if (this.#promises !== "all") return;
    for (const problem of this.#leases.silentLosses(grant, this.#maxSignalDelayMs))
      this.report("signal", problem);
  }
}

/** The clock reads do not count as instructions, so a history is the same with a trace and without. */
function remaining({ host, lock }: Grant): string {
  return host.observe(() => lock.remaining()).toFixed(1);
}

function callerOf({ client, worker, names }: Attempt): string {
  return `client ${client}, worker ${worker} (${names.join(", ")})`;
}

function shorten(text: string): string {
  return text.replaceAll(/[0-9a-f]{28}(?=[0-9a-f]{4}@)/g, "…");
}
