import type { Lock, PermitLock } from "quorumlock";
import { driftAllowance, type Mode } from "../library.ts";
import { lockKey } from "../world/lock-keys.ts";
import type { AttemptChecks } from "./attempt-checks.ts";
import type { CheckedRun } from "./checked-run.ts";
import type { FenceChecks } from "./fence-checks.ts";
import type { Attempt, ExtensionAttempt, Grant, ReleaseEnd } from "./grant.ts";
import type { LeaseChecks } from "./lease-checks.ts";
import { callerOf, remaining } from "./trace-text.ts";

/** Checks each lock that is held, from its grant to its release or its loss: its slots, its fencing token, its lease. */
export class HoldChecks {
  readonly #run: CheckedRun;
  readonly #attempts: AttemptChecks;
  readonly #leases: LeaseChecks;
  readonly #fences: FenceChecks;

  constructor(run: CheckedRun, attempts: AttemptChecks, leases: LeaseChecks, fences: FenceChecks) {
    this.#run = run;
    this.#attempts = attempts;
    this.#leases = leases;
    this.#fences = fences;
  }

  onGrant(attempt: Attempt, lock: Lock): Grant {
    const { findings, fairOrder, counts, hosts, time, sizes, idleness, order, history, outages } = this.#run;
    const late = outages.onGrant(attempt, time.now);
    if (late !== undefined) findings.report("liveness", late);
    findings.reportAll("order", fairOrder.onGrant(attempt, lock.token));
    this.#attempts.onEnd(attempt);
    counts.grants += 1;
    const host = hosts[attempt.client]!;
    const slots = "slots" in lock ? (lock as PermitLock).slots : [];
    const grant: Grant = { ...attempt, lock, slots, host, grantedAt: time.now, releasedAt: Infinity };
    // As no slot has two holders, valid permits are never more than the semaphore had while they were acquired.
    const excess = sizes.problemOf(grant, time.now);
    if (excess !== undefined) findings.report("slots", excess);
    findings.log(() => `${callerOf(grant)} GRANTED, fence ${lock.fence}, valid for ${remaining(grant)} ms`);
    idleness.onGrant(grant, time.now);
    order.onGrant(grant);
    this.watch(grant);
    this.#fences.onGrant(grant);
    history.onGrant(grant);
    return grant;
  }

  /** The holder begins to convert its lock. A writer does not rely on its lock from now on. */
  onConvert(grant: Grant): void {
    const { counts, history } = this.#run;
    counts.operations += 1;
    const isDowngrade = grant.modes[0] === "X";
    history.onConvert(grant, isDowngrade ? "S" : "X");
    if (!isDowngrade) return;
    this.#leases.check(grant);
    this.#leases.onEnd(grant);
  }

  /** The conversion failed. A reader still holds its lock; a writer has lost it. */
  onNotConverted(grant: Grant): void {
    if (grant.modes[0] === "S") this.#run.history.onNotConverted(grant);
  }

  /** The lock was converted: a read lock to a write lock, or the other way round. */
  onConverted(grant: Grant, lock: Lock): Grant {
    const { findings, idleness, time, retainedLocks, history } = this.#run;
    const isDowngrade = grant.modes[0] === "X";
    const modes = grant.modes.map((): Mode => (isDowngrade ? "S" : "X"));
    findings.log(
      () =>
        `${callerOf(grant)} CONVERTED, fence ${lock.fence}, valid for ${remaining({ ...grant, lock })} ms`,
    );
    this.#leases.onEnd(grant);
    idleness.onEnd(grant, time.now);
    const converted: Grant = { ...grant, lock, modes, grantedAt: time.now };
    idleness.onConverted(converted);
    retainedLocks.add(converted);
    lock.signal.addEventListener("abort", () => this.#onLost(converted), { once: true });
    this.#leases.onRenewed(converted);
    history.onConverted(grant, converted);
    // A downgrade keeps the token of the writer. An upgrade is a new exclusive grant.
    if (!isDowngrade) this.#fences.onGrant(converted);
    return converted;
  }

  onExtend(grant: Grant, ttlMs: number): ExtensionAttempt {
    const { counts, driftFactor, time, history } = this.#run;
    counts.operations += 1;
    const sureMs = ttlMs - driftAllowance(ttlMs, driftFactor);
    const attempt: ExtensionAttempt = { grant, startedAt: time.now, sureMs };
    history.onExtend(attempt);
    return attempt;
  }

  onExtended(attempt: ExtensionAttempt): void {
    const { findings, history } = this.#run;
    const { grant, startedAt } = attempt;
    findings.log(() => `${callerOf(grant)} extended, valid for ${remaining(grant)} ms`);
    if (grant.releasedAt < startedAt)
      findings.report("renewal", `${grant.lock.token} was extended after its release`);
    this.#fences.onRenewed(grant, startedAt);
    this.#leases.onRenewed(grant);
    history.onExtended(attempt);
  }

  onNotExtended(attempt: ExtensionAttempt): void {
    this.#run.history.onNotExtended(attempt);
  }

  onRelease(grant: Grant): void {
    const { counts, findings, time, history, idleness } = this.#run;
    this.#leases.check(grant);
    counts.operations += 1;
    findings.log(() => `${callerOf(grant)} releases`);
    grant.releasedAt = time.now;
    history.onRelease(grant);
    this.#leases.onEnd(grant);
    idleness.onEnd(grant, time.now);
  }

  onReleased(grant: Grant, end: ReleaseEnd): void {
    if (end !== "unreported" && grant.host.observe(() => grant.lock.isHeld))
      this.#run.findings.report("release", `${grant.lock.token} is held after its release`);
    this.#run.history.onReleased(grant, end);
  }

  /** Watches a lock that a caller got, until its end. */
  watch(grant: Grant): void {
    const { retainedLocks, requests } = this.#run;
    retainedLocks.add(grant);
    grant.lock.signal.addEventListener("abort", () => this.#onLost(grant), { once: true });
    for (const name of grant.names) requests.addGrant(lockKey(name));
    this.#leases.onRenewed(grant);
  }

  #onLost(grant: Grant): void {
    const { findings, history, idleness, time } = this.#run;
    findings.log(() => `${callerOf(grant)} LOST: ${String(grant.lock.signal.reason).split("\n")[0]}`);
    history.onLost(grant);
    // The keys on the servers expire a little later than the lease.
    if (grant.releasedAt === Infinity) idleness.onEnd(grant, time.now);
  }
}
