import { SetupError } from "./setup-error.ts";

const INSTEAD = "unset it to use the PostgreSQL server that `npm ci` installs";

/**
 * Checks the form of DATABASE_URL.
 * @returns its protocol, host and path, for messages: they have no password.
 * @throws SetupError if the form is wrong. The message has no part of the URL, because any part can be a part of a password.
 */
export function checkDatabaseUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !["postgres:", "postgresql:"].includes(parsed.protocol))
    throw new SetupError(
      `DATABASE_URL: it must have the form postgres://USER:PASSWORD@HOST:PORT/DATABASE; correct it, or ${INSTEAD}`,
    );
  const { protocol, host, pathname, search, hash } = parsed;
  // With the password 12/34, the host would be USER:12, and the path would begin with the rest of the password.
  if (`${pathname}${search}${hash}`.includes("@"))
    throw new SetupError(
      'DATABASE_URL: it has an "@" behind the host; write "/" as %2F, "?" as %3F, "#" as %23 and "@" as %40 in user, password, database and parameters, or ' +
        INSTEAD,
    );
  return `${protocol}//${host}${pathname}`;
}
