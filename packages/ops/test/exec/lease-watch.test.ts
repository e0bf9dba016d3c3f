import { MemoryInstance, Redlock } from "quorumlock";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { VirtualClock } from "../../../quorumlock/test/support/virtual-clock.ts";
import { LeaseWatch, type Loss } from "../../src/exec/lease-watch.ts";

/** Both times move in steps of this size. */
const STEP_MS = 10;

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

type Answer = "at once" | "late" | "never" | "error";

/** A server whose answers can come late or not at all. */
class UnsteadyInstance extends MemoryInstance {
  readonly #clock: VirtualClock;
  readonly #delayMs: number;
  readonly #held: (() => void)[] = [];
  #answer: Answer = "at once";

  constructor(clock: VirtualClock, label: string, delayMs: number) {
    super({ clock, label });
    this.#clock = clock;
    this.#delayMs = delayMs;
  }

  /** A server that answers again also answers what it has got meanwhile. */
  set answer(answer: Answer) {
    this.#answer = answer;
    if (answer !== "never") for (const resume of this.#held.splice(0)) resume();
  }

  override async run(
    ...parameters: Parameters<MemoryInstance["run"]>
  ): Promise<Awaited<ReturnType<MemoryInstance["run"]>>> {
    if (this.#answer === "error") throw new Error("connection lost");
    if (this.#answer === "never") await new Promise<void>((resolve) => void this.#held.push(resolve));
    if (this.#answer === "late")
      await new Promise<void>((resolve) => this.#clock.setTimer(this.#delayMs, resolve, false));
    return super.run(...parameters);
  }
}

/** A lock as `exec` has it, whose lease is watched, in virtual time. */
async function watched(ttl: number, graceMs: number) {
  const clock = new VirtualClock();
  const requestTimeout = Math.min(500, ttl / 10);
  const instances = ["a", "b", "c"].map(
    (label) => new UnsteadyInstance(clock, label, requestTimeout - STEP_MS),
  );
  const redlock = new Redlock(instances, { clock, ttl, requestTimeout, restartGuard: false });
  onTestFinished(async () => {
    const closing = redlock.close().catch(() => undefined);
    // Requests without an answer end in virtual time, too.
    await clock.advance(ttl);
    await closing;
  });
  const advance = async (): Promise<void> => {
    await clock.advance(STEP_MS);
    vi.advanceTimersByTime(STEP_MS);
  };
  const acquiring = redlock.acquire("report");
  await advance();
  const lock = await acquiring;
  let guardGraceMs = graceMs;
  const losses: (Loss & { readonly remainingMs: number })[] = [];
  const watch = new LeaseWatch(redlock, lock, graceMs, instances.length, {
    onExtension: (isFailing) => (guardGraceMs = isFailing ? 0 : graceMs),
    onLost: (loss) => losses.push({ ...loss, remainingMs: lock.remaining() }),
  });
  onTestFinished(() => watch[Symbol.dispose]());
  return {
    lock,
    losses,
    setAnswers: (...answers: readonly Answer[]): void =>
      instances.forEach((instance, index) => (instance.answer = answers[index] ?? "at once")),
    /** Returns the least time that was left of the lease while the guard of a killed exec would still wait for the grace. */
    pass: async (ms: number): Promise<number> => {
      let least = Infinity;
      for (let passed = 0; passed < ms && losses.length === 0; passed += STEP_MS) {
        await advance();
        if (guardGraceMs > 0) least = Math.min(least, lock.remaining());
      }
      return least;
    },
  };
}

describe.each([3_000, 30_000])("a ttl of %d ms", (ttl) => {
  const graceMs = ttl / 3;

  test.each<readonly [string, readonly Answer[]]>([
    ["all answer", []],
    ["a majority answers right before its time limit", ["late", "late", "late"]],
    ["a majority is silent", ["at once", "never", "never"]],
    ["a majority fails at once", ["at once", "error", "error"]],
  ])("at least half of it is left while the guard gives the grace: %s", async (_, answers) => {
    const { pass, setAnswers, losses, lock } = await watched(ttl, graceMs);
    // At every moment between two extensions, the answers may change.
    for (const beforeMs of [ttl / 10, ttl / 2]) {
      setAnswers();
      expect(await pass(beforeMs)).toBeGreaterThanOrEqual(ttl / 2);
      setAnswers(...answers);
      expect(await pass(ttl / 4)).toBeGreaterThanOrEqual(ttl / 2);
    }
    expect(losses).toEqual([]);
    expect(lock.isHeld).toBe(true);
  });

  test("TERM comes when the grace is left of a lease that is not extended, and KILL half a second before its end", async () => {
    const { pass, setAnswers, losses } = await watched(ttl, graceMs);
    setAnswers("at once", "never", "never");
    expect(await pass(ttl)).toBeGreaterThanOrEqual(ttl / 2);
    expect(losses).toHaveLength(1);
    const { remainingMs, killInMs, why } = losses[0]!;
    expect(remainingMs).toBeLessThanOrEqual(graceMs);
    expect(remainingMs).toBeGreaterThan(graceMs - 2 * STEP_MS);
    expect(killInMs).toBeLessThanOrEqual(remainingMs - 500);
    expect(why).toBe("2 of 3 servers did not answer");
  });
});
