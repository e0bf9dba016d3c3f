import { describe, expect, test } from "vitest";
import type { AlertFigures } from "../../src/alerts/index.ts";
import { AlertBed, down, NO_COUNTS, server } from "./support/alert-bed.ts";

const S = 1_000;
const MIN = 60 * S;

/** Enough for the evaluation that a change causes, and less than the next interval. */
const SOON = 300;

test("without anything wrong there is no alert and no message", async () => {
  const bed = new AlertBed();
  bed.count("order:*", { granted: 1_000, active: 3 });
  await bed.clock.advance(60 * MIN);
  expect(bed.alerts.alerts).toEqual([]);
  expect(bed.messages).toEqual([]);
});

describe("quorum_lost", () => {
  test("fires after 30 s, hides what follows from it, and resolves after 1 min with what happened meanwhile", async () => {
    const bed = new AlertBed();
    bed.count("order:*", { granted: 10 });
    await bed.clock.advance(MIN);
    bed.set("redis-a", down);
    bed.set("redis-b", { isVoting: false, abstainsMs: 21_000 });
    await bed.clock.advance(29 * S);
    expect(bed.firing()).toEqual([]);
    await bed.clock.advance(2 * S);
    expect(bed.firing()).toEqual(["quorum_lost"]);
    bed.count("order:*", { noQuorum: 212, lost: 4 });
    await bed.clock.advance(3 * MIN);
    expect(bed.firing()).toEqual(["quorum_lost", "high_failure_rate", "server_down", "lock_lost"]);
    const hidden = bed.alerts.alerts.filter(({ hiddenBy }) => hiddenBy !== undefined).map(({ rule }) => rule);
    expect(hidden.toSorted()).toEqual(["high_failure_rate", "server_down"]);
    bed.set("redis-a", { isAnswering: true, isVoting: true, message: undefined });
    bed.set("redis-b", { isVoting: true, abstainsMs: undefined });
    await bed.clock.advance(59 * S);
    expect(bed.firing()).toContain("quorum_lost");
    await bed.clock.advance(15 * S);
    expect(bed.firing()).not.toContain("quorum_lost");
    expect(bed.lines[0]).toBe(
      "✕ No locks: 1 of 3 servers votes, 2 are needed. Recovers by itself: redis-b votes in 21 s.",
    );
    expect(bed.lines.filter((line) => line.includes("redis-a does not answer"))).toEqual([]);
    expect(bed.lines.find((line) => line.startsWith("● Locks"))).toMatch(
      /^● Locks work again: 3 of 3 vote\. No quorum for 3 m 31 s; 212 acquisitions failed, 4 locks lost\.$/,
    );
  });

  test("a pause of the process that evaluates is not counted as time in which it lasted", async () => {
    const bed = new AlertBed();
    await bed.clock.advance(MIN);
    bed.set("redis-a", down);
    bed.set("redis-b", down);
    await bed.clock.advance(5 * S);
    await bed.clock.pause(10 * MIN);
    expect(bed.firing()).toEqual([]);
    await bed.clock.advance(29 * S);
    expect(bed.firing()).toEqual([]);
    await bed.clock.advance(2 * S);
    expect(bed.firing()).toContain("quorum_lost");
  });

  test("names the servers to start if it does not recover by itself", async () => {
    const bed = new AlertBed();
    await bed.clock.advance(MIN);
    bed.set("redis-a", down);
    bed.set("redis-b", down);
    await bed.clock.advance(MIN);
    expect(bed.lines).toEqual(["✕ No locks: 1 of 3 servers votes, 2 are needed. Start redis-a or redis-b."]);
  });
});

