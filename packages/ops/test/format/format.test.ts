import { describe, expect, it } from "vitest";
import { formatClock, formatUtc } from "../../src/format/clock-time.ts";
import { formatCount, formatFence, formatMemory, formatPercent, formatRate } from "../../src/format/count.ts";
import { formatDuration, formatSeconds, formatWholeSeconds } from "../../src/format/duration.ts";
import { displayName, displayText, fullName, MAX_NAME_LENGTH } from "../../src/format/name.ts";
import { THIN_SPACE } from "../../src/format/spaces.ts";
import { NASTY_NAMES } from "../dashboard/scenarios.ts";

const MB = 1024 * 1024;

/** With usual spaces, which are easier to read here. */
const plain = (text: string): string => text.replaceAll(THIN_SPACE, " ");

describe("durations", () => {
  it.each([
    [-5, "0 s"],
    [0, "0 s"],
    [0.4, "0.4 ms"],
    [9.94, "9.9 ms"],
    [9.96, "10 ms"],
    [61, "61 ms"],
    [999.4, "999 ms"],
    [999.6, "1.0 s"],
    [1_200, "1.2 s"],
    [59_940, "59.9 s"],
    [59_960, "1 m 00 s"],
    [252_000, "4 m 12 s"],
    [3_599_600, "1 h 00 m"],
    [11_100_000, "3 h 05 m"],
    [86_399_000, "1 d 0 h"],
    [187_200_000, "2 d 4 h"],
  ])("%d ms is %s", (ms, text) => {
    expect(plain(formatDuration(ms))).toBe(text);
  });

  it("keeps seconds while it counts down", () => {
    expect([2_949, 400, -3].map((ms) => plain(formatSeconds(ms)))).toEqual(["2.9 s", "0.4 s", "0.0 s"]);
  });

  it("has no tenths for what a person waits for", () => {
    expect([7_900, 59_600, 138_000].map((ms) => plain(formatWholeSeconds(ms)))).toEqual([
      "8 s",
      "1 m 00 s",
      "2 m 18 s",
    ]);
  });
});

describe("counts", () => {
  it.each([
    [0, "0"],
    [312, "312"],
    [41_200, "41 200"],
    [999_999, "999 999"],
    [1_240_000, "1.2 M"],
  ])("%d is %s", (count, text) => {
    expect(plain(formatCount(count))).toBe(text);
  });

  it("never rounds a share up to 100 %, because one failure must not disappear", () => {
    expect([1, 0.99996, 0.992, 0.31, 0].map((share) => plain(formatPercent(share)))).toEqual([
      "100 %",
      "99.9 %",
      "99.2 %",
      "31.0 %",
      "0.0 %",
    ]);
  });

  it("formats rates, memory and fences", () => {
    expect([0, 0.34, 6.1, 214.4].map(formatRate)).toEqual(["0", "0.3", "6.1", "214"]);
    expect(plain(formatMemory(41 * MB, 256 * MB))).toBe("41 of 256 MB (16 %)");
    expect(plain(formatMemory(1.5 * MB, undefined))).toBe("1.5 MB, no limit");
    expect([1_764_107_001_282_561, 42].map(formatFence)).toEqual(["…282561", "42"]);
  });
});

describe("names", () => {
  it("shows usual names as they are", () => {
    for (const name of ["order:42", "tenant/9", "a b", "עברית/العربية", "日本語", "caf\u0065\u0301", "👩"]) {
      expect(displayName(name)).toBe(name);
    }
  });

  it("escapes what is invisible, or would change the text around it", () => {
    expect(displayName("a\nb\tc\u0000d\u001be")).toBe("a\\nb\\tc\\0d\\u001be");
    expect(displayName("invoice\u202e05")).toBe("invoice\\u202e05");
    expect(displayName("a\u200bb\ufeffc\u00a0d\u2066e\u2028f\u{e0041}g")).toBe(
      "a\\u200bb\\ufeffc\\u00a0d\\u2066e\\u2028f\\u{e0041}g",
    );
    expect(displayName("half \ud800 pair")).toBe("half \\ud800 pair");
    expect(displayName(`z${"\u0301".repeat(3)}`)).toBe("z\u0301\u0301\\u0301");
    expect(displayName(" a  b ")).toBe("\\u0020a\\u0020\\u0020b\\u0020");
  });

  it("cuts long names in the middle, and never inside an escape", () => {
    const name = `start-${"x".repeat(10_000)}-end`;
    expect(displayName(name)).toMatch(/^start-x+ … x+-end$/);
    for (const each of [...NASTY_NAMES, name, "\u202e".repeat(10_000), "👩".repeat(5_000)]) {
      expect(displayName(each).length).toBeLessThanOrEqual(MAX_NAME_LENGTH);
      expect(displayName(each)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      expect(displayName(each).replace(/\\(u[0-9a-f]{4}|[nrt0])/g, "")).not.toContain("\\");
      expect(fullName(each).length).toBeLessThanOrEqual(2_100);
      expect(displayText(each).length).toBeLessThanOrEqual(600);
    }
  });
});

describe("times", () => {
  it("has the day if it is more than a day away, and UTC for the tooltip", () => {
    const at = Date.UTC(2026, 10, 27, 14, 3, 26);
    expect(formatClock(at, at + 1_000)).toMatch(/^\d\d:\d\d:26$/);
    expect(formatClock(at, at + 2 * 86_400_000)).toMatch(/^2[78] Nov/);
    expect(formatUtc(at)).toBe("2026-11-27 14:03:26 UTC");
  });
});
