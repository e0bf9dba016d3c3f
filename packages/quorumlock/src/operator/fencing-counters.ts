import { type InstanceFailure, LockClosedError } from "../base/errors.ts";
import { formatValue } from "../base/check-value.ts";
import type { Client } from "../client/client.ts";
import { clientOf } from "../client/client-of.ts";
import {
  type CounterValues,
  largest,
  type Outcomes,
  raiseCounters,
  readCountersOf,
  roundedUp,
  untilEnough,
} from "../members/counters.ts";
import type { Member } from "../members/member.ts";
import type { MutexRedlock } from "../mutex-redlock.ts";
import type { SlotMemory } from "../operations/counters.ts";
import { keySpaceOf } from "../operations/keys.ts";
import { MAX_FENCE } from "../operations/limits.ts";

/** What servers must not forget of one hash slot. */
export interface SlotCounter {
  /** The number of the hash slot, 0 to 16,383. Always 0 if the prefix has a hash tag. */
  readonly slot: number;
  /** The fencing counter; 0 if there is none. */
  readonly fence: number;
  /** The numbers of permits that were changed, by the key of the lock: the stamp of the change, and the number. */
  readonly sizes: Readonly<Record<string, readonly [stamp: number, total: number]>>;
}

/** The fencing counters of the instances. */
export interface FencingCounters {
  /** The largest value of each that an instance has. */
  readonly counters: readonly SlotCounter[];
  /** The labels of the instances that were read. An instance that has lost its own counters is not. */
  readonly instances: readonly string[];
  readonly failures: readonly InstanceFailure[];
  /** Whether so many were read that no fencing token in use is larger. */
  readonly isComplete: boolean;
}

/** Reads the fencing counters of all hash slots. @throws LockClosedError if the client is closed. */
export async function readFencingCounters(redlock: MutexRedlock): Promise<FencingCounters> {
  const client = clientOf(redlock);
  const read = await withAll(client, async (member) => ({
    label: member.label,
    values: await readCountersOf(member, client),
  }));
  const values = largest(read.results.map((one) => one.values));
  const counters = keySpaceOf(client.prefix)
    .allSlots()
    .flatMap(({ fence: key }, slot): readonly SlotCounter[] => {
      const memory = values.get(key);
      if (memory === undefined) return [];
      const sizes = [...memory.sizes].map(([lock, { stamp, total }]) => [lock, [stamp, total]] as const);
      return [{ slot, fence: memory.fence, sizes: Object.fromEntries(sizes) }];
    });
  return {
    counters,
    instances: read.results.map(({ label }) => label),
    failures: read.failures,
    isComplete: client.members.voters.meetsEveryQuorum(read.mask),
  };
}

/** Where counters were raised. */
export interface RaisedCounters {
  readonly instances: readonly string[];
  /** An instance that has lost its counters is here: it gets them from the others, or from its clock (protocol §10). */
  readonly failures: readonly InstanceFailure[];
}

/**
 * Raises the fencing counters of all instances to at least these values, and writes newer sizes of semaphores. A counter never goes
 * back. As in a change of the set, counters are rounded up, so that they also raise those of permits (protocol §10).
 * @throws LockClosedError if the client is closed. RangeError for bad counters, with the field and the value.
 */
export async function raiseFencingCounters(
  redlock: MutexRedlock,
  counters: readonly SlotCounter[],
): Promise<RaisedCounters> {
  const client = clientOf(redlock);
  const keys = keySpaceOf(client.prefix).allSlots();
  const values = new Map<string, SlotMemory>();
  for (const { slot, fence, sizes } of counters) {
    const slotKeys = keys[slot];
    if (slotKeys === undefined)
      throw new RangeError(`slot: ${formatValue(slot)} must be a whole number from 0 to ${keys.length - 1}`);
    if (!Number.isSafeInteger(fence) || fence < 0 || fence >= MAX_FENCE)
      throw new RangeError(`fence: ${formatValue(fence)} must be a whole number below ${MAX_FENCE}`);
    const changes = Object.entries(sizes).map(([lock, [stamp, total]]) => [lock, { stamp, total }] as const);
    values.set(slotKeys.fence, { keys: slotKeys, fence, sizes: new Map(changes) });
  }
  const rounded: CounterValues = roundedUp(values);
  const written = await withAll(client, async (member) => {
    if (
      member.memory === undefined ||
      member.memory.state === "complete" ||
      member.memory.state === "untracked"
    ) {
      await raiseCounters(member, rounded, client);
      return member.label;
    }
    throw new Error("it has lost its fencing counters, and gets them from the others or from its clock");
  });
  return { instances: written.results, failures: written.failures };
}

async function withAll<T>(client: Client, act: (member: Member) => Promise<T>): Promise<Outcomes<T>> {
  if (client.isClosed) throw new LockClosedError([]);
  const { members } = client;
  client.beginWait();
  try {
    if (!members.isIdentified) await members.identifyAll();
    return await untilEnough(members.voters.members, act, () => false);
  } finally {
    client.endWait();
  }
}
