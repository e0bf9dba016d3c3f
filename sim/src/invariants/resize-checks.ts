import { LockError } from "quorumlock";
import type { CheckedRun } from "./checked-run.ts";
import type { SizeChange } from "./sizes.ts";

/** Records the calls that change the number of permits of a semaphore. */
export class ResizeChecks {
  readonly #run: CheckedRun;

  constructor(run: CheckedRun) {
    this.#run = run;
  }

  onResize(name: string, total: number): SizeChange {
    const { findings, sizes, idleness, time } = this.#run;
    findings.log(() => `${name} gets ${total} permits`);
    const change = sizes.begin(name, total, time.now);
    idleness.onSizeChanged(name, time.now);
    return change;
  }

  onResized(change: SizeChange): void {
    const { findings, sizes, idleness, time } = this.#run;
    findings.log(() => `${change.name} HAS ${change.total} permits`);
    sizes.confirm(change, time.now);
    idleness.onSizeChanged(change.name, time.now);
  }

  onNotResized({ name, total }: SizeChange, error: unknown): void {
    const { findings } = this.#run;
    findings.log(() => `${name} may not have ${total} permits: ${String(error).split("\n")[0]}`);
    if (!(error instanceof LockError)) findings.report("errors", `resize threw ${String(error)}`);
  }
}
