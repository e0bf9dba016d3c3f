import { Redis } from "ioredis";
import { afterAll, describe, expect, test } from "vitest";
import Redlock, {
  ExecutionError,
  type ExecutionStats,
  Lock,
  Redlock as NamedRedlock,
  ResourceLockedError,
} from "../../../src/compat/redlock/index.ts";
import { FRESH } from "../../support/fresh.ts";
import { testServers } from "../../support/server-access.ts";
import { eventually, rejection } from "../../support/timing.ts";

// What the drop-in has in common with `redlock` 5. The suite of that package runs with `npm run test:redlock-suite`.

const NO_QUORUM = "The operation was unable to achieve a quorum during its retry window.";
/** A duration above every time that the library limits elsewhere. */
const ENDLESS_MS = Math.floor(Number.MAX_SAFE_INTEGER / 10);
const DAY_MS = 86_400_000;
const QUICK = { retryCount: 2, retryDelay: 1, retryJitter: 0 } as const;

const servers = await testServers(3);
const clients = servers.map(({ server }) => new Redis(server.port));
const admins = servers.map(({ admin }) => admin);
const redlock = new Redlock(clients, FRESH);
afterAll(() => redlock.quit());

let names = 0;
const newName = (): string => `resource-${(names += 1)}`;
const values = (name: string): Promise<(string | null)[]> =>
  Promise.all(admins.map((admin) => admin.get(name)));
const executionError = async (promise: Promise<unknown>): Promise<ExecutionError> => {
  const error = await rejection(promise);
  expect(error).toBeInstanceOf(ExecutionError);
  return error as ExecutionError;
};
const allStats = (attempts: readonly Promise<ExecutionStats>[]): Promise<ExecutionStats[]> =>
  Promise.all(attempts);

