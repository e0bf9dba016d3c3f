import {
  LockClosedError,
  LockError,
  type Lock,
  type LockDescription,
  LockLostError,
  type PermitLock,
  type UnsafeCause,
} from "quorumlock";
import { driftAllowance, type Mode, type Reply, type Request } from "../library.ts";
import type { Plan } from "../plan/plan.ts";
import { MAX_TTL_MS } from "../plan/profiles.ts";
import type { Host } from "../world/host.ts";
import type { Link, LinkWatcher, MessageFate } from "../world/link.ts";
import { lockKey } from "../world/lock-keys.ts";
import { readCall } from "../world/read-call.ts";
import { isAcquire, isCommit, lockKeysOf, tokenOf } from "../world/requests.ts";
import type { Call, Server, ServerWatcher } from "../world/server.ts";
import type { Time } from "../world/time.ts";
import { FairOrder } from "./fair-order.ts";
import { Fences } from "./fences.ts";
import type {
  AttachAttempt,
  Attempt,
  ExtensionAttempt,
  Grant,
  Invariant,
  Permits,
  ReleaseEnd,
  Transfer,
  Violation,
} from "./grant.ts";
import { IdleTimes } from "./idle-times.ts";
import { Leases } from "./leases.ts";
import { Order } from "./order.ts";
import { Outages } from "./outages.ts";
import {
  MAX_IDLE_MS,
  MAX_OVERTAKES,
  MAX_REQUESTS_PER_REASON,
  MAX_SIGNAL_DELAY_MS,
  MAX_WAIT_MS,
  MIN_OUTAGE_RETRY_MS,
  RECOVERY_MS,
  WILD_CLOCKS_IDLE_MS,
} from "./limits.ts";
import { RecordedHistory } from "./recorded-history.ts";
import { semaphoresOf } from "./semaphores-of.ts";
import { PermanentRefusals } from "./permanent-refusals.ts";
import { Recoveries } from "./recoveries.ts";
import { Releases } from "./releases.ts";
import { RequestCounts } from "./request-counts.ts";
import { RetainedLocks } from "./retained-locks.ts";
import { type SizeChange, Sizes } from "./sizes.ts";
import { callerOf, remaining, shorten } from "./trace-text.ts";
import { Waits } from "./waits.ts";

const NO_PERMITS: Permits = { wanted: 0, total: 0 };

/** Receives a description of each event, line by line. */
export type Trace = (line: string) => void;

/** Observes everything that happens, in real time, and reports each violation of an invariant. */
export class Checker implements ServerWatcher, LinkWatcher {
  readonly violations: Violation[] = [];
  readonly history: RecordedHistory;
  readonly requests = new RequestCounts();
  readonly waits = new Waits();
  readonly order: Order;
  readonly fairOrder: FairOrder;
  readonly idleness: IdleTimes;
  readonly recoveries: Recoveries;
  readonly permanentRefusals: PermanentRefusals;
  readonly retainedLocks = new RetainedLocks();
  readonly outages: Outages;
  readonly counts = {
    operations: 0,
    grants: 0,
    transfers: 0,
    lost: 0,
    late: 0,
    resent: 0,
  };
  readonly #time: Time;
  readonly #promises: Plan["promises"];
  readonly #driftFactor: number;
  readonly #hasFaults: boolean;
  /** Whether clients use different sets on purpose. */
  readonly #isCareless: boolean;
  /** Whether the members change. */
  readonly #hasChanges: boolean;
  readonly #recoveryMs: number;
  /** The rate of the slowest clock. */
  readonly #slowestRate: number;
  readonly #hosts: readonly Host[];
  readonly #trace: Trace | undefined;
  readonly #leases: Leases;
  readonly #fences = new Fences();
  readonly #releases = new Releases();
  readonly #sizes = new Sizes();
  /** Tokens of acquisitions that needed a second round. */
  readonly #committed = new Set<string>();
  #healedAt = Infinity;

