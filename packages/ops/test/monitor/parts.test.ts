import { resourceClassOf } from "quorumlock/observe";
import { describe, expect, test } from "vitest";
import type { LockInspection } from "quorumlock/operator";
import { formatCount, formatSeconds } from "../../src/monitor/format/format-numbers.ts";
import { Points } from "../../src/monitor/history/points.ts";
import { escapeGlob, nameFilter, SearchLimitError } from "../../src/monitor/locks/glob.ts";
import { freeInMs, lockEntryOf, quorumRemainingMs, votesOf } from "../../src/monitor/locks/lock-entry.ts";
import { figuresOf, type RowContext } from "../../src/monitor/locks/lock-rows.ts";
import { describeNext } from "../../src/monitor/locks/next-text.ts";
import { PrefixKeys } from "../../src/monitor/locks/prefix-keys.ts";
import { similarNames } from "../../src/monitor/locks/similar-names.ts";
import { SortedLists } from "../../src/monitor/locks/sorted-lists.ts";
import { tokenId } from "../../src/monitor/locks/token-id.ts";
import { describeQuorum } from "../../src/monitor/servers/quorum-text.ts";
import { safeMessage } from "../../src/format/safe-message.ts";

const TOKEN = `${"a".repeat(32)}@api-1:1`;

/** A name that one token holds with these remaining times. `null`: no answer. `undefined`: no key. */
function inspected(times: readonly (number | undefined | null)[]): LockInspection {
  return {
    name: "order:42",
    instances: times.map((remainingMs, index) => ({
      label: `s${index}`,
      state: remainingMs === null ? "no-answer" : "answered",
      error: undefined,
      waiting: [],
      holds:
        remainingMs === null || remainingMs === undefined
          ? []
          : [
              {
                token: TOKEN,
                id: TOKEN.slice(0, 8),
                owner: "api-1:1",
                remainingMs,
                isShared: false,
                slots: undefined,
              },
            ],
    })),
  };
}

describe("the keys under a prefix", () => {
  test.each(["lock:order:42", "lock:~fence:{2m1}", "lock:~report:{3}a1b2", "lock:~wake:{1}order:42"])(
    "%s is of a client that uses it",
    (key) => {
      const found = new PrefixKeys("lock:");
      found.add([key]);
      expect(found.isUsed).toBe(true);
    },
  );

  test("are not those of others, also if a client left some that only looks at locks", () => {
    const found = new PrefixKeys("lock:");
    found.add(["lock:~server", "lock:~members:{3}"]);
    // SCAN may find a key again.
    found.add(["lock:~server"]);
    expect([found.isUsed, found.othersOf(2), found.othersOf(5)]).toEqual([false, 0, 3]);
    // The count is of a moment before a key was written.
    expect(found.othersOf(1)).toBe(0);
  });
});

