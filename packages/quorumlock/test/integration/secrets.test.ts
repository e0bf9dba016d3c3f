import { inspect } from "node:util";
import { Redis as RestRedis } from "@upstash/redis";
import { Redis } from "ioredis";
import { Redis as Redis5 } from "ioredis5";
import { createClient } from "redis";
import { createClient as createClient5 } from "redis5";
import { afterAll, expect, test } from "vitest";
import { type InstanceSource, Redlock } from "../../src/index.ts";
import { startRedisServers } from "../../src/testing/index.ts";
import { eventually, rejection } from "../support/timing.ts";

// A wrong password is a secret too: often it is the right one of another server.
const SECRET = "wr0ng-s3cret-passw0rd";

const servers = await startRedisServers(1, { args: ["--requirepass", "right"] });
const { port } = servers[0]!;
const closers: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
  await servers.stop();
});

const url = `redis://:${SECRET}@127.0.0.1:${port}`;

function ioredis(Client: typeof Redis): InstanceSource {
  const client = new Client(port, "127.0.0.1", { password: SECRET });
  closers.push(() => client.disconnect());
  return client;
}

function nodeRedis(create: typeof createClient): InstanceSource {
  const client = create({ url });
  client.on("error", () => undefined);
  client.connect().catch(() => undefined);
  closers.push(() => client.isOpen && client.destroy());
  return client;
}

/** Every text that can be reached from a value: all own and inherited properties, symbols, entries, causes and parts. */
function reachableTexts(root: unknown): readonly string[] {
  const seen = new Set<unknown>();
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === "string") texts.push(value);
    if (typeof value === "symbol") texts.push(String(value.description));
    if (value === null || (typeof value !== "object" && typeof value !== "function") || seen.has(value))
      return;
    seen.add(value);
    if (value instanceof Map || value instanceof Set) for (const entry of value) visit(entry);
    for (
      let owner: object | null = value;
      owner !== null;
      owner = Object.getPrototypeOf(owner) as object | null
    ) {
      for (const key of Reflect.ownKeys(owner)) {
        visit(key);
        try {
          visit(Reflect.get(owner, key, value));
        } catch {
          // A getter that does not accept this object.
        }
      }
    }
  };
  visit(root);
  return texts;
}

function expectNoSecret(value: unknown): void {
  expect(reachableTexts(value).filter((text) => text.includes(SECRET))).toEqual([]);
  for (const text of [inspect(value, { depth: 20, showHidden: true }), JSON.stringify(value) ?? ""])
    expect(text).not.toContain(SECRET);
}

const REST_OPTIONS = { retry: { retries: 0 }, enableTelemetry: false } as const;

const kinds: readonly (readonly [string, () => InstanceSource])[] = [
  ["ioredis 5", () => ioredis(Redis5 as never)],
  ["ioredis 6", () => ioredis(Redis)],
  ["node-redis 5", () => nodeRedis(createClient5 as never)],
  ["node-redis 6", () => nodeRedis(createClient)],
  ["URL", () => url],
  [
    "REST",
    () => new RestRedis({ url: "http://127.0.0.1:1", token: `${SECRET}\n${SECRET}`, ...REST_OPTIONS }),
  ],
];

test.each(kinds)("%s: no error, event or warning leads to the password", async (_name, source) => {
  const collected: unknown[] = [];
  const collect = (warning: unknown): void => void collected.push(warning);
  process.on("warning", collect);
  const redlock = new Redlock([source()], { wait: 300, ttl: 5_000 });
  closers.push(() => redlock.close());
  let failed = 0;
  redlock.on("instance:down", (event) => {
    failed += 1;
    collected.push(event);
  });
  for (const name of ["instance:wake:lost", "lock:acquire:failed", "instance:unsafe"] as const)
    redlock.on(name, (event: unknown) => void collected.push(event));
  const errors = [await rejection(redlock.acquire("a")), await rejection(redlock.tryAcquire("b"))];
  await eventually("the instance is down", async () => failed > 0);
  const later = [
    await rejection(redlock.using("c", () => undefined)),
    await rejection(redlock.tryAcquire("d")),
  ];
  process.off("warning", collect);
  expect(later[0]).toMatchObject({ code: "LOCK_NO_QUORUM" });
  for (const value of [...collected, ...errors, ...later]) expectNoSecret(value);
});

test("a connection error with the URL as the host, and a listener that throws it", async () => {
  const client = new Redis({ host: `redis://:${SECRET}@127.0.0.1`, port, retryStrategy: () => 50 });
  closers.push(() => client.disconnect());
  const collected: unknown[] = [];
  const collect = (warning: unknown): void => void collected.push(warning);
  process.on("warning", collect);
  const redlock = new Redlock([client], { wait: 500 });
  redlock.on("instance:down", (event) => {
    collected.push(event);
    throw new Error(`from redis://:${SECRET}@host`);
  });
  collected.push(await rejection(redlock.acquire("a")));
  await eventually("a warning comes", async () =>
    collected.some((value) => value instanceof Error && value.name.endsWith("Warning")),
  );
  process.off("warning", collect);
  for (const value of collected) expectNoSecret(value);
  client.disconnect();
  await redlock.close();
});

test("bad lists and URLs", () => {
  const bad: readonly unknown[] = [
    url,
    [url.replace("redis:", "http:")],
    [`redis://:${SECRET}/x@host`],
    [`redis://user:12#${SECRET}@host`],
    [`redis:host?password=${SECRET}&db=1`, "nonsense"],
    [`:${SECRET}@host`],
  ];
  for (const list of bad) {
    let thrown: unknown;
    try {
      closers.push(() => undefined);
      void new Redlock(list as never);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TypeError);
    expectNoSecret(thrown);
  }
  expect(() => new Redlock([], url as never)).toThrow(/^(?!.*s3cret)options: "redis:\/\/\*\*\*@/);
});
