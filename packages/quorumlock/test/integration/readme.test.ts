import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { testServers } from "../support/server-access.ts";

// As the README starts them: servers that keep every write may vote at once.
const servers = await testServers(3, { args: ["--appendonly", "yes", "--appendfsync", "always"] });
const readme = readFileSync(new URL("../../../../README.md", import.meta.url), "utf8");
// Beside the other tests, so that the package resolves as it does for them.
const program = fileURLToPath(new URL("../support/readme-quick-start.generated.ts", import.meta.url));

afterAll(() => rmSync(program, { force: true }));

test("the quick start of the README runs as it stands, on servers of this test", async () => {
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
