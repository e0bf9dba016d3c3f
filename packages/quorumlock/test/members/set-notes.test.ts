import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type Lock,
  type LockEvents,
  MemoryInstance,
  QuorumError,
  Redlock,
  type RedlockOptions,
} from "../../src/index.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import type { ConnectionListener } from "../../src/instances/port.ts";
import type { Reply, Request } from "../../src/operations/request.ts";
import { DelayedInstance } from "../support/detour.ts";
import { MembersWorld } from "../support/members-world.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { advanceDuring } from "../support/world.ts";
import type { WatchedInstance } from "../support/watched-instance.ts";

// The ttl is 10 s: a client that is in use renews its note every 10 s, the note lasts for 10 min, and 40 s of difference are tolerated.

const TOLERANCE_MS = 40_000;
const LIFE_MS = 600_000;
const NOTES = keySpaceOf("lock:").notes;

let world: MembersWorld;
let warnings: (Error & { code?: string })[] = [];
const collect = (warning: Error): void => void warnings.push(warning);

beforeEach(() => {
  world = new MembersWorld();
  warnings = [];
  process.on("warning", collect);
});
afterEach(() => void process.off("warning", collect));

type Unsafe = LockEvents["instance:unsafe"];

/** A client, and the events about its set that it has emitted. */
interface Watched {
  readonly redlock: Redlock;
  readonly heard: Unsafe[];
}

function watch(redlock: Redlock): Watched {
  const heard: Unsafe[] = [];
  redlock.on("instance:unsafe", (event) => {
    if (event.cause === "membership") heard.push(event);
  });
  return { redlock, heard };
}

function client(labels: string | { current: string; next: string }, options: RedlockOptions = {}): Watched {
  return watch(world.client(labels, options));
}

/** Uses each client every `everyMs`, each with a name of its own, for `ms`. It need not get its lock. */
async function use(clients: readonly Watched[], ms: number, everyMs = 2_000): Promise<void> {
  for (let passed = 0; passed < ms; passed += everyMs) {
    const uses = clients.map(async ({ redlock }, index) => {
      const lock = await redlock.tryAcquire(`n${index}`).catch((error: unknown) => {
        if (!(error instanceof QuorumError)) throw error;
        return null;
      });
      await lock?.release();
    });
    await world.clock.advance(everyMs);
    await Promise.all(uses);
  }
}

/** Lets each client hold a lock that extends itself. */
async function hold(...clients: readonly Watched[]): Promise<readonly Lock[]> {
  const locks = clients.map(({ redlock }, index) =>
    redlock.acquire(`held ${index}`, { autoExtend: true, wait: Infinity }),
  );
  await world.clock.advance(11_000);
  return Promise.all(locks);
}

/** The sets that are noted on an instance. */
function notedOn(label: string): readonly string[] {
  const text = world.one(label).get(NOTES);
  return text === undefined ? [] : text.split("\n").map((line) => line.split(" ")[0]!);
}

async function membershipWarnings(): Promise<readonly string[]> {
  await settle();
  return warnings.filter(({ code }) => code === "QUORUMLOCK_MEMBERSHIP").map(({ message }) => message);
}

