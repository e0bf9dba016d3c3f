import type { Lock, LockDescription } from "../lockable.ts";
import type { LockKind } from "../operations/kind.ts";
import type { Hold } from "../quorum/hold.ts";

/** The version of the form of a description. A reader that does not know it refuses the description. */
export const DESCRIPTION_VERSION = 1;

/** @throws TypeError if locks of the kind cannot pass to another process. */
export function checkDetachable({ transfer }: LockKind): void {
  if (transfer === undefined)
    throw new TypeError("detach: a lock of this kind cannot pass to another process");
}

/** A lock of a class that has more methods than other locks of its kind. */
interface DescribedLock extends Lock {
  /** The name of its kind in a description. */
  readonly describedAs?: string;
}

export function describeDetached({ kind, target }: Hold, lock: DescribedLock): LockDescription {
  const { names, token, fence, ttl } = lock;
  return {
    version: DESCRIPTION_VERSION,
    ...kind.transfer!.describe(target, lock.describedAs),
    names,
    token,
    fence,
    ttl,
    remaining: lock.remaining(),
  };
}
