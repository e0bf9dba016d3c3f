import { afterEach, describe, expect, test } from "vitest";
import { Redlock, type RedlockOptions } from "../../src/index.ts";
import type { Subscription } from "../../src/instances/port.ts";
import { toInstances } from "../../src/instances/sources.ts";
import { hashSlot } from "../../src/operations/hash-slot.ts";
import { FRESH } from "../support/fresh.ts";
import { wakeKey } from "../support/lock-keys.ts";
import { NEVER_MS } from "../support/scripted-bed.ts";
import { ScriptedCluster } from "../support/scripted-cluster.ts";
import type { Break, Received, ScriptedServer, Step } from "../support/scripted-server.ts";
import { eventually, rejection, turns } from "../support/timing.ts";
import { type UserCluster, type UserClusterKind, userClusters } from "../support/user-clusters.ts";

const breaks: readonly Break[] = ["FIN", "RST"];
const moments = ["dropBefore", "dropAfter"] as const;
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** The first name whose keys are on this node. */
function nameOn(node: 0 | 1): string {
  for (let number = 0; ; number += 1) {
    const name = `name-${number}`;
    if (hashSlot(`lock:${name}`) >= 8_192 === (node === 1)) return name;
  }
}

const [NAME_0, NAME_1] = [nameOn(0), nameOn(1)];
const [CHANNEL_0, CHANNEL_1] = [wakeKey(NAME_0), wakeKey(NAME_1)];

interface World {
  readonly cluster: ScriptedCluster;
  readonly client: UserCluster;
}

async function world(kind: UserClusterKind): Promise<World> {
  const cluster = await ScriptedCluster.start();
  closers.push(() => cluster.stop());
  const client = kind.create(cluster.ports);
  closers.push(() => client.end());
  await client.connect();
  return { cluster, client };
}

function redlockFor({ client }: World, options?: RedlockOptions): Redlock {
  const redlock = new Redlock([client.source], {
    ...FRESH,
    ttl: NEVER_MS,
    requestTimeout: NEVER_MS / 2,
    ...options,
  });
  // The client ends first, so that the Redlock does not wait for replies.
  closers.push(() => {
    client.end();
    return redlock.close();
  });
  return redlock;
}

interface Subscribed extends World {
  readonly subscription: Subscription;
  /** What the listener was called with, in order. */
  readonly heard: string[];
}

async function subscribed(kind: UserClusterKind, ...channels: readonly string[]): Promise<Subscribed> {
  const opened = await world(kind);
  const heard: string[] = [];
  const subscription = toInstances([opened.client.source])[0]!.openSubscription({
    onMessage: (channel, message) => void heard.push(`${channel} ${message}`),
    onRestored: () => void heard.push("restored"),
    onLost: (_error, lost) => void heard.push(lost === undefined ? "lost" : `lost ${lost.join()}`),
  });
  closers.push(() => subscription.close());
  for (const channel of channels) await subscription.subscribe(channel);
  return { ...opened, subscription, heard };
}

/** A script that does this with the first command with the operation, and answers all others. */
function onceFor(operation: string, step: Step): (command: Received) => Step {
  let isDone = false;
  return ({ operations }) => {
    if (isDone || !operations.includes(operation)) return "answer";
    isDone = true;
    return step;
  };
}

function countExecuted({ executed }: ScriptedServer, operation: string): number {
  return executed.filter((each) => each.operation === operation).length;
}

/** The connections of a node that have subscribed a channel. */
function subscribersOf({ subscriptions }: ScriptedServer): readonly number[] {
  return Object.keys(subscriptions).map(Number);
}

/** Breaks the connections for subscriptions of one node. */
function breakSubscribers(node: ScriptedServer, how: Break = "RST"): void {
  node.break(how, subscribersOf(node));
}

function count(heard: readonly string[], what: string): number {
  return heard.filter((each) => each === what).length;
}

