import { createHash } from "node:crypto";

/** The length of a mark. */
export const MARK_LENGTH = 32;

/**
 * A name for the holder of a lock that does not reveal its token, because a token is all that is needed to release the lock. 32 hexadecimal
 * digits.
 */
export function markOf(token: string): string {
  return createHash("sha256").update(token).digest("hex").slice(0, MARK_LENGTH);
}
