import { Acquirable, type LockingContext } from "../acquiring/acquirable.ts";
import type { Scope } from "../acquiring/scope.ts";
import { LockUpgradeError, QuorumError } from "../base/errors.ts";
import { checkName } from "../base/names.ts";
import { ownerOf } from "../base/token.ts";
import { ConvertibleLock } from "../holding/convertible-lock.ts";
import type { DescriptionOf, Lock, Lockable } from "../lockable.ts";
import { checkKeyName } from "../operations/keys.ts";
import { lockInMode, modesKind } from "../operations/modes.ts";
import { Attempt } from "../quorum/attempt.ts";
import type { Refusal } from "../quorum/refusal.ts";

/** A held read lock. */
export interface ReadLock extends Lock {
  /**
   * Converts it to the write lock, if no other reader holds the name. This lock is over then, and `using` releases the new one. The
   * fencing token is a new one. Both locks have one signal.
   * @throws LockUpgradeError at once if others read. This lock stays held, with another `token`.
   * @throws QuorumError if too few instances voted. This lock stays held, with another `token`.
   * @throws LockLostError, LockReleasedError if it is not held.
   */
  upgrade(): Promise<WriteLock>;
  /** As `Lock.detach`. `redlock.attach` makes a `ReadLock` of the description. */
  detach(): Promise<DescriptionOf<"read">>;
}

/** A held write lock. */
export interface WriteLock extends Lock {
  /**
   * Converts it to a read lock. No writer can come in between, and waiting readers go on. This lock is over then, and `using`
   * releases the new one, which has the same fencing token. Both locks have one signal. If no quorum confirms the conversion, the
   * read lock is held until the end of the present lease, unless an extension succeeds.
   * @throws LockLostError, LockReleasedError if it is not held.
   */
  downgrade(): Promise<ReadLock>;
  /** As `Lock.detach`. `redlock.attach` makes a `WriteLock` of the description. */
  detach(): Promise<DescriptionOf<"write">>;
}

/** The two locks of one name. */
export interface ReadWriteLock {
  /** Held by any number of readers at a time, and by no writer. */
  readonly read: Lockable<ReadLock>;
  /** Held by one writer, and by no reader. */
  readonly write: Lockable<WriteLock>;
}

/** @throws TypeError, RangeError for a bad name. */
export function readWrite(context: LockingContext, name: string, scope?: Scope): ReadWriteLock {
  checkKeyName(checkName("name", name));
  return {
    read: new Acquirable(context, modesKind, lockInMode([name], "S"), { lockClass: HeldReadLock, scope }),
    write: new Acquirable(context, modesKind, lockInMode([name], "X"), { lockClass: HeldWriteLock, scope }),
  };
}

/** A held read lock. */
export class HeldReadLock extends ConvertibleLock implements ReadLock {
  get describedAs(): string {
    return "read";
  }

  override detach(): Promise<DescriptionOf<"read">> {
    return super.detach() as Promise<DescriptionOf<"read">>;
  }

  upgrade(): Promise<WriteLock> {
    return this.convert(async () => {
      const before = this.hold;
      const { voters, target } = before;
      this.hold = before.convertTo(before.kind.inMode!(target, "X"));
      const attempt = await this.#requestVotes();
      this.checkConvertible();
      const { context, isOutdated } = this.hold;
      if (attempt.refusal === undefined && context.members.conflict === undefined && !isOutdated)
        return this.become(HeldWriteLock, before, attempt.lease);
      // The votes become votes for the read lock again, with a third token: a late message of the attempt must not undo that.
      this.hold = this.hold.convertTo(target, voters);
      const result = await this.hold.extend(this.ttl);
      this.checkConvertible();
      this.onHoldReplaced(result);
      throw this.#upgradeError(attempt.refusal);
    });
  }

  async #requestVotes(): Promise<{
    readonly lease: Attempt["lease"];
    readonly refusal: Refusal | undefined;
  }> {
    const { hold, ttl: ttlMs } = this;
    const options = { ttlMs, previous: undefined, joinsLine: false, keepsVotes: true };
    let attempt!: Attempt;
    const refusal = await new Promise<Refusal | undefined>((resolve) => {
      attempt = new Attempt(hold.context, hold, options, { onAttemptEnded: resolve });
      attempt.start();
    });
    return { lease: attempt.lease, refusal };
  }

  #upgradeError(refusal: Refusal | undefined): Error {
    const { names } = this;
    const { kind, target } = this.hold;
    const isLimited = kind.limitError?.(target, refusal?.replies ?? [], 0) !== undefined;
    if (refusal?.kind !== "contended" || isLimited)
      return new QuorumError(names, "not upgraded: too few instances voted", refusal?.failures ?? []);
    if (refusal.holder === undefined) return new LockUpgradeError(names, undefined);
    const { token, remainingMs } = refusal.holder;
    return new LockUpgradeError(names, {
      token,
      owner: ownerOf(token),
      remaining: remainingMs,
      thisProcess: this.context.isHeldHere(names, token),
    });
  }
}

/** A held write lock. */
export class HeldWriteLock extends ConvertibleLock implements WriteLock {
  #isDowngraded = false;

  get describedAs(): string {
    return "write";
  }

  override detach(): Promise<DescriptionOf<"write">> {
    return super.detach() as Promise<DescriptionOf<"write">>;
  }

  /** 0 as soon as the conversion was sent, because readers may hold the lock from then on. */
  override remaining(): number {
    return this.#isDowngraded ? 0 : super.remaining();
  }

  downgrade(): Promise<ReadLock> {
    return this.convert(async () => {
      this.#isDowngraded = true;
      const before = this.hold;
      this.hold = before.convertTo(before.kind.inMode!(before.target, "S"));
      const result = await this.hold.extend(this.ttl);
      this.checkConvertible();
      this.onHoldReplaced(result);
      return this.become(HeldReadLock, before);
    });
  }
}
