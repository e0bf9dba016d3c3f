import { Redis } from "ioredis";
import { afterAll, describe, expect, test } from "vitest";
import Redlock, { ExecutionError, ResourceLockedError } from "../../../src/compat/redlock/index.ts";
import { FRESH } from "../../support/fresh.ts";
import { testServers } from "../../support/server-access.ts";
import { aborted, eventually, rejection } from "../../support/timing.ts";

// Faults of `redlock` 5 that the drop-in does not have.

const LONG_MS = 60_000;
const servers = await testServers(4);
const clients = servers.map(({ server }) => new Redis(server.port));
const admins = servers.map(({ admin }) => admin);
const redlock = new Redlock(clients.slice(0, 3), FRESH);
afterAll(async () => {
  await redlock.quit();
  clients[3]!.disconnect();
});

const deleteAll = (name: string): Promise<unknown> => Promise.all(admins.map((admin) => admin.del(name)));

describe("an even split of the votes", () => {
  test.each([2, 4])("of %i clients is a refusal: the operation does not hang", async (count) => {
    const name = `split ${count}`;
    const even = new Redlock(clients.slice(0, count), FRESH);
    for (const admin of admins.slice(0, count / 2)) await admin.set(name, "other");
    const error = await rejection(even.acquire([name], LONG_MS, { retryCount: 0 }));
    expect(error).toBeInstanceOf(ExecutionError);
    const stats = await (error as ExecutionError).attempts[0]!;
    expect(stats.votesFor.size + stats.votesAgainst.size).toBe(count);
    expect([stats.quorumSize, stats.votesFor.size <= count / 2]).toEqual([count / 2 + 1, true]);
    await deleteAll(name);
  });
});

describe("votes of a minority", () => {
  test("are undone after each attempt, not only after the last one", async () => {
    const name = "partial";
    const own = new Redlock(
      servers.slice(0, 3).map(({ server }) => new Redis(server.port)),
      FRESH,
    );
    for (const admin of admins.slice(1, 3)) await admin.set(name, "other");
    let [errors, isPending] = [0, true];
    own.on("error", () => (errors += 1));
    const waiting = rejection(own.acquire([name], LONG_MS, { retryCount: 1, retryDelay: LONG_MS }));
    void waiting.then(() => (isPending = false));
    await eventually("two clients refused", () => errors === 2);
    await eventually("the third holds nothing", async () => (await admins[0]!.get(name)) === null);
    expect(isPending).toBe(true);
    await own.quit();
    await waiting;
    await deleteAll(name);
  });
});

describe("a failed acquisition", () => {
  test("has sent the releases of its votes, so the next command of a client finds no key", async () => {
    const name = "undone";
    for (const admin of admins.slice(1, 3)) await admin.set(name, "other");
    for (let turn = 0; turn < 20; turn += 1) {
      await rejection(redlock.acquire([name], LONG_MS, { retryCount: 0 }));
      expect(await clients[0]!.get(name)).toBeNull();
    }
    await deleteAll(name);
  });
});

describe("the release of a lock that has expired", () => {
  test("fails after one attempt, because no retry can succeed", async () => {
    const lock = await redlock.acquire(["expired"], LONG_MS);
    await deleteAll("expired");
    const error = await rejection(lock.release({} as never));
    expect(error).toBeInstanceOf(ExecutionError);
    expect((error as ExecutionError).attempts).toHaveLength(1);
    const { votesAgainst } = await (error as ExecutionError).attempts[0]!;
    expect([...votesAgainst.values()].every((each) => each instanceof ResourceLockedError)).toBe(true);
  });
});

describe("a lock that another process has taken", () => {
  test("is not tried to extend for the whole retry window, and has ended", async () => {
    const lock = await redlock.acquire(["taken"], LONG_MS);
    await Promise.all(admins.map((admin) => admin.set("taken", "other")));
    const error = await rejection(lock.extend(LONG_MS));
    expect([(error as ExecutionError).attempts.length, lock.expiration]).toEqual([1, 0]);
    await deleteAll("taken");
  });

  test("aborts the signal of `using` at its next extension", async () => {
    // The first extension comes after 0.4 s, and the lease ends after 59 s.
    const settings = { automaticExtensionThreshold: LONG_MS - 1_000 };
    const startedAt = performance.now();
    const error = await rejection(
      redlock.using(["taken in using"], LONG_MS, settings, async (signal) => {
        await Promise.all(admins.map((admin) => admin.set("taken in using", "other")));
        await aborted(signal);
        expect(signal.error).toBeInstanceOf(ExecutionError);
        expect(signal.reason).toMatchObject({ name: "AbortError" });
        expect(performance.now() - startedAt).toBeLessThan(LONG_MS / 2);
      }),
    );
    expect(error).toBeInstanceOf(ExecutionError);
    await deleteAll("taken in using");
  });
});

describe("servers that do not answer", () => {
  test("do not delay the signal of `using` beyond the end of the lease", async () => {
    // Scripts wait until the pause ends, and reading does not.
    const pauses = servers.slice(0, 3).map(({ server }) => new Redis(server.port));
    const error = await rejection(
      redlock.using(["silent"], 600, { automaticExtensionThreshold: 400 }, async (signal) => {
        for (const pause of pauses) await pause.client("PAUSE", LONG_MS, "WRITE");
        await aborted(signal);
        // The pause has not ended, so no server has answered.
        for (const pause of pauses) await pause.client("UNPAUSE");
        return signal.error;
      }),
    );
    expect(error).toBeInstanceOf(ExecutionError);
    for (const pause of pauses) pause.disconnect();
  });
});

describe("errors", () => {
  test("of the routine are not replaced by that of the release", async () => {
    const thrown = new Error("of the routine");
    const routine = async (): Promise<never> => {
      await deleteAll("masked");
      throw thrown;
    };
    expect(await rejection(redlock.using(["masked"], LONG_MS, routine))).toBe(thrown);
  });

  test("of the release do not replace the result of a routine that held the lock", async () => {
    const errors: Error[] = [];
    const onError = (error: Error): void => void errors.push(error);
    redlock.on("error", onError);
    const result = await redlock.using(["unconfirmed"], LONG_MS, async () => {
      await deleteAll("unconfirmed");
      return "the result";
    });
    redlock.off("error", onError);
    expect(result).toBe("the result");
    expect(errors.length).toBeGreaterThanOrEqual(2);
  });

  test("of a listener do not reach the operation", async () => {
    const own = new Redlock(clients.slice(0, 3), FRESH);
    const warned = new Promise((resolve) => process.once("warning", resolve));
    own.on("error", () => {
      throw new Error("of the listener");
    });
    await admins[0]!.set("listener", "other");
    const lock = await own.acquire(["listener"], LONG_MS);
    expect(await warned).toHaveProperty("message", 'a listener of "error" threw: of the listener');
    await lock.release();
    await deleteAll("listener");
  });
});
