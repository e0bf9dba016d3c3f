import type { Scene } from "../harness/scene.ts";
import type { Crew } from "./crew.ts";
import type { Fault } from "./fault-plan.ts";

const REACH_TIMEOUT_MS = 60_000;

/** The faults that were made. */
export interface FaultsMade {
  /** How many processes were killed at each named point. */
  readonly killsAt: ReadonlyMap<string, number>;
  readonly randomKills: number;
  readonly freezes: number;
}

/**
 * Makes all faults, in all places of the crew at the same time. A new process takes the place of a killed one.
 *
 * @param afterKill called after each kill, before the replacement starts.
 */
export async function makeFaults(
  scene: Scene,
  crew: Crew,
  plan: readonly Fault[],
  afterKill: () => Promise<void>,
): Promise<FaultsMade> {
  const left = [...plan];
  crew.prepare();
  const killsAt = new Map<string, number>();
  let randomKills = 0;
  let freezes = 0;
  await Promise.all(
    crew.places.map(async (place) => {
      for (let fault = left.shift(); fault !== undefined; fault = left.shift()) {
        if (fault.kind === "freeze") {
          await freeze(scene, crew, place, fault.point);
          freezes += 1;
          continue;
        }
        if ("point" in fault) {
          await reach(scene, crew, place, fault.point, "kill");
          killsAt.set(fault.point, (killsAt.get(fault.point) ?? 0) + 1);
        } else {
          await scene.pause(fault.afterMs);
          await crew.at(place).kill();
          randomKills += 1;
        }
        await afterKill();
        await crew.replace(place);
        if (left.some(({ kind }) => kind === "kill")) crew.prepare();
      }
    }),
  );
  return { killsAt, randomKills, freezes };
}

export function countKills({ killsAt, randomKills }: FaultsMade): number {
  return [...killsAt.values()].reduce((sum, kills) => sum + kills, randomKills);
}

/** Stops a process at a point for two ttls, and lets it go on. */
async function freeze(scene: Scene, crew: Crew, place: number, point: string): Promise<void> {
  await reach(scene, crew, place, point, "stop");
  await scene.pause(2 * scene.ttlMs);
  crew.at(place).resume();
}

async function reach(
  scene: Scene,
  crew: Crew,
  place: number,
  point: string,
  action: "kill" | "stop",
): Promise<void> {
  const reached = crew.at(place).reach(point, action);
  await scene.inTime(`an order passes the point ${point}`, reached, REACH_TIMEOUT_MS);
}
