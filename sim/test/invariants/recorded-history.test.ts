import { checkHistory, fencedReadWrite, semaphore } from "@quorumlock/sim/history";
import type { Lock } from "quorumlock";
import { expect, test } from "vitest";
import type { Grant } from "../../src/invariants/grant.ts";
import { RecordedHistory } from "../../src/invariants/recorded-history.ts";
import type { Mode } from "../../src/library.ts";
import type { Host } from "../../src/world/host.ts";
import type { Time } from "../../src/world/time.ts";

const host = { clock: { rate: 1 }, observe: <T>(read: () => T): T => read() } as Host;

function grant(client: number, token: string, fence: number, mode: Mode, grantedAt: number): Grant {
  const lock = { token, fence, remaining: () => 100 } as Lock;
  const attempt = { client, worker: 0, names: ["a"], modes: [mode], hasPlace: true, waitsForever: true };
  const permits = { wanted: 0, total: 0 };
  return {
    ...attempt,
    permits,
    slots: [],
    lock,
    host,
    startedAt: grantedAt - 1,
    grantedAt,
    releasedAt: Infinity,
  };
}

/** A writer that begins to downgrade at 10, and a reader that is granted at 20. */
function downgrade(): {
  readonly time: { now: number };
  readonly history: RecordedHistory;
  readonly writer: Grant;
} {
  const time = { now: 1 };
  const history = new RecordedHistory(time as Time);
  const writer = grant(0, "first", 5, "X", 1);
  history.onGrant(writer);
  time.now = 10;
  history.onConvert(writer, "S");
  time.now = 20;
  history.onGrant(grant(1, "reader", 5, "S", 20));
  return { time, history, writer };
}

test("a conversion that ended belongs to the acquisition, although the lock has another token", () => {
  const { time, history, writer } = downgrade();
  time.now = 25;
  const reader = grant(0, "second", 5, "S", 25);
  history.onConverted(writer, reader);
  time.now = 30;
  history.onRelease(reader);
  history.onReleased(reader, "held");
  const own = history.operations.filter(({ process }) => process === "0/0");
  expect(own.map(({ kind, token, outcome }) => [kind, token, outcome])).toEqual([
    ["acquire", "first", "ok"],
    ["convert", "first", "ok"],
    ["release", "first", "ok"],
  ]);
  expect(own[1]).toMatchObject({ mode: "S", fence: 5, invokedAt: 10, completedAt: 25, heldUntil: 125 });
  expect(checkHistory(history.operations, fencedReadWrite)).toMatchObject({ valid: true });
});

test("a downgrade whose client died may have taken effect, and one that was refused has not", () => {
  const { history, writer } = downgrade();
  expect(checkHistory(history.operations, fencedReadWrite)).toMatchObject({ valid: true });
  history.onNotConverted(writer);
  expect(checkHistory(history.operations, fencedReadWrite)).toMatchObject({ valid: false });
});

test("a plain lock on the name of a semaphore takes all permits", () => {
  const time = { now: 1 };
  const history = new RecordedHistory(time as Time, new Map([["a", 2]]));
  const permit: Grant = {
    ...grant(0, "permit", 5, "IX", 1),
    permits: { wanted: 1, total: 2 },
  };
  history.onGrant(permit);
  expect(checkHistory(history.operations, semaphore(2)).valid).toBe(true);
  history.onGrant(grant(1, "plain", 6, "X", 20));
  expect(checkHistory(history.operations, semaphore(2)).valid).toBe(false);
});
