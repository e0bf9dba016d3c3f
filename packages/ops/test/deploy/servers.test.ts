import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { Redlock } from "quorumlock";
import { lockRecords } from "quorumlock/patterns";
import { type RedisServer, startRedisServer } from "quorumlock/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { backup } from "../../src/cli/actions/backup.ts";
import { runBench } from "../../src/cli/actions/bench.ts";
import { diagnose } from "../../src/cli/actions/diagnose.ts";
import { inspectLock } from "../../src/cli/actions/inspect.ts";
import { showList } from "../../src/cli/actions/list.ts";
import { restore } from "../../src/cli/actions/restore.ts";
import { unlock } from "../../src/cli/actions/unlock.ts";
import { type MonitorServer, startMonitor } from "../../src/monitor/index.ts";
import { globalOptions, runAction } from "../cli/support/in-process.ts";
import { configFile, runCommand } from "../cli/support/run-command.ts";
import { until } from "../monitor/support/monitor-bed.ts";
import { makeSecrets, read, ROOT } from "./support/repository.ts";

// Real servers with the configuration and the users of the deployments.

let secrets: string;
let servers: readonly RedisServer[];
let admins: readonly Redis[];
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  secrets = join(mkdtempSync(join(tmpdir(), "quorumlock-servers-")), "secrets");
  await makeSecrets(secrets);
  const args = ["--include", `${ROOT}deploy/server/server.conf`, "--aclfile", join(secrets, "users.acl")];
  servers = await Promise.all([1, 2, 3].map(() => startRedisServer({ args })));
  admins = servers.map((server) => connect(server, "admin"));
});
afterAll(async () => {
  for (const admin of admins) admin.disconnect();
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(join(secrets, ".."), { recursive: true });
});
beforeEach(() => Promise.all(admins.map((admin) => admin.call("ACL", "LOG", "RESET"))));
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const secret = (name: string): string => readFileSync(join(secrets, name), "utf8");
const urlOf = (server: RedisServer, user: string): string =>
  `redis://${user}:${secret(`${user}_password`)}@127.0.0.1:${server.port}`;

function connect(server: RedisServer, user: string): Redis {
  const redis = new Redis(urlOf(server, user), { retryStrategy: () => 50 });
  redis.on("error", () => undefined);
  return redis;
}

function redlockOf(user = "locker", options: ConstructorParameters<typeof Redlock>[1] = {}): Redlock {
  const redlock = new Redlock(
    servers.map((server) => urlOf(server, user)),
    options,
  );
  closers.push(() => redlock.close());
  return redlock;
}

/** What servers have refused, except commands with which clients name themselves: they ignore the refusal. */
async function refused(): Promise<readonly string[]> {
  const logs = await Promise.all(admins.map((admin) => admin.call("ACL", "LOG")));
  return (logs as string[][][])
    .flat()
    .map((entry) => `${entry[9]}: ${entry[7]}`)
    .filter((text) => !text.includes("client|"));
}

test("the servers have the settings of the file", async () => {
  for (const admin of admins) {
    const setting = async (name: string): Promise<string | undefined> => (await admin.config("GET", name))[1];
    expect(await setting("maxmemory-policy")).toBe("noeviction");
    expect(await setting("maxmemory")).toBe(String(256 * 2 ** 20));
    expect(await setting("maxclients")).toBe("5000");
    expect(await setting("appendonly")).toBe("yes");
    expect(await setting("appendfsync")).toBe("always");
    expect(await setting("no-appendfsync-on-rewrite")).toBe("no");
    expect(await setting("save")).toBe("");
    expect(await setting("slowlog-log-slower-than")).toBe("5000");
  }
});

test("after a restart of all servers held locks are still held, and every server votes at once", async () => {
  // A server that may have lost a lock would not vote for an hour.
  const redlock = redlockOf("locker", { ttl: 3_600_000, restartGuard: true, requestTimeout: 5_000 });
  const held = await redlock.acquire("restart:held");
  await Promise.all(servers.map((server) => server.restart()));
  const voting = await until(async () => {
    const health = await redlock.health();
    return health.voting === 3 && health;
  });
  expect(voting.canLock).toBe(true);
  expect(await redlock.tryAcquire("restart:held")).toBeNull();
  await held.extend();
  await held.release();
  await redlock.using("restart:held", () => undefined);
});

