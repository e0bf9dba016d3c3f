import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import type { Subscription } from "../../src/instances/port.ts";
import { instanceOf, NEVER_MS, scriptedBed } from "../support/scripted-bed.ts";
import type { ScriptedServer } from "../support/scripted-server.ts";
import { eventually, rejection } from "../support/timing.ts";
import { wakeKey } from "../support/lock-keys.ts";
import { type UserClient, type UserClientKind, userClients } from "../support/user-clients.ts";

const bed = scriptedBed();
const NOPERM = "NOPERM User default has no permissions to access one of the channels used as arguments";

interface World {
  readonly server: ScriptedServer;
  readonly client: UserClient;
  readonly subscription: Subscription;
  /** What the listener was called with, in order. */
  readonly heard: string[];
  /** The connection of the subscription's client. */
  readonly copy: EventEmitter;
  readonly publish: (channel: string, message: string) => void;
}

async function world(kind: UserClientKind, options?: object): Promise<World> {
  const server = await bed.server();
  const client = bed.client(kind, server, options);
  await client.connect();
  const heard: string[] = [];
  let copy = new EventEmitter();
  client.onDuplicate((duplicate) => (copy = duplicate));
  const subscription = instanceOf(client).openSubscription({
    onMessage: (channel, message) => void heard.push(`${channel} ${message}`),
    onRestored: () => void heard.push("restored"),
    onLost: (_error, channels) =>
      void heard.push(channels === undefined ? "lost" : `lost ${channels.join()}`),
  });
  bed.afterTest(() => subscription.close());
  return {
    server,
    client,
    subscription,
    heard,
    copy,
    publish: (channel, message) => server.host.store.publish(channel, message),
  };
}

/** All channels that are subscribed on open connections. */
function channelsOf({ subscriptions }: ScriptedServer): readonly string[] {
  return Object.values(subscriptions).flat().toSorted();
}

function subscriberOf({ subscriptions }: ScriptedServer): number {
  return Number(Object.keys(subscriptions)[0]);
}

/** Breaks the subscription connection alone, and waits until the listener knows it. */
async function breakSubscription({ server, heard }: World, how: "FIN" | "RST" = "RST"): Promise<void> {
  const before = heard.length;
  server.break(how, [subscriberOf(server)]);
  await eventually("the loss is reported", () => heard.slice(before).includes("lost"));
}

