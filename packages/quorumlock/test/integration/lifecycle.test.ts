import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { FRESH } from "../support/fresh.ts";
import { locksOn, testServers } from "../support/server-access.ts";
import { aborted, eventually, rejection } from "../support/timing.ts";

const servers = await testServers(3);
const urls = servers.map(({ server }) => server.url);

afterEach(async () => {
  for (const server of servers)
    await eventually("no lock is left", async () => (await locksOn(server)).length === 0);
});

describe("close", () => {
  test("rejects waiters, releases held locks, aborts the signals of routines, and leaves no key and no connection", async () => {
    const redlock = new Redlock(urls, { ...FRESH, requestTimeout: 5_000 });
    const other = new Redlock(urls, { ...FRESH, requestTimeout: 5_000 });
    onTestFinished(() => other.close());
    const otherLock = await other.acquire("b");
    const lock = await redlock.acquire("a");
    const waits = [redlock.acquire("a", { wait: Infinity }), redlock.acquire("b", { wait: Infinity })];
    let routineHolds = false;
    const routine = redlock.using("c", async (_, signal) => {
      routineHolds = true;
      await aborted(signal);
      throw signal.reason;
    });
    const outcomes = Promise.all([...waits, routine].map(rejection));
    await eventually("the routine holds its lock", () => routineHolds);
    await Promise.all([redlock.close(), redlock.close()]);
    expect(await outcomes).toMatchObject([
      { code: "LOCK_CLOSED" },
      { code: "LOCK_CLOSED" },
      { code: "LOCK_LOST" },
    ]);
    expect(lock.signal.aborted).toBe(true);
    expect(await lock.release()).toBe(false);
    expect(await rejection(redlock.acquire("a"))).toMatchObject({ code: "LOCK_CLOSED" });
    expect(await rejection(redlock.tryAcquire("a"))).toMatchObject({ code: "LOCK_CLOSED" });
    await otherLock.release();
    await other.close();
    for (const { admin } of servers) {
      await eventually("only the test's own connection is left", async () => {
        const list = String(await admin.client("LIST"));
        return list.trim().split("\n").length === 1;
      });
    }
  });

  test("of an unused client opens no connection", async () => {
    await new Redlock(urls).close();
    await Redlock.memory().close();
  });

  test("resolves while every server hangs", async () => {
    const redlock = new Redlock(urls, { ...FRESH, requestTimeout: 1_000 });
    await redlock.acquire("a", { ttl: 300 });
    for (const { server } of servers) server.pause();
    const waiting = rejection(redlock.acquire("b", { wait: Infinity }));
    await redlock.close();
    expect(await waiting).toMatchObject({ code: "LOCK_CLOSED" });
    for (const { server } of servers) server.resume();
  });
});

describe("a process", () => {
  const run = async (scenario: string): Promise<string> => {
    const path = fileURLToPath(new URL("../support/lifecycle-process.ts", import.meta.url));
    const args = ["--import", "tsx", "--conditions=@quorumlock/source", path, scenario, ...urls];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
    return stdout.trim();
  };

  test("with a held lock ends by itself, because no timer keeps it running", async () => {
    expect(await run("forgotten")).toBe("end of program");
  });

  test("with a waiter runs until the wait is over", async () => {
    expect(await run("waiting")).toBe("LOCK_TIMEOUT");
  });

  test.each(["ioredis", "node-redis"])(
    "that waited, closes its clients of %s and forgets the Redlock ends by itself",
    async (library) => {
      expect(await run(`waited-${library}`)).toBe("end of program");
    },
  );

  test("with a wrong password or a wrong port gets errors, and ends after close without a delay", async () => {
    const lines = [...Array(4).fill("rejected LOCK_NO_QUORUM"), "0 timers"];
    expect((await run("refused")).split("\n")).toEqual(lines);
  });

  test("with a closed client ends by itself, because no socket and no timer remains", async () => {
    expect(await run("closed")).toBe("closed");
  });
});
