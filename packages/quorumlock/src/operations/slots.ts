import { LockKindError } from "../base/errors.ts";
import { PERMIT_HOLDERS } from "../base/token.ts";
import { readTickets } from "./enforced-line.ts";
import { keySpaceOf } from "./keys.ts";
import type { LockKind, Owner } from "./kind.ts";
import { type Operation, type ReplyList, type Request, request, YES } from "./request.ts";
import { settleSlots } from "./settle-slots.ts";
import { slotKeys } from "./slots-keys.ts";
import { slotsOperations } from "./slots-operations.ts";
import { queryOfSlots } from "./slots-query.ts";
import { type SemaphoreSize, type SlotsTarget, stampIn } from "./slots-target.ts";
import { transferOfSlots } from "./slots-transfer.ts";
import { waiterName } from "./waiter-name.ts";

/** The number of acquisitions of one client that wait in the line of a name. Further ones wait in the local queue. */
const MAX_PLACES = 8;

/** Permits of a semaphore, all or nothing (protocol §7). */
export const slotsKind: LockKind<SlotsTarget> = {
  label: "semaphore",
  isShared: () => true,
  names: ({ names }) => names,
  // One context can hold several permits.
  namesToWaitFor: () => [],
  split: (target) => [target],
  channels: ({ names: [name] }, prefix) => [keySpaceOf(prefix).wake(name)],
  gate: PERMIT_HOLDERS,
  query: queryOfSlots,
  transfer: transferOfSlots,
  slots: ({ slots }) => slots,
  leavesLineWhenServed: true,
  waiterOf: ({ callerNumber }, clientId) => waiterName(clientId, callerNumber),
  maxPlaces: MAX_PLACES,
  renewMs: 1_000,

  acquire: (target, owner, ttlMs, waiter) =>
    send(slotsOperations.acquire, target, owner, [
      owner.token,
      String(ttlMs),
      waiter ?? "",
      String(target.ticket),
      String(target.permits),
      ...sizeArgs(target),
      target.prefer,
      ...formerOf(owner),
    ]),

  commit: (target, owner, fence) =>
    send(slotsOperations.commit, target, owner, [owner.token, String(fence), target.slots]),

  extend: (target, owner, ttlMs) =>
    send(slotsOperations.extend, target, owner, [
      owner.token,
      String(owner.fence),
      String(ttlMs),
      target.slots,
      ...sizeArgs(target),
      ...formerOf(owner),
    ]),

  release: (target, owner, waiter) =>
    // A release has no owner that can withdraw it, because a withdrawn attempt is also released.
    request(slotsOperations.release, slotKeys(target, owner.prefix), [
      owner.token,
      waiter,
      ...sizeArgs(target),
      ...formerOf(owner),
    ]),

  leave: (target, prefix, waiter) => [
    request(slotsOperations.leave, slotKeys(target, prefix), [waiter, ...sizeArgs(target)]),
  ],

  obstacle([, remaining = 0, token = ""]) {
    const remainingMs = Number(remaining);
    return { token: String(token), remainingMs: remainingMs === -1 ? Infinity : remainingMs };
  },

  tickets: {
    in: ([, , , tickets]) => readTickets(tickets),
    assign: (target, ticket) => ({ ...target, ticket }),
  },

  withHints: (target, hints) => ({ ...target, prefer: [...new Set(hints)].join(" ").replaceAll(",", " ") }),

  choices: {
    of: (reply) => String(typeof reply === "number" ? "" : (reply[2] ?? "")),
    chosen: (target, slots) => ({ ...target, slots, prefer: "" }),
    settle: settleSlots,
  },

  learn({ size }, replies) {
    for (const reply of replies) {
      if (typeof reply === "number") continue;
      const text = String((reply[0] === YES ? reply[3] : reply[4]) ?? "");
      if (text === "") continue;
      const stamp = stampIn(text);
      if (stamp > size.stamp) Object.assign(size, { stamp, total: Number(text.split(" ")[1]) });
    }
  },

  rejection({ names, permits }, message) {
    if (message.includes("OTHERKIND")) return new LockKindError(names);
    const [, total] = /TOOMANY the semaphore has (\d+) permits/.exec(message) ?? [];
    return total === undefined ? undefined : tooManyPermits(permits, Number(total));
  },

  admits(_next, _name, others) {
    let places = 0;
    for (const { kind, isInLine } of others) {
      if (kind !== (slotsKind as LockKind)) return false;
      if (isInLine) places += 1;
    }
    return places < MAX_PLACES;
  },
};

/** The error of a request for more permits than the semaphore has. */
function tooManyPermits(permits: number, total: number): RangeError {
  return new RangeError(
    `permits: ${permits} is more than the ${total} permits of the semaphore; acquire fewer, or resize it`,
  );
}

/** The request that counts the free permits. Its reply has the size. */
export function countPermits(name: string, prefix: string, size: SemaphoreSize): Request {
  return sizeRequest(slotsOperations.count, name, prefix, size);
}

/**
 * As `countPermits`, to read and to change the size. It writes this size if its stamp is the largest. A server that may have lost an
 * earlier change abstains.
 */
export function resizePermits(name: string, prefix: string, size: SemaphoreSize): Request {
  return sizeRequest(slotsOperations.resize, name, prefix, size);
}

function sizeRequest(
  operation: Operation,
  name: string,
  prefix: string,
  { total, stamp }: SemaphoreSize,
): Request {
  return request(operation, slotKeys({ names: [name] }, prefix), [String(total), String(stamp)]);
}

/** The reply to `countPermits` and `resizePermits`. */
export function readCount([, free, total, stamp, held]: ReplyList): PermitCount {
  return { free: Number(free), total: Number(total), stamp: Number(stamp), held: Number(held) };
}

/** The permits of a semaphore on one instance. `held`: also those above the total number. */
interface PermitCount extends SemaphoreSize {
  readonly free: number;
  readonly held: number;
}

function send(operation: Operation, target: SlotsTarget, owner: Owner, args: readonly string[]): Request {
  return request(operation, slotKeys(target, owner.prefix), args, owner);
}

function sizeArgs({ size: { total, stamp } }: SlotsTarget): readonly [string, string] {
  return [String(total), String(stamp)];
}

const NOTHING: readonly string[] = [];

function formerOf({ former }: Owner): readonly string[] {
  return former ?? NOTHING;
}
