import { Redis } from "ioredis";
import { afterAll, expect, test } from "vitest";
import Redlock, { ExecutionError } from "../../../src/compat/redlock/index.ts";
import { testServers } from "../../support/server-access.ts";
import { eventually, rejection } from "../../support/timing.ts";

// Servers that have just started, and can have lost locks.

const servers = await testServers(3);
const clients = servers.map(({ server }) => new Redis(server.port));
afterAll(() => clients.forEach((client) => client.disconnect()));
const LONG_MS = 600_000;

test("three servers do not vote at first, and the error says what to do", async () => {
  const redlock = new Redlock(clients);
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on("warning", onWarning);
  const error = await rejection(redlock.acquire(["guarded"], LONG_MS, { retryCount: 0 }));
  expect(error).toBeInstanceOf(ExecutionError);
  const { votesAgainst } = await (error as ExecutionError).attempts[0]!;
  expect(votesAgainst.size).toBe(3);
  await eventually("a process warning says so too", () => warnings.length > 0);
  process.off("warning", onWarning);
  for (const { message } of [...votesAgainst.values(), ...warnings]) {
    expect(message).toMatch(
      /the server started .* ago and may have lost locks, so it does not vote for another/,
    );
    expect(message).toContain("`restartGuard: false` in the settings of `Redlock` for development");
    expect(message).not.toContain("`wait`");
  }
});

test("they vote at once without the guard, and a single server always does", async () => {
  await (await new Redlock(clients, { restartGuard: false }).acquire(["free"], LONG_MS)).release();
  await (await new Redlock([clients[0]!]).acquire(["free"], LONG_MS)).release();
});

test("a duration above the limit of the guard does not keep them from voting", async () => {
  for (const [restartGuard, duration] of [
    [1_000, LONG_MS],
    [true, LONG_MS + 1],
  ] as const) {
    const redlock = new Redlock(clients, { restartGuard });
    await (await redlock.acquire(["long"], duration, { retryCount: 3, retryDelay: 1 })).release();
  }
});
