import { InstanceError } from "../base/errors.ts";

/** Error replies of servers begin with a word in capitals. Errors of client libraries do not. */
const ERROR_REPLY = /^[A-Z][A-Z0-9]+ /;

/**
 * Errors of servers that stay until somebody corrects the client or the server, each with what to do. All others can end by
 * themselves, for example LOADING, BUSY, READONLY, OOM, MISCONF and CLUSTERDOWN.
 */
const PERMANENT: readonly (readonly [error: RegExp, advice: string])[] = [
  // A server answers large commands of a client without a password with the second one.
  [
    /^NOAUTH\b|^ERR Protocol error: unauthenticated\b/,
    "give the client the password, and the user name if it is not the default user",
  ],
  [/^WRONGPASS\b|^ERR invalid password\b/, "correct the user name and the password of the client"],
  [
    /^ERR (AUTH <password> called|Client sent AUTH)/,
    "remove the password from the client, or set it on the server",
  ],
  // The first one is the error of the server. The others are those of a command inside a script.
  [
    /^NOPERM\b|^ERR (ACL failure in script|The user executing the script can't)/,
    "give the user this right; docs/servers.md has an ACL that suffices",
  ],
  [/^ERR (DB index is out of range|invalid DB index)/, "correct the number of the database"],
  // The texts of these two say what to do.
  [/^DENIED\b/, ""],
  [/^ERR the server does not know EVAL\b/, ""],
];

/** An error of the server or of the client library, with what to do about it, and whether it is permanent. */
export function describeFailure(text: string): { readonly message: string; readonly isPermanent: boolean } {
  const known = PERMANENT.find(([error]) => error.test(text));
  if (known === undefined) return { message: text, isPermanent: false };
  const [, advice] = known;
  return { message: advice === "" ? text : `${text.replace(/[.;\s]+$/, "")}; ${advice}`, isPermanent: true };
}

/** The server refused one request of a call. */
export function refusedRequest(text: string): InstanceError {
  const { message, isPermanent } = describeFailure(text);
  return new InstanceError("INSTANCE_REPLY", message, { isPermanent });
}

/** The server answered a call with an error, such as `NOPERM`, `BUSY` or `LOADING`. It carried out no request of that call. */
export class RefusedCallError extends InstanceError {
  constructor(reply: Error) {
    const { message, isPermanent } = describeFailure(reply.message);
    super("INSTANCE_REPLY", message, { cause: reply, isPermanent });
  }
}

/** The abstention that stands for a call that failed. `isConnected`: whether the connection works. */
export function callError(
  cause: Error & { readonly isPermanent?: unknown; readonly code?: unknown },
  isConnected: boolean,
): InstanceError {
  if (isConnected && ERROR_REPLY.test(cause.message)) return new RefusedCallError(cause);
  // A server can also refuse the client while it connects.
  const { message, isPermanent } = describeFailure(cause.message || cause.name);
  // A client library can have a time limit of its own.
  const code = cause.code === "INSTANCE_TIMEOUT" ? "INSTANCE_TIMEOUT" : "INSTANCE_UNAVAILABLE";
  return new InstanceError(code, message, {
    cause,
    isPermanent: isPermanent || cause.isPermanent === true,
  });
}

/** The same error, for a refusal that may have ended. */
export function notForGood(error: InstanceError): InstanceError {
  return error.isPermanent === true
    ? new InstanceError(error.code, error.message, { cause: error.cause })
    : error;
}
