import { afterEach, describe, expect, test } from "vitest";
import { Redlock } from "../../../src/index.ts";
import {
  type Run,
  schedule,
  type Schedule,
  type ScheduleEventName,
  type ScheduleOptions,
} from "../../../src/patterns/index.ts";
import { offsetClock } from "../../support/offset-clock.ts";
import { PausableProcess } from "../../support/pausable-process.ts";
import { settle, VirtualClock } from "../../support/virtual-clock.ts";
import { WatchedInstance } from "../../support/watched-instance.ts";

const MINUTE = 60_000;
const TTL = 10_000;
const EVENTS: readonly ScheduleEventName[] = [
  "schedule:run:started",
  "schedule:run:succeeded",
  "schedule:run:failed",
  "schedule:run:skipped",
  "schedule:missed",
  "schedule:ended",
];

/** Each minute, by the wall clock. */
const everyMinute = { nextRun: (from: Date) => new Date((Math.floor(from.getTime() / MINUTE) + 1) * MINUTE) };

interface ScheduledProcess {
  readonly redlock: Redlock;
  readonly process: PausableProcess;
  readonly schedule: Schedule;
  /** The events, in order: the name without its first part, and the instant. */
  readonly events: { readonly name: string; readonly event: Record<string, unknown> }[];
}

class Scene {
  readonly clock = new VirtualClock();
  readonly instances = Array.from(
    { length: 3 },
    (_, index) => new WatchedInstance({ clock: this.clock, label: `m${index}` }),
  );
  /** The instant of each start, in order. */
  readonly starts: number[] = [];
  readonly processes: ScheduledProcess[] = [];

  start(
    options: ScheduleOptions = {},
    routine: (run: Run) => unknown = () => undefined,
    {
      offsetMs = 0,
      cron = everyMinute,
    }: { offsetMs?: number; cron?: { nextRun(from: Date): Date | null } } = {},
  ): ScheduledProcess {
    const process = new PausableProcess();
    const redlock = new Redlock(
      this.instances.map((instance) => process.connect(instance)),
      { clock: offsetClock(process.clock(this.clock), offsetMs), ttl: TTL },
    );
    const scheduled = schedule(redlock, "job", cron, options, (run) => {
      this.starts.push(run.scheduledAt);
      return routine(run);
    });
    const events: ScheduledProcess["events"] = [];
    for (const name of EVENTS)
      scheduled.on(name, (event) => void events.push({ name: name.slice("schedule:".length), event }));
    const started = { redlock, process, schedule: scheduled, events };
    this.processes.push(started);
    return started;
  }

  /** Advances in steps, so that the promises of each step run. */
  async advance(ms: number): Promise<void> {
    const end = this.clock.monotonic() + ms;
    while (this.clock.monotonic() < end)
      await this.clock.advance(Math.min(500, end - this.clock.monotonic()));
  }

  /** To the given time after the next full minute. */
  async toMinute(afterMs = 0): Promise<number> {
    const left = MINUTE - (this.clock.wall() % MINUTE);
    await this.advance(left + afterMs);
    return Math.floor(this.clock.wall() / MINUTE) * MINUTE;
  }
}

let scene = new Scene();
afterEach(async () => {
  const stopped = scene.processes.map((each) => (each.process.resume(), each.schedule.stop({ wait: 0 })));
  for (let step = 0; step < 20; step += 1) await scene.clock.advance(1_000);
  await Promise.all(stopped);
  await settle();
  expect(scene.clock.keepAliveTimers).toBe(0);
  scene = new Scene();
});

const names = ({ events }: ScheduledProcess): string[] => events.map(({ name }) => name);

test("each instant runs in one of the processes, whatever their clocks show", async () => {
  for (const offsetMs of [0, 5_000, -5_000, 3_000]) scene.start({}, undefined, { offsetMs });
  await scene.advance(10 * MINUTE + 10_000);
  expect(new Set(scene.starts).size).toBe(scene.starts.length);
  expect(scene.starts.length).toBeGreaterThanOrEqual(10);
  expect(scene.starts).toEqual(scene.starts.toSorted((a, b) => a - b));
});

