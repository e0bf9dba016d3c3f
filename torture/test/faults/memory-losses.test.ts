import { expect, test } from "vitest";
import { MemoryLosses } from "../../src/faults/memory-losses.ts";
import type { FaultKind } from "../../src/faults/phases.ts";
import { FLUSH_ABSTENTION_MS, RESTART_ABSTENTION_MS } from "../../src/options.ts";

type Step = readonly [kind: FaultKind, servers: readonly number[], endedAt: number];

/** Whether a fault at the time 0 is allowed after these faults. */
function isAllowed(
  servers: number,
  earlier: readonly Step[],
  kind: FaultKind,
  targets: readonly number[],
): boolean {
  const losses = new MemoryLosses(servers);
  for (const [earlierKind, earlierTargets, endedAt] of earlier) {
    losses.begin({ kind: earlierKind, servers: earlierTargets });
    if (endedAt <= 0) losses.end({ servers: earlierTargets }, endedAt);
  }
  return losses.allows({ kind, servers: targets }, 0);
}

test("only a minority may be flushed within one window", () => {
  expect(isAllowed(3, [], "flush", [0])).toBe(true);
  expect(isAllowed(3, [], "flush", [0, 1])).toBe(false);
  expect(isAllowed(5, [["flush", [0], -1]], "flush", [1])).toBe(true);
  expect(isAllowed(5, [["flush", [0, 1], -1]], "flush", [2])).toBe(false);
});

test("the same server may be flushed twice", () => {
  expect(isAllowed(3, [["flush", [0], -1]], "flush", [0])).toBe(true);
});

test("another server may be flushed after the window", () => {
  expect(isAllowed(3, [["flush", [0], 1 - FLUSH_ABSTENTION_MS]], "flush", [1])).toBe(false);
  expect(isAllowed(3, [["flush", [0], -FLUSH_ABSTENTION_MS]], "flush", [1])).toBe(true);
});

test.each(["restart-empty", "restart-snapshot"] as const)(
  "if one server is flushed, %s does not hit all others",
  (kind) => {
    expect(isAllowed(3, [["flush", [0], -1]], kind, [1])).toBe(true);
    expect(isAllowed(3, [["flush", [0], -1]], kind, [1, 2])).toBe(false);
    expect(isAllowed(3, [[kind, [1, 2], 1 - RESTART_ABSTENTION_MS]], "flush", [0])).toBe(false);
    expect(isAllowed(3, [[kind, [1, 2], -RESTART_ABSTENTION_MS]], "flush", [0])).toBe(true);
    expect(isAllowed(3, [[kind, [1, 2], -1]], "flush", [1])).toBe(true);
    expect(isAllowed(3, [[kind, [1, 2], -1]], kind, [0])).toBe(true);
  },
);

test("a fault that has not ended counts, however long it lasts", () => {
  expect(isAllowed(3, [["restart-snapshot", [1, 2], Infinity]], "flush", [0])).toBe(false);
});

test("faults that lose no memory are always allowed and do not count", () => {
  expect(isAllowed(3, [["flush", [0], -1]], "restart-aof", [0, 1, 2])).toBe(true);
  expect(isAllowed(3, [["restart-aof", [1, 2], -1]], "flush", [0])).toBe(true);
});
