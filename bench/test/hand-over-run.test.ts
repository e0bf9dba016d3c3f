import { expect, test } from "vitest";
import type { LockClient, Grant } from "../src/contender.ts";
import { runHandOvers } from "../src/hand-over-run.ts";

const LOCK = { name: "x", waiters: 3, holdMs: 0 };

function participant(acquire: () => Promise<Grant>): { readonly lockClient: LockClient } {
  return { lockClient: { acquire, [Symbol.asyncDispose]: async () => undefined } };
}

test("records that a lock is granted twice", async () => {
  const careless = participant(async () => ({ release: async () => undefined }));
  const { violations } = await runHandOvers(careless, LOCK, { handOvers: 20, timeMs: 100 });
  expect(violations.join("\n")).toContain("hold one lock at the same time");
});

test("ends after many failed acquisitions and reports their errors", async () => {
  const broken = participant(() => Promise.reject(new Error("no servers")));
  const { latenciesMs, errors } = await runHandOvers(broken, LOCK, { handOvers: 100, timeMs: 60_000 });
  expect(latenciesMs).toEqual([]);
  expect(errors.length).toBeGreaterThanOrEqual(100);
  expect(new Set(errors)).toEqual(new Set(["no servers"]));
});