describe("two clients with different sets", () => {
  test("report the instance that both use, once, and warn once", async () => {
    const [one, other] = [client("abc", { owner: "orders on host 1" }), client("ade", { owner: "billing" })];
    await use([one, other], TOLERANCE_MS);
    expect([one.heard, other.heard]).toEqual([[], []]);
    await use([one, other], 3 * TOLERANCE_MS);
    for (const { heard } of [one, other])
      expect(heard).toMatchObject([{ instance: "a", cause: "membership", abstainsMs: 0 }]);
    expect(one.heard[0]?.message).toMatch(
      /^a client with the owner label "billing" uses another set of servers with the same prefix, 3 servers \(run_id \w{8}…, \w{8}…, \w{8}…\), and this client uses 3 servers \(run_id .*\): both can hold a lock at the same time, .*; list the same servers in every client, and change the list only with `reconfigure`$/,
    );
    expect(other.heard[0]?.message).toMatch(/^a client with the owner label "orders on host 1"/);
    const messages = [one, other].map(({ heard }) => `a: ${heard[0]!.message}`);
    expect((await membershipWarnings()).toSorted()).toEqual(messages.toSorted());
  });

  test.each([
    ["abc", "abd", "ab"],
    ["abc", "abcde", "abc"],
    ["a", "abc", "a"],
    ["abcd", "abef", "ab"],
  ])("report every instance that both use: %s and %s", async (ours, theirs, common) => {
    const clients = [client(ours), client(theirs)];
    await use(clients, 3 * TOLERANCE_MS);
    for (const { heard } of clients)
      expect(
        heard
          .map(({ instance }) => instance)
          .toSorted()
          .join(""),
      ).toBe(common);
  });

  test("report nothing if any two majorities have a server in common", async () => {
    const clients = [client("abcd"), client("abce")];
    await use(clients, 3 * TOLERANCE_MS);
    expect(clients.map(({ heard }) => heard)).toEqual([[], []]);
  });

  test("are noticed if each is used only every five minutes", async () => {
    const clients = [client("abc"), client("ade")];
    await use(clients, 900_000, 300_000);
    expect(clients.map(({ heard }) => heard.length)).toEqual([1, 1]);
  });

  test("are noticed by a client that starts later, with its first lock", async () => {
    const clients = [client("abc"), client("ade")];
    await use(clients, 2 * TOLERANCE_MS);
    const late = client("abc");
    await late.redlock.using("late", () => undefined);
    await settle();
    expect(late.heard).toHaveLength(1);
  });

  test("are not compared if their prefixes differ", async () => {
    const clients = [client("abc"), client("ade", { prefix: "other:" })];
    await use(clients, 3 * TOLERANCE_MS);
    expect(clients.map(({ heard }) => heard)).toEqual([[], []]);
  });

  test("are reported again after the cause had ended", async () => {
    const [one, other] = [client("abc"), client("ade")];
    await use([one, other], 3 * TOLERANCE_MS);
    await use([one], LIFE_MS + TOLERANCE_MS);
    await use([one, other], 3 * TOLERANCE_MS);
    expect(one.heard).toHaveLength(2);
    expect(await membershipWarnings()).toHaveLength(2);
  });

  test("are noticed although one of them does not reach all of its servers", async () => {
    world.one("c").kill();
    const clients = [client("abc"), client("ade")];
    await use(clients, 3 * TOLERANCE_MS);
    expect(clients.map(({ heard }) => heard.length)).toEqual([1, 1]);
  });
});

