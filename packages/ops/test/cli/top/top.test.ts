import { describe, expect, test } from "vitest";
import { Output } from "../../../src/cli/output/output.ts";
import { arrangeRows, classRowsOf, TOP_SORTS } from "../../../src/cli/top/class-rows.ts";
import { afterKey, TOP_START, type TopState } from "../../../src/cli/top/top-state.ts";
import { topLines, type TopReading } from "../../../src/cli/top/top-view.ts";
import type { ClassFigures, LockRow } from "../../../src/monitor/api.ts";

const OUTPUT = new Output({ json: false, color: false, ascii: false, quiet: false });

function figures(name: string, change: Partial<ClassFigures> = {}): ClassFigures {
  return {
    class: name,
    granted: 60,
    grantedPerS: 1,
    timedOut: 0,
    noQuorum: 0,
    skipped: 0,
    lost: 0,
    success: 1,
    waitP50Ms: 4,
    waitP95Ms: 61,
    waitP99Ms: 1_200,
    holdP50Ms: 80,
    holdP99Ms: 2_000,
    waitingOnAverage: 0,
    ...change,
  };
}

function lock(name: string, change: Partial<LockRow> = {}): LockRow {
  return {
    name,
    class: name.replace(/\d+$/, "*"),
    kind: "mutex",
    health: "held",
    holder: { owner: "billing-7:3121", id: "9f3c11ab" },
    holders: 1,
    ageMs: 252_000,
    ageSource: "report",
    remainingMs: 9_000,
    ttlMs: 10_000,
    votes: ["holder", "holder", "holder"],
    fence: 1_764_107_001_282_561,
    waiting: 0,
    callers: 0,
    oldestWaitMs: undefined,
    blocked: 0,
    deadlock: undefined,
    readMsAgo: 0,
    ...change,
  };
}

function reading(classes: readonly ClassFigures[], locks: readonly LockRow[]): TopReading {
  return {
    title: "production",
    at: Date.UTC(2026, 0, 1),
    quorum: { voting: 2, configured: 3, quorum: 2, level: "attention", text: "", sinceAt: 0 },
    figures: {
      at: 0,
      held: 312,
      short: 0,
      waiting: 47,
      oldestWaitMs: 0,
      success: 0.992,
      attempts: 100,
      skipped: 0,
      lostLastHour: 0,
      lastLostAt: undefined,
      eventsPerS: 0,
      processes: { reporting: 3, known: 3 },
      classes,
    },
    locks: {
      schema: 1,
      total: locks.length,
      held: locks.length,
      short: 0,
      offset: 0,
      locks,
      complete: true,
      progress: 1,
      scannedAt: 0,
      unanswered: [],
      truncated: false,
      hint: undefined,
    },
  };
}

function press(keys: string, rows = 3, state: TopState = TOP_START): TopState {
  return Array.from(keys).reduce((now, key) => afterKey(now, { name: key, sequence: key }, rows), state);
}

describe("the rows of top", () => {
  const classes = [
    figures("quiet:*"),
    figures("order:*", { waitingOnAverage: 6.1, grantedPerS: 412, success: 0.9 }),
  ];
  const locks = [
    lock("order:42", { blocked: 17, oldestWaitMs: 12_400 }),
    lock("order:7", { oldestWaitMs: 100 }),
    lock("lonely:1", { health: "no-expiry" }),
  ];
  const rows = classRowsOf(classes, locks);

  test("are the classes of reports and of locks, each with the lock that blocks the most", () => {
    expect(rows.map((row) => [row.class, row.topLock?.name, row.oldestWaitMs, row.isTroubled])).toEqual([
      ["quiet:*", undefined, undefined, false],
      ["order:*", "order:42", 12_400, true],
      ["lonely:*", "lonely:1", undefined, true],
    ]);
  });

  test("have an order by each key, and equal ones stay in the order of their names", () => {
    const orders = TOP_SORTS.map((sort) => arrangeRows(rows, { sort, filter: "" }).map((row) => row.class));
    expect(orders).toEqual([
      ["order:*", "lonely:*", "quiet:*"],
      ["order:*", "lonely:*", "quiet:*"],
      ["order:*", "quiet:*", "lonely:*"],
      ["order:*", "quiet:*", "lonely:*"],
      ["lonely:*", "order:*", "quiet:*"],
    ]);
  });

  test("are those whose class, lock or holder contains the filter", () => {
    const filtered = (filter: string): readonly string[] =>
      arrangeRows(rows, { sort: "class", filter }).map((row) => row.class);
    expect(filtered("ORDER")).toEqual(["order:*"]);
    expect(filtered("billing-7")).toEqual(["lonely:*", "order:*"]);
    expect(filtered("nothing")).toEqual([]);
  });
});

