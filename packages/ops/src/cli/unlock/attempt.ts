import type { OperatorReleaseResult } from "quorumlock/operator";
import type { ClassOf } from "../../monitor/locks/class-rules.ts";
import { Audit, type AuditRecord, type KeptRecord } from "../../release/audit.ts";
import { describeReleased } from "../../release/release-texts.ts";
import { CommandError } from "../command-error.ts";
import type { Connection } from "../connect.ts";
import type { LockReading } from "../locks/lock-reading.ts";
import type { Output } from "../output/output.ts";
import { auditServersOf } from "./audit-servers.ts";
import type { Candidate } from "./candidates.ts";
import type { Refusal } from "./refusal.ts";

export interface AttemptOptions {
  readonly name: string;
  readonly mode: "drain" | "now";
  readonly actor: string;
  readonly reason: string | undefined;
  /** From the name of a lock to its class. */
  readonly classOf: ClassOf;
}

/** One use of the command. Its end is recorded in the audit before it is printed, also a refusal. */
export class UnlockAttempt {
  readonly #options: AttemptOptions;
  readonly #output: Output;
  readonly #audit: Audit;
  readonly #servers: number;
  reason: string | undefined;
  reading: LockReading | undefined;
  chosen: Candidate | undefined;
  /** Of the report of the holder's process. */
  fence: number | undefined;

  constructor(options: AttemptOptions, connection: Connection, prefix: string, output: Output) {
    this.#options = options;
    this.#output = output;
    this.#servers = connection.servers.length;
    this.#audit = new Audit(auditServersOf(connection), prefix, () => undefined);
    this.reason = options.reason;
  }

  /** Records a refusal, and prints it. @throws CommandError unless the output is JSON. */
  async refuse({ exitCode, why, message }: Refusal): Promise<void> {
    const kept = await this.#record({ result: "refused", why: message.split("\n", 1)[0] });
    this.#warnWithoutAudit(kept);
    if (!this.#output.isJson) throw new CommandError(this.#output.plain(message), exitCode);
    this.#output.printJson(this.#resultOf({ released: false, why, message }, kept));
    process.exitCode = exitCode;
  }

  async succeed(result: OperatorReleaseResult): Promise<void> {
    const { mode } = this.#options;
    const freeAt = Date.now() + (result.freeInMs ?? 0);
    const message = describeReleased(mode, result, freeAt);
    const kept = await this.#record({
      result: "released",
      why: undefined,
      newFence: result.newFence,
      freeAt,
    });
    if (!this.#output.isJson) this.#output.print(message);
    else {
      const { newFence, freeInMs, votes } = result;
      const released = { released: true, why: undefined, message, newFence, freeAt, freeInMs, votes };
      this.#output.printJson(this.#resultOf(released, kept));
    }
    this.#warnWithoutAudit(kept);
  }

  #resultOf(
    result: Readonly<Record<string, unknown>>,
    { record, copies }: KeptRecord,
  ): Record<string, unknown> {
    const { name, mode } = this.#options;
    const { holder, of } = record;
    return { name, mode, holder, of, ...result, audit: { id: record.id, copies } };
  }

  #warnWithoutAudit({ copies }: KeptRecord): void {
    if (copies === 0) this.#output.problem("No server has kept the record of this in the audit.");
  }

  #record(
    result: Pick<AuditRecord, "result" | "why"> & Partial<Pick<AuditRecord, "newFence" | "freeAt">>,
  ): Promise<KeptRecord> {
    const { name, mode, actor, classOf } = this.#options;
    const { chosen } = this;
    const view = this.reading?.view;
    const remainingMs = chosen?.remainingMs;
    return this.#audit.record(
      {
        via: "command",
        actor,
        address: undefined,
        name,
        class: classOf(name),
        holder: chosen && { owner: chosen.owner, id: chosen.id, fence: this.fence },
        ageMs: view?.ageMs,
        ageSource: view?.ageSource ?? "unknown",
        remainingMs: remainingMs === Infinity ? undefined : remainingMs,
        votes: chosen?.votes ?? view?.votes,
        of: this.#servers,
        waiters: view?.waiters,
        callers: view?.callers,
        mode,
        newFence: undefined,
        freeAt: undefined,
        reason: this.reason,
        ...result,
      },
      true,
    );
  }
}
