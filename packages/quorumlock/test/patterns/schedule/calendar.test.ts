import { Cron } from "croner";
import { describe, expect, test } from "vitest";
import { admitsEveryHour, Calendar } from "../../../src/patterns/schedule/calendar.ts";
import { dueInstants } from "../../../src/patterns/schedule/missed.ts";

const at = (text: string): number => Date.parse(text);

function calendarOf(pattern: string, timezone: string): Calendar {
  return new Calendar(new Cron(pattern, { timezone }), { timeZone: undefined });
}

/** All instants from one moment to another. */
function instants(calendar: Calendar, from: number, until: number): number[] {
  const found: number[] = [];
  for (let next = calendar.next(from - 1); next !== undefined && next < until; next = calendar.next(next))
    found.push(next);
  return found;
}

/** The local date and time of an instant. */
function localTimes(timeZone: string): { day(instant: number): string; time(instant: number): string } {
  const days = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" });
  const times = new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "short", hourCycle: "h23" });
  return { day: (instant) => days.format(instant), time: (instant) => times.format(instant) };
}

const ZONES = ["Europe/Berlin", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Seoul"];
const FROM = at("2025-01-01T12:00:00Z");
const UNTIL = at("2027-01-01T12:00:00Z");

describe.each(ZONES)("two years in %s", (zone) => {
  // The hours in which clocks change: 2 in Berlin, New York and Lord Howe, 0 in Cairo.
  test.each(["30 2 * * *", "15,45 2 * * *", "15,45 1 * * *", "0 0 * * *", "30 0 * * *", "10 23 * * *"])(
    "%s runs on each day as often as it says",
    (pattern) => {
      const found = instants(calendarOf(pattern, zone), FROM, UNTIL);
      expect(found).toEqual(found.toSorted((a, b) => a - b));
      const local = localTimes(zone);
      const runs = new Map<string, string[]>();
      for (const instant of found) {
        const day = local.day(instant);
        runs.set(day, [...(runs.get(day) ?? []), local.time(instant)]);
      }
      const [minutes = ""] = pattern.split(" ");
      const daily = minutes.split(",").length;
      const days = [...runs].slice(1, -1);
      for (const [day, times] of days)
        expect({ day, isRight: times.length <= daily && new Set(times).size === times.length }).toEqual({
          day,
          isRight: true,
        });
      // croner moves a single run behind the hour that is left out in spring, and drops several.
      const isWhole = days.filter(([, times]) => times.length === daily).length;
      expect(isWhole).toBeGreaterThanOrEqual(daily === 1 ? 728 : 726);
    },
  );

  test("*/30 * * * * runs each half hour, also in an hour that comes twice", () => {
    // The clocks of these zones change in March, April, October and November.
    for (const [from, until] of [
      ["2026-03-01T12:00:00Z", "2026-05-01T12:00:00Z"],
      ["2026-10-01T12:00:00Z", "2026-11-10T12:00:00Z"],
    ] as const) {
      const found = instants(calendarOf("*/30 * * * *", zone), at(from), at(until));
      expect(found.every((instant) => instant % 1_800_000 === 0)).toBe(true);
      const gaps = found.slice(1).map((instant, index) => instant - found[index]!);
      // Lord Howe changes by half an hour.
      expect(Math.max(...gaps)).toBeLessThanOrEqual(3_600_000);
      expect(found.length).toBeGreaterThan((at(until) - at(from)) / 1_800_000 - 3);
    }
  });
});

describe("the change of clocks in Berlin", () => {
  const autumn = [at("2026-10-24T12:00:00Z"), at("2026-10-25T12:00:00Z")] as const;
  const spring = [at("2026-03-28T12:00:00Z"), at("2026-03-29T12:00:00Z")] as const;
  const run = (pattern: string, [from, until]: readonly [number, number]): string[] =>
    instants(calendarOf(pattern, "Europe/Berlin"), from, until).map((instant) =>
      new Date(instant).toISOString(),
    );

  test("30 2 * * * runs once in autumn, and at 03:00 or 03:30 in spring", () => {
    expect(run("30 2 * * *", autumn)).toEqual(["2026-10-25T00:30:00.000Z"]);
    expect(run("30 2 * * *", spring)).toHaveLength(1);
  });

  test("15,45 2 * * * runs twice in autumn, although the hour comes twice", () => {
    expect(run("15,45 2 * * *", autumn)).toEqual(["2026-10-25T00:15:00.000Z", "2026-10-25T00:45:00.000Z"]);
    // The calculator alone runs it four times.
    const raw = new Cron("15,45 2 * * *", { timezone: "Europe/Berlin" });
    const dates: string[] = [];
    for (let next = raw.nextRun(new Date(autumn[0])); next !== null && next.getTime() < autumn[1];)
      [, next] = [dates.push(next.toISOString()), raw.nextRun(next)];
    expect(dates).toHaveLength(4);
  });

  test.each([
    ["* 2 * * *", 60],
    ["*/10 * 2 * * *", 360],
    ["* 1-5 * * *", 300],
  ])("%s runs once for each local time, with few computations", (pattern, runs) => {
    const raw = new Cron(pattern, { timezone: "Europe/Berlin" });
    let computed = 0;
    const counted = {
      nextRun: (from: Date) => ((computed += 1), raw.nextRun(from)),
      getPattern: () => raw.getPattern(),
      options: raw.options,
    };
    const found = instants(new Calendar(counted, { timeZone: undefined }), ...autumn);
    expect(found).toHaveLength(runs);
    expect(
      new Set(found.map((instant) => new Date(instant).toLocaleString("en", { timeZone: "Europe/Berlin" })))
        .size,
    ).toBe(runs);
    // The second hour is computed and dropped, with one more computation for each instant in the three hours after the change.
    expect(computed).toBeLessThan(3 * runs + 10);
  });

  test("with a fixed offset from UTC nothing is dropped, because no clock is set back", () => {
    const cron = new Cron("15 0-3 * * *", { utcOffset: 0 });
    const found = instants(new Calendar(cron, { timeZone: undefined }), ...autumn);
    expect(found.map((instant) => new Date(instant).toISOString().slice(11, 16))).toEqual([
      "00:15",
      "01:15",
      "02:15",
      "03:15",
    ]);
  });

  test("*/30 * * * * runs in both hours", () => {
    expect(run("*/30 * * * *", autumn)).toHaveLength(48);
  });
});

test.each([
  ["30 2 * * *", false],
  ["* * * * *", true],
  ["0 */1 * * *", true],
  ["0 */2 * * *", false],
  ["0 0-23 * * *", true],
  ["0 8-17 * * *", false],
  ["0 30 2 * * *", false],
  ["0 0 * * * *", true],
  ["0 0/1 * * *", true],
  ["0 L * * *", true],
  ["@daily", false],
  ["@hourly", true],
  [undefined, true],
])("%s admits every hour: %s", (pattern, isEvery) => {
  expect(admitsEveryHour(pattern)).toBe(isEvery);
});

describe("a calculator that is wrong", () => {
  const calendar = (nextRun: (from: Date) => unknown): Calendar =>
    new Calendar({ nextRun } as never, { timeZone: "UTC" });

  test("is an error, and never a loop", () => {
    expect(() => calendar((from) => from).next(1_000)).toThrow(/nextRun\(1970.*which is not later/);
    expect(() => calendar(() => new Date(Number.NaN)).next(1)).toThrow(/must return a valid Date, or null/);
    expect(() => calendar(() => 5).next(1)).toThrow(TypeError);
    expect(() => calendar(() => (undefined as never as { x: { y: number } }).x.y).next(1)).toThrow(
      /cron: nextRun threw/,
    );
    expect(calendar(() => null).next(1)).toBeUndefined();
    expect(() => new Calendar({} as never, { timeZone: undefined })).toThrow(/must have a method nextRun/);
    expect(() => new Calendar(new Cron("* * * * *"), { timeZone: "Nowhere/X" })).toThrow(RangeError);
  });
});

describe("missed instants", () => {
  const everySecond = new Calendar(
    { nextRun: (from) => new Date(Math.floor(from.getTime() / 1_000 + 1) * 1_000) },
    { timeZone: "UTC" },
  );

  test("are the newest 100 that are not too old", () => {
    const due = dueInstants(everySecond, { cursor: 0, notBefore: 0, until: 250_000 });
    expect(due.instants).toHaveLength(100);
    expect(due.instants.at(-1)).toBe(250_000);
    expect(due.dropped).toBe(150);
    const young = dueInstants(everySecond, { cursor: 0, notBefore: 240_000, until: 250_000 });
    expect(young.instants).toHaveLength(11);
  });

  test("of weeks with one each second are found without computing all of them", () => {
    const until = 7 * 86_400_000;
    let computed = 0;
    const counted = new Calendar(
      { nextRun: (from) => ((computed += 1), new Date(Math.floor(from.getTime() / 1_000 + 1) * 1_000)) },
      { timeZone: "UTC" },
    );
    const due = dueInstants(counted, { cursor: 0, notBefore: 0, until });
    expect(due.instants).toEqual(Array.from({ length: 100 }, (_, index) => until - (99 - index) * 1_000));
    expect(due.dropped).toBe(1_000);
    expect(computed).toBeLessThan(2_000);
  });

  test.each([0, 1, 99, 100, 101, 480, 481, 3_000])(
    "are the newest ones, however many there are: %i",
    (count) => {
      // Pairs of instants, with gaps that grow.
      const all = Array.from({ length: count }, (_, index) => 1_000 + index * 700 + (index >> 1) ** 2);
      const calendar = new Calendar(
        {
          nextRun: (from) => {
            const next = all.find((instant) => instant > from.getTime());
            return next === undefined ? null : new Date(next);
          },
        },
        { timeZone: "UTC" },
      );
      const until = (all.at(-1) ?? 0) + 5;
      const due = dueInstants(calendar, { cursor: 0, notBefore: 0, until });
      expect(due.instants).toEqual(all.slice(-100));
      expect(due.dropped).toBe(Math.min(1_000, Math.max(0, count - 100)));
    },
  );
});
