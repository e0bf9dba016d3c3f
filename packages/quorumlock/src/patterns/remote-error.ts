import { toSafeError } from "../base/safe-error.ts";
import type { RemoteError } from "./errors.ts";

const MAX_MESSAGE_LENGTH = 500;
const MAX_NAME_LENGTH = 100;

/** What other processes may know of an error: no secrets, and no long texts. */
export function remoteErrorOf(thrown: unknown): RemoteError {
  const { name, message, code } = toSafeError(thrown) as Error & { readonly code?: unknown };
  return {
    name: name.slice(0, MAX_NAME_LENGTH),
    message: message.slice(0, MAX_MESSAGE_LENGTH),
    code: typeof code === "string" ? code.slice(0, MAX_NAME_LENGTH) : undefined,
  };
}

/** Reads an error that came through a store. */
export function readRemoteError(error: object): RemoteError {
  const { name, message, code } = error as Readonly<Partial<Record<keyof RemoteError, unknown>>>;
  return {
    name: typeof name === "string" ? name : "Error",
    message: typeof message === "string" ? message : "",
    code: typeof code === "string" ? code : undefined,
  };
}
