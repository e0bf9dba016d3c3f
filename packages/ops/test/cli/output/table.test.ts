import stringWidth from "string-width";
import { expect, test, vi } from "vitest";
import { Output } from "../../../src/cli/output/output.ts";
import { type Column, cutMiddle, formatTable } from "../../../src/cli/output/table.ts";

interface Row {
  readonly name: string;
  readonly count: number;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "NAME", cell: ({ name }) => name, isCut: true },
  { title: "COUNT", cell: ({ count }) => String(count), isRight: true },
];

test("columns are as wide as their widest cell, and numbers stand at the right", () => {
  expect(
    formatTable(COLUMNS, [
      { name: "order:42", count: 3 },
      { name: "x", count: 1_000_000 },
    ]),
  ).toEqual(["NAME        COUNT", "order:42        3", "x         1000000"]);
});

test("a wide character counts as two columns, so the next column stays in line", () => {
  const lines = formatTable(COLUMNS, [
    { name: "주문", count: 1 },
    { name: "ab", count: 2 },
  ]);
  expect(lines.map((line) => stringWidth(line))).toEqual([11, 11, 11]);
});

test("without a width nothing is cut; with one, the column that may be cut is cut in its middle", () => {
  const name = `start-${"x".repeat(80)}-end`;
  expect(formatTable(COLUMNS, [{ name, count: 1 }])[1]).toContain(name);
  const [, line = ""] = formatTable(COLUMNS, [{ name, count: 1 }], 40);
  expect(stringWidth(line)).toBe(40);
  expect(line).toMatch(/^start-x+…x+-end +1$/);
  // A terminal that is too narrow wraps the lines. They do not become useless.
  expect(formatTable(COLUMNS, [{ name, count: 1 }], 5)[1]).toMatch(/^start-/);
});

test("a cut text never is wider than it may be", () => {
  for (const width of [1, 2, 3, 10])
    expect(stringWidth(cutMiddle("주문:abcdefghijkl:주문", width))).toBeLessThanOrEqual(width);
});

test("200,000 rows are no more than a call can take", () => {
  const rows = Array.from({ length: 200_000 }, (_, count) => ({ name: `order:${count}`, count }));
  expect(formatTable(COLUMNS, rows)).toHaveLength(200_001);
  const lines = formatTable(COLUMNS, rows, 20);
  expect(lines).toHaveLength(200_001);
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  try {
    new Output({ json: false, color: false, ascii: false, quiet: false }).printLines(lines);
    expect(write).toHaveBeenCalledTimes(200_001);
  } finally {
    write.mockRestore();
  }
});
