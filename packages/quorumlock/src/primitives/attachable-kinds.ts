import type { LockingContext } from "../acquiring/acquirable.ts";
import { formatValue } from "../base/check-value.ts";
import type { Lock, LockDescription } from "../lockable.ts";
import { fairKind, lockFairly } from "../operations/fair.ts";
import { MAX_PERMITS } from "../operations/limits.ts";
import { isMode, type Mode, MODES } from "../operations/mode.ts";
import { lockInMode, modesKind, type ModesTarget } from "../operations/modes.ts";
import { underQuota } from "../operations/quota.ts";
import { setOf } from "../operations/slot-runs.ts";
import { slotsKind } from "../operations/slots.ts";
import { permitsOf, type SlotsTarget } from "../operations/slots-target.ts";
import { type AttachableKinds, type Described, type DescribedLock, MUTEX_ALONE } from "./attach.ts";
import { HeldReadLock, HeldWriteLock, type ReadLock, type WriteLock } from "./read-write.ts";
import { checkPermits, HeldPermits, type PermitLock } from "./semaphore.ts";
import { checkTenantId, prefixOfTenant, quotaOfTenant } from "./tenant-names.ts";

/** The lock that `attach` makes of a description: `PermitLock` of the kind `"semaphore"`, and `ReadLock`, `WriteLock` of their kinds. */
export type AttachedLock<D extends LockDescription> = D["kind"] extends "semaphore"
  ? PermitLock
  : D["kind"] extends "read"
    ? ReadLock
    : D["kind"] extends "write"
      ? WriteLock
      : Lock;

/** All kinds of locks, also those of tenants. */
export const ALL_KINDS: AttachableKinds = {
  mutex(context, described) {
    if (described.tenant === undefined) return MUTEX_ALONE["mutex"]!(context, described);
    throw new RangeError(
      'description.tenant: a lock of the kind "mutex" has no tenant; a tenant has "modes"',
    );
  },
  read: ofTenant((_, described) => ({
    kind: modesKind,
    target: lockInMode([onlyName(described)], "S"),
    lockClass: HeldReadLock,
  })),
  write: ofTenant((_, described) => ({
    kind: modesKind,
    target: lockInMode([onlyName(described)], "X"),
    lockClass: HeldWriteLock,
  })),
  modes: ofTenant((_, described) => ({ kind: modesKind, target: inModes(described) })),
  fair: ofTenant((context, described) => ({
    kind: fairKind,
    target: { ...lockFairly(onlyName(described), 0), callerNumber: context.nextCaller() },
  })),
  semaphore: ofTenant((context, described) => ({
    kind: slotsKind,
    target: permitsIn(context, described),
    lockClass: HeldPermits,
  })),
};

function onlyName({ kind, names }: Described): string {
  const [name = "", another] = names;
  if (another === undefined) return name;
  throw new RangeError(
    `description.names: ${names.length} names are too many; a lock of the kind "${kind}" has one`,
  );
}

function inModes({ names, modes }: Described): ModesTarget {
  const expected = `must be an array with one of ${MODES.join(", ")} for each name`;
  if (!Array.isArray(modes)) throw new TypeError(`description.modes: ${formatValue(modes)} ${expected}`);
  if (modes.length !== names.length)
    throw new RangeError(
      `description.modes: ${modes.length} modes for ${names.length} names; it ${expected}`,
    );
  const modeOf = new Map(names.map((name, index) => [name, checkMode(index, modes[index])]));
  const sorted = names.toSorted();
  return { names: sorted, modes: sorted.map((name) => modeOf.get(name) ?? "X"), ticket: 0, leadMs: 0 };
}

function checkMode(index: number, mode: unknown): Mode {
  if (typeof mode === "string" && isMode(mode)) return mode;
  throw new RangeError(
    `description.modes[${index}]: ${formatValue(mode)} must be one of ${MODES.join(", ")}`,
  );
}

function permitsIn(context: LockingContext, described: Described): SlotsTarget {
  const { slots, permits } = described;
  checkPermits("description.permits", permits);
  if (!Array.isArray(slots))
    throw new TypeError(`description.slots: ${formatValue(slots)} must be an array of whole numbers`);
  if (slots.length === 0 || slots.length > MAX_PERMITS)
    throw new RangeError(`description.slots: ${slots.length} slots; it must have 1 to ${MAX_PERMITS}`);
  const checked = Array.from(slots, (slot: unknown, index) => checkSlot(`description.slots[${index}]`, slot));
  const wrong = checked.findIndex((slot, index) => index > 0 && slot <= checked[index - 1]!);
  if (wrong > 0)
    throw new RangeError(
      `description.slots[${wrong}]: ${checked[wrong]} is not above the number before it; the numbers must ascend`,
    );
  return heldPermits(context, onlyName(described), checked, permits);
}

function checkSlot(field: string, slot: unknown): number {
  const expected = `must be a whole number from 0 to ${MAX_PERMITS - 1}`;
  if (typeof slot !== "number") throw new TypeError(`${field}: ${formatValue(slot)} ${expected}`);
  if (Number.isInteger(slot) && slot >= 0 && slot < MAX_PERMITS) return slot;
  throw new RangeError(`${field}: ${formatValue(slot)} ${expected}`);
}

/**
 * The target of a hold of these permits. The stamp is 0, so the number of permits counts only if it was never changed: a changed
 * description must not resize the semaphore.
 */
function heldPermits(
  context: LockingContext,
  name: string,
  slots: readonly number[],
  total: number,
): SlotsTarget {
  const target = permitsOf(name, slots.length, { total, stamp: 0 }, context.nextCaller());
  return { ...target, slots: setOf(slots) };
}

/** Adds the place under the limit, if the lock is one of a tenant. */
function ofTenant(make: AttachableKinds[string]): AttachableKinds[string] {
  return (context, described): DescribedLock => {
    const lock = make(context, described);
    if (described.tenant === undefined) return lock;
    const { id, maxLocks, slot } = checkTenant(described.tenant);
    const prefix = prefixOfTenant(id);
    const other = described.names.find((name) => !name.startsWith(prefix));
    if (other !== undefined)
      throw new RangeError(
        `description.names: ${formatValue(other)} is no name of the tenant ${formatValue(id)}; its names begin with ${formatValue(prefix)}`,
      );
    const quota = heldPermits(context, quotaOfTenant(id), [slot], maxLocks);
    return { ...lock, kind: underQuota(lock.kind), target: { tenant: id, quota, lock: lock.target } };
  };
}

function checkTenant(tenant: unknown): NonNullable<LockDescription["tenant"]> {
  if (typeof tenant !== "object" || tenant === null)
    throw new TypeError(
      `description.tenant: ${formatValue(tenant)} must be an object { id, maxLocks, slot }`,
    );
  const { id, maxLocks, slot } = tenant as Partial<Record<string, unknown>>;
  checkPermits("description.tenant.maxLocks", maxLocks);
  return {
    id: checkTenantId("description.tenant.id", id),
    maxLocks,
    slot: checkSlot("description.tenant.slot", slot),
  };
}
