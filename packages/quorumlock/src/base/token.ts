/** 128 random bits, then `@` and an owner label, so that a listing can say who holds what. */
const OURS = /^[0-9a-f]{32}@/;

/** `suffix`: as `tokenSuffix` made it. */
export function makeToken(random: string, suffix: string): string {
  return random + suffix;
}

/** What the tokens of one owner end with. Made once: a held lock is smaller by the piece of string in between. */
export function tokenSuffix(owner: string): string {
  return `@${owner}`;
}

/** Whether the token was made by this library: its holder tells of its release. */
export function isOwnToken(token: string): boolean {
  return OURS.test(token);
}

/** The owner label in a token; `undefined` in that of a foreign client. */
export function ownerOf(token: string): string | undefined {
  return isOwnToken(token) ? token.slice(33) : undefined;
}
