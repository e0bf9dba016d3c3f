import { LockClosedError, LockError } from "quorumlock";
import type { Mode } from "../library.ts";
import { lockKey } from "../world/lock-keys.ts";
import type { CheckedRun } from "./checked-run.ts";
import type { Attempt, Permits } from "./grant.ts";
import { callerOf } from "./trace-text.ts";

const NO_PERMITS: Permits = { wanted: 0, total: 0 };

/** What a call that acquires asks for, beyond the names. */
interface AttemptTraits extends Partial<Pick<Attempt, "hasPlace" | "permits" | "limit">> {
  /** Of a fair lock. */
  readonly priority?: number | undefined;
}

/** Checks the calls that acquire a lock, from their start to a grant, a refusal or an error. */
export class AttemptChecks {
  readonly #run: CheckedRun;

  constructor(run: CheckedRun) {
    this.#run = run;
  }

  onAcquire(
    client: number,
    worker: number,
    names: readonly string[],
    waitsForever: boolean,
    modes: readonly Mode[] = names.map((): Mode => "X"),
    { hasPlace = false, permits = NO_PERMITS, limit, priority }: AttemptTraits = {},
  ): Attempt {
    const { counts, findings, time, waits, order, fairOrder, idleness, requests, hosts } = this.#run;
    counts.operations += 1;
    findings.log(() => `client ${client}, worker ${worker} acquires ${names.join(", ")}`);
    const startedAt = time.now;
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
    waits.add(attempt);
    order.add(attempt);
    idleness.addWaiter(attempt, time.now);
    for (const name of names) requests.addCaller(hosts[client]?.label ?? "", lockKey(name));
    if (priority !== undefined) fairOrder.onCall(attempt, priority);
    return attempt;
  }

  onRefused(attempt: Attempt): void {
    this.#run.findings.log(() => `${callerOf(attempt)} refused`);
    this.onEnd(attempt);
    this.#run.history.onNotGranted(attempt);
  }

  onFailed(attempt: Attempt, error: unknown): void {
    const { waits, history, findings, sizes, time, permanentRefusals, outages } = this.#run;
    const mustBeGranted = waits.has(attempt);
    const needless = outages.onFailed(attempt, error);
    if (needless !== undefined) findings.report("liveness", needless);
    this.onEnd(attempt);
    history.onNotGranted(attempt);
    findings.log(() => `${callerOf(attempt)} failed: ${String(error).split("\n")[0]}`);
    // The semaphore has fewer permits than the caller wants.
    if (error instanceof RangeError && sizes.canBeTooSmall(attempt, time.now)) return;
    if (!(error instanceof LockError)) {
      findings.report("errors", error instanceof Error ? (error.stack ?? error.message) : String(error));
    } else if (permanentRefusals.isEarlyEnd(error)) {
      if (!permanentRefusals.canEndEarly(attempt.startedAt))
        findings.report("liveness", `a wait ended early, but a majority could be asked: ${error.message}`);
    } else if (mustBeGranted && !(error instanceof LockClosedError)) {
      findings.report("liveness", `a wait without a limit ended: ${error.message}`);
    }
  }

  /** A health check of a client found that the quorum is lost, or is there again. */
  onQuorum(client: number, hasQuorum: boolean): void {
    const { findings, outages, time } = this.#run;
    findings.log(() => `client ${client} finds ${hasQuorum ? "a" : "no"} quorum`);
    const problem = outages.onQuorum(client, hasQuorum, time.now);
    if (problem !== undefined) findings.report("liveness", problem);
  }

  /** The caller waits no more, however its call ended. */
  onEnd(attempt: Attempt): void {
    const { idleness, waits, order, fairOrder, time } = this.#run;
    idleness.removeWaiter(attempt, time.now);
    waits.remove(attempt, time.now);
    order.remove(attempt);
    fairOrder.onEnd(attempt);
  }
}
