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

/** `kind`: the name of the kind, if it is not the one that the kind itself has. */
export function describeDetached(
  { kind: { transfer }, target }: Hold,
  lock: Lock,
  kind: string | undefined,
): LockDescription {
  const { names, token, fence, ttl } = lock;
  const described = transfer!.describe(target);
  return {
    version: DESCRIPTION_VERSION,
    ...described,
    kind: kind ?? described.kind,
    names,
    token,
    fence,
    ttl,
    remaining: lock.remaining(),
  };
}
