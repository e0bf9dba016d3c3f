import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DOCS_BLOCKS, replaceTables } from "../src/report/docs.ts";
import { scenarios } from "../src/scenarios/index.ts";

function readPage(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}

test.each(DOCS_BLOCKS)("the page of the method has the markers of the tables: %s", (block) => {
  expect(replaceTables(readPage("docs/performance-method.md"), block, "new tables")).toContain("new tables");
});

test("the README lists all scenarios", () => {
  const listed = [...readPage("bench/README.md").matchAll(/^\| `([a-z-]+)`/gm)].map(([, name]) => name);
  expect(listed).toEqual(scenarios.map(({ name }) => name));
});
