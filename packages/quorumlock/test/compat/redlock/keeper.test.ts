import { describe, expect, test } from "vitest";
import type { Electorate } from "../../../src/compat/redlock/electorate.ts";
import { ExecutionError } from "../../../src/compat/redlock/errors.ts";
import { type Extension, Keeper } from "../../../src/compat/redlock/keeper.ts";
import { DEFAULTS } from "../../../src/compat/redlock/settings.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

// When `using` extends its lock, and when it aborts its signal. Durations are in virtual ms.

const DURATION_MS = 10_000;
const FAILED: Extension = { isExtended: false, isLost: false, stats: undefined };

function scene(extend: () => Promise<Extension>, settings: Partial<typeof DEFAULTS> = {}) {
  const clock = new VirtualClock();
  let endsAt = clock.monotonic() + DURATION_MS;
  const extensions: number[] = [];
  const start = clock.monotonic();
  const lock = {
    remainingMs: () => endsAt - clock.monotonic(),
    extendOnce: async (): Promise<Extension> => {
      extensions.push(clock.monotonic() - start);
      const extension = await extend();
      if (extension.isExtended) endsAt = clock.monotonic() + DURATION_MS;
      return extension;
    },
  };
  const electorate = { client: { clock } } as unknown as Electorate;
  const keeper = new Keeper(electorate, lock, { ...DEFAULTS, retryJitter: 0, ...settings });
  return { clock, extensions, keeper };
}

describe("`using`", () => {
  test("extends its lock each time that the threshold is left", async () => {
    const { clock, extensions, keeper } = scene(async () => ({ ...FAILED, isExtended: true }));
    await clock.advance(3 * DURATION_MS);
    expect(extensions).toEqual([9_500, 19_000, 28_500]);
    keeper.end();
    expect([clock.pending, keeper.signal.aborted]).toEqual([0, false]);
  });

  test("aborts when the lease ends if the extension has no answer", async () => {
    const { clock, extensions, keeper } = scene(() => new Promise<never>(() => undefined));
    await clock.advance(DURATION_MS - 1);
    expect([extensions, keeper.signal.aborted]).toEqual([[9_500], false]);
    await clock.advance(1);
    expect(keeper.signal.aborted).toBe(true);
    expect(keeper.signal.error).toBeInstanceOf(ExecutionError);
    expect(clock.pending).toBe(0);
  });

  test("aborts when the lease ends if extensions fail until then, with a pause after each", async () => {
    const { clock, extensions, keeper } = scene(async () => FAILED, { retryDelay: 200 });
    await clock.advance(DURATION_MS);
    expect(extensions.slice(0, 3)).toEqual([9_500, 9_700, 9_850]);
    expect(extensions.length).toBeLessThan(12);
    expect(keeper.signal.aborted).toBe(true);
  });

  test("pauses at least 20 ms after an extension that failed, if no retry delay is set", async () => {
    const { clock, extensions } = scene(async () => FAILED, { retryDelay: 0 });
    await clock.advance(DURATION_MS);
    expect(extensions).toHaveLength(500 / 20);
  });

  test("does not extend without a pause if the threshold is almost the whole lease", async () => {
    const threshold = { automaticExtensionThreshold: DURATION_MS };
    const { clock, extensions } = scene(async () => ({ ...FAILED, isExtended: true }), threshold);
    await clock.advance(DURATION_MS);
    expect(extensions).toHaveLength(1 + DURATION_MS / 1_000);
  });

  test("aborts at once if another process has the lock", async () => {
    const { clock, keeper } = scene(async () => ({ ...FAILED, isLost: true }));
    await clock.advance(9_500);
    expect(keeper.signal.aborted).toBe(true);
  });

  test("aborts at its end if the process was paused beyond the lease", () => {
    const { clock, keeper } = scene(async () => FAILED);
    clock.pause(DURATION_MS);
    keeper.end();
    expect(keeper.signal.error).toHaveProperty("message", "Cannot extend an already-expired lock.");
  });
});
