import { redact } from "../base/redact.ts";

/** A whole token in a text. */
const TOKEN = /(?<![0-9a-f])([0-9a-f]{8})[0-9a-f]{24}(?![0-9a-f])/gi;

/**
 * The text of an error for logs, spans and debug output: without passwords, and with the first 8 digits of each token. A whole token
 * gives the right to release the lock.
 */
export function safeText(text: string): string {
  return redact(text).replace(TOKEN, "$1…");
}
