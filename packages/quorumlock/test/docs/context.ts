import { Redis } from "ioredis";
import { Redlock } from "quorumlock";
import { type ConformanceSubject, type RedisServer, startRedisServer } from "quorumlock/testing";

// The names that fragments of the docs use and do not declare. The pages call them "your" servers, work and log.

export { Redis, Redlock };
export { instanceConformance, startRedisServer } from "quorumlock/testing";
export { webLocks } from "quorumlock/web-locks";

const [first = "", second = "", third = "", fourth = ""] = (process.env["DOCS_URLS"] ?? "").split(" ");
export const [a, b, c, d] = [first, second, third, fourth];
export const [redisA, redisB, redisC, redisD] = [first, second, third, fourth];

export const redlock = new Redlock([a, b, c], { restartGuard: false });
export const work = async (_lockOrFence: unknown, signal: AbortSignal): Promise<string> => {
  signal.throwIfAborted();
  return "the result";
};
export const log = { error: (entry: object): void => console.error(entry) };
export const everyProcessHasResolved = (): Promise<void> => Promise.resolve();

/** One case after another, as a test runner does. */
let cases = Promise.resolve();
export const test = (_title: string, run: () => unknown): void => {
  cases = cases.then(run).then(() => undefined);
};
let ownServer: Promise<RedisServer> | undefined;
const server = (): Promise<RedisServer> => (ownServer ??= startRedisServer());
/** A server of its own as the subject of the conformance suite, because the suite writes into its keys. */
export const subject: ConformanceSubject = {
  connect: async () => (await server()).url,
  write: async (key, value) => send("SET", key, value),
  remaining: async (key) => Number(await send("PTTL", key)),
};

async function send(command: string, ...args: readonly string[]): Promise<unknown> {
  const client = new Redis((await server()).port);
  const reply: unknown = await client.call(command, ...args);
  client.disconnect();
  return reply;
}

/** Waits for the cases and for the releases that are under way, and ends the process. Fragments leave connections open. */
export const end = async (): Promise<never> => {
  await cases;
  // A release is confirmed by a majority. Each server answers this after all that was sent to it before.
  await redlock.health().catch(() => undefined);
  process.exit(0);
};
