import type { UnsafeCause } from "quorumlock";
import type { Plan } from "../plan/plan.ts";
import type { Host } from "../world/host.ts";
import type { Time } from "../world/time.ts";
import { AttemptChecks } from "./attempt-checks.ts";
import { EventChecks } from "./event-checks.ts";
import { CheckedRun } from "./checked-run.ts";
import { FenceChecks } from "./fence-checks.ts";
import type { Trace } from "./findings.ts";
import type { Invariant, Violation } from "./grant.ts";
import { HoldChecks } from "./hold-checks.ts";
import { LeaseChecks } from "./lease-checks.ts";
import {
  MAX_IDLE_MS,
  MAX_OVERTAKES,
  MAX_REQUESTS_PER_REASON,
  MAX_WAIT_MS,
  MIN_OUTAGE_RETRY_MS,
  WILD_CLOCKS_IDLE_MS,
} from "./limits.ts";
import { MessageChecks } from "./message-checks.ts";
import { RecordChecks } from "./record-checks.ts";
import { ResizeChecks } from "./resize-checks.ts";
import { TransferChecks } from "./transfer-checks.ts";

/**
 * Observes everything that happens in one history, in real time, and reports each violation of an invariant. Each part observes one
 * kind of event. The checker itself knows when faults end, and checks the invariants that need the whole history.
 */
export class Checker {
  readonly run: CheckedRun;
  readonly attempts: AttemptChecks;
  readonly holds: HoldChecks;
  readonly leases: LeaseChecks;
  readonly fences: FenceChecks;
  readonly messages: MessageChecks;
  readonly resizes: ResizeChecks;
  readonly records: RecordChecks;
  readonly transfers: TransferChecks;
  readonly events: EventChecks;
  #healedAt = Infinity;

  constructor(time: Time, plan: Plan, hosts: readonly Host[], trace: Trace | undefined) {
    this.run = new CheckedRun(time, plan, hosts, trace);
    this.attempts = new AttemptChecks(this.run);
    this.fences = new FenceChecks(this.run);
    this.leases = new LeaseChecks(this.run);
    this.holds = new HoldChecks(this.run, this.attempts, this.leases, this.fences);
    this.records = new RecordChecks(this.run, plan);
    this.transfers = new TransferChecks(this.run, this.holds, this.leases, this.fences);
    this.messages = new MessageChecks(this.run, this.fences);
    this.resizes = new ResizeChecks(this.run);
    this.events = new EventChecks(this.run.findings, plan, this.run.hasChanges);
  }

  get violations(): readonly Violation[] {
    return this.run.findings.violations;
  }

  /** Writes a line to the trace, if there is one. */
  log(text: () => string): void {
    this.run.findings.log(text);
  }

  report(invariant: Invariant, what: string): void {
    this.run.findings.report(invariant, what);
  }

  /** The process emitted a warning. A warning of the library is expected, a warning of the platform shows a leak. */
  onWarning(warning: string, options: unknown): void {
    const { type } = (typeof options === "object" && options !== null ? options : {}) as { type?: unknown };
    if (type === "QuorumlockWarning") this.log(() => `warning: ${warning}`);
    else this.report("errors", `a warning: ${warning}`);
  }

  /** A client reported that a server is unsafe. Changes that need both majorities never look like different sets. */
  onUnsafe(client: string, cause: UnsafeCause, message: string): void {
    if (cause !== "membership" || this.run.isCareless) return;
    this.report("membership", `${client} takes its set for another one than that of the others: ${message}`);
  }

  onHealed(): void {
    const { time, waits, idleness, hasFaults, recoveryMs } = this.run;
    this.log(() => "all faults have ended");
    this.#healedAt = time.now;
    waits.onHealed(time.now);
    if (hasFaults) idleness.countFrom(time.now + recoveryMs);
  }

  /** A client was restarted with other members. It waits until new members have their counters, as after a fault. */
  onRestarted(): void {
    const { time, idleness, recoveryMs } = this.run;
    idleness.countFrom(this.#healedAt === Infinity ? Infinity : time.now + recoveryMs);
  }

  /** In ms of the slowest clock. */
  get longestIdleMs(): number {
    return this.run.idleness.longestMs * this.run.slowestRate;
  }

  /** Checks the invariants that need the whole history. */
  checkTotals(): void {
    const { hasFaults, recoveryMs, order, requests, promises } = this.run;
    const allowance = hasFaults ? (this.#healedAt + recoveryMs) / MIN_OUTAGE_RETRY_MS : 0;
    if (!hasFaults && order.most > MAX_OVERTAKES)
      this.report("order", `a waiter was overtaken ${order.most} times by callers that came later`);
    const perReason = requests.maxPerReason(allowance);
    if (perReason > MAX_REQUESTS_PER_REASON)
      this.report("requests", `one client sent one server ${perReason.toFixed(1)} requests for each reason`);
    const maxIdleMs = promises === "all" ? MAX_IDLE_MS : MAX_IDLE_MS + WILD_CLOCKS_IDLE_MS;
    if (this.longestIdleMs > maxIdleMs) {
      const idle = Math.round(this.longestIdleMs);
      this.report("liveness", `a name was free for ${idle} ms while a caller waited for it`);
    }
  }

  /** Checks whether a caller has waited too long since the faults ended. */
  checkWaits(): void {
    const { waits, time, hosts, findings } = this.run;
    const isDead = (client: number): boolean => hosts[client]?.isDead === true;
    findings.reportAll("liveness", waits.tooLong(time.now, MAX_WAIT_MS, isDead));
  }
}
