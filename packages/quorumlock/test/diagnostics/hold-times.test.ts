import { describe, expect, test } from "vitest";
import { findingsOf } from "../support/findings.ts";
import { settle } from "../support/virtual-clock.ts";
import { collectWarnings } from "../support/warnings.ts";
import { rejection, withResolvers } from "../support/timing.ts";
import { world } from "../support/world.ts";

interface Options {
  readonly ttl?: number;
  readonly autoExtend?: boolean;
}

/** A client with diagnostics. `hold` holds a lock for `ms`, `holdOften` 25 locks of one class. */
function diagnosed(options: Options = {}) {
  const { redlock, clock } = world(3, { diagnostics: true, ...options });
  const hold = async (name: string, ms: number): Promise<void> => {
    const done = withResolvers<void>();
    const held = redlock.using(name, () => done.promise);
    await clock.advance(ms);
    done.resolve();
    await held;
  };
  const holdOften = async (name: string, ms: number): Promise<void> => {
    for (let id = 0; id < 25; id++) await hold(`${name}:${id}`, ms);
  };
  return { redlock, clock, findings: findingsOf(redlock), hold, holdOften };
}

describe("held-long", () => {
  test("reports a lock that is held for 5 times the p99 of its class, while it is held, once for each place", async () => {
    const { redlock, clock, findings, holdOften } = diagnosed();
    const warnings = collectWarnings();
    await holdOften("order", 300);
    expect(findings).toEqual([]);
    const slow = async (): Promise<void> => {
      const done = withResolvers<void>();
      const held = redlock.using("order:99", () => done.promise);
      await clock.advance(1_400);
      await clock.advance(200);
      done.resolve();
      await held;
    };
    await slow();
    expect(findings).toEqual([
      {
        id: "held-long",
        names: ["order:99"],
        message: expect.stringMatching(
          /^the lock on "order:99" is held for more than 1500 ms, and 99 of 100 locks of "order:\*" were released within 300 ms; /,
        ) as string,
        stacks: [expect.stringMatching(/^at slow .*hold-times\.test\.ts:\d+:\d+\)/) as string],
      },
    ]);
    await slow();
    expect(findings).toHaveLength(1);
    const again = withResolvers<void>();
    const held = redlock.using("order:98", () => again.promise);
    await clock.advance(20_000);
    expect(findings).toHaveLength(2);
    again.resolve();
    await held;
    const seen = await warnings.stop();
    expect(seen.map(({ code }) => code)).toEqual(["QUORUMLOCK_HELD_LONG", "QUORUMLOCK_HELD_LONG"]);
    expect(seen[0]!.message).toMatch(/\nit was acquired:\n {2}at slow /);
  });

  test("reports nothing below a second, with few holds, or for another class", async () => {
    const { findings, hold, holdOften } = diagnosed();
    await holdOften("order", 1);
    await hold("order:99", 999);
    await hold("report", 50_000);
    for (let id = 0; id < 10; id++) await hold(`user:${id}`, 1);
    await hold("user:99", 5_000);
    expect(findings).toEqual([]);
  });

  test("reports a lock that is held for a minute while another caller waits, and not without one", async () => {
    const { redlock, clock, findings, hold } = diagnosed();
    await hold("leader", 600_000);
    expect(findings).toEqual([]);
    const done = withResolvers<void>();
    const held = redlock.using("batch", () => done.promise);
    await clock.advance(70_000);
    const waiting = redlock.using("batch", { wait: Infinity }, () => "next");
    await clock.advance(40_000);
    expect(findings).toEqual([]);
    await clock.advance(10_000);
    expect(findings.map(({ id }) => id)).toEqual(["held-long"]);
    expect(findings[0]!.message).toMatch(
      /for more than 120000 ms while other callers wait for it; divide the work/,
    );
    done.resolve();
    await held;
    expect(await waiting).toBe("next");
    await clock.advance(600_000);
    expect(findings).toHaveLength(1);
  });
});

