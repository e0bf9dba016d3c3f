import { expect, test } from "vitest";
import type { Entrant, Grant } from "../src/contender.ts";
import { runRelay } from "../src/relay.ts";

const LOCK = { name: "x", waiters: 3, holdMs: 0 };

function player(acquire: () => Promise<Grant>): { readonly entrant: Entrant } {
  return { entrant: { acquire, [Symbol.asyncDispose]: async () => undefined } };
}

test("notes when a lock is granted twice", async () => {
  const careless = player(async () => ({ release: async () => undefined }));
  const { violations } = await runRelay(careless, LOCK, { handOvers: 20, timeMs: 100 });
  expect(violations.join("\n")).toContain("hold one lock at the same time");
});

test("ends when acquisitions fail again and again, and says why", async () => {
  const broken = player(() => Promise.reject(new Error("no servers")));
  const { latenciesMs, errors } = await runRelay(broken, LOCK, { handOvers: 100, timeMs: 60_000 });
  expect(latenciesMs).toEqual([]);
  expect(errors.length).toBeGreaterThanOrEqual(100);
  expect(new Set(errors)).toEqual(new Set(["no servers"]));
});
