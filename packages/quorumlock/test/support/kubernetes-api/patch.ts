import { badRequest, StatusError, unsupportedMediaType } from "./status.ts";

type Json = Record<string, unknown>;

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/**
 * Applies the body of a PATCH to a copy of an object. A strategic merge patch is applied as a merge patch: the types here have no
 * list that the API server would merge by a key and that a test patches.
 */
export function applyPatch(object: Json, contentType: string, body: unknown): Json {
  const copy = structuredClone(object);
  if (/^application\/(?:strategic-)?merge-patch\+json/.test(contentType)) return merged(copy, body) as Json;
  if (!contentType.startsWith("application/json-patch+json")) throw unsupportedMediaType(contentType);
  if (!Array.isArray(body)) throw badRequest("the body of a JSON patch must be a list of operations");
  for (const operation of body as Operation[]) applyOperation(copy, operation);
  return copy;
}

/** RFC 7396: objects are merged, `null` removes, everything else replaces. */
function merged(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Json = isObject(target) ? target : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

/** RFC 6902, with the operations that clients use: add, remove, replace and test. */
function applyOperation(object: Json, { op, path, value }: Operation): void {
  const keys = path
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop();
  const parent = keys.reduce<unknown>((at, key) => (isContainer(at) ? (at as Json)[key] : undefined), object);
  if (last === undefined || !isContainer(parent))
    throw unprocessable(`${op} operation does not apply: ${path}`);
  const container = parent as Json;
  const isPresent = Object.hasOwn(container, last);
  if (op === "add" && Array.isArray(parent)) {
    parent.splice(last === "-" ? parent.length : Number(last), 0, value);
  } else if (op === "add" || (op === "replace" && isPresent)) {
    container[last] = value;
  } else if (op === "remove" && isPresent) {
    if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete container[last];
  } else if (!(op === "test" && JSON.stringify(container[last]) === JSON.stringify(value))) {
    throw unprocessable(`${op} operation does not apply: ${path}`);
  }
}

function unprocessable(message: string): StatusError {
  return new StatusError(
    422,
    "Invalid",
    `the server rejected our request due to an error in our request: ${message}`,
  );
}

function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
