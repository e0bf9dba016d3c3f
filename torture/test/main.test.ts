import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

function torture(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ReturnType<typeof run> {
  return run(["--import", "tsx", "--conditions=@quorumlock/source", "src/main.ts", ...args], env);
}

function run(args: readonly string[], env: Readonly<Record<string, string>>) {
  const options = {
    cwd: PACKAGE,
    env: { ...process.env, ...env },
    encoding: "utf8",
    timeout: 120_000,
  } as const;
  return spawnSync(process.execPath, args, options);
}

describe("prints the error and exits with code 1", () => {
  test("for an unknown flag", () => {
    const { status, stderr, stdout } = torture(["--fast"]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^error: unknown option '--fast'\n/);
  });

  test("for an invalid number", () => {
    const { status, stderr } = torture(["--processes", "1"]);
    expect(status).toBe(1);
    expect(stderr).toContain(
      "--processes <n>' argument '1' is invalid. \"1\" must be a whole number from 2 to 32.",
    );
  });

  test("if there is no server binary", () => {
    const { status, stderr } = torture([], { QUORUMLOCK_REDIS_SERVER: "/nonexistent" });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: .*QUORUMLOCK_REDIS_SERVER/);
    expect(stderr).not.toContain("    at ");
  });
});

test("prints every flag with --help", () => {
  const { status, stdout } = torture(["--help"]);
  expect(status).toBe(0);
  for (const flag of ["--servers", "--processes", "--seconds", "--faults", "--seed", "--out"])
    expect(stdout).toContain(flag);
});
