import { withCallerStack } from "../base/caller-stack.ts";
import { sharingMode } from "../operations/kind.ts";
import type { ExtendResult, Hold } from "../quorum/hold.ts";
import type { Lease } from "../quorum/lease.ts";
import { HeldLock, type LockClass } from "./lock.ts";

/**
 * A lock that can be converted to a lock of another class, with a new token (protocol §7). Extensions, other conversions and releases
 * wait for a conversion. This lock is over when it was converted, and both locks have one signal.
 */
export class ConvertibleLock extends HeldLock {
  #conversion: Promise<unknown> | undefined;
  #convertedTo: HeldLock | undefined;

  /** This lock, or the lock that it was converted to. */
  get latest(): HeldLock {
    return this.#convertedTo === undefined ? this : latestOf(this.#convertedTo);
  }

  override get signal(): AbortSignal {
    return this.#convertedTo?.signal ?? super.signal;
  }

  override release(): Promise<boolean> {
    if (this.#conversion === undefined) return super.release();
    const releaseLatest = (): Promise<boolean> => this.latest.release();
    return this.#conversion.then(releaseLatest, releaseLatest);
  }

  /**
   * Runs a conversion.
   * @throws LockLostError, LockReleasedError if the lock is not held, without a call of `work`.
   */
  protected async convert<T>(work: () => Promise<T>): Promise<T> {
    while (this.inFlight !== undefined) await this.inFlight.catch(() => undefined);
    this.checkConvertible();
    const conversion = this.runAlone(work).finally(() => (this.#conversion = undefined));
    this.#conversion = conversion;
    try {
      return await conversion;
    } catch (error) {
      throw withCallerStack(error);
    }
  }

  /** @throws LockLostError, LockReleasedError if the lock is not held. */
  protected checkConvertible(): void {
    this.checkHeld(
      "its lease ended before the conversion was complete",
      "it was released or converted before",
      "converted",
    );
  }

  /** A round that replaced the hold was confirmed, or was not. The lock stays held until its lease ends. */
  protected onHoldReplaced(result: ExtendResult): void {
    if ("lease" in result) this.renew(result.lease);
    else this.onNotRenewed(result.refusal);
  }

  /**
   * Ends this lock in favour of one of another class, which gets its present hold. `before`: the hold that this lock had until the
   * conversion, whose token it keeps. `lease`: the lease of the other lock.
   */
  protected become<L extends HeldLock>(lockClass: LockClass<L>, before: Hold, lease?: Lease): L {
    const { kind, target } = this.hold;
    const lock = this.endAs(lockClass, lease);
    this.#convertedTo = lock;
    this.hold = before;
    const { id, names, token, fence } = lock;
    const mode = sharingMode(kind, target);
    this.context.events.to("lock:converted")?.({ id, names, mode, from: before.token, token, fence });
    return lock;
  }
}

/** The lock, or the lock that it was converted to. */
export function latestOf(lock: HeldLock): HeldLock {
  return lock instanceof ConvertibleLock ? lock.latest : lock;
}
