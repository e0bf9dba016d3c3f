import type { Connection } from "../connection/messages.ts";

const STALE_AFTER_MS = 7_000;
const DISCONNECTED_AFTER_MS = 15_000;

/**
 * live          the stream brought something in the last 7 s
 * stale         it did not; the page shows the age of its values
 * disconnected  nothing came for 15 s; the values are greyed and nothing can be released
 * loading       nothing came yet
 * unauthorized, incompatible   as the connection says
 */
export type Freshness = "loading" | "live" | "stale" | "disconnected" | "unauthorized" | "incompatible";

/** A short break that ends by itself changes nothing, because only the age of the values counts. */
export function freshnessOf(connection: Connection, lastHeardAt: number | undefined, now: number): Freshness {
  if (connection.state === "unauthorized" || connection.state === "incompatible") return connection.state;
  if (lastHeardAt === undefined) return connection.state === "waiting" ? "disconnected" : "loading";
  const age = now - lastHeardAt;
  if (age < STALE_AFTER_MS) return "live";
  return age < DISCONNECTED_AFTER_MS ? "stale" : "disconnected";
}
