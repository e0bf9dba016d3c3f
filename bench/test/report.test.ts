import { expect, test } from "vitest";
import { asJson, asMarkdown, asText, type Report } from "../src/report/report.ts";
import { judge, type Scenario, verdictOf } from "../src/scenario.ts";

const scenario: Scenario = {
  name: "sprint",
  about: "How fast.",
  columns: ["contender", "p50", "target"],
  run: () => Promise.resolve([]),
};
const met = [judge("p50", 1.4, 1.5, "×")];
const missed = [judge("p50", 1.6, 1.5, "×"), judge("p99", Number.NaN, 3, "ms")];
const report: Report = {
  environment: { node: "20.0.0", cores: 4, server: "Redis 7.0.0" },
  seconds: 1,
  sections: [
    {
      scenario,
      results: [
        { cells: ["one", "9", verdictOf(met)], figures: { contender: "one" }, targets: met, notes: [] },
        { cells: ["a|b", "10", verdictOf(missed)], figures: {}, targets: missed, notes: ["it fell"] },
      ],
    },
  ],
};

test("text: columns in line, numbers to the right, targets counted", () => {
  expect(asText(report)).toBe(`Node.js 20.0.0, 4 cores, Redis 7.0.0

sprint
How fast.

contender  p50  target
─────────  ───  ────────────────
one          9  met
a|b         10  missed: p50, p99
it fell

Targets: 1 of 3 met.`);
});

test("Markdown", () => {
  expect(asMarkdown(report)).toBe(`# Benchmark

Node.js 20.0.0, 4 cores, Redis 7.0.0

## sprint

How fast.

| contender | p50 | target |
| --- | --: | --- |
| one | 9 | met |
| a\\|b | 10 | missed: p50, p99 |

- it fell

Targets: 1 of 3 met.
`);
});

test("JSON", () => {
  expect(JSON.parse(asJson(report))).toMatchObject({
    environment: { node: "20.0.0" },
    scenarios: [
      { name: "sprint", results: [{ contender: "one", targets: [{ met: true }] }, { notes: ["it fell"] }] },
    ],
  });
});
