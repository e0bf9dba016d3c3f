import { InstanceError } from "../base/errors.ts";
import type { CallFailure } from "./polled-connection.ts";

/** GLIDE replaces the codes of these errors of a server by names. */
const CODES: Readonly<Record<string, string>> = {
  ResponseError: "ERR",
  ExecAbortError: "EXECABORT",
  BusyLoadingError: "LOADING",
  NoScriptError: "NOSCRIPT",
  Moved: "MOVED",
  Ask: "ASK",
  TryAgain: "TRYAGAIN",
  ClusterDown: "CLUSTERDOWN",
  CrossSlot: "CROSSSLOT",
  MasterDown: "MASTERDOWN",
  ReadOnly: "READONLY",
  NotBusy: "NOTBUSY",
  PermissionDenied: "NOPERM",
};

const NAMED_ERROR = /signalled by the server:? ?- (\w+)(?:: |$)/;
/** An error whose code GLIDE keeps, such as `OOM: command not allowed`. */
const CODED_ERROR = /^([A-Z][A-Z0-9]+): /;
/** A server that refuses the client while it connects. */
const REFUSED_CLIENT = /\b(WRONGPASS|NOAUTH|NOPERM|DENIED): ([^\n]*)/;

/** A client that was not made, because the server is not reachable or refuses it. */
const UNCONNECTED = /^Connection error\b/;

export const CLOSED = "the client is closed; make a new one and a new Redlock";

/** Reads an error of a GLIDE client. Only the message of an unknown command shows arguments. */
export function readGlideError(thrown: unknown): CallFailure {
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (name === "ClosingError" && !UNCONNECTED.test(message))
    return { kind: "closed", error: new Error(CLOSED) };
  const named = NAMED_ERROR.exec(message);
  if (named !== null) {
    const [start, kind = ""] = named;
    const rest = message.slice(named.index + start.length);
    return { kind: "refused", error: new Error(`${CODES[kind] ?? kind} ${rest}`) };
  }
  if (CODED_ERROR.test(message))
    return { kind: "refused", error: new Error(message.replace(CODED_ERROR, "$1 ")) };
  if (name === "TimeoutError") {
    const text = "no answer within the requestTimeout of the client";
    return { kind: "lost", error: new InstanceError("INSTANCE_TIMEOUT", text) };
  }
  const refused = REFUSED_CLIENT.exec(message);
  return {
    kind: "lost",
    error: new Error(refused === null ? message.trim() : `${refused[1]} ${refused[2]}`),
  };
}
