// A process that publishes to a producer which never answers, and forgets to close the publisher. The test checks that it ends.
import { Redlock } from "../../src/index.ts";
import { publishLocks } from "../../src/observe/kafka/index.ts";

const redlock = Redlock.memory({ instances: 3 });
const hanging = { send: () => new Promise<never>(() => undefined) };
const failing = { send: () => Promise.reject(new Error("no broker")) };
const publishers = [hanging, failing].map((producer) =>
  publishLocks(redlock, producer, { maxDelay: 0, onError: () => undefined }),
);
await redlock.using("a", () => undefined);
await publishers[1]!.flush({ timeout: 20 });
await redlock.acquire("b", { ttl: 3_600_000 });
console.log(publishers.map((publisher) => publisher.snapshot().sends > 0).join(" "));
