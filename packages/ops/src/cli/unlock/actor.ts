import { hostname, userInfo } from "node:os";
import { CommandError, EXIT } from "../command-error.ts";

const ACTOR = /^[\x21-\x7e]{1,64}$/;
const MAX_LENGTH = 64;

/**
 * Who acts, for the audit and for the token of the operator: the option, otherwise `user@host`.
 * @throws CommandError for a bad option.
 */
export function actorOf(option: string | undefined): string {
  if (option !== undefined) {
    if (ACTOR.test(option)) return option;
    throw new CommandError(
      `--as: ${JSON.stringify(option)} must be 1 to ${MAX_LENGTH} printable ASCII characters without spaces`,
      EXIT.wrongUsage,
    );
  }
  return `${userName()}@${hostname()}`.replace(/[^\x21-\x7e]/g, "?").slice(0, MAX_LENGTH);
}

/** In a container, the user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? "unknown"}`;
  }
}
