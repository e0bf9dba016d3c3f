import { LockClosedError } from "../base/errors.ts";
import type { Client } from "../client/client.ts";
import { clientOf } from "../client/client-of.ts";
import type { MutexRedlock } from "../mutex-redlock.ts";
import type { Mode } from "../operations/mode.ts";
import { readNames, readNamesIn } from "../operations/operator.ts";
import type { ReplyList } from "../operations/request.ts";
import { queryOfSlots } from "../operations/slots-query.ts";
import { permitsOf } from "../operations/slots-target.ts";
import { askAll } from "./ask-all.ts";
import { checkNames } from "./inspect.ts";
import { groupsOf } from "./name-groups.ts";

/** A token that holds a name on at least one instance, with all that is needed to hold it again. */
export interface NameHold {
  readonly name: string;
  /** The whole token. Whoever knows it can release the lock. */
  readonly token: string;
  /** `X` for an exclusive lock. `undefined` for permits. */
  readonly mode: Mode | undefined;
  /** The numbers of the held permits, ascending. Only of a semaphore. */
  readonly slots: readonly number[] | undefined;
  /** The largest fencing counter that an instance has for the name's hash slot: at least the fencing token of the hold. 0 without one. */
  readonly fence: number;
  /**
   * For each instance, in the order of the configuration, ms until its key expires. `Infinity` without an expiry, `undefined` if this
   * token does not hold the name there.
   */
  readonly remainingMs: readonly (number | undefined)[];
}

/** What one instance said while holds were read. */
export interface ReadInstance {
  /** The instance's label, usually `host:port`. */
  readonly label: string;
  /** The time of its clock, in ms since 1970. `undefined` if it did not answer. */
  readonly timeMs: number | undefined;
  /** Why it did not answer, without any password. */
  readonly error: string | undefined;
}

/** The holds of some names. */
export interface NameHolds {
  /** In the order of the configuration. */
  readonly instances: readonly ReadInstance[];
  readonly holds: readonly NameHold[];
}

interface Reading {
  readonly index: number;
  readonly label: string;
  timeMs: number | undefined;
  error: string | undefined;
}

/** Holds by name and token; permits also by their slots, because only votes for the same slots count together. */
type Found = Map<string, Omit<NameHold, "remainingMs"> & { remainingMs: (number | undefined)[] }>;

/**
 * Reads every hold of the names with its mode or its permits, for a backup. It changes nothing. The time of an instance is read after
 * the remaining times, so their sum is late rather than early.
 * @param names at most 1,000 names of locks of any kind.
 * @throws LockClosedError if the client is closed. TypeError, RangeError for bad names.
 */
export async function readHolds(redlock: MutexRedlock, names: readonly string[]): Promise<NameHolds> {
  checkNames(names);
  const client = clientOf(redlock);
  if (client.isClosed) throw new LockClosedError([]);
  client.beginWait();
  try {
    return await read(client, [...new Set(names)]);
  } finally {
    client.endWait();
  }
}

async function read(client: Client, names: readonly string[]): Promise<NameHolds> {
  const { prefix, members } = client;
  const groups = groupsOf(names, prefix, members.hasCluster);
  const answers = await askAll(
    client,
    // Without names, the reply has the time.
    (groups.length === 0 ? [[]] : groups).map((group) => readNames(group, prefix)),
  );
  const instances = answers.map(({ member }, index): Reading => ({
    index,
    label: member.label,
    timeMs: undefined,
    error: undefined,
  }));
  const found: Found = new Map();
  const fences = new Map<string, number>();
  const semaphores = new Set<string>();
  answers.forEach(({ replies }, index) => {
    const instance = instances[index]!;
    replies.forEach((reply, at) => {
      if (reply instanceof Error) return void (instance.error ??= reply.message);
      const part = readNamesIn(groups[at] ?? [], reply as ReplyList);
      instance.timeMs = Math.max(instance.timeMs ?? 0, part.timeMs);
      for (const { name, holds, isSemaphore, fence } of part.names) {
        fences.set(name, Math.max(fences.get(name) ?? 0, fence ?? 0));
        if (isSemaphore) semaphores.add(name);
        for (const { token, mode, remainingMs } of holds)
          add(found, { name, token, mode, slots: undefined }, { index, remainingMs });
      }
    });
  });
  if (semaphores.size > 0) await readPermits(client, { names: [...semaphores], instances, found });
  // A server that failed a part is not a witness of any.
  for (const instance of instances) if (instance.error !== undefined) instance.timeMs = undefined;
  return {
    instances: instances.map(({ label, timeMs, error }) => ({ label, timeMs, error })),
    holds: [...found.values()].map((hold) => ({
      ...hold,
      fence: fences.get(hold.name) ?? 0,
      remainingMs: instances.map(({ index, error }) =>
        error === undefined ? hold.remainingMs[index] : undefined,
      ),
    })),
  };
}

async function readPermits(
  client: Client,
  {
    names,
    instances,
    found,
  }: { readonly names: readonly string[]; readonly instances: readonly Reading[]; readonly found: Found },
): Promise<void> {
  const targets = names.map((name) => permitsOf(name, 1, { total: 1, stamp: 0 }, 0));
  const answers = await askAll(
    client,
    targets.map((target) => queryOfSlots.request(target, client.prefix)),
  );
  answers.forEach(({ replies }, index) => {
    replies.forEach((reply, at) => {
      const target = targets[at]!;
      if (reply instanceof Error) return void (instances[index]!.error ??= reply.message);
      const [name] = target.names;
      for (const { token, remainingMs, slots } of queryOfSlots.read(target, reply as ReplyList).holds)
        if (slots !== undefined) add(found, { name, token, mode: undefined, slots }, { index, remainingMs });
    });
  });
}

function add(
  found: Found,
  hold: Pick<NameHold, "name" | "token" | "mode" | "slots">,
  { index, remainingMs }: { readonly index: number; readonly remainingMs: number },
): void {
  const key = JSON.stringify([hold.name, hold.token, hold.mode ?? hold.slots]);
  const known = found.get(key) ?? { ...hold, fence: 0, remainingMs: [] };
  found.set(key, known);
  known.remainingMs[index] = remainingMs;
}
