import { InstanceError, type InstanceFailure, LockClosedError } from "../base/errors.ts";
import { formatValue } from "../base/check-value.ts";
import { checkName } from "../base/names.ts";
import { clientOf } from "../client/client-of.ts";
import type { MutexRedlock } from "../mutex-redlock.ts";
import type { Owner } from "../operations/kind.ts";
import { checkKeyName } from "../operations/keys.ts";
import { MAX_FENCE, MAX_PERMITS } from "../operations/limits.ts";
import { clash, isMode, MODES } from "../operations/mode.ts";
import { modesKind } from "../operations/modes.ts";
import { mutexKind } from "../operations/mutex.ts";
import { isYes, type Request } from "../operations/request.ts";
import { setOf } from "../operations/slot-runs.ts";
import { slotsKind } from "../operations/slots.ts";
import { permitsOf } from "../operations/slots-target.ts";
import { askAll } from "./ask-all.ts";
import type { NameHold } from "./read-holds.ts";

/** A hold that servers have lost. */
export interface HoldToRestore extends Pick<NameHold, "name" | "token" | "mode" | "slots" | "fence"> {
  /** How long it lasts from now on, in ms: a whole number of at least 1. */
  readonly ttlMs: number;
}

/** Where a hold was restored. */
export interface RestoredHold {
  /** The labels of the instances that have it now. */
  readonly restored: readonly string[];
  /** The labels of the instances where another token holds the name. */
  readonly refused: readonly string[];
  /** Why the other instances have not confirmed it. They may have it all the same. */
  readonly failures: readonly InstanceFailure[];
}

const MAX_HOLDS = 1_000;

/** Whether two holds of one name exclude each other. */
export function excludeEachOther(
  a: Pick<NameHold, "mode" | "slots">,
  b: Pick<NameHold, "mode" | "slots">,
): boolean {
  if (a.slots !== undefined && b.slots !== undefined) {
    const taken = new Set(b.slots);
    return a.slots.some((slot) => taken.has(slot));
  }
  return a.mode === undefined || b.mode === undefined || clash(a.mode, b.mode);
}

/**
 * Gives holders their keys back on every instance where the name is free. It sends what an extension by the holder would send (protocol
 * §5): an instance takes the hold only if nobody is in its way, never moves an expiry back, and raises the fencing counter. So a holder
 * whose lease goes on is safe, and a holder that has released the lock meanwhile comes back until the ttl ends, which delays others.
 * Restore no hold of which another token has a quorum.
 * @param holds at most 1,000.
 * @returns one result for each, in the same order.
 * @throws LockClosedError if the client is closed. TypeError, RangeError for bad holds, with the field and the value.
 */
export async function restoreHolds(
  redlock: MutexRedlock,
  holds: readonly HoldToRestore[],
): Promise<readonly RestoredHold[]> {
  if (holds.length > MAX_HOLDS)
    throw new RangeError(`holds: ${holds.length} are too many; restore ${MAX_HOLDS} at most`);
  for (const hold of holds) check(hold);
  const client = clientOf(redlock);
  if (client.isClosed) throw new LockClosedError(holds.map(({ name }) => name));
  client.beginWait();
  try {
    const answers = await askAll(
      client,
      holds.map((hold) => requestFor(hold, client.prefix)),
    );
    return holds.map((_, index) => {
      const restored: string[] = [];
      const refused: string[] = [];
      const failures: InstanceFailure[] = [];
      for (const { member, replies } of answers) {
        const reply = replies[index]!;
        if (reply instanceof InstanceError) failures.push({ instance: member.label, error: reply });
        else (isYes(reply) ? restored : refused).push(member.label);
      }
      return { restored, refused, failures };
    });
  } finally {
    client.endWait();
  }
}

function check({ name, token, mode, slots, fence, ttlMs }: HoldToRestore): void {
  checkName("name", name);
  // Its key could be one of the library's own, such as the marker of a server.
  checkKeyName(name);
  if (typeof token !== "string" || token === "") throw new TypeError("token: must be the whole token");
  if ((mode === undefined) === (slots === undefined))
    throw new TypeError(`mode: of ${JSON.stringify(name)}, either the mode or the slots must be set`);
  if (mode !== undefined && !isMode(mode))
    throw new RangeError(`mode: ${formatValue(mode)} must be one of ${MODES.join(", ")}`);
  const isSlot = (slot: number): boolean => Number.isInteger(slot) && slot >= 0 && slot < MAX_PERMITS;
  const areSlots =
    slots === undefined || (new Set(slots).size === slots.length && slots.length > 0 && slots.every(isSlot));
  if (!areSlots)
    throw new RangeError(
      `slots: ${formatValue(slots)} must be different numbers from 0 to ${MAX_PERMITS - 1}`,
    );
  if (!Number.isSafeInteger(fence) || fence < 0 || fence >= MAX_FENCE)
    throw new RangeError(`fence: ${formatValue(fence)} must be a whole number below ${MAX_FENCE}`);
  if (!Number.isSafeInteger(ttlMs) || ttlMs < 1)
    throw new RangeError(`ttlMs: ${formatValue(ttlMs)} must be a whole number of at least 1`);
}

function requestFor({ name, token, mode, slots, fence, ttlMs }: HoldToRestore, prefix: string): Request {
  const owner: Owner = { token, prefix, fence, isWithdrawn: false };
  if (slots !== undefined) {
    const size = { total: Math.max(...slots) + 1, stamp: 0 };
    return slotsKind.extend({ ...permitsOf(name, slots.length, size, 0), slots: setOf(slots) }, owner, ttlMs);
  }
  if (mode === undefined || mode === "X") return mutexKind.extend([name], owner, ttlMs);
  return modesKind.extend({ names: [name], modes: [mode], ticket: 0, leadMs: 0 }, owner, ttlMs);
}