describe.each(userClusters)("the connection to one node breaks: $name", (kind) => {
  test.each(breaks.flatMap((how) => moments.map((when) => [how, when] as const)))(
    "by %s, %s it carries out an acquire: no lock is left, and the other node goes on",
    async (how, when) => {
      const opened = await world(kind);
      const [first, second] = opened.cluster.nodes;
      const redlock = redlockFor(opened);
      await redlock.using(NAME_0, () => undefined);
      await redlock.using(NAME_1, () => undefined);
      const untouched = first.connections;
      second.script = onceFor("mutex.acquire", { [when]: how } as never);
      // ioredis sends the acquire again, so it may succeed.
      await redlock.acquire(NAME_1, { wait: 0 }).then(
        (lock) => lock.release(),
        (error: unknown) => expect(error).toMatchObject({ code: "LOCK_NO_QUORUM" }),
      );
      await redlock.using(NAME_0, () => undefined);
      await eventually("no lock is left", () => opened.cluster.locks.length === 0);
      await eventually("the node is used again", () =>
        redlock.using(NAME_1, { wait: 0 }, () => true).catch(() => false),
      );
      expect(opened.cluster.locks).toEqual([]);
      expect(opened.cluster.lateGrants).toEqual([]);
      expect(first.connections).toEqual(expect.arrayContaining([...untouched]));
    },
  );

  test.each(breaks.flatMap((how) => moments.map((when) => [how, when] as const)))(
    "by %s, %s it carries out a release: the release is sent again",
    async (how, when) => {
      const opened = await world(kind);
      const [, second] = opened.cluster.nodes;
      const redlock = redlockFor(opened);
      const lock = await redlock.acquire(NAME_1);
      second.script = onceFor("mutex.release", { [when]: how } as never);
      await lock.release().catch(() => undefined);
      await eventually("no lock is left", () => opened.cluster.locks.length === 0);
      await redlock.using(NAME_1, () => undefined);
      expect(opened.cluster.lateGrants).toEqual([]);
    },
  );

  test("and names on the other node can be locked meanwhile", async () => {
    const opened = await world(kind);
    const [first, second] = opened.cluster.nodes;
    const redlock = redlockFor(opened, { requestTimeout: 100 });
    await redlock.using(NAME_0, () => undefined);
    const held = await redlock.acquire(NAME_1);
    second.refuse();
    second.break("RST");
    const releasing = rejection(held.release());
    await eventually("the other node is used", () =>
      redlock.using(NAME_0, { wait: 0 }, () => true).catch(() => false),
    );
    expect(countExecuted(first, "mutex.acquire")).toBeGreaterThanOrEqual(2);
    await releasing;
    await second.listen();
    await eventually("the release is carried out", () => opened.cluster.locks.length === 0);
  });
});

describe.each(userClusters)("requests of one tick: $name", (kind) => {
  test("for names in different slots are several calls", async () => {
    const opened = await world(kind);
    const redlock = redlockFor(opened);
    const names = [NAME_0, NAME_1, `${NAME_0}b`, `${NAME_1}b`];
    const locks = await Promise.all(names.map((name) => redlock.acquire(name, { wait: 0 })));
    await Promise.all(locks.map((lock) => lock.release()));
    expect(opened.cluster.locks).toEqual([]);
  });
});

describe.each(userClusters)("a slot that moves to another node: $name", (kind) => {
  test("its locks are requested, extended and released there", async () => {
    const opened = await world(kind);
    const redlock = redlockFor(opened);
    const lock = await redlock.acquire(NAME_1);
    opened.cluster.move(`lock:${NAME_1}`, 0);
    await lock.extend();
    expect(await lock.release()).toBe(true);
    await redlock.using(NAME_1, () => undefined);
    expect(opened.cluster.locks).toEqual([]);
    const [first, second] = opened.cluster.nodes;
    expect([countExecuted(first, "mutex.acquire"), countExecuted(second, "mutex.acquire")]).toEqual([1, 1]);
    expect(countExecuted(first, "mutex.release")).toBe(2);
  });
});

