import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { type LockDescription, Redlock } from "../../src/index.ts";
import { FRESH } from "../support/fresh.ts";
import { locksOn, ports, testServers } from "../support/server-access.ts";
import { eventually, rejection } from "../support/timing.ts";
import { userClients } from "../support/user-clients.ts";

const servers = await testServers(3);
const redlock = new Redlock(
  servers.map(({ server }) => server.url),
  { ...FRESH, owner: "this process" },
);
afterAll(() => redlock.close());

/** Another process with the library. Each order is one line of JSON, and so is its answer. */
class OtherProcess {
  readonly #child = spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      "--conditions=@quorumlock/source",
      fileURLToPath(new URL("../support/attach-process.ts", import.meta.url)),
      ...ports(servers).map(String),
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
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
