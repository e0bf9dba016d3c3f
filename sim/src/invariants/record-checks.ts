import type { Plan } from "../plan/plan.ts";
import type { CheckedRun } from "./checked-run.ts";

/** Servers cut their times to whole ms. */
const MAX_ROUNDING_MS = 2;

/** What was confirmed about one job. */
interface Confirmed {
  readonly result: string;
  readonly how: string;
  readonly at: number;
}

/**
 * Checks what callers learn from records. A job has one result: two different results are never both confirmed, and once one is
 * confirmed, every later holder finds it. A result is confirmed if its `put` was acknowledged, or if `open` or `get` returned it.
 */
export class RecordChecks {
  readonly #run: CheckedRun;
  readonly #plan: Plan;
  readonly #confirmed = new Map<string, Confirmed>();

  constructor(run: CheckedRun, plan: Plan) {
    this.#run = run;
    this.#plan = plan;
  }

  /**
   * A period, `before` periods before the present one. `startedAt`: when the clock of the last server reached its start, in ms since
   * the epoch of the simulation.
   */
  periodOf(before: number): { readonly period: number; readonly startedAt: number } | undefined {
    const { periodMs } = this.#plan;
    if (periodMs === undefined) return undefined;
    const period = Math.max(0, Math.floor(this.#run.time.now / periodMs) - before);
    const startedAt = Math.min(
      ...this.#plan.servers.map(({ rate, offsetMs }) => rate * period * periodMs + offsetMs),
    );
    return { period, startedAt: startedAt - MAX_ROUNDING_MS };
  }

  /** A caller was told that the job has this result. */
  onConfirmed(job: string, result: string, how: string): void {
    const { findings, time } = this.#run;
    const known = this.#confirmed.get(job);
    findings.log(() => `${job} is ${result}, by ${how}`);
    if (known === undefined) {
      this.#confirmed.set(job, { result, how, at: time.now });
      this.#run.counts.jobs += 1;
    } else if (known.result !== result)
      findings.report("records", `${job} is ${known.result} by ${known.how}, and ${result} by ${how}`);
  }

  /** A holder that opened the record at `startedAt` was told that the job is not done. */
  onNotDone(job: string, startedAt: number): void {
    const known = this.#confirmed.get(job);
    if (known === undefined || known.at >= startedAt) return;
    this.#run.findings.report(
      "records",
      `${job} is ${known.result} by ${known.how}, and a holder did not find that`,
    );
  }
}
