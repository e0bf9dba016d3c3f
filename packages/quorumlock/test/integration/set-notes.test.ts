import { afterEach, describe, expect, test } from "vitest";
import { type Lock, type LockEvents, Redlock, type RedlockOptions } from "../../src/index.ts";
import { startRedisCluster } from "../../src/testing/index.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { clusterKinds, singleKinds } from "../support/clients.ts";
import { FRESH } from "../support/fresh.ts";
import { startProxy } from "../support/proxy.ts";
import { locksOn, type TestServer, testServers } from "../support/server-access.ts";
import { eventually, rejection } from "../support/timing.ts";

// With a ttl of 1 s, a client that is in use renews its note every second, and 4 s of difference are tolerated.

const TTL_MS = 1_000;
const TOLERANCE_MS = 4_000;
const LIMIT_MS = 120_000;
const NOTES = keySpaceOf("lock:").notes;

const servers = await testServers(5);
const [a, b, c, d, e] = servers as [TestServer, TestServer, TestServer, TestServer, TestServer];
const ended: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ended.splice(0)) await end();
  for (const { admin } of servers) await admin.flushall();
});

interface Client {
  readonly redlock: Redlock;
  readonly heard: LockEvents["instance:unsafe"][];
}

function client(sources: ConstructorParameters<typeof Redlock>[0], options: RedlockOptions = {}): Client {
  const redlock = new Redlock(sources, { ...FRESH, ttl: TTL_MS, requestTimeout: 5_000, ...options });
  const heard: LockEvents["instance:unsafe"][] = [];
  redlock.on("instance:unsafe", (event) => heard.push(event));
  ended.push(() => redlock.close());
  return { redlock, heard };
}

/** Holds a lock until the test ends, so that the client is in use. If a pause of the machine ends the lease, it is acquired again. */
async function keepHeld({ redlock }: Client, name: string): Promise<Lock> {
  const acquire = (): Promise<Lock> => redlock.acquire(name, { autoExtend: true, wait: 60_000 });
  redlock.on("lock:lost", () => void acquire().catch(() => undefined));
  return acquire();
}

function urls(...list: readonly TestServer[]): readonly string[] {
  return list.map(({ server }) => server.url);
}

interface Note {
  readonly set: string;
  readonly first: number;
  readonly latest: number;
}

async function notesOn({ admin }: TestServer): Promise<readonly Note[]> {
  const text = (await admin.get(NOTES)) ?? "";
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [set = "", first, latest] = line.split(" ");
      return { set, first: Number(first), latest: Number(latest) };
    });
}

describe("two services with different lists of servers", () => {
  test("both hold a name, and both say so", async () => {
    const warnings: (Error & { code?: string })[] = [];
    const collect = (warning: Error): void => void warnings.push(warning);
    process.on("warning", collect);
    ended.push(() => process.off("warning", collect));
    const one = client(urls(a, b, c), { owner: "orders" });
    const other = client(urls(a, d, e), { owner: "billing" });
    // Both have a majority of their own list.
    for (const each of [one, other]) await keepHeld(each, "x");
    await eventually(
      "both report the server that both use",
      () => one.heard.length > 0 && other.heard.length > 0,
      LIMIT_MS,
    );
    const { host: instance } = new URL(a.server.url);
    expect([...one.heard, ...other.heard]).toMatchObject(
      [1, 2].map(() => ({ instance, cause: "membership", abstainsMs: 0 })),
    );
    expect(one.heard[0]!.message).toContain('a client with the owner label "billing" uses another set');
    expect(other.heard[0]!.message).toContain('a client with the owner label "orders" uses another set');
    const isWarning = ({ code }: { code?: string }): boolean => code === "QUORUMLOCK_MEMBERSHIP";
    await eventually("both have warned", () => warnings.filter(isWarning).length === 2);
    for (const server of servers) expect(await server.admin.pttl(NOTES)).toBeGreaterThan(0);
  });

  test("do not lock in strict mode", async () => {
    const clients = [urls(a, b, c), urls(a, d, e)].map((list) => client(list, { strict: true }));
    const failures = new Set<Client>();
    await eventually(
      "both abstain",
      async () => {
        for (const one of clients) {
          const lock = await one.redlock.acquire("x", { wait: 0 }).catch((error: unknown) => {
            if (String(error).includes("uses another set of servers")) failures.add(one);
          });
          await lock?.release();
        }
        return failures.size === 2;
      },
      LIMIT_MS,
    );
    for (const { redlock, heard } of clients) {
      expect(await rejection(redlock.tryAcquire("y"))).toMatchObject({
        code: "LOCK_NO_QUORUM",
        failures: [1, 2, 3].map(() => ({ error: { code: "INSTANCE_UNSAFE" } })),
      });
      expect(heard).toMatchObject([{ cause: "membership", abstainsMs: Infinity }]);
    }
    // A release resolves with a majority, so the last server may be later.
    await eventually(
      "no lock is left",
      async () => (await Promise.all(servers.map(locksOn))).flat().length === 0,
    );
  });
});

describe("one set of servers", () => {
  test("is one note for all clients, whatever their library, their order and their addresses", async () => {
    for (const kind of singleKinds) {
      const proxies = await Promise.all([c, a, b].map(({ server }) => startProxy(server.port)));
      const connected = await Promise.all(proxies.map(({ port }) => kind.connect([port])));
      ended.push(() => {
        for (const { close } of connected) close();
        for (const proxy of proxies) proxy.close();
      });
      await client(connected.map(({ source }) => source)).redlock.using("x", () => undefined);
    }
    const runIds = await Promise.all(
      [a, b, c].map(async ({ admin }) => /run_id:(\w+)/.exec(await admin.info("server"))![1]!),
    );
    const set = `3:${runIds.toSorted().join(",")}`;
    for (const server of [a, b, c])
      await eventually("the set is noted", async () => {
        const notes = await notesOn(server);
        return notes.length === 1 && notes[0]!.set === set;
      });
  });

  test("is not reported after the restart of a server", async () => {
    const clients = [urls(a, b, c), urls(c, b, a)].map((list) => client(list));
    await Promise.all(clients.map((each, index) => keepHeld(each, `x${index}`)));
    await eventually("the set is noted", async () => (await notesOn(a)).length === 1);
    await c.server.restart();
    await eventually(
      "both sets were noted for longer than is tolerated",
      async () => (await notesOn(a)).some(({ first, latest }) => latest - first > 2 * TOLERANCE_MS),
      LIMIT_MS,
    );
    const isComplete = ({ set }: Note): boolean => set.split(",").length === 3;
    expect((await notesOn(a)).filter(isComplete)).toHaveLength(2);
    expect(clients.flatMap(({ heard }) => heard).filter(({ cause }) => cause === "membership")).toEqual([]);
  });
});

test("the note of a cluster lies on the node that has the marker, and has no run id of it", async () => {
  const cluster = await startRedisCluster();
  ended.push(() => cluster.stop());
  const [kind] = clusterKinds;
  const connected = await kind!.connect(cluster.nodes.map(({ port }) => port));
  ended.push(() => connected.close());
  const { redlock } = client([connected.source, ...urls(a, b)]);
  await redlock.using("x", () => undefined);
  await eventually("the set is noted", async () => (await notesOn(a)).length === 1);
  const [note] = await notesOn(a);
  expect(note!.set).toMatch(/^3:\w{40},\w{40}$/);
  const { source } = connected as unknown as { source: { get(key: string): Promise<string | null> } };
  await eventually(
    "the cluster has it",
    async () => (await source.get(NOTES))?.startsWith(note!.set) === true,
  );
});
