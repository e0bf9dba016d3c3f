import { spellMs } from "./duration.ts";

export interface ServerFailure {
  /** The message of the client. `undefined` if there was none. */
  readonly message: string | undefined;
  /** Whether the server has closed a connection. */
  readonly hasClosed: boolean;
  readonly isTls: boolean;
  readonly timeoutMs: number;
}

type Rule = readonly [pattern: RegExp, text: (found: RegExpExecArray) => string];

/** The first one that matches. */
const RULES: readonly Rule[] = [
  [/ECONNREFUSED/, () => "connection refused; is the server running, and is the port right?"],
  [/ENOTFOUND|EAI_AGAIN/, () => "host name not found"],
  [/EHOSTUNREACH|ENETUNREACH/, () => "no route to the host"],
  [/^WRONGPASS/, () => "wrong password or user name (WRONGPASS)"],
  [/^NOAUTH/, () => "it needs a password (NOAUTH)"],
  [
    /Unknown RESP type \d+ "(.*?)"|Protocol error, got "(.*?)"/,
    ([, now, before]) => `it is not a Redis server: its answer begins with “${now ?? before ?? ""}”`,
  ],
];

const TLS_HINT = "no TLS connection; if the server has no TLS, write redis:// instead of rediss://";

/** Why a server is not connected, and what may be wrong, in one line. */
export function describeFailure({ message = "", hasClosed, isTls, timeoutMs }: ServerFailure): string {
  for (const [pattern, text] of RULES) {
    const found = pattern.exec(message);
    if (found !== null) return text(found);
  }
  if (isTls && /ETIMEDOUT|EPROTO|wrong version|SSL|ECONNRESET|socket disconnected|^$/.test(message))
    return TLS_HINT;
  if (message === "" && hasClosed) return "it closes the connection; if it needs TLS, write rediss://";
  if (message === "" || /ETIMEDOUT/.test(message)) return `no answer in ${spellMs(timeoutMs)}`;
  return /certificate/i.test(message) ? `TLS: ${message}; is \`tls.ca_file\` right?` : message;
}
