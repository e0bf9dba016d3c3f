import { mutexOperations, type Request } from "../library.ts";
import { isLastingKey, isLineKey } from "./lock-keys.ts";

const { acquire, takeOver, commit, extend, renew, release } = mutexOperations;

/** Whether a yes to the request is a vote that grants a lock. */
export function isAcquire({ operation }: Request): boolean {
  return operation === acquire || operation === takeOver;
}

/** Whether the request writes a fencing token back: the second round of an acquisition. */
export function isCommit({ operation }: Request): boolean {
  return operation === commit;
}

export function isRelease({ operation }: Request): boolean {
  return operation === release;
}

/** Whether the request could grant, keep or prolong a hold. */
export function canRenew(request: Request): boolean {
  const { operation } = request;
  return isAcquire(request) || isCommit(request) || operation === extend || operation === renew;
}

/** The token of the acquisition that the request belongs to. */
export function tokenOf({ args }: Request): string {
  return args[0] ?? "";
}

/** The keys of the locks that the request is about, without those of counters and lines. */
export function lockKeysOf({ keys }: Request): readonly string[] {
  return keys.filter((key) => !isLastingKey(key) && !isLineKey(key));
}
