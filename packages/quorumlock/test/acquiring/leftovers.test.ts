import { getEventListeners } from "node:events";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Acquirable } from "../../src/acquiring/acquirable.ts";
import { resolveOptions } from "../../src/base/options.ts";
import { Client } from "../../src/client/client.ts";
import type { AcquireOptions, Lock } from "../../src/index.ts";
import { mutexKind } from "../../src/operations/mutex.ts";
import { ClosingInstance, observeSettling } from "../support/members-world.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";

// However a wait ends, nothing of it is left: no listener, no timer, no registration.

/** Longer than a channel without waiters stays subscribed. */
const LINGER_MS = 2_000;

afterEach(() => void vi.restoreAllMocks());

async function createWorld() {
  const clock = new VirtualClock();
  const instances = ["a", "b", "c", "d", "e", "f"].map((label) => new ClosingInstance({ clock, label }));
  const make = async (): Promise<Client> => {
    const client = new Client(instances.slice(0, 3), resolveOptions({ clock, requestTimeout: 100 }));
    await (await acquire(client, "warm")).release();
    return client;
  };
  const acquire = (
    client: Client,
    names: string | readonly string[],
    options?: AcquireOptions,
  ): Promise<Lock> => new Acquirable(client, mutexKind, [names].flat()).acquire(options);
  const [client, other] = [await make(), await make()];
  let watchers = 0;
  const watch = client.members.watch.bind(client.members);
  vi.spyOn(client.members, "watch").mockImplementation((onChange) => {
    watchers += 1;
    const stop = watch(onChange);
    let isWatching = true;
    return () => {
      stop();
      if (isWatching) watchers -= 1;
      isWatching = false;
    };
  });
  let watches = 0;
  const wakeUps = client.wakeUps.watch.bind(client.wakeUps);
  vi.spyOn(client.wakeUps, "watch").mockImplementation((channels, listener) => {
    watches += 1;
    const opened = wakeUps(channels, listener);
    const close = opened.close.bind(opened);
    opened.close = () => {
      watches -= 1;
      close();
    };
    return opened;
  });
  const subscribed = new Set<string>();
  for (const instance of instances) {
    const open = instance.openSubscription.bind(instance);
    vi.spyOn(instance, "openSubscription").mockImplementation((listener) => {
      const subscription = open(listener);
      const [subscribe, unsubscribe] = [
        subscription.subscribe.bind(subscription),
        subscription.unsubscribe.bind(subscription),
      ];
      subscription.subscribe = (channel) => {
        subscribed.add(`${instance.label} ${channel}`);
        return subscribe(channel);
      };
      subscription.unsubscribe = (channel) => {
        subscribed.delete(`${instance.label} ${channel}`);
        unsubscribe(channel);
      };
      const close = subscription.close.bind(subscription);
      subscription.close = () => {
        for (const channel of subscribed)
          if (channel.startsWith(`${instance.label} `)) subscribed.delete(channel);
        close();
      };
      return subscription;
    });
  }
  const controller = new AbortController();
  await clock.advance(LINGER_MS);
  const left = (): object => ({
    signalListeners: getEventListeners(controller.signal, "abort").length,
    deadlines: client.deadlines.size,
    lockListeners: client.lockListeners.size,
    watchers,
    watches,
    isAcquiring: client.isAcquiring,
    isOccupied: client.queue.isOccupied(mutexKind, ["x"]),
    subscribedChannels: subscribed.size,
    keepAliveTimers: clock.keepAliveTimers,
  });
  const nothing = {
    signalListeners: 0,
    deadlines: 0,
    lockListeners: 0,
    watchers: 0,
    watches: 0,
    isAcquiring: false,
    isOccupied: false,
    subscribedChannels: 0,
    keepAliveTimers: 0,
  };
  expect(left()).toEqual(nothing);
  /** Expects that nothing is left now, apart from what ends by itself: channels and time limits. After that, nothing at all. */
  const expectNothingLeft = async (): Promise<void> => {
    await settle();
    const endsByItself = client.isClosed ? {} : { deadlines: 0, subscribedChannels: 0 };
    expect({ ...left(), ...endsByItself }).toEqual(nothing);
    await clock.advance(LINGER_MS);
    expect(left()).toEqual(nothing);
  };
  return { clock, instances, client, other, acquire, controller, expectNothingLeft };
}

type World = Awaited<ReturnType<typeof createWorld>>;

