import type { Reply, Request } from "../library.ts";
import type { Server } from "../world/server.ts";
import type { CheckedRun } from "./checked-run.ts";
import { Fences } from "./fences.ts";
import type { Grant } from "./grant.ts";

/** Checks the order of the fencing tokens, as far as it is promised. */
export class FenceChecks {
  readonly #run: CheckedRun;
  readonly #fences = new Fences();

  constructor(run: CheckedRun) {
    this.#run = run;
  }

  /** Whether fencing tokens are promised until now. */
  get arePromised(): boolean {
    return this.#run.promises !== "cleanup" && this.#run.recoveries.promiseFences;
  }

  /** A fencing token was granted. */
  onGrant(grant: Grant): void {
    if (this.arePromised) this.#run.findings.reportAll("fences", this.#fences.onGrant(grant));
  }

  /** The holder of a fencing token was confirmed, by a call that began at `startedAt`. */
  onRenewed(grant: Grant, startedAt: number): void {
    if (this.#run.promises === "all" && this.arePromised)
      this.#run.findings.reportAll("fences", this.#fences.onExtended(grant, startedAt));
  }

  /** A server executed a request that acquires. */
  onVote({ index }: Server, request: Request, reply: Reply): void {
    this.#fences.onVote(index, request, reply);
  }

  /** The reply to a request that acquires reached its client. */
  onReply({ index }: Server, request: Request, reply: Reply | undefined): void {
    this.#fences.onReply(index, request, reply);
  }
}
