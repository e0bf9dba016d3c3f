import { expect, test } from "vitest";
import { replaceTables } from "../src/report/docs.ts";
import { asJson, asMarkdown, asText, type Report } from "../src/report/report.ts";
import { atLeast, atMost, type Scenario, verdictOf } from "../src/scenario.ts";

const scenario: Scenario = {
  name: "sprint",
  about: "How fast.",
  columns: ["contender", "p50", "target"],
  servers: [1],
  quickServers: [1],
  minServers: 1,
  seconds: 1,
  quickSeconds: 1,
  run: () => Promise.resolve([]),
};
const met = [atMost("p50", 1.4, 1.5, "×")];
const missed = [atMost("p50", 1.6, 1.5, "×"), atMost("p99", Number.NaN, 3, "ms")];
const report: Report = {
  environment: {
    node: "20.0.0",
    cores: 4,
    processor: "a processor",
    server: "Redis 7.0.0",
    pin: "one",
    date: "2026-01-31",
    command: "npm run bench",
  },
  sections: [
    {
      scenario,
      results: [
        {
          cells: ["one", "9", verdictOf(met)],
          figures: { servers: 1, contender: "one" },
          targets: met,
          notes: [],
        },
        {
          cells: ["a|b", "10", verdictOf(missed)],
          figures: { servers: 1, contender: "a|b" },
          targets: missed,
          notes: ["it fell"],
        },
      ],
    },
  ],
};

test("text: aligned columns, numbers on the right, a table of targets", () => {
  expect(asText(report))
    .toBe(`\`npm run bench\`, 2026-01-31: Node.js 20.0.0, Redis 7.0.0 on the same machine, 4 cores (a processor), clients and servers pinned to one core.

sprint
How fast.

contender  p50  target
─────────  ───  ────────────────
one          9  met
a|b         10  missed: p50, p99
it fell

targets

scenario  servers  contender  figure  measured  target    result
────────  ───────  ─────────  ──────  ────────  ────────  ──────
sprint          1  one        p50         1.40  ≤ 1.50 ×  met
sprint          1  a|b        p50         1.60  ≤ 1.50 ×  missed
sprint          1  a|b        p99            –  ≤ 3 ms    missed

Targets: 1 of 3 met.`);
});

test("Markdown", () => {
  expect(asMarkdown(report)).toBe(`# Benchmark

\`npm run bench\`, 2026-01-31: Node.js 20.0.0, Redis 7.0.0 on the same machine, 4 cores (a processor), clients and servers pinned to one core.

## sprint

How fast.

| contender | p50 | target |
| --- | --: | --- |
| one | 9 | met |
| a\\|b | 10 | missed: p50, p99 |

- it fell

## targets

| scenario | servers | contender | figure | measured | target | result |
| --- | --: | --- | --- | --: | --- | --- |
| sprint | 1 | one | p50 | 1.40 | ≤ 1.50 × | met |
| sprint | 1 | a\\|b | p50 | 1.60 | ≤ 1.50 × | missed |
| sprint | 1 | a\\|b | p99 | – | ≤ 3 ms | missed |

Targets: 1 of 3 met.
`);
});

test("JSON", () => {
  expect(JSON.parse(asJson(report))).toMatchObject({
    environment: { node: "20.0.0" },
    scenarios: [
      {
        name: "sprint",
        results: [
          { contender: "one", targets: [{ met: true, sense: "at most" }] },
          { notes: ["it fell"], targets: [{ met: false }, { met: false, measured: null }] },
        ],
      },
    ],
  });
});

test("a target is met at its limit, and missed if nothing was measured", () => {
  expect(atMost("a", 1, 1, "×").met).toBe(true);
  expect(atMost("a", 1.01, 1, "×").met).toBe(false);
  expect(atLeast("a", 1, 1, "×").met).toBe(true);
  expect(atLeast("a", 0.99, 1, "×").met).toBe(false);
  expect(atLeast("a", Number.NaN, 1, "×").met).toBe(false);
});

test("a page keeps the text around its tables", () => {
  const page = "before\n<!-- bench mutex: begin -->\nold\n<!-- bench mutex: end -->\nafter\n";
  const updated = replaceTables(page, "mutex", "\nnew\n");
  expect(updated).toBe(
    "before\n<!-- bench mutex: begin -->\n<!-- prettier-ignore-start -->\n\nnew\n\n<!-- prettier-ignore-end -->\n<!-- bench mutex: end -->\nafter\n",
  );
  expect(replaceTables(updated, "mutex", "new")).toBe(updated);
  expect(() => replaceTables("nothing", "mutex", "new")).toThrow("<!-- bench mutex: begin -->");
});
