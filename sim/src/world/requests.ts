import { modesOperations, mutexOperations, type Operation, type Request } from "../library.ts";
import { isLockKey } from "./lock-keys.ts";

const mutex = mutexOperations;
const modes = modesOperations;
const ACQUIRES = new Set<Operation>([mutex.acquire, mutex.takeOver, modes.acquire, modes.convert]);
const COMMITS = new Set<Operation>([mutex.commit, modes.commit]);
const EXTENDS = new Set<Operation>([mutex.extend, mutex.renew, modes.extend]);
const RELEASES = new Set<Operation>([mutex.release, modes.release, modes.releaseAll]);

/** Whether a yes to the request is a vote that grants a lock. */
export function isAcquire({ operation }: Request): boolean {
  return ACQUIRES.has(operation);
}

/** Whether the request writes a fencing token back: the second round of an acquisition. */
export function isCommit({ operation }: Request): boolean {
  return COMMITS.has(operation);
}

export function isRelease({ operation }: Request): boolean {
  return RELEASES.has(operation);
}

/** Whether the request could grant, keep or prolong a hold. */
export function canRenew(request: Request): boolean {
  return isAcquire(request) || isCommit(request) || EXTENDS.has(request.operation);
}

/** The token of the acquisition that the request belongs to. */
export function tokenOf({ args }: Request): string {
  return args[0] ?? "";
}

/** The keys of the locks that the request is about, without those of counters, lines and shared holders. */
export function lockKeysOf({ keys }: Request): readonly string[] {
  return keys.filter(isLockKey);
}
