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
  readonly resource?: string;
}

/** The records of one lock. Its id is the start of the acquisition. */
export function recordsOfLock({
  worker,
  fence,
  acquire,
  heldUntil,
  release,
  resource = "a",
}: ExampleLock): readonly WorkerRecord[] {
  const [invokedAt, completedAt] = acquire;
  const lockId = invokedAt;
  const token = `${worker}@${invokedAt}`;
  const records: WorkerRecord[] = [
    { at: invokedAt, worker, event: "acquire", operationId: lockId, resource },
    { at: completedAt, worker, event: "acquired", operationId: lockId, token, fence, heldUntil },
  ];
  if (release === undefined) return records;
  const operationId = lockId + 0.5;
  return [
    ...records,
    { at: release[0], worker, event: "release", operationId, lockId },
    { at: release[1], worker, event: "released", operationId, lockId, outcome: "released" },
  ];
}

export function storedWrite(fence: number, token: string, arrivedAt: number, isAccepted = true): StoredWrite {
  return { resource: "a", fence, token, value: "x", sentAt: arrivedAt - 1, arrivedAt, isAccepted };
}
