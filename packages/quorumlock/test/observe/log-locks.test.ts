import { pino } from "pino";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type LockLogEntry, type LockLogger, logLocks } from "../../src/observe/index.ts";
import { DESCRIPTIONS, VERBOSE_DESCRIPTIONS } from "../../src/observe/describe-events.ts";
import { Events } from "../../src/base/events.ts";
import { advanceDuring, world } from "../support/world.ts";

function logged(options?: Parameters<typeof logLocks>[2]) {
  const scene = world(3, { wait: 500, autoExtend: false });
  const entries: [string, LockLogEntry][] = [];
  const logger = Object.fromEntries(
    ["info", "warn", "error"].map((level) => [level, (entry: LockLogEntry) => entries.push([level, entry])]),
  ) as unknown as LockLogger;
  const stop = logLocks(scene.redlock, logger, options);
  const events = () => entries.map(([level, { event }]) => `${level} ${event}`);
  return { ...scene, entries, events, stop };
}

describe("an entry", () => {
  test("of a grant and of a release has the fields of the source document, and no whole token", async () => {
    const { redlock, clock, entries } = logged();
    const at = new Date(clock.wall()).toISOString();
    const lock = await redlock.acquire("order:42");
    await clock.advance(250);
    await lock.release();
    const token = `${lock.token.slice(0, 8)}…`;
    expect(entries).toEqual([
      [
        "info",
        {
          timestamp: at,
          event: "lock_acquisition",
          resource: "order:42",
          success: true,
          duration_ms: 0,
          metadata: {
            id: 1,
            kind: "mutex",
            mode: "exclusive",
            token,
            fence: lock.fence,
            ttl_ms: 10_000,
            wait_ms: 500,
            attempt_count: 1,
            rounds: 1,
            votes: expect.any(Number) as number,
          },
        },
      ],
      [
        "info",
        {
          timestamp: new Date(clock.wall()).toISOString(),
          event: "lock_release",
          resource: "order:42",
          hold_time_ms: 250,
          metadata: { id: 1, token, fence: lock.fence, confirmed: true },
        },
      ],
    ]);
    expect(JSON.stringify(entries)).not.toContain(lock.token.slice(0, 12));
  });

  test("of a failure: a time-out is an error, a single attempt a warning, a caller that gives up neither", async () => {
    const { redlock, clock, entries, events } = logged();
    const lock = await redlock.acquire(["a", "b"]);
    await redlock.tryAcquire("a");
    await advanceDuring(
      clock,
      600,
      redlock.acquire(["b", "a"]).catch(() => undefined),
    );
    await redlock.acquire("a", { signal: AbortSignal.abort() }).catch(() => undefined);
    expect(events()).toEqual([
      "info lock_acquisition",
      "warn lock_acquisition",
      "error lock_timeout",
      "info lock_acquisition",
    ]);
    expect(entries[2]![1]).toMatchObject({
      resource: "a,b",
      success: false,
      duration_ms: 500,
      wait_time_ms: 500,
      metadata: { reason: "contended", code: "LOCK_TIMEOUT" },
    });
    // The error of the time-out names the holder, with its token.
    expect(JSON.stringify(entries)).not.toContain(lock.token.slice(0, 12));
  });

  test("of a loss is an error with the cause, and of an instance that stops a warning", async () => {
    const { redlock, clock, entries, events, instances } = logged();
    await redlock.acquire("job");
    for (const instance of instances) instance.kill();
    await clock.advance(20_000);
    expect(events()).toContain("warn instance_down");
    expect(entries.find(([, { event }]) => event === "lock_lost")).toMatchObject([
      "error",
      { resource: "job", metadata: { cause: "expired", code: "LOCK_LOST" } },
    ]);
  });

  test("has the fields of the option `metadata`", async () => {
    const { redlock, entries } = logged({ metadata: { service: "billing" } });
    await redlock.acquire("job");
    expect(entries[0]![1].metadata).toMatchObject({ service: "billing", kind: "mutex" });
  });

  test("of each step comes only with `verbose`", async () => {
    const [quiet, verbose] = [logged(), logged({ verbose: true })];
    for (const { redlock, clock } of [quiet, verbose]) {
      const lock = await redlock.acquire("job");
      await lock.extend();
      const next = redlock.acquire("job");
      await clock.advance(0);
      await lock.release();
      await (await next).release();
    }
    expect(quiet.events()).toHaveLength(4);
    expect(verbose.events()).toEqual(
      expect.arrayContaining([
        "info lock_request",
        "info lock_extension",
        "info lock_wait_start",
        "info lock_handover",
      ]),
    );
  });
});

test("every event of the library has an entry", () => {
  const events = new Events();
  const described = [...Object.keys(DESCRIPTIONS), ...Object.keys(VERBOSE_DESCRIPTIONS)].toSorted();
  // The error of an unknown event lists all of them.
  let all: readonly string[] = [];
  try {
    events.on("unknown" as "lock:lost", () => undefined);
  } catch (error) {
    all = /the events are (.*)$/.exec((error as Error).message)![1]!.split(", ");
  }
  expect(described).toEqual(all.toSorted());
});

test("works with pino", async () => {
  const lines: string[] = [];
  const { redlock } = world();
  const stop = logLocks(redlock, pino({ base: null }, { write: (line: string) => void lines.push(line) }));
  await redlock.acquire("job", { wait: Infinity });
  await redlock.tryAcquire("job");
  stop();
  await redlock.tryAcquire("job");
  const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(parsed).toMatchObject([
    { level: 30, event: "lock_acquisition", resource: "job", success: true, metadata: { wait_ms: null } },
    { level: 40, event: "lock_acquisition", success: false },
  ]);
});

test("a logger that throws, or whose promise rejects, does no harm, and is reported once", async () => {
  const { redlock } = world();
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  onTestFinished(() => warned.mockRestore());
  const fail = (): never => {
    throw new Error("disk full");
  };
  logLocks(redlock, { info: fail, warn: () => Promise.reject(new Error("disk full")), error: fail });
  const lock = await redlock.acquire("job");
  await redlock.tryAcquire("job");
  expect(await lock.release()).toBe(true);
  expect(warned.mock.calls.map(([message]) => message)).toEqual([
    "the logger of logLocks failed, so entries of the log are missing: disk full; repair the logger",
  ]);
});

test("bad arguments are errors that name the field and the value", () => {
  const { redlock } = world();
  const logger = { info: () => 0, warn: () => 0, error: () => 0 };
  expect(() => logLocks(redlock, { ...logger, warn: 1 as never })).toThrow(
    "logger: an object (Object) must have",
  );
  expect(() => logLocks(redlock, logger, { verbose: 1 as never })).toThrow(
    "verbose: 1 must be true or false",
  );
  expect(() => logLocks(redlock, logger, { metadata: 1 as never })).toThrow("metadata: 1 must be an object");
  expect(() => logLocks(redlock, logger, { verbos: true } as never)).toThrow("`verbose` is probably meant");
  expect(() => logLocks({} as never, logger)).toThrow("must be a Redlock");
});