  constructor(time: Time, plan: Plan, hosts: readonly Host[], trace: Trace | undefined) {
    this.#trace = trace;
    this.#time = time;
    this.#promises = plan.promises;
    this.#slowestRate = Math.min(...[...plan.clients, ...plan.servers].map(({ rate }) => rate));
    this.#recoveryMs = RECOVERY_MS / this.#slowestRate;
    this.#isCareless = plan.changes?.joint === false;
    this.#hasChanges = plan.changes !== undefined;
    this.#hasFaults = plan.faults.length > 0 || this.#hasChanges;
    this.#driftFactor = plan.driftFactor;
    this.#hosts = hosts;
    // If the plan has faults, idle times count after the faults have ended.
    const countFrom = this.#hasFaults ? Infinity : 0;
    const isAlive = ({ client }: Attempt): boolean => hosts[client]?.isDead === false;
    const fewest = (name: string, first: number): number =>
      Math.min(...this.#sizes.between(name, first, this.#time.now, this.#time.now));
    this.idleness = new IdleTimes(plan, countFrom, isAlive, fewest);
    this.#leases = new Leases(time);
    this.order = new Order((client) => Math.floor((plan.clients[client]?.members.length ?? 0) / 2) + 1);
    this.history = new RecordedHistory(time, semaphoresOf(plan));
    this.recoveries = new Recoveries(plan);
    this.permanentRefusals = new PermanentRefusals(plan);
    this.outages = new Outages(plan);
    this.fairOrder = new FairOrder(plan.servers.length, !this.#hasFaults);
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

  /** A client reported that a server is unsafe. Changes that need both majorities never look like different sets. */
  onUnsafe(client: string, cause: UnsafeCause, message: string): void {
    if (cause !== "membership" || this.#isCareless) return;
    this.report("membership", `${client} takes its set for another one than that of the others: ${message}`);
  }

  onHealed(): void {
    this.log(() => "all faults have ended");
    this.#healedAt = this.#time.now;
    this.waits.onHealed(this.#time.now);
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
    {
      hasPlace = false,
      permits = NO_PERMITS,
      limit,
    }: Partial<Pick<Attempt, "hasPlace" | "permits" | "limit">> = {},
  ): Attempt {
    this.counts.operations += 1;
    this.log(() => `client ${client}, worker ${worker} acquires ${names.join(", ")}`);
    const startedAt = this.#time.now;
    const attempt: Attempt = {
      client,
      worker,
      names,
      modes,
      hasPlace,
      permits,
      limit,
      waitsForever,
      startedAt,
    };
    this.waits.add(attempt);
    this.order.add(attempt);
    this.idleness.addWaiter(attempt, this.#time.now);
    for (const name of names) this.requests.addCaller(this.#hosts[client]?.label ?? "", lockKey(name));
    return attempt;
  }

  onResize(name: string, total: number): SizeChange {
    this.log(() => `${name} gets ${total} permits`);
    const change = this.#sizes.begin(name, total, this.#time.now);
    this.idleness.onSizeChanged(name, this.#time.now);
    return change;
  }

  onResized(change: SizeChange): void {
    this.log(() => `${change.name} HAS ${change.total} permits`);
    this.#sizes.confirm(change, this.#time.now);
    this.idleness.onSizeChanged(change.name, this.#time.now);
  }

  onNotResized({ name, total }: SizeChange, error: unknown): void {
    this.log(() => `${name} may not have ${total} permits: ${String(error).split("\n")[0]}`);
    if (!(error instanceof LockError)) this.report("errors", `resize threw ${String(error)}`);
  }

  /** A health check of a client found that the quorum is lost, or is there again. */
  onQuorum(client: number, hasQuorum: boolean): void {
    this.log(() => `client ${client} finds ${hasQuorum ? "a" : "no"} quorum`);
    const problem = this.outages.onQuorum(client, hasQuorum, this.#time.now);
    if (problem !== undefined) this.report("liveness", problem);
  }

  onGrant(attempt: Attempt, lock: Lock): Grant {
    const late = this.outages.onGrant(attempt, this.#time.now);
    if (late !== undefined) this.report("liveness", late);
    for (const problem of this.fairOrder.onGrant(attempt, lock.token)) this.report("order", problem);
    this.#onAttemptEnd(attempt);
    this.counts.grants += 1;
    const host = this.#hosts[attempt.client]!;
    const slots = "slots" in lock ? (lock as PermitLock).slots : [];
    const grant: Grant = { ...attempt, lock, slots, host, grantedAt: this.#time.now, releasedAt: Infinity };
    // With `#checkOverlaps`: valid permits are never more than the semaphore had while they were acquired.
    const excess = this.#sizes.problemOf(grant, this.#time.now);
    if (excess !== undefined) this.report("slots", excess);
    this.log(() => `${callerOf(grant)} GRANTED, fence ${lock.fence}, valid for ${remaining(grant)} ms`);
    this.idleness.onGrant(grant, this.#time.now);
    this.order.onGrant(grant);
    this.#watch(grant);
    if (this.promisesFences) {
      for (const problem of this.#fences.onGrant(grant)) this.report("fences", problem);
    }
    this.history.onGrant(grant);
    return grant;
  }

  /** The holder begins to convert its lock. A writer does not rely on its lock from now on. */
  onConvert(grant: Grant): void {
    this.counts.operations += 1;
    const isDowngrade = grant.modes[0] === "X";
    this.history.onConvert(grant, isDowngrade ? "S" : "X");
    if (!isDowngrade) return;
    this.#checkOverlaps(grant);
    this.#leases.remove(grant);
  }

  /** The conversion failed. A reader still holds its lock; a writer has lost it. */
  onNotConverted(grant: Grant): void {
    if (grant.modes[0] === "S") this.history.onNotConverted(grant);
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
    this.history.onConverted(grant, converted);
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
    const mustBeGranted = this.waits.has(attempt);
    const needless = this.outages.onFailed(attempt, error);
    if (needless !== undefined) this.report("liveness", needless);
    this.#onAttemptEnd(attempt);
    this.history.onNotGranted(attempt);
    this.log(() => `${callerOf(attempt)} failed: ${String(error).split("\n")[0]}`);
    // The semaphore has fewer permits than the caller wants.
    if (error instanceof RangeError && this.#sizes.canBeTooSmall(attempt, this.#time.now)) return;
    if (!(error instanceof LockError)) {
      this.report("errors", error instanceof Error ? (error.stack ?? error.message) : String(error));
    } else if (this.permanentRefusals.isEarlyEnd(error)) {
      if (!this.permanentRefusals.canEndEarly(attempt.startedAt))
        this.report("liveness", `a wait ended early, but a majority could be asked: ${error.message}`);
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

  /** Another client may attach the lock from now on. If none does, it expires. */
  onDetached(from: Grant, startedAt: number, description: LockDescription): Transfer {
    this.log(() => `${callerOf(from)} detached, valid for ${description.remaining.toFixed(1)} ms`);
    const { host, lock } = from;
    if (host.observe(() => lock.isHeld) || lock.signal.aborted)
      this.report("release", `${lock.token} is held or lost after it was detached`);
    from.releasedAt = this.#time.now;
    this.history.onDetached(from, startedAt, description.remaining, this.#hasChanges);
    this.#leases.remove(from);
    this.#expire(from);
    return { from, description };
  }

  onAttach(transfer: Transfer, client: number, worker: number): AttachAttempt {
    this.counts.operations += 1;
    return { transfer, client, worker, startedAt: this.#time.now };
  }

  onAttached({ transfer, client, worker, startedAt }: AttachAttempt, lock: Lock): Grant {
    const { names, token, fence } = transfer.description;
    this.counts.transfers += 1;
    const host = this.#hosts[client]!;
    const grantedAt = this.#time.now;
    const { modes, hasPlace, permits, slots } = transfer.from;
    const attempt = { client, worker, names, modes, hasPlace, permits, waitsForever: false, startedAt };
    const grant: Grant = { ...attempt, lock, slots, host, grantedAt, releasedAt: Infinity };
    this.log(() => `${callerOf(grant)} ATTACHED, fence ${fence}, valid for ${remaining(grant)} ms`);
    if (lock.token !== token || lock.fence !== fence)
      this.report("fences", `${token} with ${fence} was attached as ${lock.token} with ${lock.fence}`);
    this.idleness.onAttached(grant);
    this.#watch(grant);
    if (this.#promises === "all" && this.promisesFences) {
      for (const problem of this.#fences.onExtended(grant, startedAt)) this.report("fences", problem);
    }
    this.history.onExtended({ grant, startedAt, sureMs: 0 });
    return grant;
  }

  onNotAttached({ transfer, startedAt }: AttachAttempt, error: unknown): void {
    const { from } = transfer;
    this.log(() => `${callerOf(from)} is not attached: ${String(error).split("\n")[0]}`);
    if (!(error instanceof LockError)) this.report("errors", `attach threw ${String(error)}`);
    this.history.onNotExtended({ grant: from, startedAt, sureMs: 0 });
    if (!(error instanceof LockLostError)) this.#expire(from);
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
    if (!this.#hasFaults && this.order.most > MAX_OVERTAKES)
      this.report("order", `a waiter was overtaken ${this.order.most} times by callers that came later`);
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
    const isDead = (client: number): boolean => this.#hosts[client]?.isDead === true;
    for (const problem of this.waits.tooLong(this.#time.now, MAX_WAIT_MS, isDead))
      this.report("liveness", problem);
  }

  /** Called often. */
  checkSignals(): void {
    // After one client stalled, the signals of all others are late. That is no fault of the library.
    if (this.#promises === "cleanup" || this.#time.isClientOverdue) return;
    for (const problem of this.#leases.lateSignals(this.#maxSignalDelayMs)) this.report("signal", problem);
  }

  onCallRefused({ index }: Server, error: string): void {
    this.permanentRefusals.onRefused(index, error, this.#time.now);
  }

  onExecuted(server: Server, request: Request, reply: Reply): void {
    if (isAcquire(request)) this.#fences.onVote(server.index, request, reply);
    this.recoveries.onExecuted(server.index, request, reply);
    // Too few others could be read, also for the sizes of semaphores.
    this.#sizes.isForgotten = this.recoveries.byClock > 0;
    this.permanentRefusals.onExecuted(server.index);
    this.order.onExecuted(server.index, request, reply, this.#time.now);
    this.fairOrder.onExecuted(server.index, request, reply, this.#time.now);
  }

  onPublished(server: Server, channel: string, message: string): void {
    this.log(() => `${server.label} publishes ${JSON.stringify(message)} on ${channel}`);
    this.fairOrder.onPublished(server.index, channel, message, this.#time.now);
  }

  onSent(link: Link, call: Call, isResent: boolean): void {
    for (const request of readCall(call.args)) {
      const token = tokenOf(request);
      this.fairOrder.onSent(this.#hosts.indexOf(link.host), request);
      this.log(
        () =>
          `${link.host.label} → ${link.label}: ${request.operation.name} ${shorten(token)}${isAcquire(request) && request.args[2] ? ` ${request.args[2]}` : ""}${isResent ? " (resent)" : ""}`,
      );
      const problem = this.#releases.onSent(link, request, isResent);
      if (problem !== undefined) this.report("renewal", problem);
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

  #watch(grant: Grant): void {
    this.retainedLocks.add(grant);
    grant.lock.signal.addEventListener("abort", () => this.#onLost(grant), { once: true });
    for (const name of grant.names) this.requests.addGrant(lockKey(name));
    this.#checkLease(grant);
  }

  /** Nobody extends the lock. The servers may keep it for the longest ttl that it ever had. */
  #expire(grant: Grant): void {
    this.idleness.onDetached(grant, this.#time.now + MAX_TTL_MS / this.#slowestRate);
  }

  #onLost(grant: Grant): void {
    this.log(() => `${callerOf(grant)} LOST: ${String(grant.lock.signal.reason).split("\n")[0]}`);
    this.history.onLost(grant);
    // The keys on the servers expire a little later than the lease.
    if (grant.releasedAt === Infinity) this.idleness.onEnd(grant, this.#time.now);
  }

  #onAttemptEnd(attempt: Attempt): void {
    this.idleness.removeWaiter(attempt, this.#time.now);
    this.waits.remove(attempt, this.#time.now);
    this.order.remove(attempt);
    this.fairOrder.onEnd(attempt);
  }

  #checkOverlaps(grant: Grant): void {
    if (this.#promises !== "all") return;
    for (const problem of this.#leases.overlapsOf(grant))
      this.report(grant.slots.length > 0 ? "slots" : "exclusion", problem);
    for (const problem of this.#leases.crowdingOf(grant)) this.report("quota", problem);
  }

  #checkLease(grant: Grant): void {
    this.#leases.add(grant);
    this.#checkOverlaps(grant);
    if (this.#promises !== "all") return;
    for (const problem of this.#leases.silentLosses(grant, this.#maxSignalDelayMs))
      this.report("signal", problem);
  }
}
