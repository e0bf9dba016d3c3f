import type { Lock, LockDescription } from "../lockable.ts";
import type { LockKind } from "../operations/kind.ts";

/**
 * The name of a kind in the description of a detached lock.
 * @throws TypeError if locks of the kind cannot pass to another process.
 */
export function kindOfDetached({ transfer }: LockKind): string {
  if (transfer !== undefined) return transfer.kind;
  throw new TypeError("detach: a lock of this kind cannot pass to another process; only a mutex can");
}

export function describeDetached(kind: string, lock: Lock): LockDescription {
  const { names, token, fence, ttl } = lock;
  return { kind, names, token, fence, ttl, remaining: lock.remaining() };
}
