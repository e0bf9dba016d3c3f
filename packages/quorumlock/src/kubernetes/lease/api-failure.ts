import { InstanceError } from "../../base/errors.ts";
import { redact } from "../../base/redact.ts";
import { toSafeError } from "../../base/safe-error.ts";

/** What the library wants to do to a Lease: the verb of the right in a Role. */
export type LeaseVerb = "get" | "create" | "update";

/** A request that was not carried out, or perhaps not. */
export interface ApiFailure {
  readonly error: InstanceError;
  /** Whether the server may have carried out the request, or may still do so. */
  readonly mayHappen: boolean;
  /** How long the server wants the client to pause, in ms. 0 if it said nothing. */
  readonly retryAfterMs: number;
}

/** Statuses that another try does not change. */
const PERMANENT = new Set([400, 403, 405, 415, 422]);
const MAX_RETRY_AFTER_S = 60;
const MAX_MESSAGE_LENGTH = 500;

/** The HTTP status of an error of the client. `undefined` if the server has not answered. */
export function statusOf(thrown: unknown): number | undefined {
  const code = (thrown as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === "number" ? code : undefined;
}

/** The time limit of a request was reached. */
export function timedOut(verb: LeaseVerb, timeoutMs: number): ApiFailure {
  const message = `did not answer the request to ${verb} the Lease within ${timeoutMs} ms`;
  return { error: new InstanceError("INSTANCE_TIMEOUT", message), mayHappen: true, retryAfterMs: 0 };
}

/** The caller did not wait for the answer. */
export function interrupted(verb: LeaseVerb): ApiFailure {
  const message = `had not answered the request to ${verb} the Lease when the wait ended`;
  return { error: new InstanceError("INSTANCE_TIMEOUT", message), mayHappen: true, retryAfterMs: 0 };
}

/** @param lease `namespace/name`. */
export function failureOf(thrown: unknown, verb: LeaseVerb, lease: string): ApiFailure {
  const status = statusOf(thrown);
  if (status === undefined) {
    const cause = toSafeError(thrown);
    const message = `cannot be reached: ${cause.message}`;
    const error = new InstanceError("INSTANCE_UNAVAILABLE", message, { cause });
    return { error, mayHappen: true, retryAfterMs: 0 };
  }
  // The error of the client has the whole reply with its headers, so it is no cause of ours.
  const message = `refused to ${verb} the Lease ${lease} with status ${status}${detailsOf(thrown)}${adviceFor(status, verb)}`;
  const error = new InstanceError("INSTANCE_REPLY", message, { isPermanent: PERMANENT.has(status) });
  return { error, mayHappen: status >= 500 || status === 408, retryAfterMs: retryAfterOf(thrown) };
}

/** The namespace of the Lease does not exist. */
export function missingNamespace(namespace: string, thrown: unknown): ApiFailure {
  const message = `has no namespace ${JSON.stringify(namespace)}${detailsOf(thrown)}; create it, or check the name`;
  const error = new InstanceError("INSTANCE_REPLY", message, { isPermanent: true });
  return { error, mayHappen: false, retryAfterMs: 0 };
}

function adviceFor(status: number, verb: LeaseVerb): string {
  if (status === 401) return "; check the credentials of the client";
  if (status !== 403) return "";
  return `; unless the message names another reason, the role needs the verb "${verb}" on leases of coordination.k8s.io`;
}

/** The message of the server. The client leaves the body as it was sent. */
function detailsOf(thrown: unknown): string {
  const { body } = (thrown ?? {}) as { readonly body?: unknown };
  const message = (parse(body) as { readonly message?: unknown } | null | undefined)?.message;
  return typeof message === "string" && message !== ""
    ? `: ${redact(message).slice(0, MAX_MESSAGE_LENGTH)}`
    : "";
}

function parse(body: unknown): unknown {
  if (typeof body !== "string") return body;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function retryAfterOf(thrown: unknown): number {
  const { headers } = (thrown ?? {}) as { readonly headers?: Readonly<Record<string, unknown>> };
  const seconds = Number(headers?.["retry-after"]);
  return seconds > 0 ? Math.min(seconds, MAX_RETRY_AFTER_S) * 1_000 : 0;
}
