/** How many digits of a token logs, reports and debug output show. Nobody can release a lock with them. */
const SHOWN_DIGITS = 8;

/** The first digits of a token. They tell locks apart, and are no key to them. */
export function shortToken(token: string): string {
  return token.slice(0, SHOWN_DIGITS);
}
