// A process that gets values from a cache. argv: a JSON text with the settings. It sends its results to the test, and is told by the
// test when to begin. In the store it notes who computes a key (`computations:`) and who was refused its lock (`refused:`).
import { Redis } from "ioredis";
import { Redlock } from "../../src/index.ts";
import { systemClock } from "../../src/base/clock.ts";
import { cached, type CacheStore, redisStore } from "../../src/patterns/index.ts";
import { FRESH } from "./fresh.ts";
import { offsetClock } from "./offset-clock.ts";

/**
 * Where a process kills or stops itself, once. `acquired`: it holds the lock. `computed`: before it writes. `written`: before it releases
 * the lock.
 */
export type Step = "read" | "acquired" | "computing" | "computed" | "written";

/** What the test gives to the process. */
export interface CacheProcessSettings {
  readonly urls: readonly string[];
  /** A server that is no lock server: the store, and the list of computations. */
  readonly storeUrl: string;
  readonly keys: readonly string[];
  readonly step?: Step;
  readonly signal?: "SIGKILL" | "SIGSTOP";
  readonly calls: number;
  readonly offsetMs: number;
  /** How the computation ends. `die`: the process that computes first kills itself, and the next one ends. */
  readonly ends: "value" | "error" | "die" | "never";
  /** The ttl of the locks, in ms. */
  readonly lockTtl: number;
  /** How long the computation takes, in ms. */
  readonly durationMs: number;
  /** Whether the first computation of a key lasts until the store has the key `go:` with its name. */
  readonly waitsForGo: boolean;
  readonly computeTimeout: number;
}

const settings = JSON.parse(process.argv[2] ?? "{}") as CacheProcessSettings;
const redis = new Redis(settings.storeUrl);
const clock = offsetClock(systemClock, settings.offsetMs);
const clients = settings.urls.map((url) => new Redis(url));
const redlock = new Redlock(clients, { ...FRESH, clock, ttl: settings.lockTtl, requestTimeout: 10_000 });
redlock.on(
  "lock:acquire:failed",
  ({ names: [name = ""] }) => void redis.sadd(name.replace("cache:", "refused:"), process.pid),
);

let isUsed = false;
let reads = 0;

function reach(step: Step): void {
  if (isUsed || step !== settings.step) return;
  isUsed = true;
  process.kill(process.pid, settings.signal ?? "SIGKILL");
}

const store: CacheStore = (() => {
  const inner = redisStore(redis);
  return {
    ...inner,
    async get(key) {
      const text = await inner.get(key);
      reads += 1;
      reach(reads === 1 ? "read" : "acquired");
      return text;
    },
    async replace(key, version, text, ttl) {
      reach("computed");
      const isStored = await inner.replace!(key, version, text, ttl);
      reach("written");
      return isStored;
    },
  };
})();

const cache = cached(redlock, store, {
  ttl: 3_600_000,
  lockTtl: settings.lockTtl,
  storeTimeout: 60_000,
  computeTimeout: settings.computeTimeout,
  wait: 150_000,
});

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, settings.durationMs));
}

async function compute(key: string): Promise<string> {
  const nth = await redis.rpush(`computations:${key}`, String(process.pid));
  reach("computing");
  if (settings.ends === "die" && nth === 1) process.kill(process.pid, "SIGKILL");
  if (settings.ends === "never") await new Promise(() => undefined);
  await pause();
  if (settings.waitsForGo && nth === 1) while ((await redis.exists(`go:${key}`)) === 0) await pause();
  await redis.rpush(`ended:${key}`, String(process.pid));
  if (settings.ends === "error") throw Object.assign(new Error("no report"), { code: "NO_REPORT" });
  return `computed by ${nth}`;
}

process.once("message", () => {
  void (async () => {
    const results = await Promise.allSettled(
      settings.keys.flatMap((key) =>
        Array.from({ length: settings.calls }, () => cache.get(key, () => compute(key))),
      ),
    );
    process.send?.(
      results.map((result) =>
        result.status === "fulfilled"
          ? { value: result.value }
          : { error: (result.reason as Error).name, code: (result.reason as { code?: string }).code },
      ),
    );
    // Its locks are released, and nobody waits for their ends.
    await cache.close();
    process.disconnect();
    process.exit(0);
  })();
});
await redlock.query("ready");
process.send?.("ready");