describe.each(userClusters)("a sharded subscription with $name", (kind) => {
  test("has a connection to the node of its channel", async () => {
    const { cluster, heard } = await subscribed(kind, CHANNEL_0, CHANNEL_1);
    const [first, second] = cluster.nodes;
    expect(Object.values(first.subscriptions)).toEqual([[CHANNEL_0]]);
    expect(Object.values(second.subscriptions)).toEqual([[CHANNEL_1]]);
    cluster.publish(CHANNEL_0, "1");
    cluster.publish(CHANNEL_1, "2");
    await eventually("the messages arrive", () => heard.length === 2);
    expect(heard.toSorted()).toEqual([`${CHANNEL_0} 1`, `${CHANNEL_1} 2`].toSorted());
  });

  test.each(breaks)("is restored after its connection to one node ended by %s", async (how) => {
    const { cluster, heard } = await subscribed(kind, CHANNEL_0, CHANNEL_1);
    const [first, second] = cluster.nodes;
    const untouched = subscribersOf(first);
    breakSubscribers(second, how);
    await eventually("it is restored", () => heard.includes("restored"));
    // When it reports that it is restored, all channels are subscribed.
    expect(cluster.channels).toEqual([CHANNEL_0, CHANNEL_1].toSorted());
    expect(heard.indexOf("lost")).toBeLessThan(heard.indexOf("restored"));
    expect(heard).toContain("lost");
    expect(subscribersOf(first)).toEqual(untouched);
    heard.length = 0;
    cluster.publish(CHANNEL_1, "2");
    cluster.publish(CHANNEL_0, "3");
    await eventually("the messages arrive", () => heard.filter((each) => each !== "restored").length >= 2);
    expect([count(heard, `${CHANNEL_1} 2`), count(heard, `${CHANNEL_0} 3`)]).toEqual([1, 1]);
  });

  test("is restored after several breaks", async () => {
    const { cluster, heard } = await subscribed(kind, CHANNEL_0, CHANNEL_1);
    for (let round = 1; round <= 3; round += 1) {
      const before = count(heard, "restored");
      breakSubscribers(cluster.nodes[round % 2]!);
      await eventually(
        "it is restored",
        () => count(heard, "restored") > before && heard.at(-1) === "restored",
      );
    }
    expect(cluster.channels).toEqual([CHANNEL_0, CHANNEL_1].toSorted());
    heard.length = 0;
    cluster.publish(CHANNEL_1, "1");
    await eventually("the message arrives", () => count(heard, `${CHANNEL_1} 1`) === 1);
  });

  test("is not reported as lost if another connection breaks", async () => {
    const { cluster, subscription, heard } = await subscribed(kind, CHANNEL_0, CHANNEL_1);
    for (const node of cluster.nodes) {
      const subscribers = subscribersOf(node);
      node.break(
        "RST",
        node.connections.filter((connection) => !subscribers.includes(connection)),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    await subscription.subscribe(CHANNEL_0);
    cluster.publish(CHANNEL_1, "1");
    await eventually("the message arrives", () => heard.includes(`${CHANNEL_1} 1`));
    expect(heard).not.toContain("lost");
  });

  test("that ends while its connection is broken leaves no channel on the next one", async () => {
    const { cluster, subscription, heard } = await subscribed(kind, CHANNEL_0, CHANNEL_1);
    const [, second] = cluster.nodes;
    second.refuse();
    breakSubscribers(second);
    await eventually("the loss is reported", () => heard.includes("lost"));
    subscription.unsubscribe(CHANNEL_1);
    await second.listen();
    await subscription.subscribe(wakeKey(`{${NAME_1}}x`)).catch(() => undefined);
    await eventually("only the other channel is left", () => !cluster.channels.includes(CHANNEL_1));
    expect(cluster.channels).toContain(CHANNEL_0);
  });

  test("that could not connect works when a channel is requested later", async () => {
    const { cluster, client } = await world(kind);
    for (const node of cluster.nodes) node.refuse();
    const heard: string[] = [];
    const subscription = toInstances([client.source])[0]!.openSubscription({
      onMessage: (channel, message) => void heard.push(`${channel} ${message}`),
      onRestored: () => undefined,
      onLost: () => undefined,
    });
    closers.push(() => subscription.close());
    const first = subscription.subscribe(CHANNEL_1).catch(() => undefined);
    // ioredis waits for the connection, and node-redis rejects.
    if (!kind.isIoredis) await first;
    for (const node of cluster.nodes) await node.listen();
    await subscription.subscribe(CHANNEL_1);
    cluster.publish(CHANNEL_1, "1");
    await eventually("the message arrives", () => heard.length > 0);
    expect(heard).toEqual([`${CHANNEL_1} 1`]);
  });

  test("wakes a waiter whose message was lost with the connection", async () => {
    const opened = await world(kind);
    const [, second] = opened.cluster.nodes;
    const holder = kind.create(opened.cluster.ports);
    await holder.connect();
    const [one, two] = [redlockFor({ ...opened, client: holder }), redlockFor(opened)];
    const held = await one.acquire(NAME_1);
    const waiting = two.acquire(NAME_1, { wait: NEVER_MS });
    await eventually("it waits", () => subscribersOf(second).length === 1);
    await turns(5);
    second.script = ({ name }) => (name === "ssubscribe" ? "hang" : "answer");
    breakSubscribers(second);
    await held.release();
    second.script = () => "answer";
    second.resume();
    expect(await (await waiting).release()).toBe(true);
  });

  test("that closes leaves no connection, in whatever state it is", async () => {
    const total = ({ cluster }: World): number =>
      cluster.nodes.reduce((sum, { connections }) => sum + connections.length, 0);

    const unused = await world(kind);
    const before = total(unused);

    const connected = await subscribed(kind, CHANNEL_0, CHANNEL_1);
    connected.subscription.close();
    await eventually("the connections are closed", () => total(connected) <= before);

    const connecting = await subscribed(kind);
    connecting.subscription.close();
    await eventually("the connections are closed", () => total(connecting) <= before);

    const greeting = await world(kind);
    const own = total(greeting);
    for (const node of greeting.cluster.nodes) node.script = () => "hang";
    const made = (): number =>
      greeting.cluster.nodes.reduce((sum, { connectionCount }) => sum + connectionCount, 0);
    const madeBefore = made();
    const late = toInstances([greeting.client.source])[0]!.openSubscription({
      onMessage: () => undefined,
      onRestored: () => undefined,
      onLost: () => undefined,
    });
    await eventually("the handshake begins", () => made() > madeBefore);
    late.close();
    for (const node of greeting.cluster.nodes) {
      node.script = () => "answer";
      node.resume();
    }
    await eventually("the connections are closed", () => total(greeting) <= own);

    const broken = await subscribed(kind, CHANNEL_1);
    broken.cluster.nodes[1].refuse();
    breakSubscribers(broken.cluster.nodes[1]);
    broken.subscription.close();
    await broken.cluster.nodes[1].listen();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(broken.cluster.channels).toEqual([]);
    await eventually("the connections are closed", () => total(broken) <= before);
  });
});

describe.each(userClusters.filter(({ isIoredis }) => !isIoredis))(
  "a sharded subscription with $name",
  (kind) => {
    test("is restored when the last of its connections is", async () => {
      const { cluster, heard } = await subscribed(kind, CHANNEL_0, CHANNEL_1);
      const [first, second] = cluster.nodes;
      second.refuse();
      breakSubscribers(second);
      await eventually("the loss is reported", () => heard.includes("lost"));
      breakSubscribers(first);
      await eventually("the first node is connected again", () => cluster.channels.includes(CHANNEL_0));
      await turns(20);
      expect(heard).not.toContain("restored");
      await second.listen();
      await eventually("it is restored", () => heard.includes("restored"));
      expect(cluster.channels).toEqual([CHANNEL_0, CHANNEL_1].toSorted());
    });
  },
);

/** ioredis 5 ignores that a node ends a subscription. */
const followers = userClusters.filter(({ name }) => !name.endsWith("ioredis 5"));

describe.each(followers)("a sharded subscription whose slot moves, with $name", (kind) => {
  test("follows its channel to another node", async () => {
    const { cluster, subscription, heard } = await subscribed(kind, CHANNEL_0, CHANNEL_1);
    const [first, second] = cluster.nodes;
    cluster.move(CHANNEL_1, 0);
    if (!kind.isIoredis) {
      await eventually("the loss is reported", () => heard.includes(`lost ${CHANNEL_1}`));
      // Its own caller requests it again.
      await subscription.subscribe(CHANNEL_1);
    }
    await eventually("it is subscribed there", () =>
      Object.values(first.subscriptions).flat().includes(CHANNEL_1),
    );
    expect(second.subscriptions).toEqual({});
    cluster.publish(CHANNEL_1, "1");
    await eventually("the message arrives", () => heard.includes(`${CHANNEL_1} 1`));
    heard.length = 0;
    breakSubscribers(first);
    await eventually("it is restored", () => heard.includes("restored"));
    expect(heard).toContain("lost");
    expect(cluster.channels).toEqual([CHANNEL_0, CHANNEL_1].toSorted());
  });
});
