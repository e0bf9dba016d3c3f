import { setTimeout as sleep } from "node:timers/promises";
import { LockError } from "quorumlock";
import { resume, type Shop } from "./resume.ts";
import { FINAL_STATES } from "./tables.ts";

const INTERVAL_MS = 1_000;
/** How many orders one process resumes at a time. Most of them wait for the provider. */
const MAX_IN_FLIGHT = 20;

/**
 * Looks at its start and once a second for orders that are not final and have not moved for two ttls. If the lock of such an order
 * is held, its process is alive. If it is free, its process has died or lost it, so this process goes on with the order. Every
 * process does this, so there is no leader to wait for. An order that takes long does not delay the next look.
 */
export async function recoverOrders(shop: Shop, ttlMs: number, signal: AbortSignal): Promise<void> {
  const inFlight = new Map<string, Promise<void>>();
  const failure = new AbortController();
  const stop = AbortSignal.any([signal, failure.signal]);
  while (!stop.aborted) {
    const rows = await shop.sql.rows<{ id: string }>(
      `SELECT id FROM orders WHERE state <> ALL ($1) AND updated_ms < now_ms() - $2 AND id <> ALL ($3)
       ORDER BY random() LIMIT $4`,
      [[...FINAL_STATES], 2 * ttlMs, [...inFlight.keys()], MAX_IN_FLIGHT - inFlight.size],
    );
    for (const { id } of rows) {
      const recovery = recoverOrder(shop, id, signal)
        .catch((error: unknown) => failure.abort(error))
        .finally(() => inFlight.delete(id));
      inFlight.set(id, recovery);
    }
    await sleep(INTERVAL_MS, undefined, { signal: stop }).catch(() => undefined);
  }
  await Promise.all(inFlight.values());
  failure.signal.throwIfAborted();
}

async function recoverOrder(shop: Shop, id: string, signal: AbortSignal): Promise<void> {
  try {
    await shop.redlock.tryUsing(`order:${id}`, { signal }, (lock) => resume(shop, id, lock));
  } catch (error) {
    if (!(error instanceof LockError)) throw error;
  }
}
