import { readdirSync, readFileSync } from "node:fs";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import Redlock5 from "../../src/compat/redlock/index.ts";
import { type InstanceSource, Redlock, type RedlockOptions } from "../../src/index.ts";
import { lockRecords } from "../../src/patterns/index.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { startRedisCluster } from "../../src/testing/index.ts";
import { webLocks } from "../../src/web-locks/index.ts";
import { type ClientKind, clusterKinds, singleKinds } from "../support/clients.ts";
import { glideClusterKind, glideKind, restKinds } from "../support/further-clients.ts";
import { FRESH } from "../support/fresh.ts";
import { withoutCounters } from "../support/lock-keys.ts";
import { testServers } from "../support/server-access.ts";
import { eventually, rejection } from "../support/timing.ts";

// The user of docs/servers.md, made by the commands of that page as they are.

const page = readFileSync(new URL("../../../../docs/servers.md", import.meta.url), "utf8");
const commands = [...page.matchAll(/```acl\n(.*?)\n```/gs)].map(([, text]) => (text ?? "").split(" "));
const [single = [], cluster = []] = commands;
const user = { username: "locker", password: "secret" };

const servers = await testServers(4);
const nodes = await startRedisCluster();
const nodeAdmins = nodes.nodes.map(({ port }) => new Redis(port));
const admins = [...servers.map(({ admin }) => admin), ...nodeAdmins];
const closers: (() => unknown)[] = [];

