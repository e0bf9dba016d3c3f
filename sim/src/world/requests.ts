import {
  modesOperations,
  modesRenew,
  mutexOperations,
  type Operation,
  quotaOperations,
  quotaRenew,
  type Reply,
  type Request,
  slotsIn,
  slotsOperations,
  slotsRenew,
} from "../library.ts";
import { isLockKey } from "./lock-keys.ts";

const mutex = mutexOperations;
const modes = modesOperations;
const slots = slotsOperations;
const quota = quotaOperations;
const ACQUIRES = new Set<Operation>([
  mutex.acquire,
  mutex.takeOver,
  modes.acquire,
  modes.convert,
  slots.acquire,
  quota.acquire,
  quota.convert,
]);
const COMMITS = new Set<Operation>([mutex.commit, modes.commit, slots.commit, quota.commit]);
const EXTENDS = new Set<Operation>([mutex.extend, modes.extend, slots.extend, quota.extend]);
/** The operations that attach a detached lock. */
const RENEWS = new Set<Operation>([mutex.renew, modesRenew, slotsRenew, quotaRenew]);
const RELEASES = new Set<Operation>([
  mutex.release,
  modes.release,
  modes.releaseAll,
  slots.release,
  quota.release,
]);

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
  return (
    isAcquire(request) || isCommit(request) || EXTENDS.has(request.operation) || RENEWS.has(request.operation)
  );
}

/** The token of the acquisition that the request belongs to. */
export function tokenOf({ args }: Request): string {
  return args[0] ?? "";
}

const QUOTA_OPERATIONS = new Set<Operation>([...Object.values(quota), quotaRenew]);
/** The number of keys of the limit, which come first in a request for a lock of a tenant. */
const LIMIT_KEYS = 8;

/**
 * The keys of the locks that the request is about, without those of counters, lines and shared holders, and without the limit of a
 * tenant.
 */
export function lockKeysOf({ operation, keys }: Request): readonly string[] {
  return (QUOTA_OPERATIONS.has(operation) ? keys.slice(LIMIT_KEYS) : keys).filter(isLockKey);
}

/** The fencing token in a yes. It is negative if the request replaced the token of a previous holder. */
export function fenceIn(reply: Reply): number {
  return Math.abs(Number(typeof reply === "number" ? reply : reply[1]));
}

/** What a yes is for, if servers can vote for different things, such as different places under the limit of a tenant. */
export function choiceIn({ operation }: Request, reply: Reply): string {
  return (operation === quota.acquire || operation === quota.convert) && typeof reply !== "number"
    ? String(reply[2])
    : "";
}

/** The keys of the locks that a yes grants. Each slot of a semaphore is a lock of its own. */
export function grantedKeys(request: Request, reply: Reply): readonly string[] {
  const keys = lockKeysOf(request);
  if (request.operation !== slots.acquire || typeof reply === "number") return keys;
  const granted = slotsIn(String(reply[2] ?? ""));
  return keys.flatMap((key) => granted.map((slot) => `${key}#${slot}`));
}
