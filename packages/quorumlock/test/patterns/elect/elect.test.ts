import { describe, expect, test } from "vitest";
import { LockLostError, MemoryInstance, Redlock } from "../../../src/index.ts";
import {
  elect,
  type ElectOptions,
  memoryRecords,
  observe,
  type RecordStore,
  type Term,
} from "../../../src/patterns/index.ts";
import { outcomeOf } from "../../support/outcome.ts";
import { PausableProcess } from "../../support/pausable-process.ts";
import { settle, VirtualClock } from "../../support/virtual-clock.ts";
import { countAcquires } from "../../support/watched-world.ts";
import { electionWorld, TTL_MS } from "./election-world.ts";

/** Works until its term ends. */
function untilAborted({ signal }: Term): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}

describe("a store of the caller that never answers", () => {
  const never = (): Promise<never> => new Promise(() => undefined);
  const silent: RecordStore = { open: never, put: never, get: never };

  test("is a problem, and the candidate gives the lock back", async () => {
    const world = electionWorld();
    const { election, calls } = world.candidate({ records: silent });
    const problems: unknown[] = [];
    election.on("problem", ({ error }) => problems.push(error));
    await world.clock.advance(6_000);
    expect(problems).toMatchObject([{ code: "RECORD_STORE" }]);
    // It tries again after a pause, for 5 s each time.
    const other = world.candidate();
    await world.clock.advance(8_000);
    expect(other.election.isLeader).toBe(true);
    const stopped = outcomeOf(world.clock, election.stop());
    await world.clock.advance(10_000);
    expect(stopped.state).toBe("fulfilled");
    expect(calls).toEqual([]);
  });

  test("is a problem of an observer, too, and no leader is shown", async () => {
    const world = electionWorld();
    world.candidate();
    await world.clock.advance(100);
    const redlock = world.client({ ttl: TTL_MS });
    const observation = observe(redlock, "g", { records: silent });
    const problems: unknown[] = [];
    observation.on("problem", ({ error }) => problems.push(error));
    await world.clock.advance(6_000);
    expect(problems[0]).toMatchObject({ code: "RECORD_STORE" });
    expect(observation.leader).toBeUndefined();
    const stopped = outcomeOf(world.clock, observation.stop());
    await world.clock.advance(6_000);
    expect(stopped.state).toBe("fulfilled");
  });
});

describe.each([false, true])("with records on the lock servers: %s", (onServers) => {
  test("one of several candidates leads, and says who it is", async () => {
    const world = electionWorld(onServers);
    const candidates = ["a", "b", "c"].map((id) => world.candidate({ id, data: { url: `http://${id}` } }));
    await world.clock.advance(10);
    const [leader] = world.leaders();
    expect(world.leaders()).toHaveLength(1);
    const { number } = leader!.election.term!;
    expect(world.calls).toEqual([["elected", number]]);
    const index = candidates.indexOf(leader!);
    for (const { election } of candidates)
      expect(await election.leader()).toEqual({
        number,
        id: "abc"[index],
        data: { url: `http://${"abc"[index]}` },
      });
    await world.clock.advance(60 * TTL_MS);
    expect(world.leaders()).toEqual([leader]);
    expect(world.calls).toHaveLength(1);
  });

  test("resign lets another lead at once, with a larger number, and others go first for one ttl", async () => {
    const world = electionWorld(onServers);
    const first = world.candidate();
    await world.clock.advance(10);
    const other = world.candidate();
    await world.clock.advance(10);
    const before = world.clock.monotonic();
    const resigned = outcomeOf(world.clock, first.election.resign());
    await settle();
    expect(first.election.isLeader).toBe(false);
    await world.clock.advance(5);
    expect(resigned).toMatchObject({ state: "fulfilled" });
    expect(other.election.isLeader).toBe(true);
    expect(other.terms[0]!.number).toBeGreaterThan(first.terms[0]!.number);
    expect(world.clock.monotonic() - before).toBeLessThan(10);
    expect(first.calls.at(-1)).toEqual(["lost", "resigned", first.terms[0]!.number]);
    // Alone, it leads again after one ttl.
    await other.election.stop();
    await world.clock.advance(TTL_MS - 20);
    expect(world.leaders()).toEqual([]);
    await world.clock.advance(20);
    expect(first.election.isLeader).toBe(true);
  });

  test("a leader that crashes is replaced when its lease is over", async () => {
    const world = electionWorld(onServers);
    const token = `${"d".repeat(32)}@dead:1`;
    for (const instance of world.instances) instance.set("lock:leader:g", token, TTL_MS);
    const candidate = world.candidate();
    await world.clock.advance(TTL_MS - 5);
    expect(candidate.election.isLeader).toBe(false);
    expect(await candidate.election.leader()).toBeUndefined();
    await world.clock.advance(10);
    expect(candidate.election.isLeader).toBe(true);
  });
});

