import { createHash } from "node:crypto";

/** A shorter token of another library would be known from its first 8 characters, or nearly so. */
const MIN_TOKEN_LENGTH = 24;
const ID_LENGTH = 8;

/** What pages and logs show of a token: its first 8 characters. Nobody can release a lock with them. */
export function tokenId(token: string): string {
  if (token.length >= MIN_TOKEN_LENGTH) return token.slice(0, ID_LENGTH);
  return createHash("sha256").update(token).digest("hex").slice(0, ID_LENGTH);
}