describe("the keys of top", () => {
  test("sort, pause, select within the list, and quit", () => {
    expect(press("s").sort).toBe("oldest");
    expect(press("sssss").sort).toBe("waiting");
    expect(press("p").isPaused).toBe(true);
    expect(press("jjjjj").selected).toBe(2);
    expect(press("jk").selected).toBe(0);
    expect(press("j", 0).selected).toBe(0);
    expect(press("q").hasQuit).toBe(true);
    expect(afterKey(TOP_START, { name: "c", ctrl: true }, 1).hasQuit).toBe(true);
  });

  test("write the filter after f, also those that mean something else; Esc clears it", () => {
    const typing = press("fq주");
    expect(typing).toMatchObject({ filter: "q주", isTyping: true, hasQuit: false });
    expect(afterKey(typing, { name: "backspace" }, 1).filter).toBe("q");
    expect(afterKey(typing, { name: "return" }, 1)).toMatchObject({ filter: "q주", isTyping: false });
    expect(afterKey(typing, { name: "escape" }, 1)).toMatchObject({ filter: "", isTyping: false });
    expect(afterKey(typing, { name: "c", ctrl: true }, 1).hasQuit).toBe(true);
    expect(afterKey(typing, { name: "up", sequence: "\u001b[A" }, 1).filter).toBe("q주");
    expect(press(`f${"x".repeat(100)}`).filter).toHaveLength(60);
  });

  test("look at a lock and come back", () => {
    const looking = afterKey(TOP_START, { name: "return" }, 1);
    expect(looking.isInspecting).toBe(true);
    expect(afterKey(looking, { name: "escape" }, 1).isInspecting).toBe(false);
    expect(afterKey(TOP_START, { name: "return" }, 0).isInspecting).toBe(false);
  });
});

describe("the screen of top", () => {
  const classes = Array.from({ length: 30 }, (_, index) => figures(`class-${index}:*`));
  const screen = (size: { columns: number; rows: number }, state = TOP_START): readonly string[] => {
    const now = reading(classes, [lock("class-1:1", { class: "class-1:*", blocked: 3 })]);
    const rows = arrangeRows(classRowsOf(now.figures.classes, now.locks.locks), state);
    return topLines(now, rows, state, OUTPUT, size).map((line) => OUTPUT.plain(line));
  };

  test("fits the terminal, says how many rows do not fit, and follows the selected row", () => {
    const lines = screen({ columns: 120, rows: 12 });
    expect(lines).toHaveLength(12);
    expect(lines[0]).toMatch(
      /^production {3}▲ 2\/3 vote {3}312 held {3}47 waiting {3}30\/s {3}success 99\.2 %/,
    );
    expect(lines[3]).toMatch(/^› {2}class-1:\* .* class-1:1 +3 +billing-7:3121$/);
    expect(lines.at(-2)).toContain("and 23 more");
    const moved = screen({ columns: 120, rows: 12 }, { ...TOP_START, selected: 29 });
    expect(moved.filter((line) => line.startsWith("›"))).toHaveLength(1);
  });

  test("leaves out the less important columns of a narrow terminal, never the lock and its holder", () => {
    const wide = screen({ columns: 120, rows: 12 })[2];
    const narrow = screen({ columns: 70, rows: 12 })[2];
    expect(wide).toMatch(/CLASS +GRANTS\/S +WAITING +OLDEST +P50 +P99 +SUCCESS +TOP LOCK +BLOCKED +HOLDER/);
    expect(narrow).not.toContain("P50");
    expect(narrow).toMatch(/CLASS.*TOP LOCK +BLOCKED +HOLDER/);
    for (const line of screen({ columns: 70, rows: 12 })) expect(line.length).toBeLessThanOrEqual(70);
  });
});