describe("in strict mode, different sets", () => {
  const strict = { strict: true } as const;

  test("keep both clients from locking, also on the servers that only one of them uses", async () => {
    const clients = [client("abc", strict), client("ade", strict)];
    await use(clients, 3 * TOLERANCE_MS);
    const before = world.all.map((instance) => instance.countOperations("mutex.acquire"));
    for (const { redlock, heard } of clients) {
      const error = await rejection(redlock.tryAcquire("x"));
      expect(error).toMatchObject({
        code: "LOCK_NO_QUORUM",
        failures: [1, 2, 3].map(() => ({ error: { code: "INSTANCE_UNSAFE", abstainsUntil: Infinity } })),
      });
      expect(String(error)).toMatch(/does not vote in strict mode until this is corrected: .*another set/);
      expect(heard).toMatchObject([{ instance: "a", cause: "membership", abstainsMs: Infinity }]);
    }
    expect(world.all.map((instance) => instance.countOperations("mutex.acquire"))).toEqual(before);
  });

  test("keep a client from locking as long as the other one is in use, and its held lock is extended", async () => {
    const [one, other] = [client("abc", strict), client("ade")];
    const [lock] = await hold(one, other);
    await world.clock.advance(3 * TOLERANCE_MS);
    for (let turn = 0; turn < 100; turn++) {
      expect(await rejection(one.redlock.tryAcquire("x"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
      await world.clock.advance(7_000);
    }
    expect(lock!.isHeld).toBe(true);
    expect(one.heard).toHaveLength(1);
  });

  test.each(["c", "e"])(
    "keep a client from locking when the server %s goes down, so that a note changes",
    async (down) => {
      const [one, other] = [client("abc", strict), client("ade")];
      await hold(one, other);
      await world.clock.advance(3 * TOLERANCE_MS);
      const before = notedOn("a");
      world.one(down).kill();
      for (let turn = 0; turn < 20; turn++) {
        expect(await rejection(one.redlock.tryAcquire("x"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
        await world.clock.advance(5_000);
      }
      expect(notedOn("a")).toHaveLength(before.length + 1);
      expect(one.heard).toHaveLength(1);
    },
  );

  test("let a waiter lock when the note of the other set has ended", async () => {
    const [one, other] = [client("abc", strict), client("ade")];
    await hold(other);
    await use([one], 3 * TOLERANCE_MS);
    expect(await rejection(one.redlock.tryAcquire("x"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
    await other.redlock.close();
    const waiting = one.redlock.acquire("x", { wait: Infinity, autoExtend: true });
    await world.clock.advance(LIFE_MS - 10_000);
    expect(world.one("b").get("lock:x")).toBeUndefined();
    await world.clock.advance(20_000);
    expect((await waiting).isHeld).toBe(true);
  });

  test("let a client lock again if the instance that showed them is down for the life of the note", async () => {
    const [one, other] = [client("abc", strict), client("ade")];
    await hold(one, other);
    await world.clock.advance(3 * TOLERANCE_MS);
    world.one("a").kill();
    await world.clock.advance(LIFE_MS / 2);
    expect(await rejection(one.redlock.tryAcquire("x"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
    await world.clock.advance(LIFE_MS / 2 + 10_000);
    await one.redlock.using("x", () => undefined);
  });
});

describe("one set", () => {
  test("is one note, whatever the number, the order and the addresses of its clients", async () => {
    const clients = Array.from({ length: 50 }, (_, index) => client(index % 2 === 0 ? "abc" : "cab"));
    const paths = world.set("abc").map((instance) => new Path(instance));
    clients.push(watch(new Redlock(paths, { clock: world.clock, requestTimeout: 100 })));
    await use(clients, 3 * TOLERANCE_MS, 10_000);
    expect(clients.flatMap(({ heard }) => heard)).toEqual([]);
    for (const label of "abc") expect(notedOn(label)).toHaveLength(1);
    expect(notedOn("a")[0]).toMatch(/^3:\w{32},\w{32},\w{32}$/);
  });

  test("is written once in half of a renewal, however many clients renew it", async () => {
    const instance = world.one("a");
    const writes: string[] = [];
    const clients = Array.from({ length: 20 }, () => client("a"));
    await use(clients, 5_000, 500);
    for (let second = 0; second < 60; second++) {
      await use(clients, 1_000, 500);
      writes.push(instance.get(NOTES)!);
    }
    expect(instance.countOperations("set.note")).toBeGreaterThan(100);
    expect(new Set(writes).size).toBeLessThanOrEqual(13);
  });

  test("causes no report when a server restarts, for clients that notice it at different times", async () => {
    const clients = [client("abc"), client("cba")];
    await use(clients, TOLERANCE_MS);
    for (const label of "abcabc") {
      world.one(label).restart();
      await use(clients.slice(0, 1), 30_000);
      await use(clients, 30_000);
    }
    expect(clients.map(({ heard }) => heard)).toEqual([[], []]);
  });

  test("causes no report for a client whose connection leads to a dead server after it was replaced", async () => {
    const paths = world.set("abc").map((instance) => new Path(instance));
    const clients = [
      client("abc"),
      watch(new Redlock(paths, { clock: world.clock, requestTimeout: 60_000 })),
    ];
    await use(clients, TOLERANCE_MS);
    // Its packets are dropped, so it does not notice that its connection is broken.
    paths[2]!.isCut = true;
    world.one("c").restart();
    await use(clients, 10 * TOLERANCE_MS);
    expect(clients.map(({ heard }) => heard)).toEqual([[], []]);
  });

  test("causes no report if some clients do not reach one of its servers", async () => {
    const paths = world.set("abc").map((instance) => new Path(instance));
    const clients = [client("abc"), watch(new Redlock(paths, { clock: world.clock, requestTimeout: 100 }))];
    await use(clients, TOLERANCE_MS);
    paths[1]!.isCut = true;
    await use(clients, 3 * TOLERANCE_MS);
    expect(clients.map(({ heard }) => heard)).toEqual([[], []]);
    expect(notedOn("a")).toHaveLength(2);
  });

  test("is compared by its size if the servers do not report a run id", async () => {
    for (const instance of world.all) instance.refusesInfo = true;
    const clients = ["abc", "abd", "abcde"].map((labels) => client(labels, { restartGuard: false }));
    await use(clients, 3 * TOLERANCE_MS);
    expect(notedOn("a").toSorted()).toEqual(["3:", "5:"]);
    expect(clients.map(({ heard }) => heard.length > 0)).toEqual([true, true, true]);
    expect(clients[0]!.heard[0]!.message).toContain(
      "5 servers (5 unknown), and this client uses 3 servers (3 unknown)",
    );
  });
});

describe("a change of the set", () => {
  test("causes no report, however long it takes, and however often it is made and unmade", async () => {
    const clients = [client("abc"), client("abc"), client({ current: "abc", next: "abd" })];
    const running = clients.slice(0, 2);
    await use(clients, 2 * TOLERANCE_MS);
    for (let turn = 0; turn < 3; turn++) {
      const first = await running[0]!.redlock.reconfigure(world.set("abd"));
      await use(clients, 5 * TOLERANCE_MS);
      const second = await running[1]!.redlock.reconfigure(world.set("abd"));
      await use(clients, 5 * TOLERANCE_MS);
      if (turn === 1) {
        await first.abort();
        await use(clients, 5 * TOLERANCE_MS);
        await second.abort();
        continue;
      }
      const ended = [first.complete()];
      await use(clients, 5 * TOLERANCE_MS);
      ended.push(second.complete());
      await use(clients, TOLERANCE_MS / 4);
      await Promise.all(ended);
      const back = await Promise.all(running.map(({ redlock }) => redlock.reconfigure(world.set("abc"))));
      await use(clients, TOLERANCE_MS / 4);
      await Promise.all(back.map((change) => change.complete()));
      await use(clients, TOLERANCE_MS / 4);
    }
    expect(clients.map(({ heard }) => heard)).toEqual([[], [], []]);
  });

  test("causes no report if it is made and unmade in turn, each time for longer than the tolerance", async () => {
    const one = client("abc");
    for (let turn = 0; turn < 4; turn++) {
      for (const labels of ["abd", "abc"]) {
        await use([one], 2 * TOLERANCE_MS);
        await (await one.redlock.reconfigure(world.set(labels))).complete();
      }
    }
    await use([one], 2 * TOLERANCE_MS);
    expect(one.heard).toEqual([]);
  });

  test("that one process missed is reported", async () => {
    const [one, missed] = [client("abc"), client("abc")];
    await use([one, missed], TOLERANCE_MS);
    await (await one.redlock.reconfigure(world.set("abd"))).complete();
    await use([one, missed], 3 * TOLERANCE_MS);
    for (const { heard } of [one, missed])
      expect(heard.map(({ instance }) => instance).toSorted()).toEqual(["a", "b"]);
  });

  test("ends a problem of the set before it", async () => {
    const [one, other] = [client("abc", { strict: true }), client("ade")];
    await hold(one, other);
    await world.clock.advance(3 * TOLERANCE_MS);
    expect(await rejection(one.redlock.tryAcquire("x"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
    const changing = other.redlock.reconfigure(world.set("abc"));
    const change = await advanceDuring(world.clock, 20_000, changing);
    await advanceDuring(world.clock, 20_000, change.complete());
    await one.redlock.using("x", () => undefined);
  });
});

describe("a note", () => {
  test("is left with the first lock, needs no timer, and ends after its life", async () => {
    const { redlock } = client("abc");
    await redlock.using("x", () => undefined);
    await settle();
    const pending = world.clock.pending;
    for (const label of "abc") {
      expect(notedOn(label)).toHaveLength(1);
      expect(world.one(label).remaining(NOTES)).toBe(LIFE_MS);
      expect(world.one(label).countOperations("set.note")).toBe(1);
    }
    await world.clock.advance(LIFE_MS + 1);
    expect(world.clock.pending).toBeLessThanOrEqual(pending);
    expect(world.all.flatMap(({ label }) => notedOn(label))).toEqual([]);
    expect(world.one("a").countOperations("set.note")).toBe(1);
  });

  test("is renewed once in ten seconds by a client that is in use, also one that only extends", async () => {
    const { redlock } = client("abc");
    await redlock.acquire("x", { autoExtend: true });
    await world.clock.advance(100_000);
    expect(world.one("a").countOperations("set.note")).toBeGreaterThanOrEqual(7);
    expect(world.one("a").countOperations("set.note")).toBeLessThanOrEqual(11);
    await redlock.close();
    const before = world.one("a").countOperations("set.note");
    await world.clock.advance(100_000);
    expect(world.one("a").countOperations("set.note")).toBe(before);
  });

  test("is left also if a server is down, and lists the others", async () => {
    world.one("c").kill();
    const one = client("abc");
    await use([one], 4_000);
    expect(notedOn("a")).toEqual([expect.stringMatching(/^3:\w{32},\w{32}$/)]);
    world.one("c").restart();
    await use([one], 20_000);
    expect(notedOn("c")).toEqual([expect.stringMatching(/^3:\w{32},\w{32},\w{32}$/)]);
  });

  test("that an instance refuses changes nothing else", async () => {
    const clients = [client("abc"), client("ade")];
    const failures: unknown[] = [];
    for (const { redlock } of clients) redlock.on("instance:down", (event) => failures.push(event));
    for (const label of "abcde") {
      const instance = world.one(label);
      const run = instance.run.bind(instance);
      instance.run = async (requests) => {
        const replies = await run(requests);
        return replies.map((reply, index) =>
          requests[index]!.operation.name === "set.note" ? [-1, "OOM command not allowed"] : reply,
        );
      };
    }
    await use(clients, 3 * TOLERANCE_MS);
    expect(failures).toEqual([]);
    expect(clients.map(({ heard }) => heard)).toEqual([[], []]);
  });

  test("that another program has written, or a later version, is ignored", async () => {
    const now = Math.floor(world.clock.wall());
    const texts = ["?", "3", "3:a,b,c|?:x", "x:a", ""].map(
      (text) => `${text} ${now} ${now} ${now + 1_000} x`,
    );
    for (const label of "abc") world.one(label).set(NOTES, texts.join("\n"));
    const one = client("abc", { strict: true });
    await use([one], 3 * TOLERANCE_MS);
    expect(one.heard).toEqual([]);
  });

  test("has no run ids of clusters, because the node that has the marker changes", async () => {
    const nodes = [1, 2].map((number) => new ClusterLike({ clock: world.clock, label: `cluster ${number}` }));
    const clients = nodes.map((node) => watch(new Redlock([node], { clock: world.clock })));
    await use(clients, 3 * TOLERANCE_MS);
    expect(nodes.map((node) => node.get(NOTES)?.split(" ")[0])).toEqual(["1:", "1:"]);
  });
});

/** A connection of its own to an instance, which can be cut without notice. */
class Path extends DelayedInstance {
  readonly #instance: WatchedInstance;
  isCut = false;

  constructor(instance: WatchedInstance) {
    super(instance);
    this.#instance = instance;
  }

  override get isAvailable(): boolean {
    return this.isCut || this.#instance.isAvailable;
  }

  override observe(listener: ConnectionListener): () => void {
    return super.observe({
      onConnected: () => void (this.isCut || listener.onConnected()),
      onDisconnected: (error) => void (this.isCut || listener.onDisconnected(error)),
    });
  }

  override run(requests: readonly Request[]): Promise<readonly Reply[]> {
    return this.isCut ? new Promise(() => undefined) : super.run(requests);
  }
}

class ClusterLike extends MemoryInstance {
  override readonly isCluster = true as boolean as false;
}