describe("high_failure_rate", () => {
  test("19 attempts say nothing, 20 do; it names what blocks, and tells the end", async () => {
    const bed = new AlertBed();
    bed.count("order:*", {});
    await bed.clock.advance(MIN);
    bed.count("order:*", {
      timedOut: 19,
      blocking: { name: "order:42", owner: "billing-7:3121", callers: 17 },
    });
    await bed.clock.advance(3 * MIN);
    expect(bed.firing()).toEqual([]);
    bed.count("order:*", { noQuorum: 1 });
    await bed.clock.advance(119 * S);
    expect(bed.firing()).toEqual([]);
    await bed.clock.advance(31 * S);
    expect(bed.firing()).toEqual(["high_failure_rate"]);
    await bed.clock.advance(15 * S);
    expect(bed.lines).toEqual([
      "✕ order:*: 0 % of 20 acquisitions succeeded in 5 min (19 timed out, 1 no quorum). Blocked behind order:42, held by billing-7:3121.",
    ]);
    bed.count("order:*", { granted: 10_000 });
    await bed.clock.advance(3 * MIN);
    expect(bed.lines.at(-1)).toMatch(/^● order:\*: 99 % succeed again, after \d min\.$/);
  });

  test("exactly half is no failure", async () => {
    const bed = new AlertBed();
    bed.count("order:*", {});
    await bed.clock.advance(MIN);
    bed.count("order:*", { granted: 50, timedOut: 50 });
    await bed.clock.advance(4 * MIN);
    expect(bed.firing()).toEqual([]);
  });

  test("9 of 10 cron machines skip each night: single attempts that find the lock held are no attempts", async () => {
    const bed = new AlertBed();
    bed.count("report", {});
    for (let night = 0; night < 30; night += 1) {
      // The nine others count as skipped, and figures have no such count.
      bed.count("report", { granted: 1 });
      await bed.clock.advance(5 * MIN);
    }
    expect(bed.messages).toEqual([]);
  });

  test("counts before the start do not matter, and a class that appears later began at 0", async () => {
    const bed = new AlertBed();
    bed.count("old", { timedOut: 10_000 });
    await bed.clock.advance(10 * MIN);
    expect(bed.firing()).toEqual([]);
    bed.count("new", { timedOut: 20 });
    await bed.clock.advance(3 * MIN);
    expect(bed.alerts.alerts.map(({ labels }) => labels)).toEqual([{ resource: "new" }]);
  });
});

describe("lock_lost", () => {
  test("fires at once, names locks, holders and the first fence, and ends 5 min after the window", async () => {
    const bed = new AlertBed();
    bed.count("order:*", {});
    await bed.clock.advance(MIN);
    const at = bed.clock.wall();
    bed.losses = [
      { resource: "order:*", name: "order:42", owner: "billing-7:3121", at, fence: 1_764_107_001_282_561 },
      { resource: "order:*", name: "order:7", owner: undefined, at, fence: undefined },
    ];
    bed.count("order:*", { lost: 2 });
    bed.onChange();
    await bed.clock.advance(SOON);
    expect(bed.firing()).toEqual(["lock_lost"]);
    await bed.clock.advance(9 * MIN);
    expect(bed.firing()).toEqual(["lock_lost"]);
    await bed.clock.advance(2 * MIN);
    expect(bed.lines).toEqual([
      "▲ 2 locks lost in 5 min: order:42 (billing-7:3121), order:7. Work may have run without protection; check writes from fence 1764107001282561 on.",
      "● order:*: no lock lost for 5 min. In all 2.",
    ]);
  });

  test("a source can return the same object each time, and count in it", async () => {
    const bed = new AlertBed();
    const counts: Record<keyof typeof NO_COUNTS, number> = { ...NO_COUNTS };
    const figures: AlertFigures = {
      hasData: true,
      quorum: undefined,
      servers: undefined,
      classes: [{ resource: "order:*", counts, active: 0, waiters: 0, oldestWaitMs: 0, longestHoldMs: 0 }],
      losses: [],
    };
    bed.readInstead = () => Promise.resolve(figures);
    await bed.clock.advance(MIN);
    counts.lost += 1;
    await bed.clock.advance(MIN);
    expect(bed.firing()).toEqual(["lock_lost"]);
  });

  test("counters that restart are no loss", async () => {
    const bed = new AlertBed();
    bed.count("order:*", { lost: 5, granted: 100 });
    await bed.clock.advance(MIN);
    bed.restart("order:*");
    await bed.clock.advance(10 * MIN);
    expect(bed.messages).toEqual([]);
    bed.count("order:*", { lost: 1 });
    await bed.clock.advance(MIN);
    expect(bed.firing()).toEqual(["lock_lost"]);
  });
});

