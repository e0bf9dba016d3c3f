import type { StoredWrite } from "../../src/fenced-store.ts";
import type { WorkerRecord } from "../../src/records.ts";

interface PlantedLock {
  readonly hand: string;
  readonly fence: number;
  /** Asked for and acquired. */
  readonly from: readonly [number, number];
  readonly heldUntil: number;
  readonly release?: readonly [number, number];
  readonly resource?: string;
}

/** What a worker would have written down about one lock. */
export function planted({
  hand,
  fence,
  from,
  heldUntil,
  release,
  resource = "a",
}: PlantedLock): readonly WorkerRecord[] {
  const [asked, acquired] = from;
  const op = asked;
  const token = `${hand}@${asked}`;
  const records: WorkerRecord[] = [
    { at: asked, hand, event: "acquire", op, resource },
    { at: acquired, hand, event: "acquired", op, token, fence, heldUntil },
  ];
  if (release === undefined) return records;
  return [
    ...records,
    { at: release[0], hand, event: "release", op: op + 0.5, lock: op },
    { at: release[1], hand, event: "released", op: op + 0.5, lock: op, how: "held" },
  ];
}

export function write(fence: number, token: string, arrivedAt: number, accepted = true): StoredWrite {
  return { resource: "a", fence, token, value: "x", sentAt: arrivedAt - 1, arrivedAt, accepted };
}
