import { type Lock, LockLostError, LockUpgradeError, QuorumError } from "quorumlock";
import type { Contender } from "../contest/contender.ts";
import { accessOf, type Hold } from "../contest/hold.ts";
import { nowMs } from "../monotonic.ts";
import type { WorkerContext } from "./worker.ts";

/** A lock that a worker holds. Records each operation. After a conversion, it is the converted lock. */
export class HeldLock {
  readonly #context: WorkerContext;
  #contender: Contender;
  #lock: Lock;
  #lockId: number;
  #holds: readonly Hold[];

  constructor(
    context: WorkerContext,
    contender: Contender,
    lock: Lock,
    lockId: number,
    holds: readonly Hold[],
  ) {
    this.#context = context;
    this.#contender = contender;
    this.#lock = lock;
    this.#lockId = lockId;
    this.#holds = holds;
    // A converted lock has the signal of the lock before it.
    lock.signal.addEventListener("abort", () => this.#recordLoss(), { once: true });
  }

  get isHeld(): boolean {
    return this.#lock.isHeld;
  }

  get signal(): AbortSignal {
    return this.#lock.signal;
  }

  get canConvert(): boolean {
    return this.#contender.conversion !== undefined;
  }

  /** The end of the lease. */
  heldUntil(now: number): number {
    return now + this.#lock.remaining();
  }

  /** Uses the data of one node that the lock protects. */
  async write(value: string): Promise<void> {
    const { random, journal, writeToStore } = this.#context;
    const own = this.#holds.flatMap(({ node, mode }) => {
      const access = accessOf(mode);
      return access === undefined ? [] : [{ node, access }];
    });
    const { node, access } = random.pick([...own, ...(this.#contender.below ?? [])]);
    const lock = `${journal.worker}/${this.#lockId}`;
    await writeToStore({ node, access, fence: this.#lock.fence, lock, value, sentAt: nowMs() });
  }

  async extend(): Promise<void> {
    const { journal, nextOperationId } = this.#context;
    const [operationId, lockId] = [nextOperationId(), this.#lockId];
    journal.write({ event: "extend", operationId, lockId });
    try {
      await this.#lock.extend();
      const at = nowMs();
      journal.write({ event: "extended", operationId, lockId, heldUntil: this.heldUntil(at) }, at);
    } catch (error) {
      journal.write({ event: "not-extended", operationId, lockId, reason: failureOf(error) });
    }
  }

  recordAutoExtension(heldUntil: number, at: number): void {
    this.#context.journal.write({ event: "auto-extended", lockId: this.#lockId, heldUntil }, at);
  }

  /** Converts the lock if it is one that can be converted. It stays as it is if that fails. */
  async convert(): Promise<void> {
    const { conversion } = this.#contender;
    if (conversion === undefined) return;
    const { journal, nextOperationId } = this.#context;
    const [operationId, lockId] = [nextOperationId(), this.#lockId];
    const to = conversion.to();
    journal.write({ event: "convert", operationId, lockId, kind: to.kind, holds: to.claims });
    try {
      const lock = await conversion.convert(this.#lock);
      const at = nowMs();
      [this.#contender, this.#lock, this.#lockId, this.#holds] = [to, lock, operationId, to.claims];
      const { token, fence } = lock;
      const heldUntil = this.heldUntil(at);
      journal.write({ event: "converted", operationId, lockId, token, fence, heldUntil }, at);
    } catch (error) {
      const reason = error instanceof LockUpgradeError ? "contended" : failureOf(error);
      journal.write({ event: "not-converted", operationId, lockId, reason });
    }
  }

  async release(): Promise<void> {
    const { journal, nextOperationId } = this.#context;
    const [operationId, lockId] = [nextOperationId(), this.#lockId];
    journal.write({ event: "release", operationId, lockId });
    try {
      const outcome = (await this.#lock.release()) ? "released" : "not-held";
      journal.write({ event: "released", operationId, lockId, outcome });
    } catch (error) {
      if (!(error instanceof QuorumError)) throw error;
      journal.write({ event: "released", operationId, lockId, outcome: "no-quorum" });
    }
  }

  #recordLoss(): void {
    this.#context.journal.write({ event: "lost", lockId: this.#lockId });
  }
}

/** Names the documented reason of a failed `extend()`, `upgrade()` or `downgrade()`. Throws any other error again. */
function failureOf(error: unknown): "lost" | "no-quorum" {
  if (error instanceof LockLostError) return "lost";
  if (error instanceof QuorumError) return "no-quorum";
  throw error;
}
