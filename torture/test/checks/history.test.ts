import { describe, expect, test } from "vitest";
import { checkOrder, toHistory } from "../../src/checks/history.ts";
import type { WorkerRecord } from "../../src/records.ts";
import { planted } from "./planted.ts";

const first = planted({ hand: "1.0", fence: 1, from: [0, 1], heldUntil: 100, release: [10, 12] });

describe("as operations", () => {
  test("a lock from its acquisition to its release", () => {
    const whose = { process: "1.0", resource: "a", token: "1.0@0", fence: 1, outcome: "ok" };
    expect(toHistory(first)).toEqual([
      { ...whose, kind: "acquire", invokedAt: 0, completedAt: 1, heldUntil: 100 },
      { ...whose, kind: "release", invokedAt: 10, completedAt: 12 },
    ]);
  });

  test("what a killed worker never heard of is unknown", () => {
    const [asked] = first;
    expect(toHistory(asked === undefined ? [] : [asked])).toEqual([
      { process: "1.0", resource: "a", kind: "acquire", invokedAt: 0, outcome: "unknown" },
    ]);
  });

  test("who gave up without a lock: a refusal is told, an outage says nothing", () => {
    const asked = { hand: "1.0", event: "acquire", resource: "a" } as const;
    const records: WorkerRecord[] = [
      { ...asked, at: 0, op: 1 },
      { at: 1, hand: "1.0", event: "not-acquired", op: 1, why: "unreachable" },
      { ...asked, at: 2, op: 2 },
      { at: 3, hand: "1.0", event: "not-acquired", op: 2, why: "refused" },
    ];
    expect(toHistory(records)).toEqual([
      { process: "1.0", resource: "a", kind: "acquire", invokedAt: 2, completedAt: 3, outcome: "refused" },
    ]);
  });

  test("renewals of every kind, up to a loss", () => {
    const [asked, acquired] = first;
    const lock = { hand: "1.0", lock: 0 } as const;
    const records: WorkerRecord[] = [
      ...(asked === undefined || acquired === undefined ? [] : [asked, acquired]),
      { ...lock, at: 20, event: "renewed", heldUntil: 120 },
      { ...lock, at: 30, event: "extend", op: 2 },
      { ...lock, at: 31, event: "extended", op: 2, heldUntil: 130 },
      { ...lock, at: 40, event: "extend", op: 3 },
      { ...lock, at: 41, event: "not-extended", op: 3, why: "unreachable" },
      { ...lock, at: 125, event: "lost" },
    ];
    const shown = toHistory(records).map(({ kind, invokedAt, completedAt, outcome, heldUntil }) => [
      kind,
      invokedAt,
      completedAt,
      outcome,
      heldUntil,
    ]);
    expect(shown).toEqual([
      ["acquire", 0, 1, "ok", 100],
      ["extend", 1, 20, "ok", 120],
      ["extend", 30, 31, "ok", 125],
      ["extend", 40, undefined, "unknown", undefined],
    ]);
  });
});

describe("the order", () => {
  const overlapping = planted({ hand: "2.0", fence: 2, from: [5, 8], heldUntil: 108 });
  const backward = planted({ hand: "2.0", fence: 0, from: [20, 21], heldUntil: 120 });

  test("of holders that follow each other is found", () => {
    expect(
      checkOrder([...first, ...planted({ hand: "2.0", fence: 2, from: [5, 11], heldUntil: 111 })], true),
    ).toEqual([]);
  });

  test("of two holders at once is not, unless only the fences are asked for", () => {
    const [violation] = checkOrder([...first, ...overlapping], true);
    expect(violation?.check).toBe("history");
    expect(violation?.entries).not.toEqual([]);
    expect(checkOrder([...first, ...overlapping], false)).toEqual([]);
  });

  test("of fences that go back is not, whatever is asked for", () => {
    expect(checkOrder([...first, ...backward], true)).toHaveLength(1);
    expect(checkOrder([...first, ...backward], false)).toHaveLength(1);
  });
});
