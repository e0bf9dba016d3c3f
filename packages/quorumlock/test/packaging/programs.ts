/** What the programs print if everything works. */
export const WORKS = "held, then refused";

const BODY = `
async function main() {
  const redlock = Redlock.memory();
  const stats = new LockStats(redlock);
  const lock = await redlock.acquire("a");
  try {
    await redlock.acquire("a", { wait: 1 });
  } catch (error) {
    const isRefused = error instanceof LockTimeoutError && error instanceof LockError;
    const areLoaded = [startRedisServer, exposeMetrics, traceLocks, publishLocks, webLocks, CompatRedlock, CompatLock].every((each) => typeof each === "function");
    const [found] = await inspectLocks(redlock, ["a"]);
    const isSeen = stats.holds().length === 1 && found?.instances[0]?.holds[0]?.token === lock.token;
    const ran = await once(redlock, "job", { every: 60_000 }, () => 1);
    const isDone = ran.outcome === "ran" && ran.recorded;
    console.log(lock.isHeld && isRefused && areLoaded && isSeen && isDone ? "${WORKS}" : error);
  }
  await redlock.close();
}
main();
`;

const CLIENT_BODY = `
async function main() {
  const client = new Redis(Number(process.argv[2]));
  const redlock = new Redlock([client], { restartGuard: false });
  const lock = await redlock.acquire("packaged");
  console.log(await client.get("lock:packaged") === lock.token ? "${WORKS}" : "no lock");
  await redlock.close();
  client.disconnect();
}
main();
`;

export const ESM_PROGRAM = `
import { LockError, LockTimeoutError, Redlock } from "quorumlock";
import CompatRedlock, { Lock as CompatLock } from "quorumlock/compat/redlock";
import { publishLocks } from "quorumlock/kafka";
import { leaseNameOf } from "quorumlock/kubernetes";
import { LockStats } from "quorumlock/observe";
import { traceLocks } from "quorumlock/opentelemetry";
import { inspectLocks } from "quorumlock/operator";
import { once } from "quorumlock/patterns";
import { exposeMetrics } from "quorumlock/prometheus";
import { startRedisServer } from "quorumlock/testing";
import { webLocks } from "quorumlock/web-locks";
${BODY}`;

export const CJS_PROGRAM = `
const { LockError, LockTimeoutError, Redlock } = require("quorumlock");
const { default: CompatRedlock, Lock: CompatLock } = require("quorumlock/compat/redlock");
const { publishLocks } = require("quorumlock/kafka");
const { leaseNameOf } = require("quorumlock/kubernetes");
const { LockStats } = require("quorumlock/observe");
const { traceLocks } = require("quorumlock/opentelemetry");
const { inspectLocks } = require("quorumlock/operator");
const { once } = require("quorumlock/patterns");
const { exposeMetrics } = require("quorumlock/prometheus");
const { startRedisServer } = require("quorumlock/testing");
const { webLocks } = require("quorumlock/web-locks");
${BODY}`;

/** It uses types that the package must export, and fails to compile if a type becomes \`any\`. */
export const TYPED_PROGRAM = `
import { type InstanceSource, type Lock, LockError, LockTimeoutError, Redlock } from "quorumlock";
import CompatRedlock, { type ExecutionStats, Lock as CompatLock } from "quorumlock/compat/redlock";
import { publishLocks } from "quorumlock/kafka";
import { leaseNameOf } from "quorumlock/kubernetes";
import { LockStats } from "quorumlock/observe";
import { traceLocks } from "quorumlock/opentelemetry";
import { inspectLocks } from "quorumlock/operator";
import { once } from "quorumlock/patterns";
import { exposeMetrics } from "quorumlock/prometheus";
import { startRedisServer, type RedisServer } from "quorumlock/testing";
import { webLocks } from "quorumlock/web-locks";

export type Start = (...args: Parameters<typeof startRedisServer>) => Promise<RedisServer>;
export const sources: readonly InstanceSource[] = ["redis://localhost"];
export const start: Start = startRedisServer;
export const remaining = (lock: Lock): number => lock.remaining();
// The type of \`navigator.locks\`, which comes with the types of browsers.
export const manager = (redlock: Redlock): LockManager => webLocks(redlock);
export const statsOf = (lock: CompatLock): Promise<ExecutionStats> | undefined => lock.attempts[0];
// @ts-expect-error the name must be a string
export const wrong = () => Redlock.memory().mutex(42);
${BODY}`;

/** A lock on a client that the program makes. argv: the port of the server. */
export const CLIENT_PROGRAM = `
import { Redis } from "ioredis";
import { Redlock } from "quorumlock";
${CLIENT_BODY}`;

/** Modules to load before a program: one makes `SuppressedError`, which Node 20 does not have, and one removes it. */
export const SUPPRESSED_ERROR = {
  polyfilled: `
class SuppressedError extends Error {
  constructor(error, suppressed, message) {
    super(message);
    Object.assign(this, { name: "SuppressedError", error, suppressed });
  }
}
Object.assign(globalThis, { SuppressedError });
`,
  missing: `delete globalThis.SuppressedError;`,
} as const;

