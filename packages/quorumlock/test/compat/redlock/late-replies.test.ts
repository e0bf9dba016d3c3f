import { describe, expect, test } from "vitest";
import Redlock, {
  type ExecutionError,
  Lock,
  ResourceLockedError,
} from "../../../src/compat/redlock/index.ts";
import { FRESH } from "../../support/fresh.ts";
import { GatedInstance } from "../../support/gated-instance.ts";
import { eventually, rejection, turns } from "../../support/timing.ts";

// Replies that come late, or in an unlucky order. The servers are in memory, and the test decides when a reply comes.

const LONG_MS = 60_000;
const ONCE = { retryCount: 0 } as const;

function scene() {
  const clients = [1, 2, 3].map((number) => new GatedInstance(`server ${number}`));
  const redlock = new Redlock(clients, FRESH);
  const errors: Error[] = [];
  redlock.on("error", (error) => errors.push(error));
  /** Another process. */
  const other = new Redlock(clients.toReversed(), FRESH);
  /** Keeps the replies of all servers back until the returned function is called. */
  const holdReplies = (): (() => void) => {
    const opens = clients.map((client) => client.holdReplies());
    return () => opens.forEach((open) => open());
  };
  const isFree = async (name: string): Promise<boolean> =>
    other.acquire([name], LONG_MS, ONCE).then(
      () => true,
      () => false,
    );
  return { clients, redlock, errors, other, holdReplies, isFree };
}

const attemptsOf = async (promise: Promise<unknown>): Promise<number> =>
  ((await rejection(promise)) as ExecutionError).attempts.length;
const past = (moment: number): Promise<void> => eventually("the time is over", () => Date.now() > moment);

describe("an extension", () => {
  test("that overlaps another one of the same lock succeeds, and the lock stays held", async () => {
    const { redlock, holdReplies, isFree } = scene();
    const lock = await redlock.acquire(["twice"], LONG_MS);
    const openFirst = holdReplies();
    const first = lock.extend(LONG_MS);
    await turns(2);
    const openSecond = holdReplies();
    const second = lock.extend(LONG_MS);
    await turns(2);
    openFirst();
    expect([(await first).value, lock.expiration]).toEqual([lock.value, 0]);
    openSecond();
    expect((await second).expiration).toBeGreaterThan(Date.now());
    expect(await isFree("twice")).toBe(false);
  });

  test("by a description with an old expiration does not delete the lock of its owner", async () => {
    const { redlock, other, holdReplies, isFree } = scene();
    const lock = await redlock.acquire(["described"], LONG_MS);
    await (await other.acquire(["warm"], LONG_MS)).release();
    const described = new Lock(other, ["described"], lock.value, [], Date.now() + 50);
    const { expiration } = described;
    const open = holdReplies();
    const extending = described.extend(LONG_MS);
    await past(expiration);
    open();
    expect((await extending).value).toBe(lock.value);
    expect(await isFree("described")).toBe(false);
  });

  test("whose lock is released meanwhile fails, and nothing is held", async () => {
    const { redlock, holdReplies, isFree } = scene();
    const lock = await redlock.acquire(["released"], LONG_MS);
    const open = holdReplies();
    const extending = rejection(lock.extend(LONG_MS));
    const releasing = lock.release();
    open();
    expect(await extending).toHaveProperty("message", "Cannot extend an already-expired lock.");
    await releasing;
    expect(await isFree("released")).toBe(true);
  });
});

describe("one server is down, another one refuses, and the third refuses later", () => {
  test.each([
    ["release", (lock: Lock) => lock.release()],
    ["extend", (lock: Lock) => lock.extend(LONG_MS)],
  ])("so `%s` has one attempt", async (_, call) => {
    const { clients, redlock, errors, other } = scene();
    const lock = await redlock.acquire(["gone"], LONG_MS);
    await other.release(new Lock(other, ["gone"], lock.value, [], lock.expiration));
    clients[0]!.isAvailable = false;
    const open = clients[2]!.holdReplies();
    const attempts = attemptsOf(call(lock));
    await eventually("two have voted", () => errors.length === 2);
    open();
    expect(await attempts).toBe(1);
    expect(errors.map((error) => error instanceof ResourceLockedError)).toEqual([false, true, true]);
  });
});

describe("a release", () => {
  test("without a limit of retries ends when the lock has ended, although most servers are down", async () => {
    const { clients, redlock } = scene();
    const lock = await redlock.acquire(["ended"], 200);
    for (const client of clients.slice(1)) client.isAvailable = false;
    const endless = { retryCount: -1, retryDelay: 10, retryJitter: 0 };
    expect(await attemptsOf(redlock.release(lock, endless))).toBeGreaterThan(0);
    expect(Date.now()).toBeGreaterThan(lock.expiration);
  });

  test.each(["a", "b"])("on a cluster that has lost %s of two hash slots fails", async (lost) => {
    const redlock = new Redlock([new GatedInstance("cluster", true)]);
    const lock = await redlock.acquire(["a", "b"], LONG_MS);
    await new Lock(redlock, [lost], lock.value, [], lock.expiration).release();
    expect(await attemptsOf(lock.release())).toBe(1);
  });

  test("that a quorum confirms succeeds also if two clients lead to one server by now", async () => {
    const { clients, redlock } = scene();
    const lock = await redlock.acquire(["duplicate"], LONG_MS);
    clients[2]!.reconnect(clients[1]!.server);
    await lock.release();
    expect(await rejection(redlock.acquire(["duplicate"], LONG_MS))).toHaveProperty(
      "name",
      "DuplicateInstanceError",
    );
  });
});

describe("the reason of a failure", () => {
  test("of votes that came after the end of the duration is an error event and the cause", async () => {
    const { redlock, errors, holdReplies } = scene();
    await (await redlock.acquire(["warm"], LONG_MS)).release();
    const open = holdReplies();
    const startedAt = Date.now();
    const acquiring = rejection(redlock.acquire(["slow"], 30, ONCE));
    await past(startedAt + 40);
    open();
    const { cause } = (await acquiring) as ExecutionError;
    expect(cause).toHaveProperty(
      "message",
      expect.stringMatching(/^the votes took .*use a longer duration$/),
    );
    expect(errors).toEqual([cause]);
  });

  test("of clients that did not vote is the cause", async () => {
    const { clients, redlock } = scene();
    await (await redlock.acquire(["warm"], LONG_MS)).release();
    for (const client of clients.slice(1)) client.isAvailable = false;
    expect(await rejection(redlock.acquire(["down"], LONG_MS, ONCE))).toHaveProperty(
      "cause.code",
      "INSTANCE_UNAVAILABLE",
    );
  });

  test("is no process warning if all listeners were removed", async () => {
    const { redlock, other } = scene();
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown): void => void warnings.push(warning);
    process.on("warning", onWarning);
    await other.acquire(["held"], LONG_MS);
    redlock.removeAllListeners("error");
    await rejection(redlock.acquire(["held"], LONG_MS, ONCE));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
  });
});
