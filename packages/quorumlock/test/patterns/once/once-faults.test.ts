import { expect, test } from "vitest";
import type { OnceResult } from "../../../src/patterns/index.ts";
import { OnceScene, type SceneProcess, TTL } from "./once-scene.ts";

// Processes with different clocks that stop, continue and die at any step, and servers that stop and continue, in virtual time.

const SEEDS_PER_TEST = 25;
const STEP_MS = 700;
const STEPS_WITH_FAULTS = 60;

/** Calls `once` until no other process is at work, as a scheduler does. */
async function callUntilKnown(
  scene: OnceScene,
  { call }: SceneProcess,
  attempts: number,
  routine: () => Promise<string>,
): Promise<OnceResult<string> | undefined> {
  for (;;) {
    const result = await call({ attempts, startWithin: 600_000, keepFor: 3_600_000 }, routine).catch(
      () => undefined,
    );
    const isRunning = result?.outcome === "skipped" && result.reason === "running";
    if (!isRunning && result !== undefined) return result;
    await new Promise<void>((resolve) => void scene.clock.setTimer(1_000, resolve, false));
  }
}

async function run(seed: number): Promise<void> {
  const scene = new OnceScene(seed % 4 === 0 ? 5 : 3, seed);
  const random = (count: number): number => Math.floor(scene.clock.random() * count);
  const attempts = 1 + random(3);
  const processes = Array.from({ length: 4 }, () => scene.start(random(10_000) - 5_000));
  const dead = new Set<SceneProcess>();
  const results: (OnceResult<string> | undefined)[] = [];
  const ends: number[] = [];
  const routine = async (): Promise<string> => {
    const length = random(4) * 4_000;
    await new Promise<void>((resolve) => void scene.clock.setTimer(length, resolve, false));
    ends.push(scene.clock.wall());
    return "value";
  };
  // A process that dies or stops does so behind any operation of a server.
  for (const instance of scene.instances)
    instance.onOperation = () => {
      if (random(25) !== 0 || dead.size === 3) return;
      const victim = processes[random(processes.length)]!;
      victim.process.pause();
      if (random(2) === 0) dead.add(victim);
    };
  for (const each of processes)
    void callUntilKnown(scene, each, attempts, routine).then((result) => results.push(result));
  for (let step = 0; step < STEPS_WITH_FAULTS; step += 1) {
    const victim = processes[random(processes.length)]!;
    if (random(3) === 0 && !dead.has(victim)) victim.process.resume();
    if (random(8) === 0) scene.instances[random(scene.instances.length)]!.pause();
    if (random(3) === 0) for (const instance of scene.instances) instance.resume();
    await scene.clock.advance(STEP_MS);
  }
  for (const instance of scene.instances) {
    instance.onOperation = undefined;
    instance.resume();
  }
  const alive = processes.filter((each) => !dead.has(each));
  for (const { process } of alive) process.resume();
  for (let step = 0; step < 200 && results.length < alive.length; step += 1)
    await scene.clock.advance(STEP_MS);

  const context = {
    seed,
    attempts,
    starts: scene.starts,
    results: results.map((result) => JSON.stringify(result)),
  };
  expect(results.length, JSON.stringify(context)).toBeGreaterThanOrEqual(alive.length);
  expect(scene.starts.length, JSON.stringify(context)).toBeLessThanOrEqual(attempts);
  expect(scene.starts, JSON.stringify(context)).toEqual([...new Set(scene.starts)].toSorted((a, b) => a - b));
  const confirmed = results.filter((result) => result?.outcome === "ran" && result.recorded);
  expect(confirmed.length, JSON.stringify(context)).toBeLessThanOrEqual(1);
  // Whoever asks now gets the one answer.
  await scene.clock.advance(2 * TTL);
  const last = await scene.settle(scene.start().call({ attempts, startWithin: 600_000 }));
  const isDone = last.outcome === "skipped" && last.reason === "done";
  if (confirmed.length === 1) expect(isDone, JSON.stringify(context)).toBe(true);
}

test.each([1, 2, 3, 4, 5, 6])("no instant begins too often, and no result is lost: part %i", async (part) => {
  for (let index = 0; index < SEEDS_PER_TEST; index += 1) await run(part * 1_000 + index);
});
