import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { Cluster, Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import Redlock, { ExecutionError } from "../../../src/compat/redlock/index.ts";
import { testServers } from "../../support/server-access.ts";
import { eventually, rejection, withResolvers } from "../../support/timing.ts";

// The first operation of a process, while its clients connect.

const LONG_MS = 60_000;
const ONCE = { retryCount: 0 } as const;
const [testServer] = await testServers(1);
const { port } = testServer!.server;

test("the first lock waits for a connection that takes longer than the time limit of a request", async () => {
  const { promise: isOpen, resolve: open } = withResolvers<void>();
  const slow = createServer((near) => {
    near.on("error", () => undefined);
    void isOpen.then(() => {
      const far = connect(port, "127.0.0.1").on("error", () => undefined);
      near.pipe(far).pipe(near);
    });
  });
  onTestFinished(() => void slow.close());
  slow.listen(0, "127.0.0.1");
  await once(slow, "listening");
  const client = new Redis((slow.address() as AddressInfo).port);
  const redlock = new Redlock([client], { requestTimeout: 800 });
  const startedAt = performance.now();
  const acquiring = redlock.acquire(["slow to connect"], LONG_MS, ONCE);
  await eventually("the time limit is over", () => performance.now() - startedAt > 1_000);
  open(undefined);
  await (await acquiring).release();
  await redlock.quit();
});

test("it does not wait for servers that refuse the connection", async () => {
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const { port: nobody } = closed.address() as AddressInfo;
  closed.close();
  await once(closed, "close");
  const clients = [nobody, nobody, port].map((each) => new Redis(each).on("error", () => undefined));
  const redlock = new Redlock(clients, { restartGuard: false });
  // A wait would take 10 s.
  expect(await rejection(redlock.acquire(["nobody"], LONG_MS, ONCE))).toBeInstanceOf(ExecutionError);
  for (const client of clients) client.disconnect();
});

test("a cluster client with a key prefix is refused, and the error says where the prefix belongs", () => {
  const client = new Cluster([{ host: "127.0.0.1", port }], { keyPrefix: "app:", lazyConnect: true });
  expect(() => new Redlock([client])).toThrow("put the prefix in front of each resource");
  client.disconnect();
});
