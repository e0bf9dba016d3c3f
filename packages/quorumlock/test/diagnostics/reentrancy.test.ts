import { describe, expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { findingsOf } from "../support/findings.ts";
import { rejection } from "../support/timing.ts";
import { advanceDuring, world } from "../support/world.ts";

describe("with diagnostics, a second acquisition of a held name", () => {
  const redlock = Redlock.memory({ diagnostics: true });

  test("throws at once inside `using`, at any depth of calls", async () => {
    await redlock.using(["a", "b"], async () => {
      await new Promise((resolve) => setImmediate(resolve));
      const deep = async (): Promise<unknown> => rejection(redlock.using("b", () => undefined));
      expect(await deep()).toMatchObject({ code: "LOCK_REENTRANT" });
      expect(String(await rejection(redlock.acquire(["z", "a"])))).toMatch(
        /this asynchronous context already holds "a"/,
      );
      expect(await rejection(redlock.tryAcquire("a"))).toMatchObject({ code: "LOCK_REENTRANT" });
      expect(await redlock.using("c", () => "another name is fine")).toBe("another name is fine");
    });
    expect(await redlock.using("a", () => "free again")).toBe("free again");
  });

  test("throws inside `using` after other locks of the routine", async () => {
    await redlock.using("outer", async () => {
      const lock = await redlock.acquire("inner");
      expect(await rejection(redlock.acquire("outer"))).toMatchObject({ code: "LOCK_REENTRANT" });
      await lock.release();
    });
  });

  test("does not throw for parallel routines", async () => {
    let inside = 0;
    let maxInside = 0;
    await Promise.all(
      Array.from({ length: 5 }, () =>
        redlock.using("e", async () => {
          maxInside = Math.max(maxInside, (inside += 1));
          await new Promise((resolve) => setImmediate(resolve));
          inside -= 1;
        }),
      ),
    );
    expect(maxInside).toBe(1);
  });
});

describe("with diagnostics, a second acquisition of a name from `acquire`", () => {
  function diagnosed() {
    const { redlock, clock } = world(3, { diagnostics: true });
    return { redlock, clock, findings: findingsOf(redlock) };
  }

  test("is a warning with both stacks while it waits, once for each place, and no error", async () => {
    const { redlock, clock, findings } = diagnosed();
    const counts: number[] = [];
    const twice = async (): Promise<void> => {
      const lock = await redlock.acquire("d");
      const again = rejection(redlock.acquire("d"));
      await clock.advance(990);
      counts.push(findings.length);
      await clock.advance(20);
      counts.push(findings.length);
      await clock.advance(20_000);
      expect(await again).toMatchObject({ code: "LOCK_TIMEOUT", holder: { thisProcess: true } });
      await lock.release();
    };
    await twice();
    expect(findings).toEqual([
      {
        id: "reentrant",
        names: ["d"],
        message:
          'the lock on "d" was acquired in this asynchronous context, which may wait for itself; ' +
          "pass the held lock on instead of acquiring it again",
        stacks: [
          expect.stringMatching(/^at (async )?twice /) as string,
          expect.stringMatching(/^at twice /) as string,
        ],
      },
    ]);
    await twice();
    expect(counts).toEqual([0, 1, 1, 1]);
  });

  test("is a warning after half of a short `wait`, and after the end of the first acquisition", async () => {
    const { redlock, clock, findings } = diagnosed();
    const first = redlock.acquire("d");
    const second = rejection(redlock.acquire(["c", "d"], { wait: 100 }));
    await clock.advance(60);
    expect(findings.map(({ id, names }) => [id, names])).toEqual([["reentrant", ["d"]]]);
    await clock.advance(60);
    expect(await second).toMatchObject({ code: "LOCK_TIMEOUT" });
    await (await first).release();
  });

  test("is a warning for locks that were acquired together", async () => {
    const { redlock, clock, findings } = diagnosed();
    const [a, b] = await Promise.all([redlock.acquire("a"), redlock.acquire("b")]);
    const again = redlock.using("a", () => "granted");
    await clock.advance(1_000);
    expect(findings.map(({ id, names }) => [id, names])).toEqual([["reentrant", ["a"]]]);
    await a.release();
    await b.release();
    expect(await again).toBe("granted");
  });

  test("is granted if the first one is of a routine that nobody awaits", async () => {
    const { redlock, clock, findings } = diagnosed();
    const work = async (): Promise<void> => {
      const lock = await redlock.acquire("f");
      await clock.advance(100);
      await lock.release();
    };
    const working = work();
    await clock.advance(1);
    expect(await redlock.tryAcquire("f")).toBeNull();
    const second = redlock.acquire("f");
    const third = redlock.using("f", () => "third");
    await working;
    await (await second).release();
    expect(await third).toBe("third");
    expect(findings).toEqual([]);
  });

  test("is granted at once after the release or a loss", async () => {
    const { redlock, clock, findings } = diagnosed();
    await (await redlock.acquire("d")).release();
    await (await redlock.acquire("d")).release();
    await redlock.acquire("lost", { ttl: 500, autoExtend: false });
    await clock.advance(600);
    await (await redlock.acquire("lost")).release();
    expect(findings).toEqual([]);
  });

  test("is no warning for permits, which a context may have several of", async () => {
    const { redlock, clock, findings } = diagnosed();
    const permits = redlock.semaphore("jobs", { permits: 1 });
    const permit = await permits.acquire();
    const second = permits.acquire();
    await clock.advance(2_000);
    await permit.release();
    await (await second).release();
    expect(findings).toEqual([]);
  });
});

test("a routine that acquires what an `acquire` around it holds is reported while it waits", async () => {
  const { redlock, clock } = world(3, { diagnostics: true });
  const findings = findingsOf(redlock);
  const boot = await redlock.acquire("boot");
  const task = async (name: string): Promise<void> => {
    await redlock.using(name, () => redlock.using("boot", { wait: 3_000 }, () => undefined));
  };
  const tasks = ["x", "y"].map((name) => rejection(task(name)));
  await advanceDuring(clock, 4_000, Promise.all(tasks));
  expect(findings.map(({ id, names }) => [id, names])).toEqual([
    ["lock-order", ["boot"]],
    ["reentrant", ["boot"]],
  ]);
  await boot.release();
});

test("without diagnostics the timeout says that the caller waits for its own lock", async () => {
  await using plain = Redlock.memory();
  await plain.using("a", async () => {
    expect(String(await rejection(plain.acquire("a", { wait: 10 })))).toMatch(
      /this is the same process, so check if the caller already holds it/,
    );
  });
});
