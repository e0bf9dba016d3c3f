import type { Random } from "../world/random.ts";
import type { Fault } from "./plan.ts";
import type { Profile } from "./profiles.ts";

const OUTAGE_AT_MS = 500;
const OUTAGE_MS = 30_000;
/** When the outage ends. */
export const OUTAGE_UNTIL_MS = OUTAGE_AT_MS + OUTAGE_MS;

/** One outage of a majority: at least so many servers hang, are down, or are cut off from all clients, all for the same time. */
export function makeOutage(
  { kinds }: Profile,
  random: Random,
  clients: number,
  servers: number,
): readonly Fault[] {
  const hit = random.integer(Math.floor(servers / 2) + 1, servers);
  const kind = random.pick(kinds);
  const faults: Fault[] = [];
  for (let server = 0; server < hit; server += 1) {
    const at = OUTAGE_AT_MS;
    const forMs = OUTAGE_MS;
    if (kind === "hang" || kind === "restart") faults.push({ at, kind, server, forMs });
    else
      for (let client = 0; client < clients; client += 1)
        faults.push({ at, kind: "partition", client, server, way: "both", forMs });
  }
  return faults;
}
