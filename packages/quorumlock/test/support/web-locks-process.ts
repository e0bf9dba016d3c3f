// A process that requests web locks. Its parent sends an order, and gets messages about it, each with the key of the order. argv: the
// ttl, and the ports of the servers.
import { Redis } from "ioredis";
import { Redlock } from "../../src/index.ts";
import { type WebLockOptions, webLocks } from "../../src/web-locks/index.ts";
import { FRESH } from "./fresh.ts";

export type Order =
  | { readonly key: string; readonly request: string; readonly options: WebLockOptions }
  | { readonly key: string; readonly release: true }
  | { readonly key: string; readonly query: readonly string[] };

export type Message = { readonly key: string } & (
  | { readonly granted: { readonly fence: number } | null }
  | { readonly aborted: string }
  | { readonly resolved: true }
  | { readonly rejected: string }
  | { readonly state: object }
);

const [ttl, ...ports] = process.argv.slice(2);
const clients = ports.map((port) => new Redis(Number(port)));
const redlock = new Redlock(clients, { ...FRESH, requestTimeout: 5_000, ttl: Number(ttl) });
const locks = webLocks(redlock);
const releases = new Map<string, () => void>();

const send = (message: Message): void => {
  if (process.connected) process.send?.(message);
};

async function carryOut(order: Order): Promise<void> {
  const { key } = order;
  if ("release" in order) releases.get(key)?.();
  else if ("query" in order) send({ key, state: await locks.query({ names: order.query }) });
  else {
    await locks.request(order.request, order.options, (lock) => {
      send({ key, granted: lock && { fence: lock.fence } });
      lock?.signal.addEventListener("abort", () => send({ key, aborted: String(lock.signal.reason.name) }));
      return lock === null ? undefined : new Promise<void>((resolve) => releases.set(key, resolve));
    });
    send({ key, resolved: true });
  }
}

process.on("message", (order: Order) => {
  carryOut(order).catch((error: Error) => send({ key: order.key, rejected: error.name }));
});
process.on("disconnect", () => {
  void redlock.close().then(() => {
    for (const client of clients) client.disconnect();
  });
});