test("a clock that is set back fires the same instants again, and they find their records", async () => {
  scene.start();
  await scene.toMinute(1_000);
  await scene.advance(2 * MINUTE);
  const before = scene.starts.length;
  scene.clock.stepWall(-90_000);
  const restarted = scene.start({ missed: "skip" });
  await scene.advance(2 * MINUTE);
  expect(new Set(scene.starts).size).toBe(scene.starts.length);
  expect(scene.starts.length).toBeGreaterThanOrEqual(before);
  expect(names(restarted)).toContain("run:skipped");
});

test("errors of the routine, and of listeners, do not end the schedule", async () => {
  const one = scene.start({}, () => {
    throw new Error("no paper");
  });
  await scene.toMinute(1_000);
  await scene.toMinute(1_000);
  const failed = one.events.filter(({ name }) => name === "run:failed");
  expect(failed).toHaveLength(2);
  expect(failed[0]?.event["error"]).toEqual(new Error("no paper"));
  expect(one.schedule.next()).toBe(Math.floor(scene.clock.wall() / MINUTE + 1) * MINUTE);
  expect(() => one.schedule.on("schedule:run" as never, () => undefined)).toThrow(/is no event/);
});

describe("a run that lasts for longer than a period", () => {
  const long = (ms: number) => () =>
    scene.clock
      .advance(0)
      .then(() => new Promise<void>((resolve) => void scene.clock.setTimer(ms, resolve, false)));

  test("skip: the instants meanwhile are recorded as skipped, so that no slow clock runs them", async () => {
    const one = scene.start({}, long(2.5 * MINUTE));
    const slow = scene.start({ startWithin: 10 * MINUTE }, undefined, { offsetMs: -2.7 * MINUTE });
    const first = await scene.toMinute(1_000);
    expect(scene.starts).toContain(first);
    expect(one.schedule.running).toEqual([first]);
    await scene.advance(2.9 * MINUTE);
    expect(one.schedule.running).toEqual([]);
    // The slow process comes to the instants of that time now.
    await scene.advance(2 * MINUTE);
    expect(scene.starts.filter((instant) => instant > first && instant <= first + 2 * MINUTE)).toEqual([]);
    const skipped = slow.events
      .filter(({ name }) => name === "run:skipped")
      .map(({ event }) => event["reason"]);
    expect(skipped).toContain("late");
  });

  test("wait: the next instant begins after it, and only one waits", async () => {
    const one = scene.start({ overlap: "wait", startWithin: 10 * MINUTE }, long(2.5 * MINUTE));
    const first = await scene.toMinute(1_000);
    await scene.advance(2.6 * MINUTE);
    expect(scene.starts).toEqual([first, first + MINUTE]);
    expect(one.events.filter(({ name }) => name === "run:skipped")).toHaveLength(1);
  });

  test("allow: instants run at the same time, each in one process", async () => {
    const both = [
      scene.start({ overlap: "allow" }, long(2.5 * MINUTE)),
      scene.start({ overlap: "allow" }, long(2.5 * MINUTE)),
    ];
    const first = await scene.toMinute(1_000);
    await scene.advance(2 * MINUTE);
    expect(scene.starts).toEqual([first, first + MINUTE, first + 2 * MINUTE]);
    expect(both.flatMap((each) => each.schedule.running)).toHaveLength(3);
  });
});

describe("an outage", () => {
  const cut = (): void => scene.instances.forEach((instance) => instance.pause());
  const heal = (): void => scene.instances.forEach((instance) => instance.resume());

  test.each([1, 2])(
    "with %i attempts: each instant that came due meanwhile runs, if its time is not over",
    async (attempts) => {
      const options = { attempts, startWithin: 3 * MINUTE };
      scene.start(options);
      scene.start(options);
      const first = await scene.toMinute(1_000);
      cut();
      await scene.advance(2.5 * MINUTE);
      heal();
      await scene.advance(MINUTE);
      expect(scene.starts).toEqual([0, 1, 2, 3].map((minute) => first + minute * MINUTE));
    },
  );

  test("of which the end comes too late is told for each instant, and nothing is asked for longer", async () => {
    const one = scene.start({ startWithin: MINUTE });
    await scene.toMinute(1_000);
    cut();
    await scene.advance(5 * MINUTE);
    const failed = one.events.filter(({ name }) => name === "run:failed");
    expect(failed.length).toBeGreaterThanOrEqual(3);
    heal();
    await scene.advance(10_000);
    expect(one.schedule.running).toEqual([]);
    expect(scene.starts.length).toBeLessThanOrEqual(3);
  });
});