describe("a lock", () => {
  test("is the plain key of the resource with the value of the lock, and its duration as expiry", async () => {
    const resources = [newName(), newName()];
    const lock = await redlock.acquire(resources, DAY_MS);
    for (const name of resources) {
      await eventually("all servers have it", async () =>
        (await values(name)).every((value) => value === lock.value),
      );
      for (const admin of admins) {
        const left = await admin.pttl(name);
        expect(left).toBeGreaterThan(DAY_MS / 2);
        expect(left).toBeLessThanOrEqual(DAY_MS);
      }
    }
    await lock.release();
    for (const name of resources)
      await eventually("no server has it", async () => (await values(name)).every((value) => value === null));
  });

  test("has the fields of redlock 5, and a fencing token", async () => {
    const before = Date.now();
    const name = newName();
    const lock = await redlock.acquire([name], DAY_MS);
    expect(lock).toBeInstanceOf(Lock);
    expect(Object.keys(lock)).toEqual(["redlock", "resources", "value", "attempts", "expiration"]);
    expect(lock.redlock).toBe(redlock);
    expect(lock.resources).toEqual([name]);
    // One percent and 2 ms less than the duration.
    expect(lock.expiration).toBeGreaterThanOrEqual(before + DAY_MS * 0.99 - 3);
    expect(lock.expiration).toBeLessThan(Date.now() + DAY_MS * 0.99);
    await lock.release();
    const next = await redlock.acquire([name], DAY_MS);
    expect(next.fence).toBeGreaterThan(lock.fence!);
    await next.release();
  });

  test("extends to a new lock with the same value, and the old one has ended", async () => {
    const name = newName();
    const first = await redlock.acquire([name], DAY_MS, { driftFactor: 0 });
    const second = await first.extend(3 * DAY_MS);
    expect([first.expiration, second.value, second.fence]).toEqual([0, first.value, first.fence]);
    expect(second.expiration).toBeGreaterThan(Date.now() + 2 * DAY_MS);
    await eventually("all servers have extended it", async () => {
      const left = await Promise.all(admins.map((admin) => admin.pttl(name)));
      return left.every((ms) => ms > 2 * DAY_MS);
    });
    const error = await executionError(first.extend(DAY_MS));
    expect([error.message, error.attempts]).toEqual(["Cannot extend an already-expired lock.", []]);
    await second.release();
  });

  test("can have a duration of centuries", async () => {
    const lock = await redlock.acquire([newName()], ENDLESS_MS);
    const extended = await lock.extend(3 * ENDLESS_MS);
    expect(extended.expiration).toBeGreaterThan(Date.now() + 2 * ENDLESS_MS);
    await extended.release();
  });

  test("is exclusive, also with other locks on some of its resources", async () => {
    const [a, b, c] = [newName(), newName(), newName()];
    const lock = await redlock.acquire([a, b], DAY_MS);
    const error = await executionError(redlock.acquire([b, c], DAY_MS, QUICK));
    expect([error.name, error.message]).toEqual(["ExecutionError", NO_QUORUM]);
    expect(error.attempts).toHaveLength(3);
    for (const stats of await allStats(error.attempts)) {
      expect(stats).toMatchObject({ membershipSize: 3, quorumSize: 2 });
      expect(stats.votesFor.size).toBe(0);
      expect([...stats.votesAgainst.keys()].every((client) => redlock.clients.has(client))).toBe(true);
      for (const refusal of stats.votesAgainst.values()) {
        expect(refusal).toBeInstanceOf(ResourceLockedError);
        expect(refusal.message).toBe("The operation was applied to: 0 of the 2 requested resources.");
      }
    }
    expect(await values(c)).toEqual([null, null, null]);
    await lock.release();
  });

  test("expires if it is not extended", async () => {
    const name = newName();
    const first = await redlock.acquire([name], 200);
    const second = await redlock.acquire([name], DAY_MS, { retryCount: -1, retryDelay: 20 });
    expect(second.value).not.toBe(first.value);
    await second.release();
  });

  test("does not need a minority, whose votes are counted", async () => {
    const name = newName();
    await admins[2]!.set(name, "other");
    const lock = await redlock.acquire([name], DAY_MS);
    const stats = await lock.attempts.at(-1);
    expect(stats!.votesFor.size).toBeGreaterThanOrEqual(2);
    expect(stats!.votesAgainst.get(clients[2]!)).toBeInstanceOf(ResourceLockedError);
    const extended = await lock.extend(3 * DAY_MS);
    expect(await admins[2]!.pttl(name)).toBe(-1);
    const { attempts } = await extended.release();
    expect((await attempts[0]!).votesAgainst.get(clients[2]!)).toBeInstanceOf(ResourceLockedError);
    expect(await values(name)).toEqual([null, null, "other"]);
  });

  test("that another process has released by its value is not extended", async () => {
    const name = newName();
    const lock = await redlock.acquire([name], DAY_MS);
    await new Lock(redlock, [name], lock.value, [], lock.expiration).release();
    await executionError(lock.extend(DAY_MS));
    expect([await values(name), lock.expiration]).toEqual([[null, null, null], 0]);
  });

  test("of another process can be extended and released by its value, where it is held", async () => {
    const name = newName();
    const other = new Redlock(clients, FRESH);
    const theirs = await other.acquire([name], DAY_MS);
    const described = new Lock(redlock, [name], theirs.value, [], theirs.expiration);
    const ours = await described.extend(3 * DAY_MS);
    expect([ours.value, ours.fence]).toEqual([theirs.value, undefined]);
    await ours.release();
    const gone = new Lock(redlock, [name], theirs.value, [], theirs.expiration);
    await executionError(gone.extend(DAY_MS));
    expect(await values(name)).toEqual([null, null, null]);
  });
});

