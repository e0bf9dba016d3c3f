import { MODES_SCRIPT } from "../generated/scripts.ts";
import type { LockKind } from "./kind.ts";
import { nodeKeys, readNodeKeys } from "./modes-keys.ts";
import { transferOfModes } from "./modes-transfer.ts";
import { lockInMode, modesKind, type ModesTarget, nowOf } from "./modes.ts";
import { isBehind, readLine, renewPlace, writeLine } from "./enforced-line.ts";
import { isMode } from "./mode.ts";
import { waiterName } from "./waiter-name.ts";
import { type Operation, type ReplyList, request, type Request, YES } from "./request.ts";

/** What one caller of a fair lock locks: a name in mode X. */
export interface FairTarget extends ModesTarget {
  /** Tells the callers of one client apart. */
  readonly callerNumber: number;
  /** Gets the number of places ahead after each refusal. */
  readonly watcher: { onRefused(ahead: number): void } | undefined;
}

/** The lock on a name for callers whose priority is worth `leadMs` of waiting. */
export function lockFairly(name: string, leadMs: number): FairTarget {
  return { ...lockInMode([name], "X"), leadMs, callerNumber: 0, watcher: undefined };
}

/**
 * The exclusive lock on a name, first come, first served over all clients (protocol §8): mode X of `modesKind`, in which every caller
 * has a place of its own in the enforced line.
 */
export const fairKind: LockKind<FairTarget> = {
  ...(modesKind as LockKind as LockKind<FairTarget>),
  label: "fair",
  stay: ({ names }, prefix, waiter) => request(stay, nodeKeys(names, prefix), [waiter]),

  // The release of the lock does that. Until then the place keeps others out where the lock was not granted.
  leavesLineWhenServed: false,

  transfer: { ...transferOfModes, describe: () => ({ kind: "fair" }) },

  waiterOf: ({ callerNumber }, clientId) => waiterName(clientId, callerNumber),

  obstacle(refusal) {
    const obstacle = modesKind.obstacle(refusal);
    return { ...obstacle, isLine: obstacle.token === "" };
  },

  tickets: {
    in: (refusal) => modesKind.tickets!.in(refusal),
    assign: (target, ticket) => ({ ...target, ticket }),
    onRefused({ watcher }, refusals) {
      if (refusals.length > 0) watcher?.onRefused(median(refusals.map(aheadIn)));
    },
  },

  // The line decides who is next, also between the callers of one client.
  admits(_next, _name, others) {
    for (const { kind } of others) if (kind !== (fairKind as LockKind)) return false;
    return true;
  },
};

function aheadIn([, , , , ahead = 0]: ReplyList): number {
  return Number(ahead);
}

/** modes-position.lua documents the reply. */
const position: Operation = {
  name: "modes.position",
  script: MODES_SCRIPT,
  ownArgs: 2,
  isGrant: false,
  isUndo: false,
  twin(store, keys, [waiter = "", lead]) {
    const now = nowOf(store);
    const [node] = readNodeKeys(keys);
    const { entries, ticket } = readLine(store, node!.line, now, isMode);
    const own = entries.find((entry) => entry.waiter === waiter);
    const score = own?.score ?? Math.max(now, ticket) + 1 - Number(lead);
    const present = entries.filter(({ isAbsent, named }) => !isAbsent && named >= 0);
    const ahead = present.filter((entry) => entry.waiter !== waiter && !isBehind(entry, score, waiter));
    return [YES, ahead.length, present.length, store.remaining(node!.lock) === -2 ? 0 : 1];
  },
};

/** See `modes.stay` in modes-position.lua. */
const stay: Operation = {
  name: "modes.stay",
  script: MODES_SCRIPT,
  ownArgs: 1,
  isGrant: false,
  isUndo: false,
  twin(store, keys, [waiter = ""]) {
    const now = nowOf(store);
    const [node] = readNodeKeys(keys);
    const line = readLine(store, node!.line, now, isMode);
    if (renewPlace(line, waiter, now) !== undefined) writeLine(store, node!.line, line, now);
    return 1;
  },
};

export const fairOperations = { position, stay };

/** Requests the position of a caller in line. */
export function positionRequest({ names, leadMs }: FairTarget, prefix: string, waiter: string): Request {
  return request(position, nodeKeys(names, prefix), [waiter, String(leadMs)]);
}

/** The position of a caller, as one instance or a quorum reports it. */
export interface Position {
  readonly ahead: number;
  readonly waiting: number;
  readonly isHeld: boolean;
}

/** The position on which most instances agree. `replies`: those of a quorum. */
export function agreedPosition(replies: readonly ReplyList[]): Position {
  const column = (index: number): number => median(replies.map((reply) => Number(reply[index] ?? 0)));
  return { ahead: column(1), waiting: column(2), isHeld: column(3) > 0 };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
