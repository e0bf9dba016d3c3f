import { describe, expect, test } from "vitest";
import { drawChart } from "../src/report/chart.ts";
import type { ResultsJson } from "../src/report/results-json.ts";

const none = { targets: [], notes: [] };
const RESULTS = {
  environment: {
    node: "20.0.0",
    cores: 4,
    processor: "a <fast> processor",
    server: "Redis 7.0.0",
    pin: "one",
    date: "2026-01-31",
    command: "npm run bench",
  },
  scenarios: [
    {
      name: "throughput",
      about: "",
      results: [
        { servers: 5, callers: 128, contender: "bare ioredis", rate: 5_000, ...none },
        {
          servers: 5,
          callers: 128,
          contender: "quorumlock (ioredis)",
          rate: 25_000,
          ratios: { median: 5 },
          ...none,
        },
        { servers: 5, callers: 128, contender: "redlock 4", rate: 3_000, ...none },
        { servers: 5, callers: 128, contender: "redlock 4, tuned", rate: 4_000, ...none },
        { servers: 5, callers: 16, contender: "redlock 4", rate: 1, ...none },
        { servers: 1, callers: 128, contender: "redlock 4", rate: 1, ...none },
      ],
    },
    {
      name: "hand-over",
      about: "",
      results: [
        { servers: 3, contender: "quorumlock (ioredis)", p50: 0.2, errors: 0, ...none },
        { servers: 3, contender: "bare ioredis", p50: 2, errors: 0, ...none },
        { servers: 3, contender: "redlock 4", p50: 2, errors: 0, ...none },
        { servers: 3, contender: "redlock 5 beta", p50: 2.2, errors: 3, ...none },
        { servers: 3, contender: "a slow one", p50: 400, errors: 0, ...none },
        { servers: 3, contender: "a broken one", p50: null, errors: 100, ...none },
      ],
    },
  ],
} as unknown as ResultsJson;

/** Widths of all bars, in drawing order. */
function widths(svg: string): number[] {
  return [...svg.matchAll(/<rect class="(?:bare|floor|ours|peer)"[^>]* width="([\d.]+)"/g)].map(([, width]) =>
    Number(width),
  );
}

describe("the chart of a run", () => {
  const svg = drawChart(RESULTS);

  test("is well-formed, and escapes text", () => {
    const open: string[] = [];
    const strays: string[] = [];
    for (const [tag, end, name = "", self] of svg.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
      if (end === "/" && open.pop() !== name) strays.push(tag);
      if (end === "" && self === "") open.push(name);
    }
    expect({ open, strays }).toEqual({ open: [], strays: [] });
    expect(svg).toContain("a &lt;fast&gt; processor");
  });

  test("has a panel for each scenario of the run", () => {
    expect(svg).toContain("Cycles per second, 128 callers, 5 servers");
    expect(svg).toContain("Hand-over in one process, 100 waiters, 3 servers");
    expect(svg).not.toContain("Grants per second");
    expect(widths(svg)).toHaveLength(3 + 6);
  });

  test("the length of a bar is proportional to its value", () => {
    const [bare = 0, ours = 0] = widths(svg);
    expect(ours / bare).toBeCloseTo(5, 1);
    expect(svg).toContain("25,000<tspan");
    expect(svg).toContain(">5.0×<");
  });

  test("a library has the bar of its better options", () => {
    expect(svg).toContain("4,000<tspan");
    expect(svg).not.toContain("3,000<tspan");
  });

  test("a very long bar is cut, and a bar without a value is empty", () => {
    const [ours = 0, , four = 0, five = 0, slow = 0, broken] = widths(svg).slice(3);
    expect(four / ours).toBeCloseTo(10, 0);
    expect(slow / five).toBeCloseTo(4 / 2.2, 1);
    expect(svg.match(/<path /g)).toHaveLength(1);
    expect(broken).toBe(0);
    expect(svg).toContain("none<tspan");
  });

  test("has colours for dark backgrounds", () => {
    expect(svg).toContain("prefers-color-scheme:dark");
  });
});

test("a run without these scenarios still makes an image", () => {
  expect(drawChart({ ...RESULTS, scenarios: [] })).toContain("<svg");
});