test("a server that restarts without its volume does not vote", async () => {
  // A server of its own in the set, because it does not vote for an hour.
  const args = ["--include", `${ROOT}deploy/server/server.conf`, "--aclfile", join(secrets, "users.acl")];
  const server = await startRedisServer({ args });
  closers.push(() => server.stop());
  const admin = connect(server, "admin");
  closers.push(() => admin.disconnect());
  const urls = [server, ...servers.slice(1)].map((each) => urlOf(each, "locker"));
  // Without the guard, because the server is new in a set that is in use.
  const first = new Redlock(urls, { restartGuard: false, requestTimeout: 5_000 });
  await first.using("volume:lost", () => undefined);
  await first.close();
  const guarded = new Redlock(urls, { ttl: 3_600_000, restartGuard: true, requestTimeout: 5_000 });
  closers.push(() => guarded.close());
  await guarded.using("volume:lost", () => undefined);
  expect((await guarded.health()).voting).toBe(3);
  const [, directory = ""] = await admin.config("GET", "dir");
  await server.kill();
  rmSync(join(directory, "appendonlydir"), { recursive: true });
  await server.restart();
  // A grant finds out that the server lacks its marker.
  await until(async () => {
    await guarded.using("volume:lost", () => undefined);
    return (await guarded.health()).instances[0]?.state === "quarantined";
  });
});

describe("the user `locker`", () => {
  test("has the rights that docs/servers.md gives", () => {
    const [, rights = ""] = /^ACL SETUSER locker on >secret (.*)$/m.exec(read("docs/servers.md")) ?? [];
    expect(rights).not.toBe("");
    const lines = read("deploy/server/users.acl.template").split("\n");
    expect(lines).toContain(`user locker on #LOCKER_PASSWORD_SHA256 ${rights}`);
    expect(lines.find((line) => line.startsWith("user operator"))).toContain(rights);
  });

  test("can do all that the library does", async () => {
    const [one, two] = [redlockOf(), redlockOf()];
    const failures: unknown[] = [];
    for (const redlock of [one, two]) redlock.on("instance:wake:lost", (event) => failures.push(event));
    const held = await one.acquire(["order:1", "order:2"], { ttl: 60_000 });
    await held.extend();
    const waiting = two.acquire("order:1", { wait: 60_000 });
    // The second client is in line.
    await until(
      async () => (await Promise.all(admins.map((each) => each.keys("lock:~wake:*")))).flat().length > 0,
    );
    await held.release();
    await (await waiting).release();
    const fair = await one.fair("line").acquire();
    await fair.extend();
    await fair.release();
    const permit = await one.semaphore("permits", { permits: 2 }).acquire();
    await permit.extend();
    await permit.release();
    await (await one.readWrite("book").read.acquire()).release();
    await (await one.readWrite("book").write.acquire()).release();
    await (await one.tenant("acme", { maxLocks: 2 }).mutex("order:1").acquire()).release();
    const records = lockRecords(one);
    const options = { createdAt: Date.now() + 600_000, keep: 60_000 };
    await records.put("order:1", { fence: 1, version: 1, body: "done" }, options);
    expect((await records.open("order:1", 2, options)).record?.body).toBe("done");
    expect((await one.health()).voting).toBe(3);
    expect(failures).toEqual([]);
    expect(await refused()).toEqual([]);
  });

  test.each([
    ["FLUSHALL"],
    ["KEYS", "*"],
    ["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"],
    ["SHUTDOWN", "NOSAVE"],
    ["REPLICAOF", "127.0.0.1", "6379"],
    ["ACL", "LIST"],
    ["ACL", "SETUSER", "locker", "+@all"],
    ["MONITOR"],
    ["SCRIPT", "FLUSH"],
    ["CLIENT", "KILL", "TYPE", "normal"],
    ["GET", "other"],
    ["SET", "other", "1"],
    ["EVAL", "return redis.call('GET', 'other')", "0"],
    ["EVAL", "return redis.call('KEYS', '*')", "0"],
    ["SUBSCRIBE", "other"],
  ])("cannot %s %s", async (...command) => {
    const [server] = servers;
    const redis = connect(server!, "locker");
    closers.push(() => redis.disconnect());
    await expect(redis.call(...(command as [string, ...string[]]))).rejects.toThrow(
      /NOPERM|The user executing the script can't/,
    );
  });
});

test("a connection without a user can do nothing, and the user `probe` can only PING", async () => {
  const [{ port } = { port: 0 }] = servers;
  const nobody = new Redis(port, { enableReadyCheck: false });
  const probe = new Redis(port, { username: "probe", password: "none", enableReadyCheck: false });
  nobody.on("error", () => undefined);
  closers.push(() => [nobody, probe].forEach((redis) => redis.disconnect()));
  await expect(nobody.ping()).rejects.toThrow(/NOAUTH/);
  expect(await probe.ping()).toBe("PONG");
  for (const command of ["INFO", "DBSIZE", "COMMAND", "TIME"])
    await expect(probe.call(command)).rejects.toThrow(/NOPERM/);
  await expect(probe.get("lock:order:1")).rejects.toThrow(/NOPERM/);
});

