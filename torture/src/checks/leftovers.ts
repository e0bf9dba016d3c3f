import { connectAdmin } from "../servers/admin-connection.ts";
import { keyKind } from "./key-kind.ts";
import type { Violation } from "./violation.ts";

/** A killed client cannot remove its place in a line of waiters, so the line may remain until it expires. In ms. */
const MAX_WAITERS_TTL_MS = 20_000;

/**
 * Reports the keys that remain on the servers although every lock was released or has expired. Fencing counters may
 * remain. Looks only at keys whose name contains `part`, such as the prefix of the names of a phase.
 */
export async function checkLeftovers(ports: readonly number[], part: string): Promise<readonly Violation[]> {
  const perServer = await Promise.all(ports.map((port) => leftoversOn(port, part)));
  return perServer.flat();
}

async function leftoversOn(port: number, part: string): Promise<readonly Violation[]> {
  await using admin = await connectAdmin(port);
  const { redis } = admin;
  const keys: string[] = [];
  let cursor = "0";
  do {
    const [next, page] = await redis.scan(cursor, "MATCH", `*${part}*`, "COUNT", 1_000);
    keys.push(...page.filter((key) => !["fence", "marker", "notes"].includes(keyKind(key))));
    cursor = next;
  } while (cursor !== "0");
  const entries = await Promise.all(
    keys.map(async (key) => {
      const expiresInMs = await redis.pttl(key);
      // A set of shared holders is no text.
      const value = await redis.get(key).catch(() => redis.type(key));
      return { port, key, value, expiresInMs };
    }),
  );
  return entries
    .filter(({ key, expiresInMs }) => !hasExpired(expiresInMs) && !isExpiringLine(key, expiresInMs))
    .map((entry) => ({
      check: "leftovers",
      message: `127.0.0.1:${port}: the key ${entry.key} remains and ${expiryText(entry.expiresInMs)}`,
      entries: [entry],
    }));
}

/** PTTL answers -2 if the key does not exist. */
function hasExpired(expiresInMs: number): boolean {
  return expiresInMs === -2;
}

function isExpiringLine(key: string, expiresInMs: number): boolean {
  return keyKind(key) === "waiters" && expiresInMs >= 0 && expiresInMs <= MAX_WAITERS_TTL_MS;
}

/** PTTL answers -1 if the key has no expiry. */
function expiryText(expiresInMs: number): string {
  return expiresInMs === -1 ? "never expires" : `expires in ${expiresInMs} ms`;
}
