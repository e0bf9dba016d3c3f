import { setTimeout as sleep } from "node:timers/promises";
import { isArmed, point } from "../harness/point.ts";
import type { Provider, ProviderAnswer } from "./provider.ts";

/** Where the story kills a process. The names are those in `resume.ts` and `worker.ts`. */
export const KILL_POINTS = [
  "K1",
  "K2",
  "K3",
  "K4",
  "K5",
  "K6",
  "K7",
  "K8",
  "K9",
  "K10",
  "K11",
  "K12",
  "K13",
  "K14",
] as const;
export type KillPoint = (typeof KILL_POINTS)[number];

/** Where it freezes a process. */
export const FREEZE_POINTS = ["K2", "K4", "K7"] as const;

const LOOK_INTERVAL_MS = 5;

/**
 * The point K6: the provider has charged, and the shop has no answer yet. If it is armed, this asks the provider until one of both
 * is true. Otherwise nothing happens.
 */
export async function pointIfCharged(
  provider: Provider,
  key: string,
  answered: Promise<ProviderAnswer>,
  signal: AbortSignal,
): Promise<void> {
  if (!isArmed("K6")) return;
  const settled = answered.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([settled, sleep(LOOK_INTERVAL_MS, false)]))) {
    if ((await provider.find(key, signal)) === "charged") return point("K6");
  }
}
