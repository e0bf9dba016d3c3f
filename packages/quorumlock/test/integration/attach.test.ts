import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { afterAll, expect, test } from "vitest";
import { type Lock, type Lockable, type LockDescription, Redlock } from "../../src/index.ts";
import { startRedisCluster } from "../../src/testing/index.ts";
import { bundle } from "../support/bundled-program.ts";
import { FRESH } from "../support/fresh.ts";
import { locksOn, ports, testServers } from "../support/server-access.ts";
import { eventually, rejection } from "../support/timing.ts";
import { userClients } from "../support/user-clients.ts";

const servers = await testServers(3);
const program = await bundle(new URL("../support/attach-process.ts", import.meta.url));
const redlock = new Redlock(
  servers.map(({ server }) => server.url),
  { ...FRESH, owner: "this process" },
);
afterAll(() => redlock.close());

/** Another process with the library. Each order is one line of JSON, and so is its answer. */
class OtherProcess {
  readonly #child = spawn(process.execPath, [program, ...ports(servers).map(String)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  readonly #lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  readonly #exited = new Promise<number | null>((resolve) => this.#child.once("exit", resolve));

  async ask<T>(order: unknown): Promise<T> {
    this.#child.stdin.write(`${JSON.stringify(order)}\n`);
    return JSON.parse((await this.#lines.next()).value as string) as T;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Lets it end by itself. Returns its exit code. */
  end(): Promise<number | null> {
    this.#child.stdin.end();
    return this.#exited;
  }
}

const others: OtherProcess[] = [];
afterAll(() => others.forEach((other) => other.kill()));
async function start(): Promise<OtherProcess> {
  const other = new OtherProcess();
  others.push(other);
  expect(await other.ask("start")).not.toBe(process.pid);
  return other;
}

async function expectNothingLeft(): Promise<void> {
  for (const server of servers)
    await eventually("no lock is left", async () => (await locksOn(server)).length === 0);
}

test("a lock passes to another process and back, with one token and one fencing token", async () => {
  const other = await start();
  const lock = await redlock.acquire(["order:1", "order:2"], { ttl: 6_000 });
  const { token, fence } = lock;
  expect(await other.ask(await lock.detach())).toMatchObject({ token, fence, isHeld: true });
  expect(lock.isHeld).toBe(false);
  // It extends itself there.
  const { admin } = servers[0]!;
  let before = await admin.pttl("lock:order:1");
  await eventually("the other process has extended the lock", async () => {
    const after = await admin.pttl("lock:order:1");
    const isExtended = after > before;
    before = after;
    return isExtended;
  });
  const error = await rejection(redlock.acquire("order:2", { wait: 100 }));
  expect(error).toMatchObject({ code: "LOCK_TIMEOUT", holder: { token, thisProcess: false } });
  const back = await redlock.attach(await other.ask<LockDescription>("detach"));
  expect([back.token, back.fence, back.isHeld]).toEqual([token, fence, true]);
  expect(await back.release()).toBe(true);
  expect(await other.end()).toBe(0);
  await expectNothingLeft();
});

const acme = redlock.tenant("acme", { maxLocks: 2 });
/** A lock of each kind, and a lockable that it excludes. */
const kinds: Readonly<Record<string, () => readonly [held: Promise<Lock>, rival: Lockable]>> = {
  read: () => [redlock.readWrite("doc").read.acquire(), redlock.readWrite("doc").write],
  write: () => [redlock.readWrite("doc").write.acquire(), redlock.readWrite("doc").read],
  tree: () => [
    redlock.hierarchy("acme", "orders", "42").acquire(),
    redlock.hierarchy("acme", "orders").shared,
  ],
  fair: () => [redlock.fair("turn").acquire(), redlock.fair("turn")],
  permits: () => [
    redlock.semaphore("jobs", { permits: 4 }).acquire({ permits: 4 }),
    redlock.semaphore("jobs", { permits: 4 }),
  ],
  "tenant's mutex": () => [acme.mutex(["a", "b"]).acquire(), acme.mutex("b")],
  "tenant's reader": () => [acme.readWrite("doc").read.acquire(), acme.readWrite("doc").write],
  "tenant's permits": () => [
    acme.semaphore("jobs", { permits: 2 }).acquire({ permits: 2 }),
    acme.semaphore("jobs", { permits: 2 }),
  ],
};

test.each(Object.entries(kinds))(
  "a lock of the kind %s passes to another process and back",
  async (_, make) => {
    const other = await start();
    const [acquiring, rival] = make();
    const lock = await acquiring;
    const { token, fence, names } = lock;
    const slots = "slots" in lock ? lock.slots : undefined;
    const description = await lock.detach();
    expect(await other.ask(description)).toMatchObject({
      token,
      fence,
      names,
      isHeld: true,
      ...(slots === undefined ? {} : { slots }),
    });
    expect(await rival.tryAcquire()).toBeNull();
    expect((await acme.usage()).held).toBe(description.tenant === undefined ? 0 : 1);
    const back = await redlock.attach(await other.ask<LockDescription>("detach"));
    expect([back.token, back.fence, back.isHeld]).toEqual([token, fence, true]);
    expect(back).toMatchObject(slots === undefined ? {} : { slots });
    await back.extend();
    expect(await back.release()).toBe(true);
    await expectNothingLeft();
    const error = await other.ask<{ error: string }>(description);
    expect(error.error).toContain("a quorum does not have its token");
    await (await rival.acquire()).release();
    expect(await other.end()).toBe(0);
    await expectNothingLeft();
  },
);

test("descriptions that are wrong about slots, modes or the limit are refused, and renew no key", async () => {
  const permits = await redlock.semaphore("jobs", { permits: 4 }).acquire({ permits: 2 });
  const tree = await redlock.hierarchy("acme", "orders").acquire();
  const limited = await acme.readWrite("doc").write.acquire();
  const described = [await permits.detach(), await tree.detach(), await limited.detach()] as const;
  const longest = async (): Promise<number> => {
    const keys = await Promise.all(servers.map((server) => locksOn(server)));
    expect(keys.map(({ length }) => length)).toEqual([5, 5, 5]);
    const left = servers.flatMap(({ admin }, index) => keys[index]!.map((key) => admin.pttl(key)));
    return Math.max(...(await Promise.all(left)));
  };
  const [ofPermits, ofTree, ofTenant] = described;
  for (const wrong of [
    { ...ofPermits, slots: [0, 1, 2] },
    { ...ofTree, modes: ["IX", "S"] },
    { ...ofTree, names: ["{acme}", "{acme}/other"] },
    { ...ofTenant, tenant: { ...ofTenant.tenant!, slot: 7 } },
    { ...ofTenant, kind: "read" },
  ])
    expect(await rejection(redlock.attach(wrong as LockDescription, { ttl: 90_000 }))).toMatchObject({
      code: "LOCK_LOST",
    });
  expect(await longest()).toBeLessThanOrEqual(permits.ttl);
  for (const each of described) expect(await (await redlock.attach(each)).release()).toBe(true);
  await expectNothingLeft();
});

test("locks of all kinds pass on in a cluster, also on names in several slots", async () => {
  const cluster = await startRedisCluster();
  const { Cluster } = await import("ioredis");
  const nodes = cluster.nodes.map(({ port }) => ({ host: "127.0.0.1", port }));
  const connections = [0, 1].map(() => new Cluster(nodes));
  const [one, two] = connections.map((each) => new Redlock([each], FRESH));
  const tenant = one!.tenant("acme", { maxLocks: 3 });
  const held = await Promise.all([
    one!.modes(["alpha", "beta", "gamma"].map((name) => ({ name, mode: "SIX" as const }))).acquire(),
    one!.semaphore("jobs", { permits: 3 }).acquire({ permits: 2 }),
    tenant.semaphore("jobs", { permits: 3 }).acquire({ permits: 2 }),
    tenant.hierarchy("orders", "42").acquire(),
  ]);
  for (const lock of held) {
    const attached = await two!.attach(await lock.detach());
    await attached.extend();
    expect([attached.token, attached.fence, attached.isHeld]).toEqual([lock.token, lock.fence, true]);
    expect(await attached.release()).toBe(true);
  }
  expect((await tenant.usage()).held).toBe(0);
  await Promise.all([one!.close(), two!.close()]);
  for (const connection of connections) connection.disconnect();
  await cluster.stop();
});

test("a waiter is woken by the release of the other process", async () => {
  const other = await start();
  const lock = await redlock.acquire("woken", { ttl: 60_000 });
  const description = await lock.detach();
  const waiting = redlock.acquire("woken", { wait: 50_000 });
  await other.ask(description);
  await eventually("the waiter is in line", async () => (await redlock.query("woken")).waiters === 1);
  await eventually(
    "the line is known to the servers",
    async () => (await servers[0]!.admin.keys("lock:~wake:*woken")).length === 1,
  );
  const releasedAt = performance.now();
  expect(await other.ask("release")).toBe(true);
  const next = await waiting;
  expect(performance.now() - releasedAt).toBeLessThan(5_000);
  expect(next.fence).toBeGreaterThan(lock.fence);
  await next.release();
  expect(await other.end()).toBe(0);
});

test("a lock whose new process dies expires, and cannot be attached after that", async () => {
  const other = await start();
  const description = await (await redlock.acquire("orphan", { ttl: 4_000 })).detach();
  expect(await other.ask(description)).toMatchObject({ isHeld: true });
  other.kill();
  const next = await redlock.acquire("orphan", { wait: 30_000 });
  expect(next.fence).toBeGreaterThan(description.fence);
  expect(await rejection(redlock.attach(description))).toMatchObject({ code: "LOCK_LOST" });
  await next.release();
  await expectNothingLeft();
});

test.each(userClients)("$name attaches", async (kind) => {
  const clients = servers.map(({ server }) => kind.create(server.port));
  await Promise.all(clients.map((client) => client.connect()));
  const other = new Redlock(
    clients.map(({ source }) => source),
    FRESH,
  );
  const lock = await redlock.acquire("a");
  const attached = await other.attach(await lock.detach());
  await attached.extend();
  expect([attached.isHeld, attached.fence]).toEqual([true, lock.fence]);
  expect(await attached.release()).toBe(true);
  await other.close();
  for (const client of clients) client.end();
  await expectNothingLeft();
});
