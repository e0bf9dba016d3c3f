import type { Reply, Request } from "../library.ts";
import type { Link, LinkWatcher, MessageFate } from "../world/link.ts";
import { readCall } from "../world/read-call.ts";
import { isAcquire, isCommit, lockKeysOf, tokenOf } from "../world/requests.ts";
import type { Call, Server, ServerWatcher } from "../world/server.ts";
import type { CheckedRun } from "./checked-run.ts";
import type { FenceChecks } from "./fence-checks.ts";
import { Releases } from "./releases.ts";
import { shorten } from "./trace-text.ts";

/** Observes every message between clients and servers, and what the servers do. Checks and records it. */
export class MessageChecks implements ServerWatcher, LinkWatcher {
  readonly #run: CheckedRun;
  readonly #fences: FenceChecks;
  readonly #releases = new Releases();
  /** Tokens of acquisitions that needed a second round. */
  readonly #committed = new Set<string>();

  constructor(run: CheckedRun, fences: FenceChecks) {
    this.#run = run;
    this.#fences = fences;
  }

  /** Number of acquisitions that needed a second round to commit their fencing token. */
  get commitRounds(): number {
    return this.#committed.size;
  }

  onCallRefused({ index }: Server, error: string): void {
    this.#run.permanentRefusals.onRefused(index, error, this.#run.time.now);
  }

  onExecuted(server: Server, request: Request, reply: Reply): void {
    const { recoveries, sizes, permanentRefusals, order, fairOrder, time } = this.#run;
    if (isAcquire(request)) this.#fences.onVote(server, request, reply);
    recoveries.onExecuted(server.index, request, reply);
    // Too few others could be read, also for the sizes of semaphores.
    sizes.isForgotten = recoveries.byClock > 0;
    permanentRefusals.onExecuted(server.index);
    order.onExecuted(server.index, request, reply, time.now);
    fairOrder.onExecuted(server.index, request, reply, time.now);
  }

  onPublished(server: Server, channel: string, message: string): void {
    const { findings, fairOrder, time } = this.#run;
    findings.log(() => `${server.label} publishes ${JSON.stringify(message)} on ${channel}`);
    fairOrder.onPublished(server.index, channel, message, time.now);
  }

  onSent(link: Link, call: Call, isResent: boolean): void {
    const { findings, fairOrder, hosts, requests } = this.#run;
    for (const request of readCall(call.args)) {
      const token = tokenOf(request);
      fairOrder.onSent(hosts.indexOf(link.host), request);
      findings.log(
        () =>
          `${link.host.label} → ${link.label}: ${request.operation.name} ${shorten(token)}${isAcquire(request) && request.args[2] ? ` ${request.args[2]}` : ""}${isResent ? " (resent)" : ""}`,
      );
      const problem = this.#releases.onSent(link, request, isResent);
      if (problem !== undefined) findings.report("renewal", problem);
      if (isCommit(request)) this.#committed.add(token);
      if (!isAcquire(request)) continue;
      for (const key of lockKeysOf(request)) requests.addRequest(link.host.label, link.server.index, key);
    }
  }

  onReply(link: Link, call: Call, replies: readonly unknown[]): void {
    const { findings } = this.#run;
    readCall(call.args).forEach((request, index) => {
      findings.log(
        () =>
          `${link.host.label} ← ${link.label}: ${request.operation.name} ${shorten(tokenOf(request))} ${shorten(JSON.stringify(replies[index]))}`,
      );
      if (isAcquire(request)) this.#fences.onReply(link.server, request, replies[index] as Reply | undefined);
    });
  }

  onBrokenMessage(fate: MessageFate): void {
    this.#run.counts[fate] += 1;
  }
}
