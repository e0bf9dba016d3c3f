import type { Plan } from "../plan/plan.ts";
import type { Host } from "../world/host.ts";
import type { Time } from "../world/time.ts";
import { FairOrder } from "./fair-order.ts";
import { Findings, type Trace } from "./findings.ts";
import type { Attempt } from "./grant.ts";
import { IdleTimes } from "./idle-times.ts";
import { RECOVERY_MS } from "./limits.ts";
import { Order } from "./order.ts";
import { Outages } from "./outages.ts";
import { PermanentRefusals } from "./permanent-refusals.ts";
import { RecordedHistory } from "./recorded-history.ts";
import { Recoveries } from "./recoveries.ts";
import { RequestCounts } from "./request-counts.ts";
import { RetainedLocks } from "./retained-locks.ts";
import { semaphoresOf } from "./semaphores-of.ts";
import { Sizes } from "./sizes.ts";
import { Waits } from "./waits.ts";

/** What the checks of one history share: what its plan promises, and the records that several checks write or read. */
export class CheckedRun {
  readonly findings: Findings;
  readonly time: Time;
  readonly hosts: readonly Host[];
  readonly promises: Plan["promises"];
  readonly driftFactor: number;
  /** Whether the members change. */
  readonly hasChanges: boolean;
  readonly hasFaults: boolean;
  /** Whether clients use different sets on purpose. */
  readonly isCareless: boolean;
  /** The rate of the slowest clock. */
  readonly slowestRate: number;
  /** `RECOVERY_MS` in ms of real time. */
  readonly recoveryMs: number;
  readonly history: RecordedHistory;
  readonly requests = new RequestCounts();
  readonly waits = new Waits();
  readonly order: Order;
  readonly fairOrder: FairOrder;
  readonly idleness: IdleTimes;
  readonly sizes = new Sizes();
  readonly recoveries: Recoveries;
  readonly permanentRefusals: PermanentRefusals;
  readonly retainedLocks = new RetainedLocks();
  readonly outages: Outages;
  readonly counts = {
    operations: 0,
    grants: 0,
    transfers: 0,
    drained: 0,
    jobs: 0,
    lost: 0,
    late: 0,
    resent: 0,
  };

  constructor(time: Time, plan: Plan, hosts: readonly Host[], trace: Trace | undefined) {
    this.findings = new Findings(time, trace);
    this.time = time;
    this.hosts = hosts;
    this.promises = plan.promises;
    this.driftFactor = plan.driftFactor;
    this.hasChanges = plan.changes !== undefined;
    this.hasFaults = plan.faults.length > 0 || this.hasChanges;
    this.isCareless = plan.changes?.joint === false;
    this.slowestRate = Math.min(...[...plan.clients, ...plan.servers].map(({ rate }) => rate));
    this.recoveryMs = RECOVERY_MS / this.slowestRate;
    // If the plan has faults, idle times count after the faults have ended.
    const countFrom = this.hasFaults ? Infinity : 0;
    const isAlive = ({ client }: Attempt): boolean => hosts[client]?.isDead === false;
    const fewest = (name: string, first: number): number =>
      Math.min(...this.sizes.between(name, first, time.now, time.now));
    this.idleness = new IdleTimes(plan, countFrom, isAlive, fewest);
    this.order = new Order((client) => Math.floor((plan.clients[client]?.members.length ?? 0) / 2) + 1);
    this.fairOrder = new FairOrder(plan.servers.length, !this.hasFaults);
    this.history = new RecordedHistory(time, semaphoresOf(plan));
    this.recoveries = new Recoveries(plan);
    this.permanentRefusals = new PermanentRefusals(plan);
    this.outages = new Outages(plan);
  }
}
