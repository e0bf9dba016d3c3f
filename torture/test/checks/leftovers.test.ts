import { Redis } from "ioredis";
import { startRedisServer } from "quorumlock/testing";
import { expect, test } from "vitest";
import { checkLeftovers } from "../../src/checks/leftovers.ts";

test("every key of a name must expire, except fencing counters, and lines may last for 20 s", async () => {
  await using server = await startRedisServer();
  const redis = new Redis(server.port);
  const leftovers = async (): Promise<readonly string[]> => {
    const found = await checkLeftovers([server.port], "phase");
    return found.map(({ message }) => message.replace(/^.* the key /, ""));
  };
  await redis.set("lock:~fence:{3x}", "5");
  await redis.set("lock:~fence:{phase}", "5");
  await redis.set("lock:~server", "phase");
  await redis.set("lock:other", "token");
  await redis.set("lock:~line:{3x}phase/catalog", "client", "PX", 19_000);
  await redis.set("lock:~wake:{3x}phase/stock", "client", "PX", 19_000);
  expect(await leftovers()).toEqual([]);

  await redis.zadd("lock:~shared:{3x}phase/catalog", 1, "token");
  expect(await leftovers()).toEqual(["lock:~shared:{3x}phase/catalog remains and never expires"]);
  await redis.del("lock:~shared:{3x}phase/catalog");
  await redis.set("lock:{phase}/eu", "token", "PX", 19_000);
  expect(await leftovers()).toEqual([expect.stringMatching(/^lock:\{phase\}\/eu remains and expires in/)]);
  await redis.del("lock:{phase}/eu");
  await redis.persist("lock:~line:{3x}phase/catalog");
  await redis.set("lock:~wake:{3x}phase/stock", "client", "PX", 60_000);
  expect(await leftovers()).toHaveLength(2);
  redis.disconnect();
});
