import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findRedisServer } from "../../src/testing/find-redis-server.ts";

const SCRIPT = fileURLToPath(new URL("../../../../scripts/ensure-redis.mjs", import.meta.url));

// The PATH of every run. It contains no package manager, so the script cannot install a server.
let bin: string;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), "quorumlock-bin-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(bin, { recursive: true, force: true });
});

describe("ensure-redis", () => {
  it("reports the server in QUORUMLOCK_REDIS_SERVER", () => {
    const server = addProgram("my-server", "Redis server v=9.8.7 sha=0");
    expect(run([], { QUORUMLOCK_REDIS_SERVER: server })).toEqual({
      status: 0,
      stdout: `Redis 9.8.7 at ${server}\n`,
      stderr: "",
    });
  });

  it.each([[[]], [["--optional"]]])(
    "rejects a QUORUMLOCK_REDIS_SERVER that is not executable, with %j",
    (args) => {
      const { status, stderr } = run(args, { QUORUMLOCK_REDIS_SERVER: "/nowhere/redis-server" });
      expect(status).toBe(1);
      expect(stderr).toContain(
        'QUORUMLOCK_REDIS_SERVER: "/nowhere/redis-server" must be the path of an executable file',
      );
    },
  );

  it("finds Valkey on PATH, and prefers Redis", () => {
    const valkey = addProgram("valkey-server", "Valkey server v=8.1.0 sha=0");
    expect(run(["--path-only"]).stdout).toBe(`Valkey 8.1.0 at ${valkey}\n`);
    const redis = addProgram("redis-server", "Redis server v=7.0.15 sha=0");
    expect(run(["--path-only"]).stdout).toBe(`Redis 7.0.15 at ${redis}\n`);
  });

  it.each([
    ["Redis server v=6.2.14 sha=0", "Redis 6.2.14"],
    ["Redis server v=6.0.16 sha=0", "Redis 6.0.16"],
    ["Valkey server v=7.1.0 sha=0", "Valkey 7.1.0"],
  ])("rejects the old %s, also if a server is optional", (version, name) => {
    const path = addProgram("redis-server", version);
    const { status, stderr } = run(["--path-only", "--optional"]);
    expect(status).toBe(1);
    expect(stderr).toContain(`${name} at ${path} is too old: Redis 7.0 or Valkey 7.2 is needed.`);
  });

  it.each([
    "Redis server v=7.0.0",
    "Redis server v=10.0.1",
    "Valkey server v=7.2.0",
    "Redis server v=unstable",
  ])("accepts %s", (version) => {
    addProgram("redis-server", version);
    expect(run(["--path-only"])).toMatchObject({ status: 0, stderr: "" });
  });

  it("prints instructions if there is no server and no package manager", () => {
    const { status, stderr } = run(["--path-only"]);
    expect(status).toBe(1);
    expect(stderr).toContain("Found no redis-server or valkey-server");
    expect(stderr).toMatch(/apt-get install redis-server[^]*brew install[^]*QUORUMLOCK_REDIS_SERVER/);
  });

  it("succeeds without a server if --optional is given", () => {
    const { status, stderr } = run(["--path-only", "--optional"]);
    expect(status).toBe(0);
    expect(stderr).toMatch(/Found no redis-server[^]*Continuing without a server/);
  });

  it("reports why an installation failed", () => {
    addProgram("brew", "", "echo 'Error: no network' >&2; exit 1");
    addProgram("env", "", 'shift 3; exec "$@"');
    const { status, stderr } = run(["--path-only"]);
    expect(status).toBe(1);
    expect(stderr).toContain(
      "brew could not install a server (redis: Error: no network; valkey: Error: no network)",
    );
  });

  it("finds the server that it installed", () => {
    const body = `printf '#!/bin/sh\\necho Valkey server v=8.1.0\\n' > ${bin}/valkey-server; /bin/chmod +x ${bin}/valkey-server`;
    addProgram("brew", "", `[ "$2" = valkey ] && { ${body}; }`);
    addProgram("env", "", 'shift 3; exec "$@"');
    const { status, stdout } = run(["--path-only"]);
    expect(stdout).toContain(`Valkey 8.1.0 at ${bin}/valkey-server`);
    expect(status).toBe(0);
  });

  it("finds the same server as findRedisServer", () => {
    const found = findRedisServer();
    const { stdout } = run([], process.env);
    expect(stdout.trimEnd().endsWith(` at ${found}`)).toBe(true);
  });
});

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], {
    env: { PATH: bin, ...env },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** Adds a program to the PATH. It prints a version or runs a shell script. */
function addProgram(name: string, version: string, script = `echo '${version}'`): string {
  const path = join(bin, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}
