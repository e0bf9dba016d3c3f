/** A token of this library: 128 random bits in hexadecimal, then `@` and the owner label, which names the holder. */
const OWN_TOKEN = /^[0-9a-f]{32}@/;

/** The digits, the "@", and the longest owner label. */
export const MAX_TOKEN_LENGTH = 32 + 1 + 128;

/** Makes a token from 32 hexadecimal digits and the result of `tokenSuffix`. */
export function makeToken(random: string, suffix: string): string {
  return random + suffix;
}

/** The end of every token of one owner. The caller keeps the string, because a shared string saves memory for each lock. */
export function tokenSuffix(owner: string): string {
  return `@${owner}`;
}

/**
 * The value of a lock's key while several holders have the name in shared modes, as readers do. No token is equal to it. If there is
 * only one, its mode and its token follow: `~s S <token>`.
 */
export const SHARED_HOLDERS = "~s";

/**
 * The start of the value of a lock's key while permits of a semaphore with its name are held. Behind it is the state of the semaphore.
 * No token is equal to it.
 */
export const PERMIT_HOLDERS = "~p";

/** Whether a lock's key with this value says that permits are held. */
export function isOfPermits(value: string): boolean {
  return value === PERMIT_HOLDERS || value.startsWith(`${PERMIT_HOLDERS} `);
}

/** The token in the value of a lock's key. The value itself if it names no holder, or is a token. */
export function tokenInKey(value: string): string {
  if (isOfPermits(value)) return PERMIT_HOLDERS;
  return /^~s [A-Z]+ (.*)$/s.exec(value)?.[1] ?? value;
}

/** Whether this library made the token. */
export function isOwnToken(token: string): boolean {
  return OWN_TOKEN.test(token);
}

/** Whether the release of the holder is announced to waiters. */
export function announcesRelease(token: string): boolean {
  return token === SHARED_HOLDERS || token === PERMIT_HOLDERS || isOwnToken(token);
}

/** The owner label in a token; `undefined` if another library made the token. */
export function ownerOf(token: string): string | undefined {
  return isOwnToken(token) ? token.slice(token.indexOf("@") + 1) : undefined;
}