describe("a worker that dies", () => {
  test("is replaced by a process that watches it, if attempts are left", async () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    const dying = scene.start({ attempts: 2 }, () => (dying.process.pause(), never()));
    const first = await scene.toMinute(500);
    const other = scene.start({ attempts: 2, missed: "skip" }, undefined, { offsetMs: -2_000 });
    await scene.advance(2 * TTL);
    expect(scene.starts).toEqual([first, first]);
    expect(names(other)).toContain("run:succeeded");
  });
});

describe("missed instants", () => {
  /** One run, then a time without any process. */
  async function afterGap(options: ScheduleOptions, gapMs: number): Promise<ScheduledProcess> {
    const one = scene.start();
    await scene.toMinute(1_000);
    const stopped = one.schedule.stop();
    await scene.advance(100);
    await stopped;
    await scene.advance(gapMs);
    const two = scene.start(options);
    await scene.advance(2_000);
    return two;
  }

  test("last: the last one runs", async () => {
    const two = await afterGap({}, 5 * MINUTE);
    expect(scene.starts).toHaveLength(2);
    expect(scene.starts[1]! - scene.starts[0]!).toBe(5 * MINUTE);
    expect(two.events.find(({ name }) => name === "missed")?.event).toEqual({
      run: [scene.starts[1]],
      dropped: 4,
    });
  });

  test("all: each of them runs, in order", async () => {
    await afterGap({ missed: "all" }, 5 * MINUTE);
    const [first = 0] = scene.starts;
    expect(scene.starts).toEqual([0, 1, 2, 3, 4, 5].map((minute) => first + minute * MINUTE));
  });

  test("skip: none of them runs", async () => {
    await afterGap({ missed: "skip" }, 5 * MINUTE);
    expect(scene.starts).toHaveLength(1);
  });

  test("older than `maxAge` are dropped", async () => {
    const two = await afterGap({ missed: "all", maxAge: 2.5 * MINUTE }, 5 * MINUTE);
    // Those of now, and of one and two minutes ago.
    expect(scene.starts).toHaveLength(4);
    expect(two.events.find(({ name }) => name === "missed")?.event["dropped"]).toBeGreaterThan(0);
  });

  test("no last run known: nothing was missed", async () => {
    const one = scene.start({ missed: "all" });
    await scene.advance(1_000);
    expect(names(one)).toEqual([]);
  });

  test("a process that was frozen for minutes treats them as missed", async () => {
    const one = scene.start({ missed: "last" });
    await scene.toMinute(1_000);
    scene.clock.pause(10 * MINUTE);
    await scene.advance(2_000);
    expect(one.events.find(({ name }) => name === "missed")?.event["run"]).toHaveLength(1);
    expect(scene.starts).toHaveLength(2);
  });
});

describe("stop", () => {
  const untilAborted = ({ signal }: Run): Promise<void> =>
    new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });

  test("waits for the run, then aborts it; a second call joins the first", async () => {
    const one = scene.start({}, untilAborted);
    await scene.toMinute(1_000);
    const stopped = one.schedule.stop({ wait: 20_000 });
    expect(one.schedule.stop()).toBe(stopped);
    expect(one.schedule.next()).toBeUndefined();
    await scene.advance(19_000);
    expect(one.schedule.running).toHaveLength(1);
    await scene.advance(2_000);
    await stopped;
    expect(one.schedule.running).toEqual([]);
    await scene.advance(3 * MINUTE);
    expect(scene.starts).toHaveLength(1);
  });

  test("before the first instant ends at once", async () => {
    const one = scene.start();
    const stopped = one.schedule.stop();
    await scene.advance(100);
    await stopped;
    await scene.advance(2 * MINUTE);
    expect(scene.starts).toEqual([]);
    expect(names(one)).toEqual([]);
  });
});