describe("servers", () => {
  test("no_spare fires after 2 min and hides the alert of the server", async () => {
    const bed = new AlertBed();
    await bed.clock.advance(MIN);
    bed.set("redis-c", down);
    await bed.clock.advance(119 * S);
    expect(bed.firing()).toEqual([]);
    await bed.clock.advance(15 * S);
    expect(bed.firing().toSorted()).toEqual(["no_spare", "server_down"]);
    bed.set("redis-c", { isAnswering: true, isVoting: true });
    await bed.clock.advance(15 * S);
    expect(bed.lines).toEqual([
      "▲ No spare: redis-c does not answer. One more failure stops all locks.",
      "● 3 of 3 servers vote, after 2 min without a spare.",
    ]);
  });

  test("one server, and two, never have a spare", async () => {
    for (const labels of [["a"], ["a", "b"]]) {
      const bed = new AlertBed();
      bed.servers = labels.map((label) => server(label));
      await bed.clock.advance(30 * MIN);
      expect(bed.messages).toEqual([]);
    }
  });

  test("server_down is alone if there are spares", async () => {
    const bed = new AlertBed();
    bed.servers = ["a", "b", "c", "d", "e"].map((label) => server(label));
    await bed.clock.advance(MIN);
    bed.set("e", down);
    await bed.clock.advance(3 * MIN);
    expect(bed.lines).toEqual(["▲ e does not answer (ECONNREFUSED)."]);
    bed.set("e", { isAnswering: true, isVoting: false });
    await bed.clock.advance(MIN);
    expect(bed.lines[1]).toBe("● e answers again, after 3 min; it does not vote yet.");
  });

  test("quarantined, unsafe, clock_offset and memory", async () => {
    const bed = new AlertBed();
    bed.servers = ["a", "b", "c", "d", "e"].map((label) => server(label));
    await bed.clock.advance(MIN);
    bed.set("a", { isVoting: false, abstainsMs: 3_000 });
    bed.set("b", { unsafe: ["eviction", "restart"] });
    bed.set("c", { clockOffsetMs: -1_400 });
    bed.set("d", { usedBytes: 92 * 2 ** 20, limitBytes: 100 * 2 ** 20 });
    bed.set("e", { usedBytes: 92 * 2 ** 20 });
    await bed.clock.advance(61 * S);
    expect(bed.firing()).toEqual(["unsafe"]);
    await bed.clock.advance(238 * S);
    expect(bed.firing()).toEqual(["unsafe"]);
    await bed.clock.advance(15 * S);
    expect(bed.lines.toSorted()).toEqual([
      "▲ a answers, but does not vote for another 3.0 s.",
      "▲ b evicts keys: two can hold one lock.",
      "▲ c: its clock is 1.4 s behind of the median server; the limit is 1.0 s.",
      "▲ d: 92 % of 100 MB. At 100 % no lock is granted there.",
    ]);
    expect(bed.alerts.alerts.find(({ rule }) => rule === "unsafe")?.remedy).toContain("noeviction");
  });
});

describe("classes", () => {
  test("long_wait by the oldest waiter, and by waits that have ended", async () => {
    const bed = new AlertBed();
    bed.count("order:*", {});
    bed.count("tenant/*", {});
    await bed.clock.advance(MIN);
    const blocking = { name: "order:42", owner: "billing-7:3121", callers: 17 };
    bed.count("order:*", { oldestWaitMs: 12_400, waiters: 17, blocking });
    bed.count("tenant/*", { longWaits: 5 });
    await bed.clock.advance(2 * MIN);
    expect(bed.lines.toSorted()).toEqual([
      "▲ order:*: oldest waiter 12.4 s, 17 callers behind billing-7:3121.",
      "▲ tenant/*: 5 acquisitions waited over 10 s in 5 min.",
    ]);
    bed.count("order:*", { oldestWaitMs: 0, waiters: 0, blocking: undefined });
    await bed.clock.advance(MIN);
    expect(bed.lines.at(-1)).toMatch(/^● order:\*: no caller waits over 10 s, after \d+ (s|min)\.$/);
  });

  test("extensions_fail, active_locks and held_long", async () => {
    const bed = new AlertBed();
    bed.count("order:*", {});
    await bed.clock.advance(MIN);
    const longestHeld = { name: "order:42", owner: "web-1:4" };
    bed.count("order:*", {
      extended: 78,
      extensionsFailed: 22,
      active: 140,
      longestHoldMs: 3_900_000,
      longestHeld,
    });
    await bed.clock.advance(4 * MIN);
    bed.count("order:*", { extended: 78, extensionsFailed: 22 });
    await bed.clock.advance(7 * MIN);
    expect(bed.lines).toEqual([
      "· order:*: order:42 is held by web-1:4 for 1 h 05 m; the limit is 1 h.",
      "▲ order:*: 22 % of extensions fail; locks are lost next.",
      expect.stringMatching(/^● order:\*/) as string,
      "· 140 locks are held; the limit is 100.",
    ]);
  });

  test("settings change limits, times and severities, and switch rules off", async () => {
    const bed = new AlertBed({
      rules: {
        long_wait: { above: 60_000, severity: "critical", for: 0, classes: ["order:*"] },
        active_locks: { enabled: false },
      },
    });
    bed.count("order:*", { oldestWaitMs: 30_000, active: 500 });
    bed.count("other", { oldestWaitMs: 90_000 });
    await bed.clock.advance(20 * MIN);
    expect(bed.messages).toEqual([]);
    bed.count("order:*", { oldestWaitMs: 61_000 });
    await bed.clock.advance(MIN);
    expect(bed.alerts.alerts.map(({ rule, severity }) => [rule, severity])).toEqual([
      ["long_wait", "critical"],
    ]);
  });
});