beforeEach(async () => {
  for (const admin of admins) {
    await admin.call("ACL", "DELUSER", user.username);
    await admin.call(...(single as [string, ...string[]]));
    await admin.call("ACL", "LOG", "RESET");
  }
  for (const admin of nodeAdmins) await admin.call(...(cluster as [string, ...string[]]));
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
afterAll(async () => {
  for (const admin of nodeAdmins) admin.disconnect();
  await nodes.stop();
});

/** What servers have refused, except commands with which clients name themselves: they ignore the refusal. */
async function refused(): Promise<readonly string[]> {
  const logs = await Promise.all(admins.map((admin) => admin.call("ACL", "LOG")));
  const entries = (logs as readonly (readonly (readonly string[])[])[]).flat();
  return entries
    .map((entry) => `${entry[5]} ${entry[7]}`)
    .filter((text) => !text.startsWith("toplevel client|"));
}

/** Clients of the user. */
async function connect(
  kind: ClientKind,
  ports: readonly (readonly number[])[],
): Promise<readonly InstanceSource[]> {
  const clients = await Promise.all(ports.map((each) => kind.connect(each, user)));
  for (const { close } of clients) closers.push(close);
  return clients.map(({ source }) => source);
}

function redlockOf(sources: readonly InstanceSource[], options: RedlockOptions = {}): Redlock {
  const redlock = new Redlock(sources, { ...FRESH, ...options });
  closers.unshift(() => redlock.close());
  return redlock;
}

test("the page has one command for all servers and one for clusters", () => {
  expect(commands.map(([name]) => name)).toEqual(["ACL", "ACL"]);
});

test("the command permits every command of the scripts", () => {
  const folder = new URL("../../src/operations/", import.meta.url);
  const lua = readdirSync(folder)
    .filter((file) => file.endsWith(".lua"))
    .map((file) => readFileSync(new URL(file, folder), "utf8"))
    .join("\n");
  const called = [...lua.matchAll(/\bp?call\('([A-Z]+)'/g)].map(([, name]) => `+${name?.toLowerCase()}`);
  expect(called.length).toBeGreaterThan(20);
  expect([...new Set(called)].filter((right) => !single.includes(right))).toEqual([]);
});

const portsOf = (...places: readonly number[]): number[][] =>
  places.map((place) => [servers[place]!.server.port]);
const clusterPorts = [nodes.nodes.map(({ port }) => port)];

describe.each([
  ...[...singleKinds, glideKind].map((kind) => ({ name: kind.name, kind, ports: portsOf(0) })),
  ...[...clusterKinds, glideClusterKind].map((kind) => ({ name: kind.name, kind, ports: clusterPorts })),
])("with these rights, a client of $name", ({ kind, ports }) => {
  test("acquires, extends, waits, is woken, and releases", async () => {
    const one = redlockOf(await connect(kind, ports), { ttl: 600_000 });
    const two = redlockOf(await connect(kind, ports));
    const failures: unknown[] = [];
    for (const redlock of [one, two]) redlock.on("instance:wake:lost", (event) => failures.push(event));
    for (const names of ["order:42", ["order:42", "{tenant}:orders"]]) {
      const held = await one.acquire(names);
      await held.extend();
      // The lease of the holder does not end during the test.
      const waiting = two.acquire(names, { wait: 600_000, ttl: 60_000 });
      await eventually(
        "the second client is in line",
        async () => (await Promise.all(admins.map((admin) => admin.keys("lock:~wake:*")))).flat().length > 0,
      );
      const attempts: number[] = [];
      const stop = two.on("lock:acquire:succeeded", (event) => attempts.push(event.attempts));
      // A hand-over in the second process.
      const next = two.acquire(names, { wait: 600_000, ttl: 60_000 });
      await held.release();
      await (await waiting).release();
      await (await next).release();
      stop();
      // Two attempts before it slept, and one after each message. Polling needs many.
      expect(attempts[0]).toBeLessThanOrEqual(5);
    }
    expect(failures).toEqual([]);
    expect(await refused()).toEqual([]);
    for (const admin of admins) expect(withoutCounters(await admin.keys("*"))).toEqual([]);
  });
});

test.each([...singleKinds, glideKind, restKinds[0]!])(
  "with these rights, clients of $name give a server its counters back, keep records and change the set",
  async (kind) => {
    const [a, b, c, d] = await connect(kind, portsOf(0, 1, 2, 3));
    const redlock = redlockOf([a!, b!, c!], { restartGuard: true, ttl: 300, requestTimeout: 5_000 });
    const before = await redlock.using("order:42", { wait: 60_000 }, ({ fence }) => fence);
    // Two others must be able to give the counters back.
    await eventually("all servers have their counters", async () => {
      const markers = await Promise.all(servers.slice(0, 3).map(({ admin }) => admin.get("lock:~server")));
      return markers.every((marker) => marker?.startsWith("complete ") === true);
    });
    await servers[0]!.admin.flushall();
    // A grant notices the loss.
    await eventually("the server got its counters from the others", async () => {
      await redlock.using("order:42", { wait: 60_000 }, () => undefined);
      return /^complete .* instances \d+$/.test((await servers[0]!.admin.get("lock:~server")) ?? "");
    });
    const records = lockRecords(redlock);
    const options = { createdAt: Date.now() + 600_000, keep: 60_000 };
    await records.put("order:42", { fence: before, version: 1, body: "done" }, options);
    const change = await redlock.reconfigure([a!, b!, d!]);
    await change.complete();
    expect((await records.open("order:42", before + 1, options)).record?.body).toBe("done");
    const after = await redlock.using("order:42", { wait: 60_000 }, ({ fence }) => fence);
    expect(after).toBeGreaterThan(before);
    expect(await refused()).toEqual([]);
  },
);

test("a user that may not write the notes of sets locks all the same", async () => {
  const keys = ["~lock:order:*", "~lock:~fence:*", "~lock:~wake:*", "~lock:~server"];
  const [admin] = admins;
  const rights = single.flatMap((right) => (right === "~lock:*" ? keys : [right]));
  await admin!.call("ACL", "DELUSER", user.username);
  await admin!.call(...(rights as [string, ...string[]]));
  const redlock = redlockOf(await connect(singleKinds[0]!, portsOf(0)));
  const failures: unknown[] = [];
  redlock.on("instance:down", (event) => failures.push(event));
  redlock.on("lock:acquire:failed", (event) => failures.push(event));
  for (let turn = 0; turn < 3; turn++) await redlock.using("order:42", () => undefined);
  expect((await refused()).join()).toContain(keySpaceOf("lock:").notes);
  expect(failures).toEqual([]);
});

test("the drop-in for redlock needs the resources, and the library's own keys without a prefix", async () => {
  const rights = single.flatMap((right) =>
    right === "~lock:*" ? ["~order:*", "~~*"] : [right.replace("&lock:*", "&~*")],
  );
  for (const admin of admins) {
    await admin.call("ACL", "DELUSER", user.username);
    await admin.call(...(rights as [string, ...string[]]));
  }
  const redlock = new Redlock5((await connect(singleKinds[0]!, portsOf(0, 1, 2))) as never, FRESH);
  const lock = await redlock.acquire(["order:42", "order:43"], 60_000);
  await (await lock.extend(60_000)).release();
  expect(await redlock.using(["order:42"], 60_000, async () => "done")).toBe("done");
  for (const { admin } of servers) expect(await admin.exists("order:42", "order:43")).toBe(0);
  await redlock.quit();
  expect(await refused()).toEqual([]);
});

test("a theft from several readers needs the rights of read/write locks, and none of semaphores", async () => {
  const [admin] = admins;
  const first = single.indexOf("+getrange");
  const rights = single.slice(first, single.indexOf("+zrevrange") + 1).map((right) => `-${right.slice(1)}`);
  await admin!.call("ACL", "SETUSER", user.username, ...rights);
  const [source] = await connect(singleKinds[0]!, portsOf(0));
  const locks = webLocks(redlockOf([source!], { requestTimeout: 5_000 }));
  let readers = 0;
  const robbed = [1, 2].map(() =>
    rejection(
      locks.request("order:42", { mode: "shared" }, () => {
        readers += 1;
        return new Promise(() => undefined);
      }),
    ),
  );
  await eventually("both read", () => readers === 2);
  expect(await locks.request("order:42", { steal: true }, () => "stolen")).toBe("stolen");
  for (const error of robbed) expect(await error).toMatchObject({ name: "AbortError" });
  expect(await refused()).toEqual([]);
});
