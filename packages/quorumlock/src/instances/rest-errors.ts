import type { CallFailure } from "./polled-connection.ts";

/** The code of a server, such as `NOSCRIPT`. */
const ERROR_REPLY = /^[A-Z][A-Z0-9]+ /;
/** The client appends the whole command to the error of a server. */
const COMMAND = ", command was: ";

/** The only `TypeError` of `fetch` whose text is fixed. Others show the address or the header that is not valid, with the token. */
const FETCH_FAILED = "fetch failed";

/** Reads an error of a REST client. Only the first line of its message is kept, without the command and without the token. */
export function readRestError(thrown: unknown): CallFailure {
  const { name, message, cause } = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (name === "TypeError" && message !== FETCH_FAILED)
    return lost("the client cannot make it; check the url and the token, for example for a line break");
  const text = withoutSecrets(message);
  if (ERROR_REPLY.test(text)) return { kind: "refused", error: new Error(text) };
  if (/^unauthorized\b/i.test(text))
    return { kind: "refused", error: new Error("WRONGPASS the server refuses the token") };
  if (name === "UpstashJSONParseError") return lost("the answer is not JSON");
  const reason = cause instanceof Error ? cause : undefined;
  const { code } = (reason ?? {}) as { readonly code?: unknown };
  const detail = withoutSecrets(reason?.message || (typeof code === "string" ? code : ""));
  return lost(detail === "" ? text : `${text}: ${detail}`);
}

function withoutSecrets(message: string): string {
  const [line = ""] = message.split(/[\r\n]/, 1);
  const [text = ""] = line.split(COMMAND, 1);
  return text.replaceAll(/Bearer\s[^"]*/gi, "Bearer ***");
}

function lost(problem: string): CallFailure {
  return { kind: "lost", error: new Error(`the HTTP request failed: ${problem}`) };
}
