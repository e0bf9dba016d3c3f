import { expect, test } from "vitest";
import { webLocks, type WebLocksOptions } from "../../src/web-locks/index.ts";
import { FAILED, type Reply } from "../../src/operations/request.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { type World, world } from "../support/world.ts";
import { type Request } from "./case-tools.ts";
import { held } from "./fleet.ts";
import {
  lost,
  type OnRun,
  type OnRuns,
  type Process,
  processOn,
  sleep,
  valuesOf,
} from "./seizing-process.ts";

// Thefts that end before they have a lock, or before all replies have come: the former holder does not know of them, and still nobody
// gets the lock beside it. In virtual time.

type Replies = readonly Reply[];

interface Scene extends World {
  readonly thief: Process;
  /** Holds the lock "a" in one process. */
  readonly holder: Request;
  /** Waits for it in another one. */
  readonly next: Request;
}

const losingReply: OnRun = async (run) => {
  await run();
  return lost();
};

/** Somebody holds the lock, and somebody waits for it. */
async function scene(options: WebLocksOptions, onRuns: OnRuns): Promise<Scene> {
  const made = world();
  const thief = await processOn(made, options, onRuns);
  const { locks } = await processOn(made);
  const { locks: others } = await processOn(made);
  const holder = held(locks, "a");
  await holder.granted;
  const next = held(others, "a");
  await made.clock.advance(1_000);
  return { ...made, thief, holder, next };
}

/** The former holder loses its lock, and the next one gets it after that. */
async function expectExclusion({
  clock,
  holder,
  next,
}: Pick<Scene, "clock" | "holder" | "next">): Promise<void> {
  const order: string[] = [];
  void holder.done.catch(() => order.push("the holder knows"));
  void next.granted.then(() => order.push("the next is granted"));
  await clock.advance(60_000);
  expect(order).toEqual(["the holder knows", "the next is granted"]);
}

test("a client that closes before the replies to its theft have come deletes nothing", async () => {
  let isSlow = false;
  const onRun: OnRun = async (run) => {
    const reply = await run();
    if (isSlow) await sleep(made.clock, 60);
    return reply;
  };
  const made: Scene = await scene({}, { onSeize: onRun, onOther: onRun });
  const { clock, thief } = made;
  // Its release keeps the connections open until the replies have come.
  await thief.redlock.acquire("other");
  isSlow = true;
  const error = rejection(thief.locks.request("a", { steal: true }, () => "never"));
  await clock.advance(20);
  const closed = thief.redlock.close();
  await clock.advance(200);
  expect(await error).toMatchObject({ name: "AbortError" });
  await closed;
  await expectExclusion(made);
});

test("a client that closes after the replies to its theft were lost deletes nothing", async () => {
  const made = await scene({}, { onSeize: losingReply });
  const { clock, thief } = made;
  await thief.redlock.acquire("other");
  const error = rejection(thief.locks.request("a", { steal: true }, () => "never"));
  await clock.advance(200);
  const closed = thief.redlock.close();
  await clock.advance(100);
  expect(await error).toMatchObject({ name: "AbortError" });
  await closed;
  await expectExclusion(made);
});

test("a theft that gives up after its replies were lost deletes nothing", async () => {
  const made = await scene({ wait: 500 }, { onSeize: losingReply });
  const error = rejection(made.thief.locks.request("a", { steal: true }, () => "never"));
  await made.clock.advance(1_000);
  expect(await error).toMatchObject({ name: "QuorumError" });
  await expectExclusion(made);
});

test("a theft that too few servers grant deletes nothing, and the holder keeps its lock", async () => {
  const made = await scene(
    { wait: 500 },
    { onSeize: (run, index) => (index === 0 ? run() : Promise.resolve().then(lost)) },
  );
  const { clock, holder, next, thief } = made;
  const error = rejection(thief.locks.request("a", { steal: true }, () => "never"));
  await clock.advance(1_000);
  expect(await error).toMatchObject({ name: "QuorumError" });
  const [seized, ...kept] = valuesOf(made);
  expect(seized).toEqual(expect.any(String));
  expect(kept).not.toContain(seized);
  await clock.advance(60_000);
  expect(next.isGranted).toBe(false);
  holder.release("kept");
  expect(await holder.done).toBe("kept");
  await clock.advance(2_000);
  expect(next.isGranted).toBe(true);
});

test("a theft of a free name that too few servers grant leaves nothing behind", async () => {
  const made = world();
  const { locks } = await processOn(
    made,
    { wait: 500 },
    { onSeize: (run, index) => (index === 0 ? run() : Promise.resolve().then(lost)) },
  );
  const error = rejection(locks.request("a", { steal: true }, () => "never"));
  await made.clock.advance(1_000);
  expect(await error).toMatchObject({ name: "QuorumError" });
  expect(valuesOf(made)).toEqual([undefined, undefined, undefined]);
});

