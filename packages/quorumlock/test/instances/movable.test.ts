import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { MemoryInstance } from "../../src/index.ts";
import { MovableInstance, type Place } from "../../src/instances/movable.ts";
import type { ConnectionListener, Subscription } from "../../src/instances/port.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** An instance of the user that counts its listeners and how often it was closed. */
class OwnInstance extends MemoryInstance {
  listeners = 0;
  closeCount = 0;

  override observe(listener: ConnectionListener): () => void {
    const stop = super.observe(listener);
    this.listeners += 1;
    return () => {
      this.listeners -= 1;
      stop();
    };
  }

  override async close(): Promise<void> {
    this.closeCount += 1;
  }
}

const placeOf = (source: OwnInstance): Place => ({ source, open: () => source });
const LISTENER: ConnectionListener = { onConnected: () => undefined, onDisconnected: () => undefined };

test("clients of the user that were left stay open, and have a listener until the instance closes", async () => {
  const clients = Array.from({ length: 3 }, () => new OwnInstance());
  const movable = new MovableInstance(placeOf(clients[0]!));
  movable.observe(LISTENER);
  for (let turn = 0; turn < 3; turn++) for (const client of clients) movable.move(placeOf(client));
  collectGarbage();
  // The present one has two: it was left before.
  expect(clients.map(({ listeners }) => listeners)).toEqual([1, 1, 2]);
  await movable.close();
  expect(clients.map(({ closeCount }) => closeCount)).toEqual([0, 0, 1]);
  expect(clients.map(({ listeners }) => listeners)).toEqual([0, 0, 1]);
});

test("a resolver that makes a client for each call does not fill the memory", async () => {
  const movable = new MovableInstance(placeOf(new OwnInstance()));
  movable.observe(LISTENER);
  const made = Array.from({ length: 100 }, () => {
    const client = new OwnInstance();
    movable.move(placeOf(client));
    return new WeakRef(client);
  });
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(made.filter((client) => client.deref() !== undefined).length).toBeLessThan(5);
  await movable.close();
});

test("an instance that was made for a client of the user is closed when it is left, and the client is not", async () => {
  const [client, made] = [new OwnInstance(), new OwnInstance()];
  const movable = new MovableInstance({ source: client, open: () => made });
  movable.move(placeOf(new OwnInstance()));
  expect([client.closeCount, made.closeCount]).toEqual([0, 1]);
  await movable.close();
});

test("opens no subscription on an instance that has none, and refuses its channels", async () => {
  class Deaf extends OwnInstance {
    readonly hasSubscriptions = false;
    override openSubscription(): Subscription {
      throw new Error("it has none");
    }
  }
  const movable = new MovableInstance(placeOf(new OwnInstance()));
  const events: unknown[] = [];
  const subscription = movable.openSubscription({
    onMessage: () => undefined,
    onRestored: () => events.push("restored"),
    onLost: (_error, channels) => events.push(channels),
  });
  await subscription.subscribe("a");
  movable.move(placeOf(new Deaf()));
  await new Promise((resolve) => setImmediate(resolve));
  expect(events).toEqual([undefined, ["a"], "restored"]);
  subscription.close();
  await movable.close();
});
