import type { CheckedRun } from "./checked-run.ts";
import type { Grant } from "./grant.ts";
import { Leases } from "./leases.ts";
import { MAX_SIGNAL_DELAY_MS } from "./limits.ts";

/** Checks the leases of the holders: that no two overlap which may not, and that a holder hears of its loss in time. */
export class LeaseChecks {
  readonly #run: CheckedRun;
  readonly #leases: Leases;

  constructor(run: CheckedRun) {
    this.#run = run;
    this.#leases = new Leases(run.time);
  }

  /** A lease was granted or renewed. */
  onRenewed(grant: Grant): void {
    this.#leases.add(grant);
    this.check(grant);
    if (!this.#arePromised) return;
    this.#run.findings.reportAll("signal", this.#leases.silentLosses(grant, this.#maxSignalDelayMs));
  }

  /** The holder does not rely on the lease from now on. */
  onEnd(grant: Grant): void {
    this.#leases.remove(grant);
  }

  /** Checks a lease against all others. An automatic extension may have renewed it since the last check. */
  check(grant: Grant): void {
    if (!this.#arePromised) return;
    const { findings } = this.#run;
    findings.reportAll(grant.slots.length > 0 ? "slots" : "exclusion", this.#leases.overlapsOf(grant));
    findings.reportAll("quota", this.#leases.crowdingOf(grant));
  }

  /** A step of a clock can make an ended lease valid again, so all pairs are checked. */
  onClockStepped(): void {
    if (this.#arePromised) this.#run.findings.reportAll("exclusion", this.#leases.overlaps());
  }

  /** Called often. */
  checkSignals(): void {
    const { promises, time, findings } = this.#run;
    // After one client stalled, the signals of all others are late. That is no fault of the library.
    if (promises === "cleanup" || time.isClientOverdue) return;
    findings.reportAll("signal", this.#leases.lateSignals(this.#maxSignalDelayMs));
  }

  get #arePromised(): boolean {
    return this.#run.promises === "all";
  }

  get #maxSignalDelayMs(): number {
    return MAX_SIGNAL_DELAY_MS / this.#run.slowestRate;
  }
}
