import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { testServers } from "../support/server-access.ts";

// The servers have the same options as in the README. They persist every write, so they vote at once.
const servers = await testServers(3, { args: ["--appendonly", "yes", "--appendfsync", "always"] });
const readme = readFileSync(new URL("../../../../README.md", import.meta.url), "utf8");
// The program is in the same directory as other test programs, so that the package name resolves.
const program = fileURLToPath(new URL("../support/readme-quick-start.generated.ts", import.meta.url));

afterAll(() => rmSync(program, { force: true }));

test("the quick start of the README runs without changes except for the URLs", async () => {
  let code = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? "";
  servers.forEach(
    ({ server }, index) => (code = code.replace(`redis://localhost:${6379 + index}`, server.url)),
  );
  expect(code).not.toContain("localhost:63");
  writeFileSync(program, code);
  const args = ["--import", "tsx", "--conditions=@quorumlock/source", program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 50_000 });
  expect(stdout.trim().split("\n")).toEqual([
    expect.stringMatching(/^order 42 is ours, fencing token \d+, lost: false$/),
    "user:1 and user:2 are ours",
  ]);
});