/** Where a caller can be when its wait ends. Each returns what releases the lock that is in the way. */
const stages: Record<string, (world: World) => Promise<{ free: () => Promise<unknown> }>> = {
  "for a lock of another process": async ({ other, acquire }) => {
    const held = await acquire(other, "x", { ttl: 600_000 });
    return { free: () => held.release() };
  },
  "behind a lock of its process": async ({ client, acquire }) => {
    const held = await acquire(client, "x");
    return { free: () => held.release() };
  },
  "for a foreign lock": async ({ instances }) => {
    for (const instance of instances) instance.set("lock:x", "foreign", 600_000);
    return { free: async () => instances.forEach((instance) => instance.delete("lock:x")) };
  },
  "for subscriptions that no server confirms": async ({ instances, other, acquire }) => {
    const held = await acquire(other, "x", { ttl: 600_000 });
    for (const instance of instances) instance.subscriptionGate = new Promise(() => undefined);
    return { free: () => held.release() };
  },
  "during an outage": async ({ clock, instances }) => {
    for (const instance of instances.slice(0, 2)) instance.disconnect();
    await clock.advance(1);
    return {
      free: async () => {
        for (const instance of instances.slice(0, 2)) instance.reconnect();
        await clock.advance(2_000);
      },
    };
  },
  "for servers that do not answer": async ({ instances }) => {
    for (const instance of instances) instance.pause();
    return { free: async () => instances.forEach((instance) => instance.resume()) };
  },
};

/** How a wait can end. */
const ends: Record<
  string,
  (world: World, waiting: Promise<Lock>, free: () => Promise<unknown>) => Promise<void>
> = {
  "is granted the lock": async ({ clock }, waiting, free) => {
    await free();
    await clock.advance(200);
    await (await waiting).release();
  },
  "gives up after its wait": async ({ clock }, waiting, free) => {
    await clock.advance(5_000);
    await expect(waiting).rejects.toMatchObject({ name: /LockTimeoutError|QuorumError/ });
    await free().catch(() => undefined);
  },
  "is aborted": async ({ controller }, waiting, free) => {
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "LOCK_ABORTED" });
    await free().catch(() => undefined);
  },
  "ends with its client": async ({ clock, client }, waiting) => {
    const closed = client.close();
    await clock.advance(500);
    await expect(waiting).rejects.toMatchObject({ code: "LOCK_CLOSED" });
    await closed;
  },
};

describe.each(Object.keys(stages))("a caller that waits %s", (stage) => {
  test.each(Object.keys(ends))("leaves nothing when it %s", async (end) => {
    const world = await createWorld();
    const { free } = await stages[stage]!(world);
    const waiting = world.acquire(world.client, "x", { wait: 5_000, signal: world.controller.signal });
    waiting.catch(() => undefined);
    await world.clock.advance(end === "is aborted" ? 250 : 1_000);
    expect(world.client.isAcquiring).toBe(true);
    await ends[end]!(world, waiting, async () => {
      await free();
      await world.clock.advance(200);
    });
    await world.expectNothingLeft();
  });
});

test("a caller that waits again and again for one lock has one registration of each kind", async () => {
  const { clock, client, acquire, instances, controller, expectNothingLeft } = await createWorld();
  for (const instance of instances) instance.set("lock:x", "foreign", 600_000);
  const waiting = acquire(client, "x", { wait: Infinity, signal: controller.signal });
  const state = observeSettling(waiting);
  // A foreign lock is polled every 50 to 150 ms.
  await clock.advance(10_000);
  expect(state.isSettled).toBe(false);
  expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
  // The sleep, and a time limit of each member.
  expect(client.deadlines.size).toBeLessThanOrEqual(4);
  controller.abort();
  await expectNothingLeft();
});

describe("a change of the set leaves nothing", () => {
  test("when new instances answer late", async () => {
    const { clock, client, instances, controller, expectNothingLeft } = await createWorld();
    const next = instances.slice(3);
    for (const instance of next) instance.disconnect();
    const changing = client.reconfigure(next, controller.signal);
    await clock.advance(1_000);
    for (const instance of next) instance.reconnect();
    await clock.advance(500);
    await (await changing).complete();
    await expectNothingLeft();
  });

  test.each(["completes", "is aborted while it waits for a lock", "waits for several locks"])(
    "when it %s",
    async (how) => {
      const { clock, client, acquire, instances, controller, expectNothingLeft } = await createWorld();
      const locks = how === "completes" ? [] : [await acquire(client, "x"), await acquire(client, "y")];
      const next = [instances[0]!, instances[1]!, instances[3]!];
      const changing = client.reconfigure(next, controller.signal);
      changing.catch(() => undefined);
      await clock.advance(500);
      if (how.startsWith("is aborted")) controller.abort();
      for (const lock of locks) {
        await lock.release();
        await clock.advance(10);
      }
      const change = await changing.catch(() => undefined);
      await change?.complete();
      await expectNothingLeft();
    },
  );
});
