import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { bugs } from "../../src/mutation/bugs.ts";

const library = fileURLToPath(new URL("../../../packages/quorumlock/", import.meta.url));

test("each bug has its own name", () => {
  expect(bugs.length).toBeGreaterThanOrEqual(12);
  expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length);
});

test.each(bugs)("$name: its text occurs once in its file", ({ file, find, replace, caughtBy }) => {
  const source = readFileSync(`${library}src/${file}`, "utf8");
  expect(source.split(find).length - 1).toBe(1);
  expect(source.replace(find, () => replace)).not.toBe(source);
  if ("tests" in caughtBy) readFileSync(caughtBy.tests.replace(/^packages\/quorumlock\//, library));
});
