import type { HealthOptions, LockEvents, RedlockOptions } from "../../src/index.ts";
import { MembersWorld } from "./members-world.ts";
import { advanceDuring } from "./world.ts";

export const INTERVAL_MS = 1_000;
/** More than a request takes to time out. */
export const MOMENT_MS = 200;

export interface Checked {
  readonly world: MembersWorld;
  readonly redlock: ReturnType<MembersWorld["client"]>;
  /** The events of moves and of the resolver, as texts. */
  readonly log: string[];
  readonly failures: LockEvents["instance:resolve:failed"][];
}

/** A client on a, b and c that has acquired a lock before, and is checked in the background. */
export async function checked(
  health: (world: MembersWorld) => HealthOptions,
  options: RedlockOptions = {},
): Promise<Checked> {
  const world = new MembersWorld();
  const redlock = world.client("abc", {
    health: { interval: INTERVAL_MS, jitter: 0, ...health(world) },
    restartGuard: true,
    ...options,
  });
  const log: string[] = [];
  const failures: LockEvents["instance:resolve:failed"][] = [];
  redlock.on("instance:moved", ({ instance, before, now }) => log.push(`${instance}: ${before} → ${now}`));
  redlock.on("instance:resolve:failed", (event) => failures.push(event));
  await advanceDuring(
    world.clock,
    10,
    redlock.using("warm", () => undefined),
  );
  return { world, redlock, log, failures };
}

/** Keeps a lock on a and b, while c is dead. */
export async function without(
  label: string,
  health: (world: MembersWorld) => HealthOptions,
  options: RedlockOptions = {},
): Promise<Checked> {
  const all = await checked(health, options);
  await advanceDuring(all.world.clock, 10, all.redlock.acquire("held"));
  all.world.one(label).kill();
  return all;
}
