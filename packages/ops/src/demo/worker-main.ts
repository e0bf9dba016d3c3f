// A worker process of the demo. Its parent has the store. The worker exits with its parent.
import { once } from "node:events";
import { Redis } from "ioredis";
import { Redlock } from "quorumlock";
import type { FromWorker, ToWorker, WorkerTask } from "./messages.ts";
import { REQUEST_TIMEOUT_MS, TTL_MS } from "./options.ts";
import { sellWithLock, sellWithoutLock, type StoreClient } from "./sell-items.ts";

process.once("disconnect", () => process.exit(1));
if (!process.connected) process.exit(1);

const { ports } = JSON.parse(process.argv[2] ?? "") as WorkerTask;
const store: StoreClient = {
  read: async (fence) => (await request({ kind: "read", fence })).stock ?? 0,
  write: async (stock) => void (await request({ kind: "write", stock })),
  leave: async () => void (await request({ kind: "leave" })),
};

if (ports.length === 0) {
  await request({ kind: "ready" });
  await sellWithoutLock(store);
} else {
  const clients = ports.map((port) => new Redis(port, "127.0.0.1"));
  // The demo has just started its servers and restarts none, so no server can have lost a lock.
  const options = { ttl: TTL_MS, requestTimeout: REQUEST_TIMEOUT_MS, restartGuard: false };
  const redlock = new Redlock(clients, options);
  await Promise.all(clients.map((client) => once(client, "ready")));
  await request({ kind: "ready" });
  await sellWithLock(store, redlock, true);
  await redlock.close();
  for (const client of clients) client.disconnect();
}
await request({ kind: "finished" });
process.exit(0);

/** Sends a request to the parent and waits for the answer. */
async function request(message: FromWorker): Promise<ToWorker> {
  const answered = once(process, "message") as Promise<[ToWorker]>;
  process.send?.(message, (error: Error | null) => {
    if (error !== null) process.exit(1);
  });
  const [answer] = await answered;
  return answer;
}
