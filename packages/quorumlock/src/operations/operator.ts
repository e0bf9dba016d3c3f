import { OPERATOR_SCRIPT } from "../generated/scripts.ts";
import { firstFence, readFence } from "./fence-counter.ts";
import { isOfPermits, SHARED_HOLDERS } from "../base/token.ts";
import { keySpaceOf } from "./keys.ts";
import type { LockKind } from "./kind.ts";
import { mutexKind, mutexOperations } from "./mutex.ts";
import { NO, type Operation, type ReplyList, type Request, request, type Twin, YES } from "./request.ts";
import type { Mode } from "./mode.ts";
import { readScore, soleIn } from "./mode-node.ts";
import type { Store } from "./store.ts";

/** The lock of a process that an operator ends. */
export interface Replaced {
  readonly name: string;
  /** The token of the holder. */
  readonly holder: string;
}

function operation(name: string, twin: Twin, role: Partial<Operation>): Operation {
  return {
    name: `operator.${name}`,
    script: OPERATOR_SCRIPT,
    twin,
    ownArgs: 1,
    isGrant: false,
    isUndo: false,
    ...role,
  };
}

/** operator.lua documents the arguments and the replies. */
export const operatorOperations = {
  replace: operation(
    "replace",
    (store, [lock = "", counter = ""], [token = "", previous = ""]) => {
      const value = store.get(lock);
      if (value === undefined) return [NO, 0, ""];
      const left = store.remaining(lock);
      if (value !== token && (value !== previous || left === -1)) return [NO, left, value];
      const last = readFence(store, counter);
      const next = (present: number): number => (value === token ? present : present + 1);
      const fence = last === undefined ? firstFence(store, counter) : next(last);
      if (value !== token) store.set(lock, token, Math.max(1, left));
      store.set(counter, String(fence), Infinity);
      return -fence;
    },
    { isGrant: true },
  ),

  restore: operation(
    "restore",
    (store, [lock = ""], [token, previous = ""]) => {
      if (store.get(lock) !== token) return 0;
      store.set(lock, previous, Math.max(1, store.remaining(lock)));
      return 1;
    },
    { isUndo: true },
  ),

  read: operation(
    "read",
    (store, keys) => {
      const values: (number | string)[] = [];
      for (let at = 0; at < keys.length; at += 3) {
        const [lock = "", shared = "", counter = ""] = keys.slice(at, at + 3);
        const members = store.members(shared);
        values.push(store.get(lock) ?? "", store.remaining(lock), fenceText(store, counter), members.length);
        values.push(...members.flatMap(([token, score]) => [token, String(score)]));
      }
      return [YES, String(Math.floor(store.timeUs() / 1_000)), ...values];
    },
    {},
  ),
};

/** "" if the counter is missing, or the key is not a counter. */
function fenceText(store: Store, key: string): string {
  try {
    return String(readFence(store, key) ?? "");
  } catch {
    return "";
  }
}

/**
 * The hold of an operator, which takes the place of an exclusive holder: of a mutex, a fair lock, a write lock or a node of a tree. If
 * no quorum grants it, the keys are given back to the holder.
 */
export const operatorKind: LockKind<Replaced> = {
  label: "mutex",
  names: ({ name }) => [name],
  split: (target) => [target],
  channels: ({ name }, prefix) => mutexKind.channels([name], prefix),

  acquire: ({ name, holder }, owner) => {
    const keySpace = keySpaceOf(owner.prefix);
    const keys = [keySpace.lock(name), keySpace.fence(name)];
    return request(operatorOperations.replace, keys, [owner.token, holder], owner);
  },
  commit: ({ name }, owner, fence) => mutexKind.commit([name], owner, fence),
  extend: ({ name }, owner, ttlMs) => mutexKind.extend([name], owner, ttlMs),
  // Without a waiter it undoes an attempt.
  release: ({ name, holder }, owner, waiter) =>
    waiter === ""
      ? request(operatorOperations.restore, [keySpaceOf(owner.prefix).lock(name)], [owner.token, holder])
      : mutexKind.release([name], owner, waiter),
  leave: () => [],
  obstacle: (refusal) => mutexKind.obstacle(refusal),
  admits: () => false,
};

/** Deletes the key of a holder, whatever its expiry, and notifies waiters. */
export function endHolder(
  { name, holder }: Replaced,
  prefix: string,
  clientId: string,
): ReturnType<typeof request> {
  return request(
    mutexOperations.release,
    [keySpaceOf(prefix).lock(name), keySpaceOf(prefix).wake(name)],
    [holder, clientId],
  );
}

/** A token that holds a name in a mode, as one server has it. */
interface ReadHold {
  readonly token: string;
  readonly mode: Mode;
  /** `Infinity` for a key without an expiry. */
  readonly remainingMs: number;
}

/** What one server has of a name. */
export interface ReadName {
  readonly name: string;
  /** Without those of permits. */
  readonly holds: readonly ReadHold[];
  /** Whether the name is a semaphore of which permits are held. */
  readonly isSemaphore: boolean;
  /** The fencing counter of the name's hash slot. `undefined` if it is missing. */
  readonly fence: number | undefined;
}

/** Reads who holds names, for a backup. In a cluster all names lie in one hash slot. */
export function readNames(names: readonly string[], prefix: string): Request {
  const keySpace = keySpaceOf(prefix);
  const keys = names.flatMap((name) => [
    keySpace.lock(name),
    ...keySpace.beside(name, ["shared"]),
    keySpace.fence(name),
  ]);
  return request(operatorOperations.read, keys, []);
}

/** The reply to `readNames`, and the server's time in ms. operator.lua documents it. */
export function readNamesIn(
  names: readonly string[],
  [, time, ...values]: ReplyList,
): { readonly timeMs: number; readonly names: readonly ReadName[] } {
  const timeMs = Number(time);
  let at = 0;
  const read = names.map((name): ReadName => {
    const [gate = "", left = 0, fence = "", count = 0] = values.slice(at, at + 4);
    at += 4;
    const value = String(gate);
    const holds: ReadHold[] = [];
    const remainingMs = Number(left) === -1 ? Infinity : Number(left);
    const sole = soleIn(value);
    if (sole !== undefined) holds.push({ ...sole, remainingMs });
    else if (value !== "" && value !== SHARED_HOLDERS && !isOfPermits(value))
      holds.push({ token: value, mode: "X", remainingMs });
    for (const end = at + 2 * Number(count); at < end; at += 2) {
      const score = readScore(Number(values[at + 1]));
      const leftMs = score === undefined ? 0 : score.deadline - timeMs;
      // Without the gate, the set has holders that are over.
      if (score !== undefined && leftMs >= 0 && value === SHARED_HOLDERS)
        holds.push({ token: String(values[at]), mode: score.mode, remainingMs: leftMs });
    }
    return { name, holds, isSemaphore: isOfPermits(value), fence: fence === "" ? undefined : Number(fence) };
  });
  return { timeMs, names: read };
}
