import type { Random } from "../harness/random.ts";
import type { Scene } from "../harness/scene.ts";
import type { Crew } from "./crew.ts";

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
export const FREEZE_POINTS = ["K2", "K4", "K7"] as const;

const REACH_TIMEOUT_MS = 30_000;
const MIN_PAUSE_MS = 20;
const MAX_PAUSE_MS = 250;

/** Kills a process at each of the points, in all places at the same time. A replacement follows at once. */
export async function killAtPoints(
  scene: Scene,
  crew: Crew,
  places: readonly number[],
  points: readonly string[],
): Promise<void> {
  await Promise.all(
    places.map(async (place, index) => {
      for (const point of points.filter((_, position) => position % places.length === index)) {
        await reach(scene, crew, place, point, "kill");
        await crew.replace(place);
      }
    }),
  );
}

/** Stops a process at each of the points for two ttls, and lets it go on. */
export async function freezeAtPoints(
  scene: Scene,
  crew: Crew,
  place: number,
  points: readonly string[],
): Promise<void> {
  for (const point of points) {
    await reach(scene, crew, place, point, "stop");
    await scene.pause(2 * scene.ttlMs);
    crew.at(place).resume();
  }
}

/** Kills processes at random moments. */
export async function killAtRandom(
  scene: Scene,
  crew: Crew,
  places: readonly number[],
  kills: number,
  random: Random,
): Promise<void> {
  for (let kill = 0; kill < kills; kill += 1) {
    await scene.pause(random.whole(MIN_PAUSE_MS, MAX_PAUSE_MS));
    const place = random.pick(places);
    await crew.at(place).kill();
    await crew.replace(place);
  }
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
