import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ListQuery } from "../../src/dashboard/connection/messages.ts";
import { formatUrl, parseRoute, parseView } from "../../src/dashboard/page/route.ts";
import { Announcer } from "../../src/dashboard/state/announcer.ts";
import { LockList } from "../../src/dashboard/state/lock-list.ts";
import { movedCount } from "../../src/dashboard/state/moved-count.ts";
import { healthy, lock, NASTY_NAMES, pageOf, type Scenario } from "./scenarios.ts";

const QUERY: ListQuery = { pattern: "", sort: "blocked", health: "" };

function scenarioOf(names: readonly string[]): Scenario {
  return { ...healthy(), locks: names.map((name) => lock(name)) };
}

function accept(list: LockList, names: readonly string[], offset = 0): void {
  list.accept(QUERY, pageOf(scenarioOf(names), { ...QUERY, offset, limit: 200 }), 0);
}

function shown(list: LockList, count = list.total): (string | undefined)[] {
  return Array.from({ length: count }, (_, index) => list.at(index)?.row.name);
}

describe("movedCount", () => {
  it.each([
    ["abc", "abc", 0],
    ["abc", "xabc", 1],
    ["abcd", "bcda", 1],
    ["abc", "", 3],
    ["", "abc", 3],
    ["abcdef", "fedcba", 5],
    ["abc", "acx", 2],
  ])("%s → %s: %d", (before, after, count) => {
    expect(movedCount(before.split(""), after.split(""))).toBe(count);
  });
});

describe("LockList", () => {
  it("shows the newest order while nobody is in the list", () => {
    const list = new LockList(QUERY);
    accept(list, ["a", "b"]);
    accept(list, ["b", "c", "a"]);
    expect(shown(list)).toEqual(["b", "c", "a"]);
    expect(list.changes).toBe(0);
  });

  it("keeps each row in its place while the order is held, and counts the changes", () => {
    const list = new LockList(QUERY);
    accept(list, ["a", "b", "c"]);
    list.hold();
    accept(list, ["c", "a", "x"]);
    expect(shown(list)).toEqual(["a", "b", "c"]);
    expect(list.at(1)?.isGone).toBe(true);
    expect(list.changes).toBe(3);
    list.show();
    expect(shown(list)).toEqual(["c", "a", "x"]);
    expect(list.changes).toBe(0);
    accept(list, ["x", "c", "a"]);
    expect(shown(list)).toEqual(["c", "a", "x"]);
    list.release();
    expect(shown(list)).toEqual(["x", "c", "a"]);
  });

  it("knows that a row is gone only if every name was read", () => {
    const list = new LockList(QUERY);
    accept(list, ["a", "b"]);
    list.hold();
    const scenario: Scenario = { ...scenarioOf(["b"]), about: { complete: false } };
    list.accept(QUERY, pageOf(scenario, { ...QUERY, offset: 0, limit: 200 }), 0);
    expect(list.at(0)?.isGone).toBe(false);
    accept(list, ["b"]);
    expect(list.at(0)?.isGone).toBe(true);
  });

  it("holds the order of the first rows if there were none, and after a new query", () => {
    const list = new LockList(QUERY);
    list.hold();
    accept(list, ["a", "b"]);
    accept(list, ["b", "a"]);
    expect(shown(list)).toEqual(["a", "b"]);
    list.setQuery({ ...QUERY, sort: "name" });
    expect(list.total).toBe(0);
    accept(list, ["z"]);
    expect(list.total).toBe(0);
  });

  it("has rows of the pages that were read, also while the order is held", () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `lock-${index}`);
    const list = new LockList(QUERY);
    accept(list, names);
    list.hold();
    expect(list.at(450)).toBeUndefined();
    accept(list, names, 400);
    expect(list.at(450)?.row.name).toBe("lock-450");
    expect(list.total).toBe(1_000);
    for (let offset = 0; offset < 1_000; offset += 200) accept(list, names, offset);
    expect(list.changes).toBe(0);
  });
});

describe("Announcer", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("speaks changes, at most one text in 5 s, and of each subject only the last", () => {
    const spoken: string[] = [];
    const announcer = new Announcer((text) => spoken.push(text));
    announcer.say("quorum", "3 of 3");
    vi.advanceTimersByTime(60_000);
    expect(spoken).toEqual([]);
    announcer.say("quorum", "2 of 3");
    announcer.say("quorum", "1 of 3");
    announcer.say("quorum", "2 of 3, again");
    announcer.say("alerts", "none");
    announcer.say("alerts", "one");
    expect(spoken).toEqual(["2 of 3"]);
    vi.advanceTimersByTime(4_999);
    expect(spoken).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(spoken).toEqual(["2 of 3", "2 of 3, again one"]);
    vi.advanceTimersByTime(60_000);
    announcer.say("alerts", "one");
    expect(spoken).toHaveLength(2);
  });
});

describe("routes", () => {
  const view = { list: QUERY, events: "all", range: "5m" } as const;

  it("carry every name there and back", () => {
    for (const name of ["order:42", "tenant/9", "a b?c#d&e%2f", ...NASTY_NAMES]) {
      const path = formatUrl({ page: "lock", name }, view);
      expect(path).not.toMatch(/[\s<>"]/);
      expect(parseRoute(path)).toEqual({ page: "lock", name });
    }
  });

  it("keep search, sort, filter, events and range", () => {
    const chosen = {
      list: { pattern: "order:*", sort: "age", health: "lost" },
      events: "trouble",
      range: "1h",
    } as const;
    const url = new URL(formatUrl({ page: "overview" }, chosen), "http://monitor/");
    expect(parseView(url.search)).toEqual(chosen);
    expect(formatUrl({ page: "overview" }, view)).toBe("dashboard");
  });

  it("fall back if the URL is wrong", () => {
    expect(parseRoute("dashboard/locks/%")).toEqual({ page: "overview" });
    expect(parseView("?sort=nonsense&range=7y").list.sort).toBe("blocked");
  });
});
