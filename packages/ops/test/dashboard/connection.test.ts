import { describe, expect, it } from "vitest";
import { retryDelayMs } from "../../src/dashboard/connection/retry-delay.ts";
import { StreamParser } from "../../src/dashboard/connection/stream-parser.ts";
import { UpdateCollector } from "../../src/dashboard/connection/update-collector.ts";
import { freshnessOf } from "../../src/dashboard/state/freshness.ts";
import { event } from "./scenarios.ts";

describe("StreamParser", () => {
  const stream =
    'event: ping\r\ndata: {"now":1}\r\n\r\n: comment\ndata: a\ndata:b\n\nevent: x\n\nid: 4\revent: last\rdata: ü\r\r';
  const messages = [
    { event: "ping", data: '{"now":1}' },
    { event: "", data: "a\nb" },
    { event: "last", data: "ü" },
  ];

  it("reads messages that arrive in pieces of every size", () => {
    for (let size = 1; size <= stream.length; size += 1) {
      const parser = new StreamParser();
      const pieces = stream.match(new RegExp(`[^]{1,${size}}`, "gu")) ?? [];
      // A final \r can be the first half of \r\n, but it ends the line at once.
      expect(pieces.flatMap((piece) => parser.push(piece))).toEqual(messages);
    }
  });
});

describe("retryDelayMs", () => {
  it("is 1, 2, 5, 10 s and stays there, with a jitter of a fifth", () => {
    expect([1, 2, 3, 4, 5, 50].map((failures) => retryDelayMs(failures, 0.5))).toEqual([
      1_000, 2_000, 5_000, 10_000, 10_000, 10_000,
    ]);
    expect([0, 0.999].map((random) => retryDelayMs(3, random))).toEqual([4_000, 5_998]);
  });
});

describe("UpdateCollector", () => {
  it("keeps the newest values, and is empty after that", () => {
    const collector = new UpdateCollector(() => 0);
    expect(collector.take()).toBeUndefined();
    collector.addAlerts([]);
    expect(collector.take()).toMatchObject({ alerts: [], events: [], omitted: 0 });
    expect(collector.take()).toBeUndefined();
  });

  it("shows trouble first, samples the rest, and counts all", () => {
    const collector = new UpdateCollector(() => 0);
    for (let batch = 0; batch < 20; batch += 1) {
      const events = Array.from({ length: 50 }, (_, index) => {
        const id = batch * 50 + index;
        return event(id, 0, index === 0 ? { type: "lost", level: "bad" } : {});
      });
      collector.addEvents({ events, counts: { granted: 49, lost: 1 }, dropped: 3 });
    }
    const { events = [], counts, omitted } = collector.take() ?? {};
    expect(events.filter(({ level }) => level === "bad")).toHaveLength(20);
    expect(events.filter(({ level }) => level === "info")).toHaveLength(50);
    expect(events.map(({ id }) => id)).toEqual(events.map(({ id }) => id).toSorted((a, b) => a - b));
    expect(counts).toEqual({ granted: 980, lost: 20 });
    expect(omitted).toBe(20 * 3 + 980 - 50);
  });
});

describe("freshnessOf", () => {
  const open = { state: "open" } as const;
  const waiting = { state: "waiting", retryAt: 0, reason: "" } as const;

  it("counts the age of the values, not the state of the connection", () => {
    expect([0, 6_999, 7_000, 14_999, 15_000].map((age) => freshnessOf(open, 1_000, 1_000 + age))).toEqual([
      "live",
      "live",
      "stale",
      "stale",
      "disconnected",
    ]);
    expect(freshnessOf(waiting, 1_000, 3_000)).toBe("live");
  });

  it("knows that nothing came yet", () => {
    expect(freshnessOf({ state: "connecting" }, undefined, 0)).toBe("loading");
    expect(freshnessOf(waiting, undefined, 0)).toBe("disconnected");
    expect(freshnessOf({ state: "unauthorized" }, 0, 0)).toBe("unauthorized");
  });
});