describe.each(userClients)("a subscription with $name", (kind) => {
  test.each(["FIN", "RST"] as const)("is restored after its connection alone ended by %s", async (how) => {
    const opened = await world(kind);
    const { server, subscription, heard, publish } = opened;
    await subscription.subscribe("a");
    await subscription.subscribe("b");
    publish("a", "1");
    await eventually("the message arrives", () => heard.length === 1);
    server.refuse();
    await breakSubscription(opened, how);
    publish("a", "lost");
    await server.listen();
    await eventually("it is restored", () => heard.includes("restored"));
    // When it reports that it is restored, all channels are subscribed.
    expect(channelsOf(server)).toEqual(["a", "b"]);
    publish("a", "2");
    publish("b", "3");
    await eventually("the messages arrive", () => heard.length >= 5);
    expect([heard[0], ...heard.slice(-3)]).toEqual(["a 1", "restored", "a 2", "b 3"]);
    expect(heard.filter((each) => each === "restored")).toHaveLength(1);
    // The connection for requests was not affected.
    expect(server.connections).toContain(1);
  });

  test("reports nothing when it connects for the first time", async () => {
    const { subscription, heard } = await world(kind);
    await subscription.subscribe("a");
    expect(heard).toEqual([]);
  });

  test("is restored after several breaks, with one message for each publication", async () => {
    const opened = await world(kind);
    const { server, subscription, heard, publish } = opened;
    await subscription.subscribe("a");
    for (let round = 1; round <= 3; round += 1) {
      await breakSubscription(opened);
      await eventually("it is restored", () => heard.filter((each) => each === "restored").length === round);
    }
    heard.length = 0;
    publish("a", "1");
    publish("a", "2");
    await eventually("the messages arrive", () => heard.length >= 2);
    expect(heard).toEqual(["a 1", "a 2"]);
    expect(server.connections).toHaveLength(2);
  });

  test("that ends during a break leaves no channel on the next connection", async () => {
    const opened = await world(kind);
    const { server, subscription, heard } = opened;
    for (const channel of ["a", "b", "c"]) await subscription.subscribe(channel);
    server.refuse();
    await breakSubscription(opened);
    subscription.unsubscribe("b");
    await server.listen();
    await eventually("it is restored", () => heard.includes("restored"));
    await eventually("the channel has ended", () => channelsOf(server).join() === "a,c");
    await breakSubscription(opened);
    await eventually("it is restored again", () => channelsOf(server).join() === "a,c");
    expect(server.received.findLast(({ name }) => name === "subscribe")?.args).not.toContain("b");
  });

  test("whose end was lost with the connection leaves no channel on the next one", async () => {
    const opened = await world(kind);
    const { server, subscription, heard } = opened;
    for (const channel of ["a", "b"]) await subscription.subscribe(channel);
    let isDropped = false;
    server.script = ({ name }) => {
      if (name !== "unsubscribe" || isDropped) return "answer";
      isDropped = true;
      return { dropBefore: "RST" };
    };
    subscription.unsubscribe("b");
    await eventually("it is restored", () => heard.includes("restored"));
    await eventually("the channel has ended", () => channelsOf(server).join() === "a");
    await breakSubscription(opened);
    await eventually("it is restored again", () => channelsOf(server).length > 0);
    await eventually("only one channel is left", () => channelsOf(server).join() === "a");
  });

  test.each(["before the break", "after the break"])(
    "whose end was lost, and that began again %s, stays on the next connection",
    async (moment) => {
      const opened = await world(kind);
      const { server, subscription, heard, publish } = opened;
      for (const channel of ["a", "b"]) await subscription.subscribe(channel);
      server.script = ({ name }) => (name === "unsubscribe" ? "hang" : "answer");
      subscription.unsubscribe("b");
      await eventually("the end arrives", () => server.received.some(({ name }) => name === "unsubscribe"));
      let again: Promise<unknown> | undefined;
      if (moment === "before the break") again = subscription.subscribe("b");
      server.refuse();
      await breakSubscription(opened);
      server.script = () => "answer";
      if (moment === "after the break") again = subscription.subscribe("b");
      // Its own caller repeats a request that is rejected.
      const confirmed = again!.catch(() => subscription.subscribe("b"));
      await server.listen();
      await confirmed;
      await eventually("it is restored", () => heard.includes("restored"));
      await subscription.subscribe("c");
      expect(channelsOf(server)).toEqual(["a", "b", "c"]);
      publish("b", "1");
      await eventually("the message arrives", () => heard.includes("b 1"));
      expect(heard.filter((each) => each === "b 1")).toHaveLength(1);
    },
  );

  test("whose request was lost with the connection is sent again by ioredis, and rejected by node-redis", async () => {
    const opened = await world(kind);
    const { server, subscription, heard, publish } = opened;
    await subscription.subscribe("a");
    let isDropped = false;
    server.script = ({ name, args }) => {
      if (name !== "subscribe" || !args.includes("b") || isDropped) return "answer";
      isDropped = true;
      return { dropBefore: "RST" };
    };
    const outcome = await subscription.subscribe("b").then(
      () => "confirmed",
      () => "rejected",
    );
    expect(outcome).toBe(kind.isIoredis ? "confirmed" : "rejected");
    if (outcome === "rejected") await subscription.subscribe("b");
    await eventually("both are subscribed", () => channelsOf(server).join() === "a,b");
    publish("b", "1");
    await eventually("the message arrives", () => heard.includes("b 1"));
  });

  test("that begins and ends before it is connected leaves no channel", async () => {
    const opened = await world(kind);
    const { server, subscription } = opened;
    const first = subscription.subscribe("a");
    subscription.unsubscribe("a");
    await first;
    await subscription.subscribe("b");
    await eventually("the channel has ended", () => channelsOf(server).join() === "b");
  });

  test("that begins during a break is confirmed on the next connection", async () => {
    const opened = await world(kind);
    const { server, subscription, heard, publish } = opened;
    await subscription.subscribe("a");
    server.refuse();
    await breakSubscription(opened);
    const second = subscription.subscribe("b");
    await server.listen();
    await second;
    await eventually("both are subscribed", () => channelsOf(server).join() === "a,b");
    publish("b", "1");
    await eventually("the message arrives", () => heard.includes("b 1"));
  });

  test("that the server refuses is reported, can begin later, and does not stand in the way of others", async () => {
    const opened = await world(kind);
    const { server, subscription, heard, publish } = opened;
    await subscription.subscribe("a");
    server.script = ({ name, args }) =>
      name === "subscribe" && args.includes("b") ? { error: NOPERM } : "answer";
    expect(await rejection(subscription.subscribe("b"))).toMatchObject({ message: NOPERM });
    await breakSubscription(opened);
    await eventually("the other channel is restored", () => channelsOf(server).join() === "a");
    await eventually("it is reported", () => heard.includes("restored"));
    // It was never subscribed, so it is not restored.
    expect(heard).not.toContain("lost b");
    server.script = () => "answer";
    await subscription.subscribe("b");
    publish("b", "1");
    await eventually("the message arrives", () => heard.includes("b 1"));
    expect(channelsOf(server)).toEqual(["a", "b"]);
  });

  test("that closes leaves no connection, in whatever state it is", async () => {
    const connected = await world(kind);
    await connected.subscription.subscribe("a");
    connected.subscription.close();
    await eventually("the connection is closed", () => connected.server.connections.join() === "1");

    const connecting = await world(kind);
    connecting.subscription.close();
    await eventually("it does not connect", () => connecting.server.connections.join() === "1");

    const greeting = await world(kind);
    greeting.server.script = () => "hang";
    await eventually("the handshake begins", () =>
      greeting.server.received.some(({ connection }) => connection === 2),
    );
    greeting.subscription.close();
    await eventually("the connection is closed", () => greeting.server.connections.join() === "1");

    const broken = await world(kind);
    await broken.subscription.subscribe("a");
    broken.server.refuse();
    await breakSubscription(broken);
    broken.subscription.close();
    const { connectionCount } = broken.server;
    await broken.server.listen();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(broken.server.connectionCount).toBe(connectionCount);
  });

  test.each(["accepts", "refuses"])(
    "that closes while it dials again leaves no connection, if the server %s it",
    async (reaction) => {
      const { server, subscription, heard, copy } = await world(kind);
      await subscription.subscribe("a");
      const isClosed = new Promise<void>((resolve) => {
        copy.once(kind.isIoredis ? "connecting" : "reconnecting", () =>
          process.nextTick(() => {
            subscription.close();
            heard.length = 0;
            resolve();
          }),
        );
      });
      if (reaction === "refuses") server.refuse();
      server.break("RST", [subscriberOf(server)]);
      await isClosed;
      await new Promise((resolve) => setTimeout(resolve, 50));
      await eventually("the connection is closed", () => server.connections.join() === "1");
      expect(server.subscriptions).toEqual({});
      expect(heard).toEqual([]);
    },
  );

  test("reports nothing after it was closed", async () => {
    const { server, subscription, heard, publish } = await world(kind);
    await subscription.subscribe("a");
    subscription.close();
    publish("a", "1");
    await eventually("the connection is closed", () => server.connections.join() === "1");
    expect(heard).toEqual([]);
  });
});

