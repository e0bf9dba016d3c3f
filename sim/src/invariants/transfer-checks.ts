import { type Lock, type LockDescription, LockError, LockLostError } from "quorumlock";
import { MAX_TTL_MS } from "../plan/profiles.ts";
import type { CheckedRun } from "./checked-run.ts";
import type { FenceChecks } from "./fence-checks.ts";
import type { AttachAttempt, Grant, Transfer } from "./grant.ts";
import type { HoldChecks } from "./hold-checks.ts";
import type { LeaseChecks } from "./lease-checks.ts";
import { callerOf, remaining } from "./trace-text.ts";

/** Checks the locks that pass from one client to another: who may rely on one between `detach` and `attach`, and its token. */
export class TransferChecks {
  readonly #run: CheckedRun;
  readonly #holds: HoldChecks;
  readonly #leases: LeaseChecks;
  readonly #fences: FenceChecks;

  constructor(run: CheckedRun, holds: HoldChecks, leases: LeaseChecks, fences: FenceChecks) {
    this.#run = run;
    this.#holds = holds;
    this.#leases = leases;
    this.#fences = fences;
  }

  /** Another client may attach the lock from now on. If none does, it expires. */
  onDetached(from: Grant, startedAt: number, description: LockDescription): Transfer {
    const { findings, time, history, hasChanges } = this.#run;
    findings.log(() => `${callerOf(from)} detached, valid for ${description.remaining.toFixed(1)} ms`);
    const { host, lock } = from;
    if (host.observe(() => lock.isHeld) || lock.signal.aborted)
      findings.report("release", `${lock.token} is held or lost after it was detached`);
    from.releasedAt = time.now;
    history.onDetached(from, startedAt, description.remaining, hasChanges);
    this.#leases.onEnd(from);
    this.#expire(from);
    return { from, description };
  }

  onAttach(transfer: Transfer, client: number, worker: number): AttachAttempt {
    const { counts, time } = this.#run;
    counts.operations += 1;
    return { transfer, client, worker, startedAt: time.now };
  }

  onAttached({ transfer, client, worker, startedAt }: AttachAttempt, lock: Lock): Grant {
    const { counts, hosts, time, findings, idleness, history } = this.#run;
    const { names, token, fence } = transfer.description;
    counts.transfers += 1;
    const host = hosts[client]!;
    const grantedAt = time.now;
    const { modes, hasPlace, limit, permits, slots } = transfer.from;
    const attempt = {
      client,
      worker,
      names,
      modes,
      hasPlace,
      limit,
      permits,
      waitsForever: false,
      startedAt,
    };
    const grant: Grant = { ...attempt, lock, slots, host, grantedAt, releasedAt: Infinity };
    findings.log(() => `${callerOf(grant)} ATTACHED, fence ${fence}, valid for ${remaining(grant)} ms`);
    if (lock.token !== token || lock.fence !== fence)
      findings.report("fences", `${token} with ${fence} was attached as ${lock.token} with ${lock.fence}`);
    idleness.onAttached(grant);
    this.#holds.watch(grant);
    this.#fences.onRenewed(grant, startedAt);
    history.onAttached(transfer.from, grant);
    history.onExtended({ grant, startedAt, sureMs: 0 });
    return grant;
  }

  onNotAttached({ transfer, startedAt }: AttachAttempt, error: unknown): void {
    const { findings, history } = this.#run;
    const { from } = transfer;
    findings.log(() => `${callerOf(from)} is not attached: ${String(error).split("\n")[0]}`);
    if (!(error instanceof LockError)) findings.report("errors", `attach threw ${String(error)}`);
    history.onNotExtended({ grant: from, startedAt, sureMs: 0 });
    if (!(error instanceof LockLostError)) this.#expire(from);
  }

  /** Nobody extends the lock. The servers may keep it for the longest ttl that it ever had. */
  #expire(grant: Grant): void {
    const { idleness, time, slowestRate } = this.#run;
    idleness.onDetached(grant, time.now + MAX_TTL_MS / slowestRate);
  }
}