test("the shipped users may do all that the commands do", async () => {
  const config = (user: string): string =>
    configFile(
      JSON.stringify({
        redis_instances: servers.map((server) => urlOf(server, user)),
        client: { restart_guard: false },
      }),
    );
  const options = globalOptions(config("operator"), { timeout: 5_000 });
  const holder = redlockOf("locker", { restartGuard: false, owner: "billing-7:3121" });
  const lock = await holder.acquire("order:8", { ttl: 60_000, autoExtend: false });
  const file = join(mkdtempSync(join(secrets, "backup-")), "locks");
  const codes: Record<string, number> = {};
  const run = async (name: string, action: () => Promise<void>): Promise<void> => {
    codes[name] = (await runAction(action)).code;
  };
  await run("list", () => showList(undefined, { ...options, sort: "blocked", limit: 1_000, watch: false }));
  await run("inspect", () => inspectLock("order:8", options));
  await run("diagnose", () => diagnose(undefined, { ...options, scanTime: 10_000 }));
  await run("backup", () => backup(file, { ...options, force: false }));
  await run("restore", () => restore(file, { ...options, apply: true, force: true }));
  await run("bench", () => runBench({ ...options, for: 200, concurrency: 2 }));
  await run("unlock", () =>
    unlock("order:8", { ...options, now: false, yes: true, token: lock.token.slice(0, 8) }),
  );
  const command = ["nightly", "--", process.execPath, "-e", ""];
  const args = ["exec", "--config", config("locker"), "--record", ...command];
  const { code, stderr } = await runCommand(args);
  expect([code, stderr]).toEqual([0, ""]);
  expect(codes).toMatchObject({ list: 0, inspect: 0, backup: 0, restore: 0, bench: 0, unlock: 0 });
  expect(await refused()).toEqual([]);
});

describe("the user `operator`", () => {
  interface Config {
    readonly redis_instances: readonly { username: string; password_file: string }[];
    readonly monitor: { listen: string; public_hosts: string[]; release: boolean };
    readonly monitor_tokens: readonly { name: string; role: "read" | "release"; token_file: string }[];
  }

  test.each(["deploy/quorumlock.yaml", "deploy/kubernetes/base/config/monitor.yaml"])(
    "is enough for a monitor with the settings of %s, with releases switched on",
    async (path) => {
      const config = parse(read(path)) as Config;
      const file = (name: string): string => secret(name.replace("/run/secrets/", ""));
      expect(config.redis_instances).toHaveLength(5);
      expect(config.monitor.release).toBe(false);
      const instances: MonitorServer[] = servers.map(({ url }, index) => {
        const { username = "", password_file: password = "" } = config.redis_instances[index] ?? {};
        return { url, redis: { username, password: file(password) } };
      });
      const monitor = await startMonitor({
        instances,
        // On loopback the port alone, so that nothing of the test listens on other addresses.
        listen: "127.0.0.1:0",
        publicHosts: config.monitor.public_hosts,
        // Off as shipped. Here it is switched on, as an operator would.
        release: true,
        tokens: config.monitor_tokens.map(({ name, role, token_file: token }) => ({
          name,
          role,
          token: file(token),
        })),
        log: () => undefined,
      });
      closers.push(() => monitor.close());
      const holder = redlockOf();
      const held = await holder.acquire("order:7", { ttl: 60_000 });
      const get = (url: string, token: string): Promise<Response> =>
        fetch(monitor.url + url, { headers: { authorization: `Bearer ${file(token)}` } });
      await until(async () => (await fetch(`${monitor.url}/health`)).status === 200);
      expect(await (await get("/metrics", "monitor_read_token")).text()).toMatch(
        /^redlock_instance_voting\{server="[^"]+"\} 1$/m,
      );
      expect((await get("/api/locks/order:7", "monitor_read_token")).status).toBe(200);
      const reply = await fetch(`${monitor.url}/api/locks/order:7/release`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${file("monitor_release_token")}`,
        },
        body: JSON.stringify({
          name: "order:7",
          holderId: held.token.slice(0, 8),
          fence: held.fence,
          mode: "now",
          reason: "test",
        }),
      });
      expect([reply.status, await reply.text()]).toEqual([200, expect.anything()]);
      const audit = (await (await get("/api/audit", "monitor_release_token")).json()) as {
        records: readonly { holder?: { id: string } }[];
      };
      expect(audit.records[0]?.holder?.id).toBe(held.token.slice(0, 8));
      await held.release().catch(() => undefined);
      expect(await refused()).toEqual([]);
    },
  );
});