describe("ttl-short", () => {
  test("reports a routine that outlives its lock without extensions", async () => {
    const { findings, hold } = diagnosed({ ttl: 2_000, autoExtend: false });
    await expect(hold("report", 2_500)).rejects.toMatchObject({ code: "LOCK_LOST" });
    expect(findings).toMatchObject([
      {
        id: "ttl-short",
        names: ["report"],
        message: expect.stringMatching(
          /has a ttl of 2000 ms and does not extend itself, and its routine still runs when it ends; /,
        ) as string,
      },
    ]);
  });

  test("reports a release after the end of the lease, and not a lock that is meant to expire", async () => {
    const { redlock, clock, findings } = diagnosed({ ttl: 2_000, autoExtend: false });
    const mark = await redlock.acquire("sent:42");
    await clock.advance(3_000);
    expect(mark.isHeld).toBe(false);
    expect(findings).toEqual([]);
    const lock = await redlock.acquire("report");
    await clock.advance(2_500);
    expect(await lock.release()).toBe(false);
    expect(findings.map(({ id, names }) => [id, names])).toEqual([["ttl-short", ["report"]]]);
  });

  test("reports work that takes nearly the whole ttl, and not work that takes half of it", async () => {
    const { redlock, clock, findings, holdOften } = diagnosed({ ttl: 2_000, autoExtend: false });
    await holdOften("half", 1_000);
    expect(findings).toEqual([]);
    for (let id = 0; id < 25; id++) {
      const done = withResolvers<void>();
      const held = redlock.using(`nearly:${id}`, () => done.promise);
      await clock.advance(1_700);
      done.resolve();
      await held;
    }
    expect(findings.map(({ id }) => id)).toEqual(["ttl-short"]);
  });
});

test("ttl-long: reports a ttl that is far above the need, and not the default", async () => {
  const { findings, holdOften } = diagnosed();
  await holdOften("order", 3);
  expect(findings).toEqual([]);
  const long = diagnosed({ ttl: 3_600_000 });
  await long.holdOften("order", 3);
  expect(long.findings).toMatchObject([
    {
      id: "ttl-long",
      message: expect.stringMatching(/a ttl of 3600000 ms, .*; use a ttl of about 5000 ms$/) as string,
    },
  ]);
});

describe("ran-after-loss", () => {
  test("reports a routine that runs on for a second after its signal", async () => {
    const { redlock, clock, findings } = diagnosed({ ttl: 2_000, autoExtend: false });
    const done = withResolvers<void>();
    const held = redlock.using("report", () => done.promise);
    const failure = rejection(held);
    await clock.advance(2_900);
    expect(findings.map(({ id }) => id)).toEqual(["ttl-short"]);
    await clock.advance(100);
    expect(findings.map(({ id }) => id)).toEqual(["ttl-short", "ran-after-loss"]);
    expect(findings[1]!.message).toMatch(/its routine still runs 1000 ms after its signal has fired/);
    done.resolve();
    expect(await failure).toMatchObject({ code: "LOCK_LOST" });
  });

  test("reports nothing if the routine stops", async () => {
    const { redlock, clock, findings } = diagnosed();
    const held = redlock.using(
      "report",
      (_, signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(new Error("stopped"))),
        ),
    );
    const failure = rejection(held);
    await settle();
    await redlock.close();
    expect(await failure).toMatchObject({ message: "stopped" });
    await clock.advance(10_000);
    expect(findings).toEqual([]);
  });
});

test("without diagnostics, nothing is reported and nothing is watched", async () => {
  const { redlock, clock } = world(3, { ttl: 3_600_000, autoExtend: false });
  const findings = findingsOf(redlock);
  for (let id = 0; id < 30; id++) await redlock.using(`order:${id}`, () => undefined);
  const lock = await redlock.acquire("order:99");
  await clock.advance(600_000);
  await lock.release();
  expect(findings).toEqual([]);
});

test("a second client does not report the same place again", async () => {
  const messages: string[] = [];
  for (let client = 0; client < 2; client++) {
    const { redlock, clock } = world(1, { diagnostics: true, ttl: 2_000, autoExtend: false });
    redlock.on("diagnostics:warning", ({ message }) => messages.push(message));
    const lock = await redlock.acquire("report");
    await clock.advance(2_500);
    await lock.release();
  }
  expect(messages).toHaveLength(1);
});
