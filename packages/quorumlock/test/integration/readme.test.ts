import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { testServers } from "../support/server-access.ts";

const root = new URL("../../../../", import.meta.url);
const readme = readFileSync(new URL("README.md", root), "utf8");
const compose = readFileSync(new URL("compose.yaml", root), "utf8");
/** The options of the servers in compose.yaml. They persist every write, so they vote at once. */
const [, options = ""] = /command: valkey-server (.*)/.exec(compose) ?? [];
const servers = await testServers(3, { args: options.split(" ") });
// The program is in the same directory as other test programs, so that the package name resolves.
const program = fileURLToPath(new URL("../support/readme-quick-start.generated.ts", import.meta.url));

afterAll(() => rmSync(program, { force: true }));

test("the README starts its servers with the options of compose.yaml", () => {
  expect(options).toMatch(/^--appendonly yes/);
  expect(readme).toContain(`redis-server ${options}`);
});

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
