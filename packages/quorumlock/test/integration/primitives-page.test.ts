import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { testServers } from "../support/server-access.ts";

const page = readFileSync(new URL("../../../../docs/primitives.md", import.meta.url), "utf8");
// These servers persist every write, so they vote at once.
const servers = await testServers(3, { args: ["--appendonly", "yes", "--appendfsync", "always"] });
const programs = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
const OUTPUTS = [
  [
    expect.stringMatching(/^reader [ab] sees version \d+$/),
    expect.stringMatching(/^reader [ab] sees version \d+$/),
    "the writer changes the catalog",
    "still ours to read: true",
    "the only reader writes: true",
  ],
  [
    "siblings do not wait: true",
    "tenant: busy",
    "tenant: ours, with a larger fencing token: true",
    "order 43: busy",
  ],
  [
    "ahead of the caller that waits: 0",
    "ahead of a new caller: the holder and 1 more",
    "urgent: came later, and is served first",
    "second: was first to wait",
  ],
] as const;

// A program is in the directory of other test programs, so that the package name resolves.
const file = fileURLToPath(new URL("../support/primitives-page.generated.ts", import.meta.url));
afterAll(() => rmSync(file, { force: true }));

test("the page has a program for each primitive of its own", () => {
  expect(programs).toHaveLength(OUTPUTS.length);
});

test.each(OUTPUTS.map((output, index) => ({ index, output })))(
  "program $index runs without changes except for the URLs",
  async ({ index, output }) => {
    let code = programs[index] ?? "";
    servers.forEach(
      ({ server }, number) => (code = code.replace(`redis://localhost:${6379 + number}`, server.url)),
    );
    expect(code).not.toContain("localhost:63");
    writeFileSync(file, code);
    const args = ["--import", "tsx", "--conditions=@quorumlock/source", file];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 50_000 });
    expect(stdout.trim().split("\n")).toEqual(output);
  },
);
