import { describe, expect, test } from "vitest";
import { toHistory as convert } from "../../src/checks/history-operations.ts";
import { checkOrder, nodesOf } from "../../src/checks/history.ts";
import { exclusive, slots } from "../../src/contest/hold.ts";
import type { WorkerRecord } from "../../src/worker/records.ts";
import { reading, recordsOfConversion, recordsOfLock } from "./example-records.ts";

const toHistory = (records: readonly WorkerRecord[]) => convert(records, nodesOf);

const first = recordsOfLock({ worker: "1.0", fence: 1, acquire: [0, 1], heldUntil: 100, release: [10, 12] });

describe("toHistory", () => {
  test("converts an acquisition and a release", () => {
    const lock = { process: "1.0", resource: "a", mode: "X", token: "1.0@0", fence: 1, outcome: "ok" };
    expect(toHistory(first)).toEqual([
      { ...lock, kind: "acquire", invokedAt: 0, completedAt: 1, heldUntil: 100 },
      { ...lock, kind: "release", invokedAt: 10, completedAt: 12 },
    ]);
  });

  test("gives an operation without a result the outcome unknown", () => {
    const [acquire] = first;
    expect(toHistory(acquire === undefined ? [] : [acquire])).toEqual([
      { process: "1.0", resource: "a", mode: "X", kind: "acquire", invokedAt: 0, outcome: "unknown" },
    ]);
  });

  test("keeps an acquisition that timed out, and leaves out one without a quorum", () => {
    const lock = { kind: "mutex", isLong: false, claims: exclusive("a") } as const;
    const acquire = { worker: "1.0", event: "acquire", ...lock } as const;
    const records: WorkerRecord[] = [
      { ...acquire, at: 0, operationId: 1 },
      { at: 1, worker: "1.0", event: "not-acquired", operationId: 1, reason: "no-quorum" },
      { ...acquire, at: 2, operationId: 2 },
      { at: 3, worker: "1.0", event: "not-acquired", operationId: 2, reason: "timed-out" },
    ];
    expect(toHistory(records)).toEqual([
      {
        process: "1.0",
        resource: "a",
        mode: "X",
        kind: "acquire",
        invokedAt: 2,
        completedAt: 3,
        outcome: "refused",
      },
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

test("converts a conversion to an operation of the first lock, and a failed one by its reason", () => {
  const writer = recordsOfLock({ worker: "1.0", fence: 1, acquire: [0, 1], heldUntil: 100 });
  const downgrade = recordsOfConversion({
    worker: "1.0",
    lockId: 0,
    kind: "read",
    fence: 1,
    convert: [5, 6],
    heldUntil: 90,
  });
  const conversion = { process: "1.0", resource: "a", kind: "convert", token: "1.0@0", mode: "S" };
  expect(toHistory([...writer, ...downgrade]).slice(1)).toEqual([
    { ...conversion, fence: 1, invokedAt: 5, completedAt: 6, heldUntil: 90, outcome: "ok" },
  ]);
  expect(toHistory([...writer, downgrade[0]!]).slice(1)).toEqual([
    { ...conversion, invokedAt: 5, outcome: "unknown" },
  ]);
  const failed = { at: 6, worker: "1.0", event: "not-converted", operationId: 5, lockId: 0 } as const;
  const outcomes = (["contended", "no-quorum", "lost"] as const).map(
    (reason) => toHistory([...writer, downgrade[0]!, { ...failed, reason }])[1]?.outcome,
  );
  expect(outcomes).toEqual(["refused", "refused", "unknown"]);
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

  const reader = (worker: string, fence: number, from: number, until: number) =>
    recordsOfLock({
      worker,
      fence,
      acquire: [from - 1, from],
      heldUntil: until,
      holds: reading,
      kind: "read",
    });

  test("rejects a writer during the leases of two readers", () => {
    const readers = [...reader("1.0", 1, 1, 50), ...reader("2.0", 1, 2, 100)];
    const writer = (from: number) =>
      recordsOfLock({ worker: "3.0", fence: 2, acquire: [from - 1, from], heldUntil: 200 });
    expect(checkOrder([...readers, ...writer(100)], true)).toEqual([]);
    expect(checkOrder([...readers, ...writer(99)], true)).toHaveLength(1);
  });

  test("rejects a reader with a smaller token than the writer before it, also if leases are not guaranteed", () => {
    const late = reader("2.0", 0, 20, 30);
    expect(checkOrder([...first, ...late], true)).toHaveLength(1);
    expect(checkOrder([...first, ...late], false)).toHaveLength(1);
    expect(checkOrder([...first, ...reader("2.0", 1, 20, 30)], true)).toEqual([]);
  });

  test("rejects a writer between a downgrade and the end of the reader", () => {
    const downgraded = [
      ...recordsOfLock({ worker: "1.0", fence: 1, acquire: [0, 1], heldUntil: 100 }),
      ...recordsOfConversion({
        worker: "1.0",
        lockId: 0,
        kind: "read",
        fence: 1,
        convert: [5, 20],
        heldUntil: 120,
      }),
    ];
    expect(checkOrder([...downgraded, ...reader("2.0", 1, 10, 50)], true)).toEqual([]);
    const writer = recordsOfLock({
      worker: "2.0",
      fence: 2,
      acquire: [9, 10],
      heldUntil: 11,
      release: [11, 12],
    });
    expect(checkOrder([...downgraded, ...writer], true)).toHaveLength(1);
  });

  test("rejects a holder above the permits of a semaphore, also if it holds a slot that is free", () => {
    const permit = (worker: string, from: number, ...numbers: readonly number[]) =>
      recordsOfLock({
        worker,
        fence: from,
        acquire: [from - 1, from],
        heldUntil: 100,
        holds: slots("s", 2, numbers),
      });
    expect(checkOrder([...permit("1.0", 1, 0), ...permit("2.0", 3, 1)], true)).toEqual([]);
    const [violation] = checkOrder([...permit("1.0", 1, 0, 1), ...permit("2.0", 3, 2)], true);
    expect(violation?.message).toMatch(/^s: token 2.0@2 was granted .* while token 1.0@0 held the lock/);
    expect(checkOrder([...permit("1.0", 1, 0), ...permit("2.0", 3, 0)], true)[0]?.message).toMatch(/^s#0: /);
  });
});
