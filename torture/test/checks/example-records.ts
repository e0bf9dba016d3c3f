import type { LockKind } from "../../src/contest/contender.ts";
import { type Access, exclusive, type Hold } from "../../src/contest/hold.ts";
import type { StoredWrite } from "../../src/fenced-store.ts";
import type { WorkerRecord } from "../../src/worker/records.ts";

interface ExampleLock {
  readonly worker: string;
  readonly fence: number;
  /** Start and end of the acquisition. */
  readonly acquire: readonly [number, number];
  readonly heldUntil: number;
  /** Start and end of the release. */
  readonly release?: readonly [number, number];
  readonly holds?: readonly Hold[];
  readonly kind?: LockKind;
  readonly isLong?: boolean;
}

/** A hold of a reader of the node "a". */
export const reading: readonly Hold[] = [{ node: "a", mode: "S" }];

/** The records of one lock. Its id is the start of the acquisition. */
export function recordsOfLock({
  worker,
  fence,
  acquire,
  heldUntil,
  release,
  holds = exclusive("a"),
  kind = "mutex",
  isLong = false,
}: ExampleLock): readonly WorkerRecord[] {
  const [invokedAt, completedAt] = acquire;
  const lockId = invokedAt;
  const token = `${worker}@${invokedAt}`;
  const records: WorkerRecord[] = [
    { at: invokedAt, worker, event: "acquire", operationId: lockId, kind, isLong, claims: holds },
    { at: completedAt, worker, event: "acquired", operationId: lockId, holds, token, fence, heldUntil },
  ];
  if (release === undefined) return records;
  const operationId = lockId + 0.5;
  return [
    ...records,
    { at: release[0], worker, event: "release", operationId, lockId },
    { at: release[1], worker, event: "released", operationId, lockId, outcome: "released" },
  ];
}

interface ExampleConversion {
  readonly worker: string;
  readonly lockId: number;
  readonly kind: "read" | "write";
  readonly fence: number;
  /** Start and end of the conversion. */
  readonly convert: readonly [number, number];
  readonly heldUntil: number;
}

/** The records of a conversion. The id of the new lock is the start of the conversion. */
export function recordsOfConversion({
  worker,
  lockId,
  kind,
  fence,
  convert,
  heldUntil,
}: ExampleConversion): readonly WorkerRecord[] {
  const [operationId, at] = convert;
  const holds = kind === "read" ? reading : exclusive("a");
  const token = `${worker}@${operationId}`;
  return [
    { at: operationId, worker, event: "convert", operationId, lockId, kind, holds },
    { at, worker, event: "converted", operationId, lockId, token, fence, heldUntil },
  ];
}

export function storedWrite(
  fence: number,
  lock: string,
  arrivedAt: number,
  { access = "exclusive", isAccepted = true }: { access?: Access; isAccepted?: boolean } = {},
): StoredWrite {
  return { node: "a", access, fence, lock, value: "x", sentAt: arrivedAt - 1, arrivedAt, isAccepted };
}