describe("the end of a calendar", () => {
  test("is an event, and so is a calculator that does not advance", async () => {
    const ended = scene.start({}, undefined, { cron: { nextRun: () => null } });
    const stuck = scene.start({ keepFor: 3_600_000 }, undefined, { cron: { nextRun: (from) => from } });
    const thrown = scene.start({ keepFor: 3_600_000 }, undefined, {
      cron: {
        nextRun: () => {
          throw new Error("broken");
        },
      },
    });
    await scene.advance(1_000);
    expect(ended.events).toEqual([{ name: "ended", event: { error: undefined } }]);
    expect(stuck.events[0]?.event["error"]).toBeInstanceOf(RangeError);
    expect(thrown.events[0]?.event["error"]).toBeInstanceOf(TypeError);
    expect(stuck.schedule.next()).toBeUndefined();
  });

  const until =
    (last: number) =>
    (from: Date): Date | null => {
      const next = everyMinute.nextRun(from);
      return next.getTime() > last ? null : next;
    };

  test("leaves the instants that came due before it alone", async () => {
    const first = Math.floor(scene.clock.wall() / MINUTE + 1) * MINUTE;
    const one = scene.start();
    await scene.advance(first - scene.clock.wall() + 1_000);
    const stopped = one.schedule.stop();
    await scene.advance(5 * MINUTE);
    await stopped;
    const last = first + 4 * MINUTE;
    const two = scene.start({ missed: "all" }, undefined, { cron: { nextRun: until(last) } });
    await scene.advance(5_000);
    expect(scene.starts).toEqual([0, 1, 2, 3, 4].map((minute) => first + minute * MINUTE));
    expect(names(two)).toContain("ended");
  });

  test("lets an instant that waits for a run begin after it", async () => {
    const first = Math.floor(scene.clock.wall() / MINUTE + 1) * MINUTE;
    const routine = (): Promise<void> =>
      new Promise((resolve) => void scene.clock.setTimer(1.5 * MINUTE, resolve, false));
    scene.start({ overlap: "wait", startWithin: 10 * MINUTE }, routine, {
      cron: { nextRun: until(first + MINUTE) },
    });
    await scene.advance(first - scene.clock.wall() + 3 * MINUTE);
    expect(scene.starts).toEqual([first, first + MINUTE]);
  });

  test("does not hide that its last instant failed", async () => {
    const first = Math.floor(scene.clock.wall() / MINUTE + 1) * MINUTE;
    const one = scene.start({ startWithin: 10_000 }, undefined, { cron: { nextRun: until(first) } });
    scene.instances.forEach((instance) => instance.pause());
    await scene.advance(first - scene.clock.wall() + MINUTE);
    scene.instances.forEach((instance) => instance.resume());
    // The first failure is that of the look for the last run.
    expect(names(one)).toEqual(["run:failed", "ended", "run:failed"]);
  });

  test("by an error during a run changes nothing about the run", async () => {
    const first = Math.floor(scene.clock.wall() / MINUTE + 1) * MINUTE;
    let isBroken = false;
    const cron = {
      nextRun: (from: Date) => {
        if (isBroken) throw new Error("broken");
        return everyMinute.nextRun(from);
      },
    };
    const one = scene.start({}, () => ((isBroken = true), "value"), { cron });
    await scene.advance(first - scene.clock.wall() + 2 * MINUTE);
    expect(names(one)).toContain("run:succeeded");
    expect(one.events.find(({ name }) => name === "ended")?.event["error"]).toBeInstanceOf(TypeError);
  });

  test("instants that are months away need no long timer", async () => {
    const due = scene.clock.wall() + 90 * 24 * 3_600_000;
    const one = scene.start({}, undefined, {
      cron: { nextRun: (from) => (from.getTime() < due ? new Date(due) : null) },
    });
    await scene.advance(5 * MINUTE);
    expect(one.schedule.next()).toBe(due);
    expect(scene.starts).toEqual([]);
  });
});

test.each<[ScheduleOptions & Record<string, unknown>, string]>([
  [{ overlap: "never" as never }, "overlap"],
  [{ missed: "some" as never }, "missed"],
  [{ maxAge: -1 }, "maxAge"],
  [{ maxAge: 3_600_001, keepFor: 3_600_000 }, "maxAge"],
  [{ overlap: "allow", atLeastFor: 1 }, "atLeastFor"],
  [{ attempts: 0 }, "attempts"],
  [{ timeZone: 1 as never }, "timeZone"],
  [{ every: 1_000 }, "every"],
])("%j is refused with its field", (options, field) => {
  const redlock = Redlock.memory();
  const make = (): Schedule => schedule(redlock, "job", everyMinute, options, () => undefined);
  expect(make).toThrow(new RegExp(`^${field}`));
});
