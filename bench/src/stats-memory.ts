// Prints how much heap `LockStats` needs: after a million different names in 200 classes and `other`, with waits and holds from 0.1 ms
// to 1,000 s in each of 20 minutes. Run it with
// `npm run stats-memory --workspace bench` after a build.
import { type Clock, Redlock } from "quorumlock";
import { LockStats } from "quorumlock/observe";

const NAMES = 1_000_000;
const MINUTES = 20;

let now = 0;
let random = 1;
/** A uniform number from 0 to 1, the same ones in each run. */
function nextRandom(): number {
  random = (random * 48_271) % 2_147_483_647;
  return random / 2_147_483_647;
}

const redlock = Redlock.memory();
const listeners = new Map<string, (event: object) => void>();
const source = Object.create(redlock) as Redlock;
Object.defineProperty(source, "on", {
  value: (name: string, listener: (event: object) => void) => {
    listeners.set(name, listener);
    return () => listeners.delete(name);
  },
});
const clock: Clock = {
  monotonic: () => now,
  wall: () => now,
  setTimer: () => ({ cancel: () => undefined, setKeepAlive: () => undefined }),
  nextTick: () => undefined,
  afterIo: () => undefined,
  random: nextRandom,
  randomToken: () => "",
};

const before = heap();
const stats = new LockStats(source, { classOf: (name) => name.slice(0, 3), clock });
feed();
const after = heap();
const { classes, buckets, courses } = stats.size;
console.log(
  `${NAMES} names: ${classes} classes, ${buckets} numbers of histograms, ${courses} under way, ` +
    `${((after - before) / 2 ** 20).toFixed(1)} MB`,
);

function feed(): void {
  const token = "f".repeat(32);
  for (let id = 0; id < NAMES; id += 1) {
    now += (MINUTES * 60_000) / NAMES;
    const names = [`${String(id % 500).padStart(3, "0")}:${id}`];
    const ms = 0.1 * 10 ** (7 * nextRandom());
    const fields = { id, names, kind: "mutex", mode: "exclusive", ttlMs: 10_000, waitMs: 10_000 };
    emit("lock:acquire:started", fields);
    emit("lock:acquire:succeeded", { ...fields, token, fence: id, waitedMs: ms, votes: 2 });
    emit("lock:released", { ...fields, token, fence: id, heldMs: ms, confirmed: true });
  }
}

function emit(name: string, event: object): void {
  listeners.get(name)?.(event);
}

function heap(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
