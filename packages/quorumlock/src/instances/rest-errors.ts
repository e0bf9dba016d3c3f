import type { CallFailure } from "./polled-connection.ts";

/** The code of a server, such as `NOSCRIPT`. */
const ERROR_REPLY = /^[A-Z][A-Z0-9]+ /;
/** The client appends the whole command to the error of a server. */
const COMMAND = ", command was: ";

/** Reads an error of a REST client. Nothing of it but the first line of its message is kept: the rest can have commands and tokens. */
export function readRestError(thrown: unknown): CallFailure {
  const { name, message, cause } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const end = message.indexOf(COMMAND);
  const text = end < 0 ? message : message.slice(0, end);
  if (ERROR_REPLY.test(text)) return { kind: "refused", error: new Error(text) };
  if (/^unauthorized\b/i.test(text))
    return { kind: "refused", error: new Error("WRONGPASS the server refuses the token") };
  if (name === "UpstashJSONParseError") return lost("the answer is not JSON");
  const reason = cause instanceof Error ? cause : undefined;
  const { code } = (reason ?? {}) as { readonly code?: unknown };
  const detail = reason?.message || (typeof code === "string" ? code : "");
  return lost(detail === "" ? text : `${text}: ${detail}`);
}

function lost(problem: string): CallFailure {
  return { kind: "lost", error: new Error(`the HTTP request failed: ${problem}`) };
}
