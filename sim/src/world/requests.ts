import type { Request } from "../library.ts";
import { isCounterKey, isLineKey } from "./lock-keys.ts";

const ACQUIRES: ReadonlySet<string> = new Set(["mutex.acquire", "mutex.take", "mutex.takeOver"]);
const COMMITS: ReadonlySet<string> = new Set(["mutex.raise", "mutex.commit"]);

/** Whether a yes to the request is a vote that grants a lock. */
export function isAcquire({ operation }: Request): boolean {
  return ACQUIRES.has(operation);
}

/** Whether the request writes a fencing token back: the second round of an acquisition. */
export function isCommit({ operation }: Request): boolean {
  return COMMITS.has(operation);
}

export function isRelease({ operation }: Request): boolean {
  return operation === "mutex.release";
}

/** Whether the request could grant, keep or prolong a hold. */
export function canRenew(request: Request): boolean {
  return request.operation.startsWith("mutex.") && !isRelease(request);
}

/** The token of the acquisition that the request belongs to. */
export function tokenOf({ args }: Request): string {
  return args[0] ?? "";
}

/** The keys of the locks that the request is about, without those of counters and lines. */
export function lockKeysOf({ keys }: Request): readonly string[] {
  return keys.filter((key) => !isCounterKey(key) && !isLineKey(key));
}
