import type { RedisCommand } from "../servers/bounded-connection.ts";
import { escapeGlob } from "./glob.ts";

/** How many keys one call visits. A server takes well below a millisecond for it. */
export const KEYS_A_CALL = 500;

/** What one call has found, and the cursor of the next one, which is "0" at the end. */
export interface ScanPage {
  readonly cursor: string;
  readonly keys: readonly string[];
}

/** The calls of SCAN that find the keys of locks under a prefix. */
export class ScanCalls {
  readonly #pattern: string;
  /** Whether SCAN can leave out other types than strings. The key of a lock is a string. */
  #knowsType = true;

  constructor(prefix: string) {
    this.#pattern = `${escapeGlob(prefix)}*`;
  }

  /** @param cursor "0" for the first call. */
  command(cursor: string): RedisCommand {
    const type = this.#knowsType ? ["TYPE", "string"] : [];
    return ["SCAN", cursor, "MATCH", this.#pattern, "COUNT", String(KEYS_A_CALL), ...type];
  }

  /** @throws Error for an error reply. If the server does not know a part of the command, the next one is without it. */
  read(reply: unknown): ScanPage {
    // Servers before version 6 cannot filter by type.
    if (reply instanceof Error && /syntax/i.test(reply.message)) this.#knowsType = false;
    if (reply instanceof Error) throw reply;
    if (!Array.isArray(reply)) throw new Error("SCAN has no list in its reply");
    const [cursor, keys] = reply as [string, string[]];
    return { cursor, keys };
  }
}
