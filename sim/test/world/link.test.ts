import { expect, test } from "vitest";
import { isYes, keySpaceOf, mutexKind, type Reply, SERVER_SCRIPT } from "../../src/library.ts";
import { Host } from "../../src/world/host.ts";
import { Link, type LinkWatcher } from "../../src/world/link.ts";
import { Random } from "../../src/world/random.ts";
import { Server } from "../../src/world/server.ts";
import { Time } from "../../src/world/time.ts";

const TRUE_CLOCK = { rate: 1, offsetMs: 0 };

function setUp(resends: boolean, seed = 1) {
  const time = new Time();
  const order: string[] = [];
  const counts = { lost: 0, late: 0, resent: 0 };
  const server = new Server(0, time, { ...TRUE_CLOCK, durable: false }, new Random(seed), {
    onPublished: () => undefined,
    onExecuted: (_, { args }) => order.push(args[0] ?? "identify"),
    onCallRefused: () => undefined,
  });
  const marker = "complete - - id first-use 1000";
  const noteFirstUse = ["1", keySpaceOf("lock:").marker, "marker.replace", "1", "1", "0", "2", "", marker];
  server.execute({ command: "EVAL", script: SERVER_SCRIPT.single.text, args: noteFirstUse });
  order.length = 0;
  const host = new Host("client", time, TRUE_CLOCK, new Random(seed + 1));
  const watcher: LinkWatcher = {
    onSent: () => undefined,
    onReply: () => undefined,
    onBrokenMessage: (fate) => void (counts[fate] += 1),
  };
  const link = new Link(host, server, time, new Random(seed + 2), { resends }, watcher);
  const acquire = (token: string): Promise<readonly Reply[]> =>
    link.run([
      mutexKind.acquire([token], { token, prefix: "lock:", fence: 0, isWithdrawn: false }, 1_000, undefined),
    ]);
  return {
    time,
    order,
    counts,
    server,
    host,
    link,
    acquire,
    pass: (ms: number) => time.pass(time.now + ms, () => false),
  };
}

test("on one connection, messages arrive in the order of sending", async () => {
  const { order, acquire, pass } = setUp(false);
  const tokens = Array.from({ length: 200 }, (_, index) => `t${index}`);
  const replies = tokens.map((token) => acquire(token));
  await pass(1_000);
  expect(order).toEqual(tokens);
  expect((await Promise.all(replies)).flat().every(isYes)).toBe(true);
});

test("after a break, messages are lost or late, or arrive after messages of a new connection", async () => {
  const sums = { lost: 0, late: 0, overtaken: 0 };
  for (let seed = 1; seed <= 40; seed++) {
    const { order, counts, link, acquire, pass } = setUp(false, seed);
    acquire("before").catch(() => undefined);
    await pass(0);
    link.breakConnection();
    await pass(100);
    acquire("after").catch(() => undefined);
    await pass(1_000);
    sums.lost += counts.lost;
    sums.late += counts.late;
    if (order.indexOf("after") >= 0 && order.indexOf("before") > order.indexOf("after")) sums.overtaken += 1;
  }
  expect(sums.lost + sums.late).toBe(40);
  expect(Math.min(sums.lost, sums.late, sums.overtaken)).toBeGreaterThan(5);
});

test("if the client library resends, a server can execute a request twice", async () => {
  let twice = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const { order, link, acquire, pass } = setUp(true, seed);
    const reply = acquire("one");
    await pass(0);
    link.breakConnection();
    await pass(1_000);
    expect((await reply).map(isYes)).toEqual([true]);
    if (order.filter((token) => token === "one").length === 2) twice += 1;
  }
  expect(twice).toBeGreaterThan(5);
});

test("held messages arrive in order when the hold ends", async () => {
  const { order, link, acquire, pass } = setUp(false);
  link.network.holdsRequests = true;
  for (const token of ["a", "b"]) void acquire(token);
  await pass(500);
  expect(order).toEqual([]);
  link.network.holdsRequests = false;
  link.onNetworkChange();
  void acquire("c");
  await pass(500);
  expect(order).toEqual(["a", "b", "c"]);
});

test("a server handles its messages after a hang, but not after a crash", async () => {
  const { order, server, link, acquire, pass } = setUp(false);
  server.hang();
  void acquire("hung");
  await pass(100);
  server.resume();
  expect(order).toEqual(["hung"]);
  server.hang();
  acquire("dead").catch(() => undefined);
  await pass(100);
  server.crash();
  server.start();
  link.onNetworkChange();
  await pass(1_000);
  expect(order).toEqual(["hung"]);
  expect(server.keys()).toEqual([]);
});

test("a script is sent again after a flush", async () => {
  const { server, acquire, pass } = setUp(false);
  for (const token of ["a", "b"]) {
    const reply = acquire(token);
    await pass(100);
    expect((await reply).map(isYes)).toEqual([true]);
    server.flushScripts();
  }
});

test("events reach a paused client when it resumes, and never reach a dead client", async () => {
  const { time, host, pass } = setUp(false);
  const seen: string[] = [];
  host.schedule(1, () => seen.push(`timer at ${time.now}`));
  host.pause(50);
  await pass(100);
  expect(seen).toEqual(["timer at 50"]);
  host.crash();
  host.schedule(time.now + 1, () => seen.push("never"));
  await pass(100);
  expect(seen).toEqual(["timer at 50"]);
});

test("a clock runs at its own rate, and its wall time can be stepped", async () => {
  const { host, time } = setUp(false);
  const fast = new Host("fast", time, { rate: 1.5, offsetMs: 1_000 }, new Random(1));
  const started = [host.clock.monotonic(), fast.clock.monotonic(), fast.clock.wall()];
  const fired: number[] = [];
  fast.asClock().setTimer(15, () => fired.push(time.now), false);
  await time.pass(100, () => false);
  expect(fired).toEqual([10]);
  expect(host.clock.monotonic() - (started[0] ?? 0)).toBe(100);
  expect(fast.clock.monotonic() - (started[1] ?? 0)).toBe(150);
  fast.clock.stepWall(-500);
  expect(fast.clock.wall() - (started[2] ?? 0)).toBe(-350);
});