describe("a reading of a lock", () => {
  const context: RowContext = {
    quorum: 2,
    now: 1_000,
    classOf: resourceClassOf,
    reported: () => undefined,
    blocked: () => undefined,
  };

  test.each([
    [[100, 200, 300], 2, 200, 200],
    [[100, 200, undefined], 2, 100, 100],
    [[undefined, 200, undefined], 2, undefined, 0],
    [[100, 200, null], 2, 100, 200],
    [[100, null, null], 2, undefined, undefined],
    [[100, 200, 300, 400], 3, 200, 300],
  ] as const)("%j with the quorum %i ends after %s and is free after %s", (times, quorum, ends, free) => {
    const entry = lockEntryOf(inspected(times), undefined, 0);
    const [holder] = entry.holders;
    if (holder === undefined) throw new Error("there is a holder");
    expect(quorumRemainingMs(holder, quorum)).toBe(ends);
    expect(freeInMs(entry, holder, quorum)).toBe(free);
  });

  test("keeps no token, and knows an extension from the end that moves", () => {
    const first = lockEntryOf(inspected([9_000, 9_000, null]), undefined, 0);
    expect(JSON.stringify(first)).not.toContain(TOKEN.slice(0, 9));
    expect(votesOf(first, first.holders[0])).toEqual(["holder", "holder", "no-answer"]);
    const second = lockEntryOf(inspected([8_000, 8_000, 8_000]), first, 1_000);
    expect(second.holders[0]).toMatchObject({ wasExtended: false, firstSeenAt: 0, largestMs: 9_000 });
    const third = lockEntryOf(inspected([9_900, 9_900, 9_900]), second, 2_000);
    expect(third.holders[0]).toMatchObject({ wasExtended: true, firstSeenAt: 0, largestMs: 9_900 });
    const short = lockEntryOf(inspected([2_000, 2_000, 2_000]), second, 7_000);
    expect(figuresOf(short, context).health).toBe("short");
    const missed = lockEntryOf(inspected([2_000, 2_000, 2_000]), third, 10_000);
    expect(figuresOf(missed, context).health).toBe("not-extended");
    const forever = lockEntryOf(inspected([Infinity, Infinity, 5]), undefined, 0);
    expect(figuresOf(forever, context)).toMatchObject({ health: "no-expiry", remainingMs: undefined });
  });

  test.each([
    [
      [100, null, null],
      2,
      "uncertain",
      "It may be held: it is on 1 of 3 servers, and 2 of 3 servers gave no answer.",
    ],
    [
      [100, undefined, null],
      2,
      "uncertain",
      "It may be held: it is on 1 of 3 servers, and 1 of 3 servers gave no answer.",
    ],
    [[undefined, null, null], 2, "uncertain", "It may be held: 2 of 3 servers gave no answer."],
    [[null, null, null], 2, "uncertain", "It may be held: 3 of 3 servers gave no answer."],
    [[undefined, undefined, null], 2, "minority", "It is free."],
    [
      [100, undefined, undefined],
      2,
      "minority",
      "It is on 1 of 3 servers. Nobody holds it; the rest ends in 0.1 s.",
    ],
    [
      [100, undefined, undefined, null, null],
      3,
      "uncertain",
      "It may be held: it is on 1 of 5 servers, and 2 of 5 servers gave no answer.",
    ],
    [
      [100, undefined, undefined, undefined, null],
      3,
      "minority",
      "It is on 1 of 5 servers. Nobody holds it; the rest ends in 0.1 s.",
    ],
    // Two servers cannot be a quorum, so nobody holds it, and nobody can acquire it either.
    [
      [undefined, undefined, null, null],
      3,
      "minority",
      "Nobody holds it. Too few servers answer to grant it.",
    ],
  ] as const)("%j with the quorum %i is %s: %s", (times, quorum, health, next) => {
    const entry = lockEntryOf(inspected(times), undefined, 0);
    const figures = figuresOf(entry, { ...context, quorum });
    expect(figures.health).toBe(health);
    expect(describeNext(entry, figures, quorum)).toBe(next);
  });

  test("shows short tokens of other libraries as a hash", () => {
    expect(tokenId(TOKEN)).toBe("aaaaaaaa");
    expect(tokenId("secret")).toMatch(/^[0-9a-f]{8}$/);
    expect(tokenId("secret")).not.toContain("secret");
  });
});

describe("texts", () => {
  test("of a quorum", () => {
    expect(describeQuorum(1, 1, 1)).toEqual({ level: "good", text: "1 of 1 server votes. Locks work." });
    expect(describeQuorum(4, 5, 3).text).toBe(
      "4 of 5 servers vote. Locks work. 2 more failures stop them all.",
    );
    expect(describeQuorum(3, 5, 3).text).toBe(
      "3 of 5 servers vote. Locks work. One more failure stops them all.",
    );
    expect(describeQuorum(0, 3, 2)).toMatchObject({ level: "bad" });
  });

  test("of numbers and errors", () => {
    expect(formatSeconds(2_940)).toBe("2.9 s");
    expect(formatSeconds(-1)).toBe("0.0 s");
    expect(formatCount(41_000)).toBe("41\u2009000");
    expect(safeMessage(new Error("cannot reach redis://user:secret@host:6379\nnow"))).toBe(
      "cannot reach redis://***@host:6379 now",
    );
  });

  test("of classes", () => {
    expect(resourceClassOf("order:42")).toBe("order:*");
    expect(resourceClassOf("nightly-report")).toBe("nightly-report");
    expect(resourceClassOf("user/a@b.c/mail")).toBe("user/*/mail");
  });
});

