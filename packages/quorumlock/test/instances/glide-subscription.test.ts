import { expect, test } from "vitest";
import { GlideSubscription } from "../../src/instances/glide-subscription.ts";
import { PolledConnection } from "../../src/instances/polled-connection.ts";

/** The second client of GLIDE. The test confirms what is wanted, and breaks or ends the client. */
class ScriptedGlide {
  static made: ScriptedGlide[] = [];
  readonly wanted = new Set<string>();
  actual = new Set<string>();

  static async createClient(): Promise<ScriptedGlide> {
    const client = new ScriptedGlide();
    ScriptedGlide.made.push(client);
    return client;
  }

  async subscribeLazy(channels: ReadonlySet<string>): Promise<void> {
    for (const channel of channels) this.wanted.add(channel);
  }

  async unsubscribeLazy(channels: ReadonlySet<string>): Promise<void> {
    for (const channel of channels) this.wanted.delete(channel);
  }

  async getSubscriptions() {
    return { actualSubscriptions: { 0: this.actual } };
  }

  /** Without an error, it is the confirmation of a subscription. */
  processPush({ closingError }: { readonly closingError?: string }): void {
    if (closingError !== undefined) this.close(closingError);
  }

  close(_reason?: string): void {
    this.actual.clear();
  }

  /** The server confirms one channel, for the first time or again. */
  confirm(channel: string): void {
    this.actual = new Set([...this.actual, channel]);
    this.processPush({});
  }
}

async function subscribed(...channels: readonly string[]) {
  ScriptedGlide.made = [];
  const events: unknown[] = [];
  const connection = new PolledConnection({
    isCluster: false,
    send: async () => "PONG",
    readError: (error) => ({ kind: "lost", error: error as Error }),
  });
  const subscription = new GlideSubscription(new ScriptedGlide(), {}, connection, {
    onMessage: () => undefined,
    onRestored: () => events.push("restored"),
    onLost: (_error, lost) => events.push(lost),
  });
  for (const channel of channels) await confirmed(subscription, channel);
  return { subscription, events, glide: ScriptedGlide.made[0]! };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Subscribes to a channel. The server confirms it at once. */
async function confirmed(subscription: GlideSubscription, channel: string): Promise<void> {
  const subscribing = subscription.subscribe(channel);
  await turn();
  ScriptedGlide.made.at(-1)!.confirm(channel);
  await subscribing;
}

test("a break is reported although a channel is being subscribed, and not if only that one is confirmed", async () => {
  const { subscription, events, glide } = await subscribed("a", "b");
  const subscribing = subscription.subscribe("c");
  await turn();
  // GLIDE has connected again meanwhile.
  for (const channel of ["a", "b", "c"]) glide.confirm(channel);
  await subscribing;
  expect(events).toEqual(["restored"]);
  await confirmed(subscription, "d");
  expect(events).toEqual(["restored"]);
  subscription.close();
});

test("the confirmations of one turn are one report", async () => {
  const { subscription, events, glide } = await subscribed("a", "b");
  for (const channel of ["a", "b"]) glide.confirm(channel);
  await turn();
  expect(events).toEqual(["restored"]);
  subscription.close();
});

test("if GLIDE closes the client, all channels are lost, and the next call makes another client", async () => {
  const { subscription, events, glide } = await subscribed("a", "b");
  glide.processPush({ closingError: "the connection is broken for good" });
  await turn();
  expect(events).toEqual([["a", "b"]]);
  await confirmed(subscription, "a");
  expect(ScriptedGlide.made).toHaveLength(2);
  expect(events).toEqual([["a", "b"]]);
  subscription.close();
});
