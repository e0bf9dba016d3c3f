import { Redis } from "ioredis";
import { startRedisServers } from "quorumlock/testing";
import { afterAll, expect, test } from "vitest";
import { configFile, runCommand } from "./support/run-command.ts";

// A machine under load must not look like a server with slow commands.
const servers = await startRedisServers(3, { args: ["--slowlog-log-slower-than", "-1"] });
const admin = new Redis(servers[0]?.port ?? 0);
afterAll(async () => {
  admin.disconnect();
  await servers.stop();
});

function run(prefix: string, ...args: readonly string[]): ReturnType<typeof runCommand> {
  const file = configFile(
    JSON.stringify({ redis_instances: servers.map(({ url }) => url), client: { restart_guard: false } }),
  );
  return runCommand(["diagnose", "--config", file, "--prefix", prefix, ...args]);
}

test("a healthy set ends with 0, with one line for each piece of information and a summary", async () => {
  const { code, stdout, stderr } = await run("healthy:");
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^· QL115 {2}127\.0\.0\.1:\d+, .*\n.*\n· QL305 .*\n.*\n● 0 errors, 0 warnings, 2 for information, \d+ checks passed in /,
  );
  expect(stderr).toBe("0 locks read on all 3 servers.\n");
});

test("an error ends with 2, comes first, and has a command; JSON says the same", async () => {
  await admin.set("errors:a b", "x");
  const [text, json] = await Promise.all([run("errors:"), run("errors:", "--json")]);
  expect([text.code, json.code]).toEqual([2, 2]);
  expect(text.stdout).toMatch(
    /^✕ QL202 {2}a b has no expiry on 127\.0\.0\.1:\d+: it never ends by itself\.\n/,
  );
  expect(text.stdout).toContain("\n           quorumlock unlock --now 'a b'\n");
  const { schema, findings, passed, locks } = JSON.parse(json.stdout) as {
    readonly schema: number;
    readonly findings: readonly { readonly code: string }[];
    readonly passed: number;
    readonly locks: unknown;
  };
  expect(schema).toBe(1);
  expect(findings[0]).toEqual({
    code: "QL202",
    severity: "error",
    subject: "a b",
    cause: expect.stringContaining("has no expiry"),
    remedy: expect.any(String),
    commands: ["quorumlock unlock --now 'a b'"],
    url: "https://github.com/quorumlock/quorumlock/blob/main/docs/operations.md#ql202",
  });
  expect(passed).toBeGreaterThan(15);
  expect(locks).toEqual({ read: 1, complete: true });
  expect(json.stderr).toBe("");
});

test("a warning ends with 1; a name limits the findings to that lock", async () => {
  await admin.set("warnings:stuck", "x");
  const file = configFile(
    JSON.stringify({
      redis_instances: servers.slice(0, 2).map(({ url }) => url),
      client: { restart_guard: false },
    }),
  );
  const { code, stdout } = await runCommand(["diagnose", "--config", file, "--prefix", "warnings:", "free"]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^▲ QL109 /);
  expect(stdout).not.toMatch(/QL202|QL115|QL305/);
});

test("a name that is none, and no servers, are wrong usage and wrong configuration", async () => {
  const [name, none] = await Promise.all([
    run("x:", "~report"),
    runCommand(["diagnose", "--config", configFile("prefix: x")]),
  ]);
  expect([name.code, none.code]).toEqual([64, 78]);
  expect(name.stderr).toContain('"~report" is no name of a lock');
});