test("a late reply of a server that was free lets it release the token of a theft that has failed", async () => {
  const made: World = world();
  const { locks } = await processOn(
    made,
    { wait: 500 },
    {
      onSeize: async (run, index) => {
        if (index > 0) return Promise.resolve().then(lost);
        const reply = await run();
        await sleep(made.clock, 3_000);
        return reply;
      },
    },
  );
  const error = rejection(locks.request("a", { steal: true }, () => "never"));
  await made.clock.advance(2_000);
  expect(await error).toMatchObject({ name: "QuorumError" });
  expect(valuesOf(made)).toEqual([expect.any(String), undefined, undefined]);
  await made.clock.advance(4_000);
  expect(valuesOf(made)).toEqual([undefined, undefined, undefined]);
});

test("a callback of a stolen lock that throws ends the lock no earlier than one that returns", async () => {
  const made = await scene({}, { onSeize: (run) => run() });
  const error = rejection(
    made.thief.locks.request("a", { steal: true }, () => {
      throw new Error("of the callback");
    }),
  );
  await expectExclusion(made);
  expect(await error).toMatchObject({ message: "of the callback" });
});

test("a stolen lock that the servers lose deletes nothing", async () => {
  const made = await scene({ ttl: 1_000 }, { onSeize: (run) => run() });
  const { clock, instances, thief } = made;
  const stolen = held(thief.locks, "a", { steal: true });
  await stolen.granted;
  const error = rejection(stolen.done);
  // Others have taken the key, so the thief loses its lock.
  const values = valuesOf(made);
  for (const instance of instances.slice(1)) instance.set("lock:a", "by hand", 5_000);
  await clock.advance(1_000);
  expect(await error).toMatchObject({ name: "AbortError" });
  expect(instances[0]!.get("lock:a")).toBe(values[0]);
  await expectExclusion(made);
});

test("a request of a theft that arrives after the theft has ended is followed by no release", async () => {
  const made: World = world();
  let isStalled = false;
  // What was sent to the third server arrives late, and in order.
  const onRun: OnRun = async (run, index) => {
    if (isStalled && index === 2) await sleep(made.clock, 1_500);
    return run();
  };
  const { locks } = await processOn(made, {}, { onSeize: onRun, onOther: onRun });
  isStalled = true;
  expect(await locks.request("a", { steal: true }, () => "stolen")).toBe("stolen");
  // The next holder does not reach the second server, so the late request takes the name from it on one of its two.
  const { locks: holders } = await processOn(
    made,
    {},
    { onOther: (run, index) => (index === 1 ? Promise.resolve().then(lost) : run()) },
  );
  const { locks: others } = await processOn(made);
  const holder = held(holders, "a");
  await holder.granted;
  const next = held(others, "a");
  await expectExclusion({ clock: made.clock, holder, next });
});

test("a late reply of a server that was free lets it release the lock that has ended", async () => {
  const made: World = world();
  const { locks } = await processOn(
    made,
    {},
    {
      onSeize: async (run, index) => {
        const reply = await run();
        if (index === 2) await sleep(made.clock, 200);
        return reply;
      },
    },
  );
  expect(await locks.request("a", { steal: true }, () => "stolen")).toBe("stolen");
  await settle();
  await made.clock.advance(300);
  expect(valuesOf(made)).toEqual([undefined, undefined, undefined]);
});

test("a theft that failed does not keep other requests from ending", async () => {
  const made = world();
  let isDown = false;
  const { locks, redlock } = await processOn(
    made,
    {},
    { onSeize: (run, index) => (isDown && index > 0 ? Promise.resolve().then(lost) : run()) },
  );
  const { locks: others } = await processOn(made);
  const holder = held(others, "a");
  await holder.granted;
  const waiting = held(locks, "a");
  await made.clock.advance(500);
  isDown = true;
  const theft = rejection(webLocks(redlock, { wait: 300 }).request("a", { steal: true }, () => "never"));
  await made.clock.advance(1_000);
  expect(await theft).toMatchObject({ name: "QuorumError" });
  isDown = false;
  holder.release();
  await holder.done;
  await made.clock.advance(2_000);
  expect(waiting.isGranted).toBe(true);
  waiting.release("at once");
  let isDone = false;
  void waiting.done.then(() => (isDone = true));
  await made.clock.advance(100);
  expect(isDone).toBe(true);
});

/** A theft of a free name whose first request is lost on these servers, and may still be on the way. Its callback runs. */
async function stolenAfterLoss(isLost: (index: number) => boolean): Promise<{
  readonly made: World;
  readonly thief: Process;
  readonly stolen: Request;
}> {
  const made = world();
  const hasLost = new Set<number>();
  const thief = await processOn(
    made,
    {},
    {
      onSeize: (run, index) => {
        if (hasLost.has(index) || !isLost(index)) return run();
        hasLost.add(index);
        return Promise.resolve().then(lost);
      },
    },
  );
  const stolen = held(thief.locks, "a", { steal: true });
  await made.clock.advance(2_000);
  expect(stolen.isGranted).toBe(true);
  return { made, thief, stolen };
}

