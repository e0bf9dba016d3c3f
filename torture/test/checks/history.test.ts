import { describe, expect, test } from "vitest";
import { checkOrder, toHistory } from "../../src/checks/history.ts";
import type { WorkerRecord } from "../../src/worker/records.ts";
import { recordsOfLock } from "./example-records.ts";

const first = recordsOfLock({ worker: "1.0", fence: 1, acquire: [0, 1], heldUntil: 100, release: [10, 12] });

describe("toHistory", () => {
  test("converts an acquisition and a release", () => {
    const lock = { process: "1.0", resource: "a", token: "1.0@0", fence: 1, outcome: "ok" };
    expect(toHistory(first)).toEqual([
      { ...lock, kind: "acquire", invokedAt: 0, completedAt: 1, heldUntil: 100 },
      { ...lock, kind: "release", invokedAt: 10, completedAt: 12 },
    ]);
  });

  test("gives an operation without a result the outcome unknown", () => {
    const [acquire] = first;
    expect(toHistory(acquire === undefined ? [] : [acquire])).toEqual([
      { process: "1.0", resource: "a", kind: "acquire", invokedAt: 0, outcome: "unknown" },
    ]);
  });

  test("keeps an acquisition that timed out, and leaves out one without a quorum", () => {
    const acquire = { worker: "1.0", event: "acquire", resource: "a" } as const;
    const records: WorkerRecord[] = [
      { ...acquire, at: 0, operationId: 1 },
      { at: 1, worker: "1.0", event: "not-acquired", operationId: 1, reason: "no-quorum" },
      { ...acquire, at: 2, operationId: 2 },
      { at: 3, worker: "1.0", event: "not-acquired", operationId: 2, reason: "timed-out" },
    ];
    expect(toHistory(records)).toEqual([
      { process: "1.0", resource: "a", kind: "acquire", invokedAt: 2, completedAt: 3, outcome: "refused" },
    ]);
  });

  test("converts extensions of every kind, and ends the lease at a loss", () => {
    const [acquire, acquired] = first;
    const lock = { worker: "1.0", lockId: 0 } as const;
    const records: WorkerRecord[] = [
      ...(acquire === undefined || acquired === undefined ? [] : [acquire, acquired]),
      { ...lock, at: 20, event: "auto-extended", heldUntil: 120 },
      { ...lock, at: 30, event: "extend", operationId: 2 },
      { ...lock, at: 31, event: "extended", operationId: 2, heldUntil: 130 },
      { ...lock, at: 40, event: "extend", operationId: 3 },
      { ...lock, at: 41, event: "not-extended", operationId: 3, reason: "no-quorum" },
      { ...lock, at: 125, event: "lost" },
    ];
    const operations = toHistory(records).map(({ kind, invokedAt, completedAt, outcome, heldUntil }) => [
      kind,
      invokedAt,
      completedAt,
      outcome,
      heldUntil,
    ]);
    expect(operations).toEqual([
      ["acquire", 0, 1, "ok", 100],
      ["extend", 1, 20, "ok", 120],
      ["extend", 30, 31, "ok", 125],
      ["extend", 40, undefined, "unknown", undefined],
    ]);
  });
});

describe("checkOrder", () => {
  const overlapping = recordsOfLock({ worker: "2.0", fence: 2, acquire: [5, 8], heldUntil: 108 });
  const decreasing = recordsOfLock({ worker: "2.0", fence: 0, acquire: [20, 21], heldUntil: 120 });

  test("accepts holders that follow each other", () => {
    const next = recordsOfLock({ worker: "2.0", fence: 2, acquire: [5, 11], heldUntil: 111 });
    expect(checkOrder([...first, ...next], true)).toEqual([]);
  });

  test("rejects two holders at once, but only if leases are guaranteed", () => {
    const [violation] = checkOrder([...first, ...overlapping], true);
    expect(violation?.check).toBe("history");
    expect(violation?.entries).not.toEqual([]);
    expect(checkOrder([...first, ...overlapping], false)).toEqual([]);
  });

  test("rejects a decreasing fencing token, also if leases are not guaranteed", () => {
    expect(checkOrder([...first, ...decreasing], true)).toHaveLength(1);
    expect(checkOrder([...first, ...decreasing], false)).toHaveLength(1);
  });
});