describe("missing data", () => {
  test("only no_data fires, after 5 min; nothing resolves meanwhile", async () => {
    const bed = new AlertBed();
    await bed.clock.advance(MIN);
    bed.set("redis-c", down);
    await bed.clock.advance(3 * MIN);
    const before = bed.messages.length;
    const { servers } = bed;
    [bed.servers, bed.hasClasses, bed.hasData] = [undefined, false, false];
    await bed.clock.advance(4 * MIN);
    expect(bed.messages).toHaveLength(before);
    await bed.clock.advance(2 * MIN);
    expect(bed.lines.at(-1)).toBe("▲ No figures for 5 min. This is not an all-clear.");
    expect(bed.firing().toSorted()).toEqual(["no_data", "no_spare", "server_down"]);
    [bed.servers, bed.hasClasses, bed.hasData] = [servers, true, true];
    bed.set("redis-c", { isAnswering: true, isVoting: true });
    await bed.clock.advance(MIN);
    expect(bed.lines.filter((line) => line.startsWith("●"))).toEqual([
      expect.stringContaining("servers vote, after") as string,
      expect.stringContaining("Figures are there again") as string,
    ]);
  });

  test("a source that rejects, and one that hangs, are missing data", async () => {
    const sources = [() => Promise.reject(new Error("closed")), () => new Promise<never>(() => undefined)];
    for (const readInstead of sources) {
      const bed = new AlertBed();
      await bed.clock.advance(MIN);
      bed.readInstead = readInstead;
      await bed.clock.advance(7 * MIN);
      expect(bed.lines).toEqual(["▲ No figures for 5 min. This is not an all-clear."]);
      bed.readInstead = undefined;
      await bed.clock.advance(2 * MIN);
      expect(bed.lines.at(-1)).toContain("Figures are there again");
    }
  });
});

describe("rules of one's own", () => {
  test("return a sentence, a finding or several; one that throws is an alert", async () => {
    let length = 0;
    const bed = new AlertBed({
      ownRules: {
        queue_long: ({ classes }) => length > 10 && `${length} jobs wait; ${classes.length} classes.`,
        two: () =>
          length > 20
            ? [
                { labels: { n: "1" }, text: "one" },
                { labels: { n: "2" }, text: "two" },
              ]
            : undefined,
        broken: () => {
          if (length > 30) throw new Error("no such\nfield");
          return undefined;
        },
        slow: {
          severity: "info",
          for: 2 * MIN,
          find: () => (length > 10 ? [{ labels: {}, text: "slow" }] : []),
        },
      },
    });
    await bed.clock.advance(MIN);
    length = 11;
    await bed.clock.advance(MIN);
    expect(bed.lines).toEqual(["▲ 11 jobs wait; 0 classes."]);
    length = 31;
    await bed.clock.advance(2 * MIN);
    expect(bed.lines.slice(1).toSorted()).toEqual([
      "· slow",
      "▲ The rule broken failed, so it finds nothing: no such field",
      "▲ one",
      "▲ two",
    ]);
    length = 0;
    await bed.clock.advance(MIN);
    expect(bed.lines.filter((line) => line.startsWith("●")).toSorted()).toEqual([
      expect.stringContaining("The rule broken works again") as string,
      expect.stringContaining("queue_long has ended") as string,
      expect.stringContaining("slow has ended") as string,
      expect.stringContaining("two (1) has ended") as string,
      expect.stringContaining("two (2) has ended") as string,
    ]);
  });
});