describe.each(userClients.filter(({ isIoredis }) => isIoredis))("a subscription with $name", (kind) => {
  test("waits for its connection, whatever the options of the user's client", async () => {
    const options = { ...kind.withoutQueue, maxRetriesPerRequest: 0, keyPrefix: "p:" };
    const opened = await world(kind, options);
    const { server, subscription, heard, publish } = opened;
    await subscription.subscribe("a");
    server.refuse();
    await breakSubscription(opened);
    const second = subscription.subscribe("b");
    // Some attempts to connect fail.
    await eventually("it is lost", () => heard.filter((each) => each === "lost").length >= 3);
    await server.listen();
    await second;
    await eventually("it is restored", () => heard.includes("restored"));
    // The script makes the channels from keys, which have the prefix.
    expect(channelsOf(server)).toEqual(["p:a", "p:b"]);
    publish("p:a", "1");
    await eventually("the message arrives", () => heard.includes("a 1"));
    subscription.unsubscribe("a");
    await eventually("the channel has ended", () => channelsOf(server).join() === "p:b");
    expect(heard.filter((each) => each.startsWith("lost "))).toEqual([]);
  });

  test("that the server refuses to restore is reported by its channel, and only its caller repeats it", async () => {
    const opened = await world(kind);
    const { server, subscription, heard, publish } = opened;
    for (const channel of ["a", "b"]) await subscription.subscribe(channel);
    server.script = ({ name, args }) =>
      name === "subscribe" && args.includes("b") ? { error: NOPERM } : "answer";
    await breakSubscription(opened);
    await eventually("it is restored", () => heard.includes("restored"));
    expect(heard).toEqual(["lost", "lost b", "restored"]);
    expect(channelsOf(server)).toEqual(["a"]);
    server.script = () => "answer";
    await breakSubscription(opened);
    await eventually("it is restored again", () => heard.length === 5);
    expect(channelsOf(server)).toEqual(["a"]);
    await subscription.subscribe("b");
    publish("b", "1");
    await eventually("the message arrives", () => heard.includes("b 1"));
  });
});

