import { SERVER_SCRIPT } from "../generated/scripts.ts";
import { firstFence, raiseFence, readFence } from "./fence-counter.ts";
import { type Operation, type Reply, type Request, request, YES } from "./request.ts";
import type { SlotKeys } from "./keys.ts";
import { raiseSize, type SizeChange, sizesOf } from "./sizes.ts";
import type { Store } from "./store.ts";

const read: Operation = {
  name: "counters.read",
  script: SERVER_SCRIPT,
  ownArgs: 0,
  isGrant: false,
  isUndo: false,
  twin(store, keys) {
    const reply: [number, ...(number | string)[]] = [YES];
    for (let at = 0; at < keys.length; at += 2) reply.push(String(tryToRead(store, keys[at]!) ?? ""));
    for (let at = 1; at < keys.length; at += 2) {
      for (const [lock, { stamp, total }] of tryToReadSizes(store, keys[at]!))
        reply.push((at + 1) / 2, lock, String(stamp), total);
    }
    return reply;
  },
};

function raising(name: string, check: (store: Store, key: string) => unknown): Operation {
  return {
    name: `counters.${name}`,
    script: SERVER_SCRIPT,
    ownArgs: 0,
    isGrant: false,
    isUndo: false,
    twin(store, keys, args) {
      const slots = keys.length / 2;
      for (let slot = 0; slot < slots; slot += 1) {
        const fence = keys[2 * slot]!;
        const present = tryToRead(store, fence);
        if (present === "" || args[slot] === "") continue;
        if (present === undefined) check(store, fence);
        raiseFence(store, fence, Number(args[slot]));
      }
      for (let at = slots; at < args.length; at += 4) {
        const [slot, lock = "", stamp, total] = args.slice(at, at + 4);
        const key = keys[2 * Number(slot) - 1] ?? "";
        tryToRaiseSize(store, key, lock, { stamp: Number(stamp), total: Number(total) });
      }
      return 1;
    },
  };
}

const raise = raising("raise", firstFence);
const restore = raising("restore", () => undefined);

const lift: Operation = {
  name: "counters.lift",
  script: SERVER_SCRIPT,
  ownArgs: 0,
  isGrant: false,
  isUndo: false,
  twin(store, keys, [floor]) {
    for (const key of keys)
      if (typeof tryToRead(store, key) === "number") raiseFence(store, key, Number(floor));
    return 1;
  },
};

/** What a server must not forget of one hash slot. */
export interface SlotMemory {
  readonly keys: SlotKeys;
  /** The fencing counter; 0 if it is missing. */
  readonly fence: number;
  /** The changed sizes of its semaphores, by the key of the lock. */
  readonly sizes: ReadonlyMap<string, SizeChange>;
}

/** The requests that read and raise fencing counters, with the changed sizes of semaphores. counters.lua documents the replies. */
export const counters = {
  operations: { read, raise, restore, lift },
  read: (slots: readonly SlotKeys[]): Request => request(read, keysOf(slots), []),
  raise: (slots: readonly SlotMemory[]): Request => write(raise, slots),
  restore: (slots: readonly SlotMemory[]): Request => write(restore, slots),
  lift: (keys: readonly string[], floor: number): Request => request(lift, keys, [String(floor)]),
};

function write(operation: Operation, slots: readonly SlotMemory[]): Request {
  const fences = slots.map(({ fence }) => (fence === 0 ? "" : String(fence)));
  const sizes = slots.flatMap((slot, index) =>
    [...slot.sizes].flatMap(([lock, { stamp, total }]) => [
      String(index + 1),
      lock,
      String(stamp),
      String(total),
    ]),
  );
  return request(operation, keysOf(slots.map(({ keys }) => keys)), [...fences, ...sizes]);
}

function keysOf(slots: readonly SlotKeys[]): readonly string[] {
  const keys: string[] = [];
  for (const { fence, sizes } of slots) keys.push(fence, sizes);
  return keys;
}

/** What the reply to `counters.read` reports. Slots of which the server knows nothing are left out. */
export function readSlots(slots: readonly SlotKeys[], reply: Reply): readonly SlotMemory[] {
  const [, ...values] = typeof reply === "number" ? [YES, reply] : reply;
  const found = new Map<number, { keys: SlotKeys; fence: number; sizes: Map<string, SizeChange> }>();
  slots.forEach((keys, index) => {
    const fence = values[index] ?? "";
    if (fence !== "") found.set(index, { keys, fence: Number(fence), sizes: new Map() });
  });
  for (let at = slots.length; at < values.length; at += 4) {
    const [slot, lock, stamp, total] = values.slice(at, at + 4);
    const index = Number(slot) - 1;
    const keys = slots[index];
    if (keys === undefined) continue;
    const memory = found.get(index) ?? { keys, fence: 0, sizes: new Map() };
    memory.sizes.set(String(lock), { stamp: Number(stamp), total: Number(total) });
    found.set(index, memory);
  }
  return [...found.values()];
}

/** The value of a counter: `undefined` if it is missing, `""` if the key is not a counter. */
function tryToRead(store: Store, key: string): number | "" | undefined {
  try {
    return readFence(store, key);
  } catch {
    return "";
  }
}

function nowOf(store: Store): number {
  return Math.floor(store.timeUs() / 1_000);
}

/** The sizes of a hash slot; none if the key has another type. */
function tryToReadSizes(store: Store, key: string): ReturnType<typeof sizesOf> {
  try {
    return sizesOf(store, key, nowOf(store));
  } catch {
    return [];
  }
}

function tryToRaiseSize(store: Store, key: string, lock: string, change: SizeChange): void {
  try {
    raiseSize(store, key, lock, change, nowOf(store));
  } catch {
    // The key has another type, and requests that use it fail.
  }
}