/** Blocks that lose their lock. Prints a line for each claim. Compilers translate `await using`, because Node 20 does not know it. */
export const DISPOSING_PROGRAM = `
import { LockLostError, Redlock } from "quorumlock";

async function lose(error?: Error): Promise<void> {
  const redlock = Redlock.memory();
  await using lock = await redlock.acquire("a");
  await redlock.close();
  if (error !== undefined) throw error;
  console.log("held: " + lock.isHeld);
}

async function main(): Promise<void> {
  await lose().catch((error: unknown) => console.log("lost: " + (error instanceof LockLostError)));
  await lose(new Error("of the block")).catch((caught: { name: string; error: unknown; suppressed: Error }) => {
    console.log(caught.name + ", lost: " + (caught.error instanceof LockLostError) + ", " + caught.suppressed.message);
    const known = Reflect.get(globalThis, "SuppressedError") as (new (...args: never) => Error) | undefined;
    console.log(known === undefined ? "no class" : "of the class: " + (caught instanceof known));
  });
}
void main();
`;

/** The smallest program with a lock, for the size of a bundle. */
export const SMALL_PROGRAM = `
import { MutexRedlock } from "quorumlock";
new MutexRedlock([globalThis.client]);
`;

/** Finds two places in the code that nest locks in a wrong order, one of them twice. Prints the number of places and of their lines. */
export const DIAGNOSED_PROGRAM = `
import { Redlock } from "quorumlock";
const redlock = Redlock.memory({ diagnostics: true });
const places = [];
redlock.on("diagnostics:warning", ({ stacks }) => places.push(stacks[1].split("\\n")[0]));
process.on("warning", () => {});
const nest = (first, second) => redlock.using(first, () => redlock.using(second, () => undefined));
const wrong = (first) => redlock.using(first, () => redlock.using("top", () => undefined));
await nest("top", "a");
await nest("top", "b");
await wrong("a");
await wrong("a");
await nest("b", "top");
console.log(places.length, places.every((place) => /^at .*:\\d+:\\d+\\)?$/.test(place)), new Set(places).size);
`;

/** Both builds in one process. Prints the names of the claims that do not hold. */
export const BOTH_BUILDS_PROGRAM = `
import { createRequire } from "node:module";
import * as entry from "quorumlock";
import * as compat from "quorumlock/compat/redlock";
import * as patterns from "quorumlock/patterns";

const require = createRequire(import.meta.url);
const modules = { ...entry, ...patterns };
const commonjs = { ...require("quorumlock"), ...require("quorumlock/patterns") };
let warnings = 0;
process.on("warning", ({ code }) => { if (code === "QUORUMLOCK_EVEN") warnings += 1; });

const server = new modules.MemoryInstance();
const [holding, waiting] = [new modules.Redlock([server]), new commonjs.Redlock([server])];
await holding.acquire("a");
const error = await waiting.acquire("a", { wait: 1 }).catch((error) => error);
class OwnError extends modules.LockTimeoutError {}
const own = new OwnError(["a"], 0, undefined, []);
for (const { Redlock } of [modules, commonjs]) Redlock.memory({ instances: 2 });
await new Promise(setImmediate);

const classes = Object.keys(modules).filter((name) => modules[name].prototype instanceof Error);
const claims = {
  "two builds are loaded": modules.Redlock !== commonjs.Redlock,
  "both export the same": String(Object.keys(modules).sort()) === String(Object.keys(commonjs).sort()),
  "23 errors are exported": classes.length === 23,
  "each class has the objects of the other build": classes.every((name) => {
    const made = Object.create(commonjs[name].prototype);
    return made instanceof modules[name] && Object.create(modules[name].prototype) instanceof commonjs[name];
  }),
  "no class has the objects of another class": classes.every((name) =>
    classes.every((other) => {
      const isSubclass = other === name || commonjs[name].prototype instanceof commonjs[other];
      return Object.create(commonjs[name].prototype) instanceof modules[other] === isSubclass;
    }),
  ),
  "an error of a call is of the class": error instanceof modules.LockTimeoutError,
  "an error of a call is of the base class": error instanceof modules.LockError,
  "an error of a call is of no other class": !(error instanceof modules.QuorumError),
  "a subclass has only its own objects": own instanceof OwnError && !(error instanceof OwnError),
  "the other build knows objects of a subclass": own instanceof commonjs.LockTimeoutError,
  "no other value is an error": [null, undefined, 1, "a", {}].every((value) => !(value instanceof modules.LockError)),
  "the other build knows that this process holds the lock": error.holder.thisProcess,
  "a warning comes once": warnings === 1,
  "an error of the drop-in is of the class of the other build":
    new (require("quorumlock/compat/redlock").ExecutionError)("", []) instanceof compat.ExecutionError,
};
console.log(Object.keys(claims).filter((claim) => claims[claim] !== true).join("\\n"));
await Promise.all([holding.close(), waiting.close()]);
`;

/**
 * One process of a fleet that counts under a lock. The counter would lose steps if two processes held the lock at a time.
 * argv: the addresses of the servers, with commas between them, and the number of steps.
 */
export const COUNTING_PROGRAM = `
import { Redis } from "ioredis";
import { Redlock } from "quorumlock";

const [servers, steps] = [process.argv[2].split(","), Number(process.argv[3])];
const store = new Redis(servers[0]);
const redlock = new Redlock(servers, { restartGuard: false });
for (let step = 0; step < steps; step += 1) {
  await redlock.using("counter", { wait: Infinity }, async () => {
    const count = Number(await store.get("count"));
    await new Promise((resolve) => setTimeout(resolve, 2 * Math.random()));
    await store.set("count", count + 1);
  });
}
await redlock.close();
await store.quit();
console.log("${WORKS}");
`;
