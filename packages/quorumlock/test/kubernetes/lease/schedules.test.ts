import fc from "fast-check";
import { expect, it } from "vitest";
import type { Lock } from "../../../src/index.ts";
import { type LeaseProcess, LeaseWorld } from "../../support/lease-world.ts";
import { settle } from "../../support/virtual-clock.ts";

/** What one process does, and what happens to it. Times are in ms. */
interface Step {
  readonly kind:
    | "acquire"
    | "try"
    | "release"
    | "extend"
    | "pause"
    | "resume"
    | "outage"
    | "end outage"
    | "step wall";
  readonly process: number;
  readonly afterMs: number;
  readonly ttlS: number;
}

interface Plan {
  readonly seed: number;
  readonly skews: readonly { readonly rate: number; readonly wallMs: number }[];
  /** Of a thousand messages. */
  readonly lost: number;
  /** Of a thousand messages: how many come late, by up to 40 s. */
  readonly late: number;
  /** Of a thousand requests: how many are sent twice. */
  readonly twice: number;
  readonly steps: readonly Step[];
}

const KINDS = [
  ...Array.from({ length: 6 }, () => "acquire" as const),
  "try",
  ...Array.from({ length: 3 }, () => "release" as const),
  "extend",
  "pause",
  "pause",
  "resume",
  "resume",
  "outage",
  "end outage",
  "end outage",
  "step wall",
] as const;

const plans: fc.Arbitrary<Plan> = fc.record({
  seed: fc.nat(),
  skews: fc.array(
    // Two clocks differ by at most one percent, which is the drift that is allowed for.
    fc.record({
      rate: fc.double({ min: 0.996, max: 1.005, noNaN: true }),
      wallMs: fc.integer({ min: -3_600_000, max: 3_600_000 }),
    }),
    { minLength: 2, maxLength: 4 },
  ),
  lost: fc.constantFrom(0, 30, 150),
  late: fc.constantFrom(0, 50, 200),
  twice: fc.constantFrom(0, 50, 200),
  steps: fc.array(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      process: fc.nat(3),
      afterMs: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 6_000 })),
      ttlS: fc.integer({ min: 1, max: 8 }),
    }),
    { minLength: 5, maxLength: 60 },
  ),
});

it("never has two holders, and its fencing tokens grow, whatever is lost, late, repeated, paused or skewed", async () => {
  let grants = 0;
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      grants += await run(plan);
    }),
    { numRuns: 60, seed: 20261127, endOnFailure: process.env["CI"] !== undefined },
  );
  // The schedules must not be so hard that nobody gets the lock.
  expect(grants).toBeGreaterThan(120);
});

/** Runs one schedule. Returns how many locks were granted. */
async function run({ seed, skews, lost, late, twice, steps }: Plan): Promise<number> {
  const world = new LeaseWorld(seed);
  const { clock } = world;
  const delay = (): number | undefined => {
    const draw = clock.random() * 1_000;
    if (draw < lost) return undefined;
    if (draw < lost + late) return clock.random() * 40_000;
    return clock.random() * 20;
  };
  world.way = () => ({
    requestMs: delay(),
    replyMs: delay(),
    isTwice: clock.random() * 1_000 < twice,
  });
  const processes = skews.map((skew, index) =>
    world.process(`p${index}`, { ttl: 4_000, wait: 20_000, requestTimeout: 900 }, skew),
  );
  const held = new Set<Lock>();
  const locksOf = new Map<LeaseProcess, Lock[]>(processes.map((each) => [each, []]));
  let lastFence = 0;
  const check = (): void => {
    const holders = [...held].filter((lock) => lock.isHeld);
    if (holders.length > 1) throw new Error(`two holders: ${holders.map(({ token }) => token).join(", ")}`);
    for (const lock of held) if (lock.signal.aborted) held.delete(lock);
  };
  world.onWrite = check;
  const onGranted = (process: LeaseProcess, lock: Lock): void => {
    held.add(lock);
    locksOf.get(process)?.push(lock);
    if (lock.fence <= lastFence) throw new Error(`fence ${lock.fence} after ${lastFence}`);
    lastFence = lock.fence;
    grants += 1;
    check();
  };
  const failures: unknown[] = [];
  let grants = 0;
  const pending: Promise<unknown>[] = [];
  const begin = (process: LeaseProcess, acquiring: Promise<Lock | null>): void => {
    pending.push(
      acquiring.then(
        (lock) => {
          try {
            if (lock !== null) onGranted(process, lock);
          } catch (error) {
            failures.push(error);
          }
        },
        () => undefined,
      ),
    );
  };
  const release = (process: LeaseProcess): void => {
    const lock = locksOf.get(process)!.shift();
    if (lock === undefined) return;
    held.delete(lock);
    pending.push(lock.release().catch(() => undefined));
  };
  const carryOut: Readonly<Record<Step["kind"], (process: LeaseProcess, ttl: number) => void>> = {
    acquire: (process, ttl) => begin(process, process.lockable.acquire({ ttl })),
    try: (process, ttl) => begin(process, process.lockable.tryAcquire({ ttl })),
    release,
    extend: (process, ttl) =>
      void locksOf
        .get(process)![0]
        ?.extend(ttl)
        .catch(() => undefined),
    pause: (process) => process.pausable.pause(),
    resume: (process) => process.pausable.resume(),
    outage: () => (world.isDown = true),
    "end outage": () => (world.isDown = false),
    "step wall": (_, ttl) => clock.stepWall((ttl - 4) * 1_000),
  };
  for (const { kind, process, afterMs, ttlS } of steps) {
    await advance(clock, afterMs, check);
    carryOut[kind](processes[process % processes.length]!, ttlS * 1_000);
    await settle();
    check();
  }
  world.isDown = false;
  world.way = () => ({ requestMs: 1, replyMs: 1 });
  for (const process of processes) process.pausable.resume();
  // Everything ends: waits are over, late messages have come, and nobody holds the lock for ever.
  for (let round = 0; round < 20; round += 1) {
    for (const process of processes) while (locksOf.get(process)!.length > 0) release(process);
    await advance(clock, 5_000, check);
  }
  await Promise.all(pending);
  if (failures.length > 0) throw failures[0];
  // The Lease is not stuck: the next one gets it.
  const next = world.process("last", { ttl: 4_000, wait: 60_000 });
  const acquiring = next.acquire();
  await clock.advance(60_000);
  const lock = await acquiring;
  onGranted(next, lock);
  held.delete(lock);
  const released = lock.release();
  await clock.advance(1_000);
  expect(await released).toBe(true);
  expect(clock.pending).toBeLessThanOrEqual(processes.length + 1);
  return grants;
}

/** Advances the time in steps, and looks at each whether there are two holders. */
async function advance(clock: LeaseWorld["clock"], ms: number, check: () => void): Promise<void> {
  for (let left = ms; left > 0; left -= 500) {
    await clock.advance(Math.min(left, 500));
    check();
  }
}
