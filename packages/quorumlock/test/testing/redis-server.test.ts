import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findRedisServer } from "../../src/testing/find-redis-server.ts";
import { startRedisCluster } from "../../src/testing/redis-cluster.ts";
import { startRedisServer } from "../../src/testing/redis-server.ts";
import { startRedisServers } from "../../src/testing/redis-servers.ts";
import { type RespAnswer, respRequest } from "../../src/testing/resp-request.ts";

/** Catches a hang, and nothing else. */
const HANG = { timeout: 60_000 };
const PONG = { kind: "value", text: "PONG" };
const SOURCES = new URL("../../src/testing/", import.meta.url).href;

// The servers create their directories here, so that a test can check that none remains.
let temporary: string;

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "quorumlock-test-"));
  vi.stubEnv("TMPDIR", temporary);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true, force: true });
});

describe("a server", () => {
  it("answers after the start, and leaves no process and no directory after the stop", async () => {
    const server = await startRedisServer();
    expect(await ping(server.port)).toEqual(PONG);
    expect(server).toMatchObject({ isRunning: true, url: `redis://127.0.0.1:${server.port}` });
    expect(isAlive(server.pid)).toBe(true);
    expect(readdirSync(temporary)).toHaveLength(1);

    await server.stop();
    expect(server.isRunning).toBe(false);
    expect(isAlive(server.pid)).toBe(false);
    expect(readdirSync(temporary)).toEqual([]);
    await expect(ping(server.port)).rejects.toThrow("ECONNREFUSED");
    await server.stop();
    await expect(server.restart()).rejects.toThrow("was stopped");
  });

  it("does not answer while paused, and answers the waiting requests after that", async () => {
    await using server = await startRedisServer();
    server.pause();
    await expect(respRequest(server.port, ["SET", "k", "v"], { timeoutMs: 100 })).rejects.toThrow(
      "no answer",
    );
    expect(server.isRunning).toBe(true);
    server.resume();
    expect(await ping(server.port)).toEqual(PONG);
    expect(await respRequest(server.port, ["GET", "k"])).toEqual({ kind: "value", text: "v" });
  });

  it("stops while paused", async () => {
    const server = await startRedisServer();
    server.pause();
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
  });

  it("ends when killed, and restarts empty on its port as another process", async () => {
    await using server = await startRedisServer();
    const { pid, port } = server;
    await respRequest(port, ["SET", "k", "v"]);
    await server.kill();
    expect(server.isRunning).toBe(false);
    await expect(ping(port)).rejects.toThrow("ECONNREFUSED");

    await server.restart();
    expect(server).toMatchObject({ port, isRunning: true });
    expect(server.pid).not.toBe(pid);
    expect(await respRequest(port, ["GET", "k"])).toEqual({ kind: "value", text: "" });

    await server.restart();
    expect(await ping(port)).toEqual(PONG);
  });

  it("accepts arguments, an environment and a port", async () => {
    const probe = await startRedisServer();
    await probe.stop();
    const args = ["--requirepass", "secret"];
    await using server = await startRedisServer({ args, port: probe.port, env: { TZ: "UTC" } });
    expect(server.port).toBe(probe.port);
    expect(await ping(server.port)).toMatchObject({ kind: "error", text: expect.stringContaining("NOAUTH") });
  });

  it("rejects with the last output if it ends during its start", async () => {
    await expect(startRedisServer({ args: ["--no-such-option", "1"] })).rejects.toThrow(/no-such-option/);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("rejects if another process uses its port, even a Redis server", async () => {
    await using server = await startRedisServer();
    await expect(startRedisServer({ port: server.port })).rejects.toThrow(/address already in use/i);
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    await expect(startRedisServer({ port })).rejects.toThrow(/address already in use/i);
    other.close();
  });

  it("does not start after an abort", async () => {
    const reason = new Error("changed my mind");
    await expect(startRedisServer({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const abort = new AbortController();
    const starting = startRedisServer({ signal: abort.signal });
    abort.abort(reason);
    await expect(starting).rejects.toBe(reason);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("needs an executable binary", async () => {
    vi.stubEnv("QUORUMLOCK_REDIS_SERVER", "/nowhere/redis-server");
    expect(() => findRedisServer()).toThrow(
      /QUORUMLOCK_REDIS_SERVER.*must be the path of an executable file/,
    );
    await expect(startRedisServer()).rejects.toThrow("/nowhere/redis-server");

    const notAProgram = join(temporary, "redis-server");
    writeFileSync(notAProgram, "#!/no/such/interpreter\n", { mode: 0o755 });
    vi.stubEnv("QUORUMLOCK_REDIS_SERVER", notAProgram);
    await expect(startRedisServer()).rejects.toThrow(`cannot execute ${notAProgram}`);
  });
});

describe("several servers", () => {
  it("start in parallel, each on its own port", async () => {
    await using servers = await startRedisServers(5);
    expect(new Set(servers.map((server) => server.port)).size).toBe(5);
    const answers = await Promise.all(servers.map((server) => ping(server.port)));
    expect(answers).toEqual([PONG, PONG, PONG, PONG, PONG]);
  });

  it("all stop if one of them does not start", async () => {
    await expect(startRedisServers(3, { args: ["--no-such-option", "1"] })).rejects.toThrow(/no-such-option/);
    expect(readdirSync(temporary)).toEqual([]);
    await expect(startRedisServers(0)).rejects.toThrow(RangeError);
  });
});

describe("a cluster", () => {
  it("is complete, and accepts a key only on the owner of its slot", async () => {
    await using cluster = await startRedisCluster();
    const infos = await Promise.all(cluster.nodes.map(({ port }) => respRequest(port, ["CLUSTER", "INFO"])));
    expect(infos.map(({ text }) => text)).toEqual(Array(3).fill(expect.stringContaining("cluster_state:ok")));

    const writes = await Promise.all(cluster.nodes.map(({ port }) => respRequest(port, ["SET", "key", "v"])));
    const slot = await respRequest(cluster.nodes[0]!.port, ["CLUSTER", "KEYSLOT", "key"]);
    const owner = Math.floor((Number(slot.text) * 3) / 16_384);
    expect(writes.map(({ text }) => text.split(" ")[0])).toEqual(
      [0, 1, 2].map((node) => (node === owner ? "OK" : "MOVED")),
    );
  });

  it("of one master says its address, so that clients find it", async () => {
    await using cluster = await startRedisCluster({ masters: 1 });
    const slots = await respRequest(cluster.nodes[0]!.port, ["CLUSTER", "NODES"]);
    expect(slots.text).toContain(`127.0.0.1:${cluster.nodes[0]!.port}@`);
  });
});

describe("when the process that started servers", () => {
  const start = `
    import { startRedisServer } from "${SOURCES}redis-server.ts";
    const paused = await startRedisServer();
    paused.pause();
    const killed = await startRedisServer();
    await killed.kill();
    const server = await startRedisServer();
    console.log([server.pid, paused.pid].join());`;

  it.each(["SIGKILL", "SIGTERM", "SIGINT"] as const)("ends by %s, they end too", async (signal) => {
    const { parent, pids } = await startParent(`${start} setInterval(() => undefined, 1_000);`);
    expect(pids.map(isAlive)).toEqual([true, true]);
    parent.kill(signal);
    const [, endedBy] = await once(parent, "exit");
    expect(endedBy).toBe(signal);
    await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]), HANG);
    await vi.waitFor(() => expect(serverDirectories()).toEqual([]), HANG);
  });

  it("calls process.exit(), they end first", async () => {
    const { parent, pids } = await startParent(`${start} process.exit(7);`);
    if (parent.exitCode === null) await once(parent, "exit");
    expect(parent.exitCode).toBe(7);
    await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]), HANG);
    expect(serverDirectories()).toEqual([]);
  });

  it("does not stop them, it still ends by itself", async () => {
    const { parent, pids } = await startParent(start);
    const limit = AbortSignal.timeout(HANG.timeout);
    if (parent.exitCode === null) await once(parent, "exit", { signal: limit });
    expect(parent.exitCode).toBe(0);
    await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]), HANG);
  });

  it("has stopped them, it ends and leaves no directory", async () => {
    const { parent } = await startParent(
      `${start} await server.stop(); await paused.stop(); await killed.stop();`,
    );
    if (parent.exitCode === null) await once(parent, "exit", { signal: AbortSignal.timeout(HANG.timeout) });
    expect(parent.exitCode).toBe(0);
    expect(serverDirectories()).toEqual([]);
  });

  /** Runs a program and reads the process ids that it prints. */
  async function startParent(program: string): Promise<{ parent: ChildProcess; pids: number[] }> {
    const parent = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface(parent.stdout), "line")) as [string];
    return { parent, pids: line.split(",").map(Number) };
  }

  function serverDirectories(): string[] {
    return readdirSync(temporary).filter((name) => name.startsWith("quorumlock-redis-"));
  }
});

function ping(port: number): Promise<RespAnswer> {
  return respRequest(port, ["PING"]);
}

/** Whether a process runs. An ended orphan stays a zombie until `init` collects it, so a zombie does not count. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return !["", "Z"].includes(stdout.trim().slice(0, 1));
}
