import type { Plan } from "../plan/plan.ts";

/** The semaphores of a plan, by their names: how many permits each ever has at most. */
export function semaphoresOf({ clients }: Plan): ReadonlyMap<string, number> {
  const totals = new Map<string, number>();
  for (const { lock, names, total = 1, resizeTo = 0 } of clients.flatMap(({ workers }) => workers.flat())) {
    if (lock !== "permits") continue;
    for (const name of names) totals.set(name, Math.max(total, resizeTo, totals.get(name) ?? 0));
  }
  return totals;
}
