// A worker process of the demo. It sells through its parent, which has the store, and ends with it.
import { once } from "node:events";
import { Redis } from "ioredis";
import { Redlock } from "quorumlock";
import type { FromWorker, ToWorker, WorkerTask } from "./messages.ts";
import { REQUEST_TIMEOUT_MS, TTL_MS } from "./options.ts";
import { sellLocked, sellUnlocked, type Till } from "./sell.ts";

process.once("disconnect", () => process.exit(1));
if (!process.connected) process.exit(1);

const { ports } = JSON.parse(process.argv[2] ?? "") as WorkerTask;
const till: Till = {
  read: async (fence) => (await say({ kind: "read", fence })).stock ?? 0,
  write: async (stock) => void (await say({ kind: "write", stock })),
  leave: async () => void (await say({ kind: "leave" })),
};

if (ports.length === 0) {
  await say({ kind: "ready" });
  await sellUnlocked(till);
} else {
  const clients = ports.map((port) => new Redis(port, "127.0.0.1"));
  // The servers were started for this sale, and none comes back: there is nothing that one could have forgotten.
  const options = { ttl: TTL_MS, requestTimeout: REQUEST_TIMEOUT_MS, restartGuard: false };
  const redlock = new Redlock(clients, options);
  await Promise.all(clients.map((client) => once(client, "ready")));
  await say({ kind: "ready" });
  await sellLocked(till, redlock, true);
  await redlock.close();
  for (const client of clients) client.disconnect();
}
await say({ kind: "finished" });
process.exit(0);

/** Says something to the parent and waits for the answer. */
async function say(message: FromWorker): Promise<ToWorker> {
  const answered = once(process, "message") as Promise<[ToWorker]>;
  process.send?.(message, (error: Error | null) => {
    if (error !== null) process.exit(1);
  });
  const [answer] = await answered;
  return answer;
}