describe.each(userClients)("a waiter with $name", (kind) => {
  test("asks again when the subscription is restored, because its wake-up may be lost", async () => {
    const server = await bed.server();
    const [mine, other] = [bed.client(kind, server), bed.client(kind, server)];
    await Promise.all([mine.connect(), other.connect()]);
    const [one, two] = [bed.redlock(mine), bed.redlock(other, { wait: NEVER_MS })];
    const held = await one.acquire("x");
    const waiting = two.acquire("x");
    await eventually("it waits", () => channelsOf(server).includes(wakeKey("x")));
    let losses = 0;
    two.on("instance:wake:lost", () => (losses += 1));
    server.refuse();
    server.break("RST", [subscriberOf(server)]);
    await eventually("the loss is reported", () => losses === 1);
    await held.release();
    await server.listen();
    await (await waiting).release();
  });

  test("subscribes again, with a pause, to a channel that the server refused when it was restored", async () => {
    const server = await bed.server();
    const [mine, other] = [bed.client(kind, server), bed.client(kind, server)];
    await Promise.all([mine.connect(), other.connect()]);
    const [one, two] = [bed.redlock(mine), bed.redlock(other, { wait: NEVER_MS })];
    const held = await one.acquire("x");
    const waiting = two.acquire("x");
    await eventually("it waits", () => channelsOf(server).includes(wakeKey("x")));
    let losses = 0;
    two.on("instance:wake:lost", () => (losses += 1));
    let refusals = 0;
    server.script = ({ name }) => {
      if (name !== "subscribe") return "answer";
      refusals += 1;
      return { error: NOPERM };
    };
    server.break("RST", [subscriberOf(server)]);
    await eventually("it is refused several times", () => refusals >= 3);
    expect(losses).toBe(1);
    server.script = () => "answer";
    await eventually("it is subscribed again", () => channelsOf(server).includes(wakeKey("x")));
    await held.release();
    await (await waiting).release();
  });
});