test("a stolen lock that no quorum may release is not reported as released, and ends after its ttl", async () => {
  const { made, thief, stolen } = await stolenAfterLoss(() => true);
  const confirmed: unknown[] = [];
  thief.redlock.on("lock:released", (event) => confirmed.push(event.confirmed));
  const { locks: others } = await processOn(made);
  const next = held(others, "a");
  await made.clock.advance(1_000);
  confirmed.length = 0;
  stolen.release("done");
  await made.clock.advance(1_000);
  expect(await stolen.done).toBe("done");
  expect([confirmed, next.isGranted]).toEqual([[false], false]);
  expect(valuesOf(made)).toEqual(Array.from({ length: 3 }, () => expect.any(String)));
  await made.clock.advance(11_000);
  expect(next.isGranted).toBe(true);
});

test("a stolen lock that one server keeps is released by the others, and passed on at once", async () => {
  const { made, thief, stolen } = await stolenAfterLoss((index) => index === 2);
  const confirmed: unknown[] = [];
  thief.redlock.on("lock:released", (event) => confirmed.push(event.confirmed));
  stolen.release("done");
  await made.clock.advance(100);
  expect(confirmed).toEqual([true]);
  expect(valuesOf(made)).toEqual([undefined, undefined, expect.any(String)]);
  const next = held((await processOn(made)).locks, "a");
  await made.clock.advance(100);
  expect(next.isGranted).toBe(true);
});

test("a server that refuses a request of a theft has answered it, so it gets the release", async () => {
  const made = world();
  let refusals = 3;
  const { locks, redlock } = await processOn(
    made,
    {},
    {
      onSeize: (run) => {
        refusals -= 1;
        return refusals < 0 ? run() : Promise.reject(new Error("BUSY a script is running"));
      },
    },
  );
  const confirmed: unknown[] = [];
  const stolen = held(locks, "a", { steal: true });
  await made.clock.advance(2_000);
  expect([refusals < 0, stolen.isGranted]).toEqual([true, true]);
  redlock.on("lock:released", (event) => confirmed.push(event.confirmed));
  stolen.release("done");
  await made.clock.advance(100);
  expect(await stolen.done).toBe("done");
  expect(confirmed).toEqual([true]);
  expect(valuesOf(made)).toEqual([undefined, undefined, undefined]);
});

test("a refusal of a call that had other requests settles nothing for a theft", async () => {
  const made = world();
  let isMixed = true;
  const { locks, redlock } = await processOn(
    made,
    {},
    {
      onSeize: (run) => {
        if (!isMixed) return run();
        return Promise.reject(new Error("BUSY a script is running"));
      },
    },
  );
  const confirmed: unknown[] = [];
  // Both are sent in one turn, so the refusal can be that of the other request.
  const other = redlock.acquire("b", { wait: 2_000 }).catch(() => undefined);
  const stolen = held(locks, "a", { steal: true });
  await settle();
  isMixed = false;
  await made.clock.advance(2_000);
  await (await other)?.release();
  expect(stolen.isGranted).toBe(true);
  redlock.on("lock:released", (event) => confirmed.push(event.confirmed));
  stolen.release("done");
  await made.clock.advance(100);
  expect(confirmed).toEqual([false]);
});

test("the answer of a server that was asked again on another connection settles nothing", async () => {
  const made: World = world();
  let isBroken = true;
  const { locks, redlock } = await processOn(
    made,
    {},
    {
      onSeize: (run) => {
        if (!isBroken) return run();
        for (const instance of made.instances) instance.restart();
        return new Promise((resolve) => made.clock.setTimer(300, () => resolve(run()), true));
      },
    },
  );
  const stolen = held(locks, "a", { steal: true });
  await settle();
  isBroken = false;
  await made.clock.advance(15_000);
  expect(stolen.isGranted).toBe(true);
  const confirmed: unknown[] = [];
  redlock.on("lock:released", (event) => confirmed.push(event.confirmed));
  stolen.release("done");
  await made.clock.advance(100);
  expect(confirmed).toEqual([false]);
});

test.each([
  ["with a vote", (reply: Replies) => reply],
  ["with an error", (reply: Replies) => reply.map(() => [FAILED, "unexpected reply"] as const)],
])(
  "a late request that takes the name from a later lock of its process, and is answered %s, is followed by no release",
  async (_, answer) => {
    const made: World = world();
    let isLate = false;
    let isCut = false;
    const { locks } = await processOn(
      made,
      {},
      {
        onSeize: async (run, index) => {
          if (!isLate || index !== 2) return run();
          await sleep(made.clock, 300);
          return answer(await run());
        },
        onOther: (run, index) => (isCut && index === 1 ? Promise.resolve().then(lost) : run()),
      },
    );
    const { locks: others } = await processOn(made);
    isLate = true;
    expect(await locks.request("a", { steal: true }, () => "stolen")).toBe("stolen");
    // The next holder is the same process. It does not reach the second server, so the late request takes one of its two.
    isCut = true;
    const holder = held(locks, "a");
    await made.clock.advance(100);
    expect(holder.isGranted).toBe(true);
    const next = held(others, "a");
    await expectExclusion({ clock: made.clock, holder, next });
  },
);
