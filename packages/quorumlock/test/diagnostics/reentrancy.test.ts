import { describe, expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { rejection } from "../support/timing.ts";

const redlock = Redlock.memory({ diagnostics: true });

describe("with diagnostics, a second acquisition of a held name", () => {
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

  test("throws after `acquire`, until the release", async () => {
    const lock = await redlock.acquire("d");
    expect(await rejection(redlock.acquire("d"))).toMatchObject({ code: "LOCK_REENTRANT" });
    await lock.release();
    await (await redlock.acquire("d")).release();
  });

  test("does not throw for parallel tasks that started under another lock", async () => {
    const boot = await redlock.acquire("boot");
    const task = async (afterMs: number): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      const lock = await redlock.acquire("f");
      await new Promise((resolve) => setTimeout(resolve, 20));
      await lock.release();
      expect(await rejection(redlock.acquire("boot"))).toMatchObject({ code: "LOCK_REENTRANT" });
    };
    await Promise.all([task(0), task(5)]);
    await boot.release();
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

test("without diagnostics the timeout says that the caller waits for its own lock", async () => {
  await using plain = Redlock.memory();
  await plain.using("a", async () => {
    expect(String(await rejection(plain.acquire("a", { wait: 10 })))).toMatch(
      /this is the same process, so check if the caller already holds it/,
    );
  });
});
