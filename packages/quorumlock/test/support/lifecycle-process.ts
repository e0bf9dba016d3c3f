// A process for one scenario. The test checks that the process ends, and its output. argv: the scenario, then URLs of servers.
import { Redis } from "ioredis";
import { createClient } from "redis";
import { type InstanceSource, Redlock } from "../../src/index.ts";
import { FRESH } from "./fresh.ts";

const [scenario, ...urls] = process.argv.slice(2);

if (scenario === "forgotten") {
  const redlock = Redlock.memory({ instances: 3 });
  await redlock.acquire("a", { ttl: 3_600_000 });
  await redlock.acquire("b", { ttl: 2_592_000_000 });
  console.log("end of program");
}

if (scenario === "waiting") {
  const redlock = Redlock.memory({ instances: 3 });
  await redlock.acquire("a", { ttl: 3_600_000 });
  const error: unknown = await redlock.acquire("a", { wait: 200 }).catch((reason: unknown) => reason);
  console.log((error as { code: string }).code);
}

if (scenario === "closed") {
  const [redlock, other] = [new Redlock(urls, FRESH), new Redlock(urls, FRESH)];
  const held = await redlock.acquire("a");
  const waiting = other.using("a", () => undefined);
  await redlock.using("b", () => undefined);
  await held.release();
  await waiting;
  await Promise.all([redlock.close(), other.close()]);
  console.log("closed");
}

// Bad setups: the errors end nothing else, and the process ends after close().
if (scenario === "refused") {
  const wrongUser = urls.map((url) => url.replace("://", "://nobody:wrong@"));
  const wrongPort = urls.map((url, place) => url.replace(/:\d+$/, `:${place + 1}`));
  for (const [bad, wait] of [[wrongUser, Infinity] as const, [wrongPort, 200] as const]) {
    const redlock = new Redlock(bad, FRESH);
    const calls = [redlock.acquire("a", { wait }), redlock.using("b", { wait }, () => undefined)];
    for (const result of await Promise.allSettled(calls))
      console.log(result.status, (result as { reason: { code: string } }).reason.code);
    await redlock.close();
  }
  const timers = process.getActiveResourcesInfo().filter((resource) => resource === "Timeout");
  console.log(`${timers.length} timers`);
}

// The program closes its own clients, and forgets the Redlock.
async function waitAndForget(clients: readonly InstanceSource[]): Promise<void> {
  const redlock = new Redlock(clients, FRESH);
  const held = await redlock.acquire("a");
  const waiting = new Redlock(clients, FRESH).using("a", () => undefined);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await held.release();
  await waiting;
  console.log("end of program");
}

if (scenario === "waited-ioredis") {
  const clients = urls.map((url) => new Redis(url));
  await waitAndForget(clients);
  for (const client of clients) client.disconnect();
}

if (scenario === "waited-node-redis") {
  const clients = await Promise.all(urls.map((url) => createClient({ url }).connect()));
  await waitAndForget(clients);
  for (const client of clients) client.destroy();
}
