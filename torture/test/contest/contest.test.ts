import { Redlock } from "quorumlock";
import { expect, test } from "vitest";
import { LOCK_KINDS } from "../../src/contest/contender.ts";
import { contestOf } from "../../src/contest/contest.ts";

test("there is a contender of each kind, and each lock has the names that the table says", async () => {
  await using redlock = Redlock.memory();
  const { short, long } = contestOf(redlock, "phase");
  expect(new Set(short.map(({ kind }) => kind))).toEqual(new Set(LOCK_KINDS));
  for (const { acquire, claims, holdsOf } of [...short, ...long]) {
    await using lock = await acquire({ wait: 0 });
    const holds = holdsOf?.(lock) ?? claims;
    // The limit of a tenant is no name of the lock.
    const named = holds.filter(({ node, semaphore }) => semaphore?.name !== node);
    const names = new Set(named.map(({ node, semaphore }) => semaphore?.name ?? node));
    expect(lock.names).toEqual([...names].toSorted());
  }
});

test("two holders of one contender exclude each other if, and only if, it has an exclusive mode", async () => {
  await using redlock = Redlock.memory();
  const { short, long } = contestOf(redlock, "phase");
  // Holders of one semaphore exclude each other only if they have a slot in common.
  const named = [...short, ...long].filter(({ kind }) => kind !== "semaphore");
  for (const { acquire, claims } of named) {
    await using _ = await acquire({ wait: 0 });
    const second = await acquire({ wait: 0 }).catch(() => undefined);
    await second?.release();
    const isExclusive = claims.some(({ mode }) => mode === "X" || mode === "SIX");
    expect(second === undefined).toBe(isExclusive);
  }
});

test("a converted lock excludes what the contender that it became excludes", async () => {
  await using redlock = Redlock.memory();
  const { short } = contestOf(redlock, "phase");
  const convertible = short.filter(({ conversion }) => conversion !== undefined);
  expect(convertible.map(({ kind }) => kind)).toEqual(["read", "write"]);
  for (const { acquire, conversion } of convertible) {
    const lock = await acquire({ wait: 0 });
    await using _ = await conversion!.convert(lock);
    const { kind, acquire: acquireSame } = conversion!.to();
    const second = await acquireSame({ wait: 0 }).catch(() => undefined);
    await second?.release();
    expect([kind, second === undefined]).toEqual(kind === "read" ? ["read", false] : ["write", true]);
  }
});
