import { errorToJson } from "../../base/error-json.ts";
import { redact } from "../../base/redact.ts";
import { toSafeError } from "../../base/safe-error.ts";
import { shareClass } from "../../base/shared-class.ts";

/**
 * What is wrong:
 *
 * - `NO_SERVICE`: no Service has the labels of the selector.
 * - `SIZE`: the number of members is not declared, or is no valid number, or Services contradict each other.
 * - `ENDPOINTS`: an endpoint has no ordinal, two have the same one, the port is not known, no member has an endpoint, or other servers have
 *   taken the place of the members.
 * - `CHANGE`: the set cannot be changed as declared, so it stays as it is.
 * - `CONNECT`: a member cannot be used at its address.
 * - `FORBIDDEN`: the API server refuses the requests.
 * - `API`: the API server is not reachable, or answers with an error.
 */
export type DiscoveryErrorCode =
  | "NO_SERVICE"
  | "SIZE"
  | "ENDPOINTS"
  | "CHANGE"
  | "CONNECT"
  | "FORBIDDEN"
  | "API";

/** The servers were not found in Kubernetes, or a change of them cannot be followed. The message says what to do. */
export class DiscoveryError extends Error {
  override readonly name = "DiscoveryError";
  /** What is wrong. It is stable, so that a `switch` can depend on it. */
  readonly code: DiscoveryErrorCode;

  constructor(code: DiscoveryErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause: toSafeError(cause) });
    this.code = code;
  }

  /** The fields for a log, without the stack. */
  toJSON(): Record<string, unknown> {
    return errorToJson(this);
  }
}

shareClass("DiscoveryError", DiscoveryError);

/** The HTTP status in an error of a client, or in a Status object; `undefined` if it has none. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { statusCode, code } = error as { statusCode?: unknown; code?: unknown };
  const status = statusCode ?? code;
  return typeof status === "number" ? status : undefined;
}

/** A client reports a failure by an error, and the API server by a Status object in a watch. */
export function toFailure(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  const { message } = (thrown ?? {}) as { message?: unknown };
  const text = typeof message === "string" ? message : `unexpected answer ${String(thrown)}`;
  return Object.assign(new Error(text), { statusCode: statusOf(thrown) });
}

/**
 * The error of a request to the API server.
 * @param verb what was requested, in the words of RBAC.
 * @param resource with its API group, such as `endpointslices.discovery.k8s.io`.
 */
export function apiError(verb: string, resource: string, namespace: string, thrown: Error): DiscoveryError {
  const status = statusOf(thrown);
  const subject = `${verb} ${resource} in the namespace ${JSON.stringify(namespace)}`;
  if (status === 403)
    return new DiscoveryError(
      "FORBIDDEN",
      `the API server forbids to ${subject}; give the service account of the pod a Role with the verbs list and watch on ${resource}, as in deploy/kubernetes/rbac/discovery.yaml`,
    );
  if (status === 401)
    return new DiscoveryError(
      "FORBIDDEN",
      `the API server does not accept the credentials (401) to ${subject}; check the token of the service account, and automountServiceAccountToken`,
    );
  return new DiscoveryError("API", `${subject} failed: ${reasonOf(thrown, status)}`, safeCause(thrown));
}

/** The message of a client has the whole reply with its headers, so a Status object in it is preferred. */
function reasonOf(thrown: Error, status: number | undefined): string {
  const text = messageIn((thrown as { body?: unknown }).body) ?? firstLine(thrown.message);
  return status === undefined ? text : `${status} ${text}`;
}

function messageIn(body: unknown): string | undefined {
  try {
    const status: unknown = typeof body === "string" ? JSON.parse(body) : body;
    const message: unknown = (status as { message?: unknown } | undefined)?.message;
    return typeof message === "string" ? firstLine(message) : undefined;
  } catch {
    return undefined;
  }
}

function firstLine(text: string): string {
  // The URL of the API server can have a password.
  return redact(text.split("\n", 1)[0] ?? "").slice(0, 300);
}

/** An error of a refused request has nothing more to say than its status. */
function safeCause(thrown: Error): Error | undefined {
  return statusOf(thrown) === undefined ? thrown : undefined;
}
