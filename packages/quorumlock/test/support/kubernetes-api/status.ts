import { type ResourceType } from "./resources.ts";

/** The body of an error, as the API server sends it. */
export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: object;
  readonly status: "Failure" | "Success";
  readonly message?: string;
  readonly reason?: string;
  readonly details?: object;
  readonly code?: number;
}

/** A request that ends with an error of the API. */
export class StatusError extends Error {
  readonly status: Status;
  readonly code: number;

  constructor(code: number, reason: string, message: string, details?: object) {
    super(message);
    this.code = code;
    this.status = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      ...(reason !== "" && { reason }),
      ...(details !== undefined && { details }),
      code,
    };
  }
}

const OPTIMISTIC_LOCK =
  "the object has been modified; please apply your changes to the latest version and try again";

function detailsOf(type: ResourceType, name: string): object {
  return { name, ...(type.group !== "" && { group: type.group }), kind: type.plural };
}

function qualified(type: ResourceType): string {
  return type.group === "" ? type.plural : `${type.plural}.${type.group}`;
}

export function notFound(type: ResourceType, name: string): StatusError {
  return new StatusError(404, "NotFound", `${qualified(type)} "${name}" not found`, detailsOf(type, name));
}

export function alreadyExists(type: ResourceType, name: string): StatusError {
  const message = `${qualified(type)} "${name}" already exists`;
  return new StatusError(409, "AlreadyExists", message, detailsOf(type, name));
}

export function conflict(type: ResourceType, name: string, why: string = OPTIMISTIC_LOCK): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(type)} "${name}": ${why}`;
  return new StatusError(409, "Conflict", message, detailsOf(type, name));
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, "BadRequest", message);
}

export function invalid(type: ResourceType, name: string, field: string, why: string): StatusError {
  const message = `${type.kind}.${type.group} "${name}" is invalid: ${field}: ${why}`;
  const causes = [{ reason: "FieldValueInvalid", message: why, field }];
  return new StatusError(422, "Invalid", message, { ...detailsOf(type, name), kind: type.kind, causes });
}

export function unauthorized(): StatusError {
  return new StatusError(401, "Unauthorized", "Unauthorized");
}

export function forbidden(type: ResourceType, verb: string, namespace: string, name: string): StatusError {
  const what = name === "" ? qualified(type) : `${qualified(type)} "${name}"`;
  const who = `User "system:serviceaccount:${namespace}:default" cannot ${verb} resource "${type.plural}"`;
  const where = `in API group "${type.group}" in the namespace "${namespace}"`;
  return new StatusError(403, "Forbidden", `${what} is forbidden: ${who} ${where}`, detailsOf(type, name));
}

/** The history does not go back to the version of a watch. */
export function tooOld(version: number, oldest: number): StatusError {
  return new StatusError(410, "Expired", `too old resource version: ${version} (${oldest})`);
}

/** The history was cut between two pages of a list. */
export function continueTooOld(): StatusError {
  const message = "The provided continue parameter is too old to display a consistent list result.";
  return new StatusError(410, "Expired", message);
}

/** The version is from the future: the client has seen another server, or one that was restored from a backup. */
export function tooLarge(version: number, current: number): StatusError {
  const message = `Timeout: Too large resource version: ${version}, current: ${current}`;
  const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }];
  return new StatusError(504, "Timeout", message, { causes, retryAfterSeconds: 1 });
}

export function unsupportedMediaType(type: string): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: JSON; got ${type}`;
  return new StatusError(415, "UnsupportedMediaType", message);
}

/** The reply to a deletion of a type whose deletions return no object. */
export function deleted(type: ResourceType, name: string, uid: string): Status {
  const details = { ...detailsOf(type, name), uid };
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
}