describe("a term", () => {
  test("that is lost ends at once: isLeader, then signal, onLost, and a new term when onElected has settled", async () => {
    const world = electionWorld();
    let finish!: () => void;
    const working = new Promise<void>((resolve) => (finish = resolve));
    const seen: unknown[] = [];
    const candidate = world.candidate({
      onElected: ({ signal }) => {
        signal.addEventListener("abort", () => seen.push(["aborted", candidate.election.isLeader]));
        return candidate.terms.length === 1 ? working : undefined;
      },
    });
    candidate.election.on("slow", ({ number }) => seen.push(["slow", number]));
    await world.clock.advance(10);
    const [first] = candidate.terms;
    for (const instance of world.instances) instance.set("lock:leader:g", "thief", TTL_MS);
    await world.clock.advance(TTL_MS);
    expect(first!.signal.reason).toBeInstanceOf(LockLostError);
    expect(candidate.election).toMatchObject({ isLeader: false, term: undefined, state: "stepping down" });
    expect(candidate.calls).toEqual([
      ["elected", first!.number],
      ["lost", "lost", first!.number],
    ]);
    await world.clock.advance(20_000);
    expect(candidate.terms).toHaveLength(1);
    expect(seen).toEqual([
      ["aborted", false],
      ["slow", first!.number],
    ]);
    finish();
    await world.clock.advance(10);
    expect(candidate.election.isLeader).toBe(true);
    expect(candidate.terms[1]!.number).toBeGreaterThan(first!.number);
  });

  test("in which onElected throws ends with a pause that doubles, at most 30 s, with full jitter", async () => {
    const world = electionWorld();
    world.clock.nextRandom = 0.999_999;
    const startedAt: number[] = [];
    const problems: string[] = [];
    const candidate = world.candidate({
      ttl: 100,
      onElected: () => {
        startedAt.push(world.clock.monotonic());
        throw new Error("no database");
      },
    });
    candidate.election.on("problem", ({ error }) => problems.push(error.message));
    await world.clock.advance(200_000);
    const pauses = startedAt.slice(1).map((at, index) => Math.round((at - startedAt[index]!) / 1_000));
    expect(pauses.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
    expect(new Set(problems)).toEqual(new Set(["no database"]));
    for (const [index, call] of candidate.calls.entries())
      expect(call[0]).toBe(index % 2 === 0 ? "elected" : "lost");
    expect(candidate.calls[1]).toEqual(["lost", "failed", candidate.terms[0]!.number]);
    await candidate.election.stop();
  });

  test("in which onElected ignores its signal: resign releases the lock after grace, and it is no candidate before it settles", async () => {
    const world = electionWorld();
    let finish!: () => void;
    const candidate = world.candidate({
      grace: 2_000,
      onElected: () => new Promise<void>((resolve) => (finish = resolve)),
    });
    await world.clock.advance(10);
    const other = world.candidate({ onElected: untilAborted });
    await world.clock.advance(10);
    const resigned = outcomeOf(world.clock, candidate.election.resign());
    await world.clock.advance(1_990);
    expect([resigned.state, other.election.isLeader]).toEqual(["pending", false]);
    await world.clock.advance(20);
    expect([resigned.state, other.election.isLeader]).toEqual(["fulfilled", true]);
    await other.election.stop();
    await world.clock.advance(10 * TTL_MS);
    expect(candidate.terms).toHaveLength(1);
    finish();
    await world.clock.advance(20);
    expect(candidate.terms).toHaveLength(2);
  });

  test("whose listeners throw goes on", async () => {
    const world = electionWorld();
    const candidate = world.candidate({
      onLost: () => {
        throw new Error("listener");
      },
    });
    candidate.election.on("change", () => {
      throw new Error("listener");
    });
    await world.clock.advance(10);
    await candidate.election.resign();
    await world.clock.advance(TTL_MS + 10);
    expect(candidate.election.isLeader).toBe(true);
  });

  test("does not begin if its record cannot be written, which is tried again", async () => {
    const world = electionWorld();
    const records = memoryRecords({ clock: world.clock });
    let isDown = true;
    const candidate = world.candidate({
      records: {
        open: (id, fence, options) =>
          isDown ? Promise.reject(new Error("down")) : records.open(id, fence, options),
        put: (id, record, options) => records.put(id, record, options),
        get: (id) => records.get(id),
      },
    });
    await world.clock.advance(10);
    expect(candidate.calls).toEqual([]);
    expect(world.instances.map((instance) => instance.get("lock:leader:g"))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    isDown = false;
    await world.clock.advance(1_000);
    expect(candidate.election.isLeader).toBe(true);
  });
});

describe("the lock of a leader", () => {
  test("extends itself, also if the client says that its locks do not", async () => {
    const world = electionWorld();
    const candidate = world.candidate({}, { autoExtend: false });
    await world.clock.advance(20 * TTL_MS);
    expect(candidate.calls).toEqual([["elected", candidate.terms[0]!.number]]);
    expect(candidate.election.isLeader).toBe(true);
  });

  test.each([
    ["that throws", () => expect.fail("no policy today"), /no policy today/],
    ["that returns no lockable", () => 5 as never, /wrap: it returned 5, which is no Lockable/],
    ["that returns nothing", () => undefined as never, /wrap: it returned undefined/],
  ])("is refused at once with a wrap %s", (_, wrap, message) => {
    const world = electionWorld();
    expect(() => world.candidate({ wrap })).toThrow(message);
  });

  test("has the policies of wrap around it", async () => {
    const world = electionWorld();
    const names: string[] = [];
    const candidate = world.candidate({ wrap: (lockable) => (names.push(lockable.name), lockable) });
    await world.clock.advance(10);
    expect([names, candidate.election.isLeader]).toEqual([["leader:g"], true]);
  });
});

describe("the record of a leader", () => {
  /** Larger than that of any lock in these tests. */
  const LATER_FENCE = 9_000_000_000_000_000;
  /** A store in memory that counts its writes. */
  const watchedRecords = (world: ReturnType<typeof electionWorld>) => {
    const inner = memoryRecords({ clock: world.clock });
    const written: { readonly at: number; readonly version: number }[] = [];
    const records: RecordStore = {
      open: (id, fence, options) => inner.open(id, fence, options),
      put: (id, record, options) => {
        written.push({ at: world.clock.monotonic(), version: record.version });
        return inner.put(id, record, options);
      },
      get: (id) => inner.get(id),
    };
    return { inner, records, written };
  };

  test("is written again each minute while the term lasts", async () => {
    const world = electionWorld();
    const { records, written } = watchedRecords(world);
    const { election } = world.candidate({ records });
    await world.clock.advance(190_000);
    expect(written.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    const [first, ...renewals] = written.map(({ at }) => at);
    expect(renewals.map((at) => at - first!)).toEqual([60_000, 120_000, 180_000]);
    await election.stop();
    await world.clock.advance(600_000);
    expect(written).toHaveLength(4);
  });

  test("that servers have lost is there again after a minute", async () => {
    const world = electionWorld(true);
    const { election } = world.candidate({ id: "me" });
    await world.clock.advance(10);
    expect(await election.leader()).toMatchObject({ id: "me" });
    const keys = world.instances.flatMap((instance) => instance.keys());
    const recordKeys = new Set(keys.filter((key) => key.includes("rec")));
    expect(recordKeys.size).toBeGreaterThan(0);
    for (const instance of world.instances) for (const key of recordKeys) instance.delete(key);
    expect(await election.leader()).toBeUndefined();
    await world.clock.advance(60_000);
    expect(await election.leader()).toMatchObject({ id: "me" });
    expect(election.isLeader).toBe(true);
  });

  test("with a larger number is no reason to acquire again without a pause, and is an event", async () => {
    const world = electionWorld();
    const { inner, records } = watchedRecords(world);
    // Candidates with other lock servers have the same store of records.
    await inner.open("leader:g", LATER_FENCE, { createdAt: 0, keep: 3_600_000 });
    world.clock.nextRandom = 0.999_999;
    const candidate = world.candidate({ records });
    const problems: Error[] = [];
    candidate.election.on("problem", ({ error }) => void problems.push(error));
    await world.clock.advance(60_000);
    expect(candidate.calls).toEqual([]);
    // At 0, 1, 3, 7, 15 and 31 s.
    expect(countAcquires(world) / world.instances.length).toBe(6);
    expect(problems).toHaveLength(6);
    expect(new Set(problems.map(({ name }) => name))).toEqual(new Set(["LockLostError"]));
    await candidate.election.stop();
  });

  test("that gets a larger number during the term is an event, and the term lasts", async () => {
    const world = electionWorld();
    const { inner, records } = watchedRecords(world);
    const candidate = world.candidate({ records });
    const problems: Error[] = [];
    candidate.election.on("problem", ({ error }) => void problems.push(error));
    await world.clock.advance(10);
    await inner.open("leader:g", LATER_FENCE, { createdAt: 0, keep: 3_600_000 });
    await world.clock.advance(60_000);
    expect(problems.map(({ name }) => name)).toEqual(["LockLostError"]);
    expect(candidate.election.isLeader).toBe(true);
  });
});

test.each(["stop", "resign"] as const)(
  "%s in a listener of the beginning of a term: onElected is not called, and so onLost is not",
  async (method) => {
    const world = electionWorld();
    const candidate = world.candidate();
    const states: string[] = [];
    candidate.election.on("change", ({ state }) => {
      states.push(state);
      if (state === "leader" && states.length === 1) void candidate.election[method]();
    });
    await world.clock.advance(100);
    expect(candidate.calls).toEqual([]);
    expect(states).toEqual(["leader", "stepping down", method === "stop" ? "stopped" : "follower"]);
    await world.clock.advance(2 * TTL_MS);
    expect(candidate.calls.map(([what]) => what)).toEqual(method === "stop" ? [] : ["elected"]);
  },
);

describe("stop", () => {
  test("of a leader, a follower and a candidate that steps down ends them, and a second call waits for the first", async () => {
    const world = electionWorld();
    const leader = world.candidate({ onElected: untilAborted });
    await world.clock.advance(10);
    const follower = world.candidate();
    await world.clock.advance(10);
    await follower.election.stop();
    expect(follower.calls).toEqual([]);
    const stops = [leader.election.stop(), leader.election.stop()];
    await Promise.all(stops);
    expect(leader.calls.at(-1)).toEqual(["lost", "stopped", leader.terms[0]!.number]);
    expect(leader.election).toMatchObject({ isLeader: false, state: "stopped", term: undefined });
    await world.clock.advance(10 * TTL_MS);
    expect(world.calls).toHaveLength(2);
    const stuck = world.candidate({ grace: 1_000, onElected: () => new Promise(() => undefined) });
    await world.clock.advance(10);
    const stopped = outcomeOf(world.clock, stuck.election.stop());
    await world.clock.advance(990);
    expect(stopped.state).toBe("pending");
    await world.clock.advance(20);
    expect(stopped.state).toBe("fulfilled");
    for (const { redlock } of [leader, follower, stuck]) await redlock.close();
    expect(world.clock.keepAliveTimers).toBe(0);
  });

  test("of the client ends the term and the candidacy", async () => {
    const world = electionWorld();
    const candidate = world.candidate({ onElected: untilAborted });
    await world.clock.advance(10);
    await candidate.redlock.close();
    await world.clock.advance(10);
    expect(candidate.calls.at(-1)).toEqual(["lost", "lost", candidate.terms[0]!.number]);
    expect(candidate.election.state).toBe("stopped");
  });
});

describe("never two leaders", () => {
  test("if the leader's process is frozen for two ttl, isLeader is false right after the pause", async () => {
    const clock = new VirtualClock();
    const instances = [0, 1, 2].map((index) => new MemoryInstance({ clock, label: `m${index}` }));
    const records = memoryRecords({ clock });
    const frozen = new PausableProcess();
    const options = { clock: frozen.clock(clock), ttl: TTL_MS };
    const one = new Redlock(
      instances.map((instance) => frozen.connect(instance)),
      options,
    );
    const two = new Redlock(instances, { clock, ttl: TTL_MS });
    const calls: unknown[] = [];
    const electionOf = (redlock: Redlock, name: string) =>
      elect(redlock, "g", {
        records,
        onElected: ({ number }) => void calls.push([name, "elected", number]),
        onLost: (reason, number) => void calls.push([name, reason, number]),
      });
    const first = electionOf(one, "one");
    await clock.advance(10);
    const second = electionOf(two, "two");
    await clock.advance(10);
    expect([first.isLeader, second.isLeader]).toEqual([true, false]);
    frozen.pause();
    await clock.advance(2 * TTL_MS);
    // The frozen process looks at it before any of its timers or replies.
    expect([first.isLeader, second.isLeader]).toEqual([false, true]);
    frozen.resume();
    await clock.advance(100);
    expect([first.isLeader, second.isLeader]).toEqual([false, true]);
    const numbers = calls.map((call) => (call as [string, string, number])[2]);
    expect(calls.map((call) => (call as string[]).slice(0, 2))).toEqual([
      ["one", "elected"],
      ["two", "elected"],
      ["one", "lost"],
    ]);
    expect(numbers[1]).toBeGreaterThan(numbers[0]!);
    await first.stop();
    await second.stop();
  });

  test("whatever is resigned, cut off, lost and stopped, and however clocks differ", async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const world = electionWorld(seed % 2 === 0);
      let state = seed * 7_919;
      const draw = (below: number): number => {
        state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
        return Math.floor((state / 0x7fffffff) * below);
      };
      const candidates = [0, 5_000, -5_000].map((offsetMs) => world.candidate({}, { offsetMs }));
      let withoutLeader = 0;
      let longestWithout = 0;
      for (let step = 0; step < 60; step++) {
        const candidate = candidates[draw(3)]!;
        const instance = world.instances[draw(3)]!;
        const what = draw(6);
        if (what === 0) void candidate.election.resign();
        if (what === 1) instance.disconnect();
        if (what === 2 || what === 3) for (const each of world.instances) each.reconnect();
        if (what === 4) for (const each of world.instances) each.dropsWakeMessages = !each.dropsWakeMessages;
        for (let tick = 0; tick < 10; tick++) {
          await world.clock.advance(draw(100));
          const leaders = world.leaders().length;
          expect(leaders).toBeLessThanOrEqual(1);
          if (leaders === 1) withoutLeader = world.clock.monotonic();
          longestWithout = Math.max(longestWithout, world.clock.monotonic() - withoutLeader);
        }
      }
      const numbers = world.calls.flatMap((call) => (call[0] === "elected" ? [call[1]] : []));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      expect(new Set(numbers).size).toBe(numbers.length);
      for (const { calls } of candidates)
        for (const [index, call] of calls.entries())
          expect(call[0]).toBe(index % 2 === 0 ? "elected" : "lost");
      for (const each of world.instances) each.reconnect();
      const closing = candidates.map(({ election, redlock }) => election.stop().then(() => redlock.close()));
      await world.clock.advance(20_000);
      await Promise.all(closing);
    }
  });
});

describe("an observer", () => {
  test.each([false, true])(
    "is told of each leader, in order (records on the lock servers: %s)",
    async (onServers) => {
      const world = electionWorld(onServers);
      const records = onServers ? undefined : memoryRecords({ clock: world.clock });
      const candidateOf = (id: string) => world.candidate({ id, ...(records && { records }) });
      const one = candidateOf("one");
      await world.clock.advance(10);
      const two = candidateOf("two");
      const redlock = world.client();
      const observation = observe(redlock, "g", records === undefined ? {} : { records });
      const seen: unknown[] = [];
      observation.on("change", ({ leader }) => seen.push(leader?.id));
      await world.clock.advance(10);
      expect(observation.leader).toEqual({ number: one.terms[0]!.number, id: "one", data: undefined });
      await one.election.resign();
      await world.clock.advance(1_000);
      expect(observation.leader?.id).toBe("two");
      await two.election.stop();
      await world.clock.advance(100);
      expect(observation.leader).toBeUndefined();
      await world.clock.advance(TTL_MS + 1_000);
      expect(observation.leader?.id).toBe("one");
      await one.election.stop();
      await observation.stop();
      const shown = seen.filter((id) => id !== undefined);
      expect(shown).toEqual(["one", "two", "one"]);
      expect((await redlock.query("leader:g")).waiters).toBe(0);
    },
  );

  test("shows no leader whose record has another token, and never a smaller number", async () => {
    const world = electionWorld();
    const records = memoryRecords({ clock: world.clock });
    const candidate = world.candidate({ records, id: "old" });
    await world.clock.advance(10);
    const observation = observe(world.client(), "g", { records });
    await world.clock.advance(10);
    expect(observation.leader?.id).toBe("old");
    // Another holder that has not written its record yet.
    for (const instance of world.instances)
      instance.set("lock:leader:g", `${"e".repeat(32)}@other:1`, 60_000);
    await world.clock.advance(20_000);
    expect(observation.leader).toBeUndefined();
    await candidate.election.stop();
    await observation.stop();
  });

  test("shows no leader during an outage, with an event, one ttl after its begin at the latest", async () => {
    const world = electionWorld();
    const records = memoryRecords({ clock: world.clock });
    const candidate = world.candidate({ records, id: "one" });
    await world.clock.advance(10);
    const observation = observe(world.client({ ttl: TTL_MS, requestTimeout: 50 }), "g", { records });
    const problems: string[] = [];
    const shown: unknown[] = [];
    observation.on("problem", ({ error }) => problems.push(error.name));
    observation.on("change", ({ leader }) => shown.push(leader?.id));
    // It watches the leader for many ttl, and has seen no change.
    await world.clock.advance(20 * TTL_MS + 700);
    expect(shown).toEqual(["one"]);
    for (const instance of world.instances) instance.disconnect();
    await world.clock.advance(TTL_MS);
    expect(observation.leader).toBeUndefined();
    expect(shown).toEqual(["one", undefined]);
    expect(problems[0]).toBe("QuorumError");
    for (const instance of world.instances) instance.reconnect();
    await world.clock.advance(TTL_MS + 2_000);
    expect(observation.leader?.number).toBe(candidate.election.term!.number);
    await observation.stop();
    await candidate.election.stop();
  });

  test("goes on through an outage, with events and pauses", async () => {
    const world = electionWorld();
    const records = memoryRecords({ clock: world.clock });
    const observation = observe(world.client({ requestTimeout: 50 }), "g", { records });
    const problems: string[] = [];
    observation.on("problem", ({ error }) => problems.push(error.name));
    for (const instance of world.instances) instance.disconnect();
    await world.clock.advance(10_000);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThan(30);
    for (const instance of world.instances) instance.reconnect();
    world.candidate({ id: "late", records });
    await world.clock.advance(2_000);
    expect(observation.leader?.id).toBe("late");
    await observation.stop();
  });
});

test.each([
  ["", {}, /group: ""/],
  ["g", { onElected: undefined }, /onElected: undefined/],
  ["g", { onLost: 5 }, /onLost: 5/],
  ["g", { ttl: 10_001 }, /ttl: 10001/],
  ["g", { ttl: 99 }, /ttl: 99/],
  ["g", { grace: -1 }, /grace: -1/],
  ["g", { id: 5 }, /id: 5/],
  ["g", { data: "x".repeat(1_000) }, /data: \d+ bytes/],
  ["g", { records: new Map() }, /records: .*RecordStore/],
  ["g", { wrap: "x" }, /wrap: "x"/],
  ["g", { priority: 1 }, /priority: there is no such option/],
])("elect(%o, %o) is refused", (group, options, message) => {
  const redlock = Redlock.memory();
  const all = { onElected: () => undefined, ...options } as unknown as ElectOptions;
  expect(() => elect(redlock, group, all)).toThrow(message);
});

test("observe refuses a bad group and bad options", () => {
  const redlock = Redlock.memory();
  expect(() => observe(redlock, "")).toThrow(/group: ""/);
  expect(() => observe(redlock, "g", { record: 1 } as never)).toThrow(/record: .*`records`/);
  expect(() => observe(redlock, "g", { records: 5 as never })).toThrow(/records: 5/);
});
