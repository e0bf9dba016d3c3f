import { describe, expect, test } from "vitest";
import { type Redlock, withRetry } from "../../src/index.ts";
import { findingsOf } from "../support/findings.ts";
import { collectWarnings } from "../support/warnings.ts";
import { world } from "../support/world.ts";

function diagnosed() {
  const { redlock } = world(3, { diagnostics: true });
  return { redlock, findings: findingsOf(redlock) };
}

/** Locks the names one in the other. */
async function nest(redlock: Redlock, [first, ...rest]: readonly string[]): Promise<void> {
  if (first === undefined) return;
  await redlock.using(first, () => nest(redlock, rest));
}

describe("lock-order", () => {
  test("reports two places that nest two classes in different orders, with all stacks", async () => {
    const { redlock, findings } = diagnosed();
    const warnings = collectWarnings();
    const pay = async (): Promise<void> => {
      const order = await redlock.acquire("order:1");
      const user = await redlock.acquire("user:7");
      await user.release();
      await order.release();
    };
    const rename = (): Promise<void> =>
      redlock.using("user:8", () => withRetry(redlock.mutex("order:2")).using(() => undefined));
    await pay();
    await pay();
    expect(findings).toEqual([]);
    await rename();
    expect(findings).toEqual([
      {
        id: "lock-order",
        names: ["order:2"],
        message: expect.stringMatching(
          /^locks are nested in different orders: "user:8" before "order:2", and elsewhere "order:1" before "user:7"\. /,
        ) as string,
        stacks: [
          expect.stringMatching(/^at rename /) as string,
          expect.stringMatching(/^at .*lock-order\.test\.ts/) as string,
          expect.stringMatching(/^at pay /) as string,
          expect.stringMatching(/^at (async )?pay /) as string,
        ],
      },
    ]);
    expect(new Set(findings[0]!.stacks).size).toBe(4);
    await rename();
    expect(findings).toHaveLength(1);
    const [warning] = await warnings.stop();
    expect(warning).toMatchObject({ code: "QUORUMLOCK_LOCK_ORDER" });
    expect(warning!.message).toMatch(
      /"user:8" was acquired:\n {2}at rename .*(\n {2}.*)*\n"order:2" was acquired under it:/,
    );
  });

  test("reports two names of one class, also if one place nests them in both orders", async () => {
    const { redlock, findings } = diagnosed();
    const transfer = (from: number, to: number): Promise<void> =>
      redlock.using(`account:${from}`, () => redlock.using(`account:${to}`, () => undefined));
    await transfer(1, 2);
    await transfer(2, 3);
    await transfer(1, 3);
    expect(findings).toEqual([]);
    await transfer(3, 1);
    expect(findings.map(({ id, names }) => [id, names])).toEqual([["lock-order", ["account:1"]]]);
    expect(findings[0]!.message).toMatch(
      /"account:3" before "account:1", and elsewhere "account:1" before "account:3"/,
    );
  });

  test("reports a circle of three", async () => {
    const { redlock, findings } = diagnosed();
    await nest(redlock, ["stock", "invoice"]);
    await nest(redlock, ["invoice", "cart"]);
    expect(findings).toEqual([]);
    await redlock.using("cart", () => redlock.using("stock", () => undefined));
    expect(findings).toHaveLength(1);
    expect(findings[0]!.message).toMatch(
      /"cart" before "stock", and elsewhere "stock" before "invoice", and elsewhere "invoice" before "cart"/,
    );
    expect(findings[0]!.stacks).toHaveLength(6);
  });

  test("reports nothing for one order, for locks that are not nested, or for callers that do not wait", async () => {
    const { redlock, findings } = diagnosed();
    for (let turn = 0; turn < 3; turn++) await nest(redlock, ["a", "b", "c"]);
    await nest(redlock, ["a", "c"]);
    const c = await redlock.acquire("c");
    await c.release();
    await nest(redlock, ["a"]);
    await Promise.all([nest(redlock, ["c"]), nest(redlock, ["a"])]);
    await redlock.using("c", async () => {
      await (await redlock.tryAcquire("b"))?.release();
      await redlock.tryUsing("a", () => undefined);
      await redlock.using("b", { wait: 0 }, () => undefined);
    });
    await redlock.using(["a", "b"], () => redlock.using("d", () => undefined));
    expect(findings).toEqual([]);
  });

  test("keeps a bounded number of orders, and still finds new circles", async () => {
    const { redlock, findings } = diagnosed();
    const word = (id: number): string =>
      id.toString().replace(/\d/g, (digit) => "ghijklmnop"[Number(digit)]!);
    for (let id = 0; id < 1_100; id++) await nest(redlock, [`outer-${word(id)}`, `inner-${word(id)}`]);
    expect(findings).toEqual([]);
    await nest(redlock, [`inner-${word(1_050)}`, `outer-${word(1_050)}`]);
    expect(findings).toHaveLength(1);
    // The first orders are forgotten.
    await redlock.using(`inner-${word(1)}`, () => redlock.using(`outer-${word(1)}`, () => undefined));
    expect(findings).toHaveLength(1);
  });
});

test("a program that replaces the stacks of errors still gets its locks, and the reports", async () => {
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  const { redlock, findings } = diagnosed();
  Error.prepareStackTrace = (_, frames) => frames;
  try {
    await nest(redlock, ["first", "second"]);
    await nest(redlock, ["second", "first"]);
  } finally {
    if (before === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Object.defineProperty(Error, "prepareStackTrace", before);
  }
  expect(findings.map(({ id }) => id)).toEqual(["lock-order"]);
});
