import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { pathOf } from "../../src/mutation/bug.ts";
import { bugs } from "../../src/mutation/bugs.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

test("each bug has its own name", () => {
  expect(bugs.length).toBeGreaterThanOrEqual(12);
  expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length);
});

test.each(bugs)("$name: its text occurs once in its file", (bug) => {
  const { find, replace, caughtBy } = bug;
  const source = readFileSync(join(root, pathOf(bug)), "utf8");
  expect(source.split(find).length - 1).toBe(1);
  expect(source.replace(find, () => replace)).not.toBe(source);
  if ("tests" in caughtBy) readFileSync(join(root, caughtBy.tests));
});
