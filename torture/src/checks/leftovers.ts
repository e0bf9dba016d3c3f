import { adminOf } from "../admin.ts";
import type { Violation } from "./violation.ts";

/** The counters of a week, which may be left when all locks are over. */
const COUNTER = /^\{.*\}:fence$/;
/** Where a client stood in line that was killed: nobody can give that up any more, and it ends by itself. */
const LINE = /^\{.*\}:wake$/;
const LONGEST_PLACE_MS = 20_000;

/** Keys that are on a server, of resources whose name begins with `stem`, and should not be. */
export async function checkLeftovers(ports: readonly number[], stem: string): Promise<readonly Violation[]> {
  const perServer = await Promise.all(ports.map((port) => leftOn(port, stem)));
  return perServer.flat();
}

async function leftOn(port: number, stem: string): Promise<readonly Violation[]> {
  await using admin = await adminOf(port);
  const { redis } = admin;
  const keys: string[] = [];
  let cursor = "0";
  do {
    const [next, page] = await redis.scan(cursor, "MATCH", `*${stem}*`, "COUNT", 1_000);
    keys.push(...page.filter((key) => !COUNTER.test(key)));
    cursor = next;
  } while (cursor !== "0");
  const entries = await Promise.all(
    keys.map(async (key) => ({ port, key, value: await redis.get(key), expiresInMs: await redis.pttl(key) })),
  );
  return entries
    .filter(({ key, expiresInMs }) => {
      const ends = expiresInMs >= 0 && expiresInMs <= LONGEST_PLACE_MS;
      return expiresInMs !== -2 && !(LINE.test(key) && ends);
    })
    .map((entry) => ({
      check: "leftovers",
      message: `127.0.0.1:${port}: ${entry.key} is left, and ends in ${entry.expiresInMs} ms`,
      entries: [entry],
    }));
}