describe("searches", () => {
  test("take stars and parts of names", () => {
    const names = ["order:42", "order:43", "border", "a*b"];
    const found = (pattern: string): readonly string[] => names.filter(nameFilter(pattern));
    expect(found("")).toEqual(names);
    expect(found("order")).toEqual(["order:42", "order:43", "border"]);
    expect(found("order:*")).toEqual(["order:42", "order:43"]);
    expect(found("*4?")).toEqual(["order:42", "order:43"]);
    expect(found("?")).toEqual([]);
  });

  test("end after a number of steps for all names, whatever the pattern is", () => {
    const matches = nameFilter("*a".repeat(63) + "b", 1_000_000);
    const name = "a".repeat(1_000);
    let count = 0;
    const search = (): void => {
      for (; count < 100_000; count += 1) expect(matches(name)).toBe(false);
    };
    expect(search).toThrow(SearchLimitError);
    // One name takes less than 128 steps for each of its characters.
    expect(count).toBeGreaterThan(1_000_000 / (128 * name.length) - 1);
    expect(count).toBeLessThan(1_000_000 / name.length);
  });

  test("of 100,000 names of usual length with stars stay below the limit", () => {
    const matches = nameFilter("*order:*4*2*x*");
    let found = 0;
    for (let index = 0; index < 100_000; index += 1)
      if (matches(`shop:tenant-${index % 100}:order:${index}:x`)) found += 1;
    expect(found).toBeGreaterThan(0);
  });

  test("escape the prefix for SCAN", () => {
    expect(escapeGlob("a*[b]?\\")).toBe(String.raw`a\*\[b\]\?\\`);
  });

  test("find similar names", () => {
    const known = ["order:421", "order:42", "order:5", "job", "ordr:42"];
    expect(similarNames("ordr:42", known)).toEqual(["order:42", "order:421"]);
  });
});

test("sorted lists that nobody can be shown any more are dropped when another one comes", () => {
  const lists = new SortedLists<{ readonly madeAt: number; readonly tookMs: number }>();
  for (let madeAt = 0; madeAt < 10; madeAt += 1) lists.keep(`pattern ${madeAt}`, { madeAt, tookMs: 100 });
  expect(lists.size).toBe(10);
  expect(lists.find("pattern 5", 2_004)).toBeDefined();
  expect(lists.find("pattern 5", 2_005)).toBeUndefined();
  lists.keep("later", { madeAt: 2_004, tookMs: 0 });
  expect(lists.size).toBe(6);
  lists.keep("pattern 7", { madeAt: 10_000, tookMs: 0 });
  expect(lists.size).toBe(1);
  for (let index = 0; index < 100; index += 1) lists.keep(`${index}`, { madeAt: 10_000, tookMs: 0 });
  expect(lists.size).toBe(16);
});

test("the points of the charts have three resolutions", () => {
  const points = new Points();
  const waits = { waitP50Ms: undefined, waitP95Ms: undefined, waitP99Ms: undefined };
  for (let at = 0; at < 30_000; at += 1)
    points.add({ at, grantedPerS: at % 2, timedOutPerS: 0, noQuorumPerS: 0, ...waits });
  expect(points.of("5m")).toHaveLength(300);
  expect(points.of("1h")).toHaveLength(240);
  expect(points.of("6h")).toHaveLength(360);
  expect(points.of("6h").at(-1)).toMatchObject({ at: 29_999, grantedPerS: 0.5, waitP99Ms: undefined });
});
