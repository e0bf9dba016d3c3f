import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cluster, Redis } from "ioredis";
import { createClient, createSentinel } from "redis";
import { createClient as createClient5, createSentinel as createSentinel5 } from "redis5";
import { expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { toInstances } from "../../src/instances/sources.ts";
import { freePort } from "../../src/testing/free-port.ts";
import { findRedisServer } from "../../src/testing/index.ts";
import { rejection } from "../support/timing.ts";

test("a refused host with two addresses names both", async () => {
  const port = await freePort();
  const client = new Redis({ host: "localhost", port, retryStrategy: () => 20 });
  const redlock = new Redlock([client], { wait: 300 });
  const error = await rejection(redlock.acquire("a"));
  expect(String(error)).toMatch(/localhost:\d+: .*ECONNREFUSED/);
  expect(String(error)).not.toMatch(/AggregateError/);
  await redlock.close();
  client.disconnect();
});

test("labels tell clients of Sentinels and clusters apart, without passwords", () => {
  const sentinel = (name: string, port: number): Redis =>
    new Redis({ name, sentinels: [{ host: "s", port }], lazyConnect: true });
  const cluster = new Cluster([{ host: "c", port: 1 }], { lazyConnect: true });
  const ofUrl = new Cluster(["redis://:secret@d:2"], { lazyConnect: true });
  const labels = toInstances([
    sentinel("one", 1),
    sentinel("two", 1),
    sentinel("one", 2),
    cluster,
    ofUrl,
  ]).map(({ label }) => label);
  expect(labels).toEqual([
    "one of sentinel s:1",
    "two of sentinel s:1",
    "one of sentinel s:2",
    "cluster of c:1",
    "cluster of d:2",
  ]);
});

test("a URL without a host has the label of the address that client libraries take", async () => {
  const instances = toInstances([createClient({ url: "redis://" }), "redis://", "redis://host:1/2"]);
  expect(instances.map(({ label }) => label)).toEqual(["localhost:6379", "localhost:6379", "host:1"]);
  await Promise.all(instances.map((instance) => instance.close()));
});

test("a Sentinel client of node-redis is refused", () => {
  const options = { name: "m", sentinelRootNodes: [{ host: "127.0.0.1", port: 1 }] };
  for (const client of [createSentinel(options), createSentinel5(options)])
    expect(() => new Redlock([client as never])).toThrow(/instances\[0\]: a Sentinel client of node-redis/);
});

test("a client of node-redis that was never connected", async () => {
  for (const client of [createClient(), createClient5()]) {
    const redlock = new Redlock([client]);
    expect(String(await rejection(redlock.tryAcquire("a")))).toMatch(/call `await client.connect\(\)`/);
    await redlock.close();
  }
});

test("a client on the port of a Sentinel", async () => {
  const directory = await mkdtemp(join(tmpdir(), "quorumlock-sentinel-"));
  const [file, port] = [join(directory, "sentinel.conf"), await freePort()];
  await writeFile(file, `port ${port}\nbind 127.0.0.1\n`);
  const sentinel = spawn(findRedisServer()!, [file, "--sentinel"], { stdio: "ignore" });
  const client = new Redis({ port, retryStrategy: () => 20 });
  client.on("error", () => undefined);
  const redlock = new Redlock([client]);
  // The error does not wait for the end of a limit.
  const error = await rejection(redlock.acquire("a", { wait: Infinity }));
  expect(String(error)).toMatch(
    /the server does not know EVAL, as a Sentinel; connect to the Redis server itself/,
  );
  await redlock.close();
  client.disconnect();
  sentinel.kill("SIGKILL");
  await rm(directory, { recursive: true });
});
