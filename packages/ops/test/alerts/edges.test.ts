import { describe, expect, test } from "vitest";
import { slackChannel, webhookChannel } from "../../src/alerts/index.ts";
import { AlertBed, down, server } from "./support/alert-bed.ts";

const S = 1_000;
const MIN = 60 * S;
const up = { isAnswering: true, isVoting: true, message: undefined } as const;

describe("an end is only reported if there is data that says so", () => {
  test("a server that goes down says nothing about its clock, its memory and its causes", async () => {
    const bed = new AlertBed();
    bed.servers = ["a", "b", "c", "d", "e"].map((label) => server(label));
    await bed.clock.advance(MIN);
    bed.set("a", { clockOffsetMs: 4_000 });
    bed.set("b", { usedBytes: 95, limitBytes: 100 });
    bed.set("c", { unsafe: ["eviction"] });
    await bed.clock.advance(6 * MIN);
    expect(bed.firing().toSorted()).toEqual(["clock_offset", "memory", "unsafe"]);
    const before = bed.lines.length;
    // Its last figures are gone with it.
    bed.set("a", { ...down, clockOffsetMs: undefined });
    bed.set("b", { ...down, usedBytes: undefined, limitBytes: undefined });
    bed.set("c", { ...down, unsafe: [] });
    await bed.clock.advance(20 * S);
    expect(bed.lines.slice(before)).toEqual([]);
    expect(bed.firing()).toEqual(expect.arrayContaining(["clock_offset", "memory", "unsafe"]));
    bed.set("a", { ...up, clockOffsetMs: 3 });
    bed.set("b", { ...up, usedBytes: 10, limitBytes: 100 });
    bed.set("c", up);
    await bed.clock.advance(MIN);
    expect(bed.lines.filter((line) => line.startsWith("●")).toSorted()).toEqual([
      "● a: its clock is 0.0 s ahead of the median server, after 6 min.",
      "● b: 10 % of 0 MB, after 6 min.",
      "● c: no longer unsafe (eviction), after 6 min.",
    ]);
  });

  test("no_spare does not end because one more server fails", async () => {
    const bed = new AlertBed();
    await bed.clock.advance(MIN);
    bed.set("redis-c", down);
    await bed.clock.advance(3 * MIN);
    expect(bed.lines).toEqual(["▲ No spare: redis-c does not answer. One more failure stops all locks."]);
    bed.set("redis-b", down);
    await bed.clock.advance(2 * MIN);
    expect(bed.lines.slice(1)).toEqual([
      "✕ No locks: 1 of 3 servers votes, 2 are needed. Start redis-b or redis-c.",
    ]);
    bed.set("redis-b", up);
    bed.set("redis-c", up);
    await bed.clock.advance(3 * MIN);
    expect(bed.lines.slice(2)).toEqual([
      "● 3 of 3 servers vote, after 5 min without a spare.",
      "● Locks work again: 3 of 3 vote. No quorum for 2 m 0 s.",
    ]);
  });
});

describe("after quorum_lost", () => {
  test("what failed meanwhile is no second alert; a failure that goes on is", async () => {
    for (const goesOn of [false, true]) {
      const bed = new AlertBed();
      bed.count("order:*", { granted: 10 });
      await bed.clock.advance(MIN);
      bed.set("redis-a", down);
      bed.set("redis-b", down);
      await bed.clock.advance(10 * S);
      bed.count("order:*", { noQuorum: 300, longWaits: 50 });
      await bed.clock.advance(3 * MIN);
      bed.set("redis-a", up);
      bed.set("redis-b", up);
      for (let half = 0; half < 24; half += 1) {
        bed.count("order:*", goesOn ? { timedOut: 30 } : { granted: 10 });
        await bed.clock.advance(30 * S);
      }
      const later = bed.lines.filter((line) => line.includes("acquisitions succeeded"));
      expect([goesOn, later.length > 0]).toEqual([goesOn, goesOn]);
      expect(goesOn || bed.lines.length === 2).toBe(true);
    }
  });
});

describe("rules of one's own", () => {
  test("labels can be numbers, and an object's find may return a sentence", async () => {
    let isWrong = true;
    const loose = () => (isWrong ? [{ labels: { n: 1 }, text: "one" }] : []);
    const bed = new AlertBed({
      ownRules: {
        numbers: loose as never,
        sentence: { severity: "info", find: () => isWrong && "It is so." },
      },
    });
    await bed.clock.advance(MIN);
    isWrong = false;
    await bed.clock.advance(MIN);
    expect(bed.lines.toSorted()).toEqual([
      "· It is so.",
      "▲ one",
      expect.stringContaining("numbers (1) has ended"),
      expect.stringContaining("sentence has ended"),
    ]);
  });

  test("their settings are checked, all at once", () => {
    const find = () => [];
    expect(
      () =>
        new AlertBed({
          title: 7 as never,
          monitorUrl: "javascript:alert(1)",
          channels: [undefined as never],
          ownRules: { mine: { severity: "urgent" as never, for: -1, window: 1, find, keeep: 1 } as never },
        }),
    ).toThrow(
      [
        "`title`: 7 must be a text",
        "`monitorUrl`: the value must be a URL that begins with https:// or http://",
        "`channels[0]` must have a `name` and a function `send`",
        "`ownRules.mine.keeep` is not a known key; did you mean `keep`?",
        '`ownRules.mine.severity`: "urgent" must be one of critical, warning, info',
        "`ownRules.mine.for`: -1 must be a number from 0 to 86400000",
        "`ownRules.mine.window`: 1 must be a number from 60000 to 3600000",
      ].join("\n"),
    );
  });
});

test("a webhook without a URL is refused, and the error does not show the value", () => {
  const secret = "T0/B0/s3cr3t";
  for (const create of [() => slackChannel({ webhook: secret }), () => webhookChannel({ url: secret })]) {
    expect(create).toThrow("the value must be a URL that begins with https:// or http://");
    expect(create).not.toThrow("s3cr3t");
  }
  expect(() => slackChannel({ webhook: undefined as never })).toThrow("webhook: the value must be a URL");
});