describe("`using`", () => {
  test("extends the lock while the routine runs, and returns its result", async () => {
    const name = newName();
    // The first extension comes after 0.5 s.
    const result = await redlock.using(
      [name],
      5_000,
      { automaticExtensionThreshold: 4_500 },
      async (signal) => {
        const value = await admins[0]!.get(name);
        let left = await admins[0]!.pttl(name);
        // The expiry moves back only by an extension.
        await eventually("it is extended", async () => {
          const before = left;
          left = await admins[0]!.pttl(name);
          return left > before;
        });
        expect([await admins[0]!.get(name), signal.aborted, signal.error]).toEqual([value, false, undefined]);
        return "done";
      },
    );
    expect(result).toBe("done");
    await eventually("it is released", async () => (await values(name)).every((value) => value === null));
  });

  test("sets the key again on a server that has lost it", async () => {
    const name = newName();
    // The first extension comes after some 0.4 s.
    const settings = { automaticExtensionThreshold: 59_000 };
    await redlock.using([name], 60_000, settings, async () => {
      const value = await admins[0]!.get(name);
      await admins[1]!.del(name);
      await eventually("it is there again", async () => (await admins[1]!.get(name)) === value);
    });
  });

  test("runs one routine at a time", async () => {
    const name = newName();
    let [inside, maxInside] = [0, 0];
    await Promise.all(
      Array.from({ length: 5 }, () =>
        redlock.using([name], DAY_MS, { retryCount: -1, retryDelay: 2, retryJitter: 1 }, async () => {
          inside += 1;
          maxInside = Math.max(maxInside, inside);
          await new Promise((resolve) => setImmediate(resolve));
          inside -= 1;
        }),
      ),
    );
    expect(maxInside).toBe(1);
  });
});

describe("a client of a `Redlock`", () => {
  test("that is closed has the error of ioredis, in each of the attempts", async () => {
    const closed = new Redis({ port: servers[0]!.server.port, lazyConnect: true });
    closed.disconnect();
    const error = await executionError(new Redlock([closed]).acquire([newName()], DAY_MS, QUICK));
    expect(error.attempts).toHaveLength(3);
    for (const { votesAgainst } of await allStats(error.attempts))
      expect(votesAgainst.get(closed)?.message).toBe("Connection is closed.");
  });

  test("gets no further listeners if a program makes a `Redlock` for each request", async () => {
    const client = new Redis(servers[0]!.server.port);
    await (await new Redlock([client]).acquire([newName()], DAY_MS)).release();
    const listeners = client.listenerCount("close");
    for (let request = 0; request < 50; request += 1)
      await (await new Redlock([client]).acquire([newName()], DAY_MS)).release();
    expect(client.listenerCount("close")).toBe(listeners);
    await new Redlock([client]).quit();
    await eventually("the client has ended", () => client.status === "end");
  });

  test("that does not answer votes against, and the others grant the lock", async () => {
    const own = new Redlock(
      servers.map(({ server }) => new Redis(server.port)),
      FRESH,
    );
    const name = newName();
    await (await own.acquire([name], DAY_MS)).release();
    await admins[2]!.client("PAUSE", DAY_MS, "WRITE");
    const lock = await own.acquire([name], DAY_MS);
    const stats = await lock.attempts.at(-1);
    await admins[2]!.client("UNPAUSE");
    const [, , silent] = own.clients;
    expect(stats!.votesAgainst.get(silent!)).toMatchObject({ code: "INSTANCE_TIMEOUT" });
    await lock.release();
    await own.quit();
  });

  test("that leads to the same server as another one is refused", async () => {
    const { port } = servers[0]!.server;
    const own = new Redlock([new Redis(port), new Redis(port)]);
    expect(await rejection(own.acquire([newName()], DAY_MS))).toHaveProperty(
      "name",
      "DuplicateInstanceError",
    );
    await own.quit();
  });

  test("emits an error for each vote against an operation", async () => {
    const name = newName();
    const own = new NamedRedlock(clients, FRESH);
    const errors: unknown[] = [];
    own.on("error", (error) => errors.push(error));
    await admins[0]!.set(name, "other");
    const lock = await own.acquire([name], DAY_MS);
    await allStats(lock.attempts);
    expect(errors.filter((error) => error instanceof ResourceLockedError)).toHaveLength(lock.attempts.length);
    await lock.release();
    await admins[0]!.del(name);
  });
});

test("an operation that waits for its next attempt ends when the `Redlock` is closed", async () => {
  const client = new Redis(servers[0]!.server.port);
  const own = new Redlock([client]);
  const name = newName();
  await admins[0]!.set(name, "other");
  const refused = new Promise((resolve) => void own.once("error", resolve));
  const waiting = executionError(own.acquire([name], DAY_MS, { retryCount: -1, retryDelay: DAY_MS }));
  await refused;
  await own.quit();
  await waiting;
  await admins[0]!.del(name);
});
