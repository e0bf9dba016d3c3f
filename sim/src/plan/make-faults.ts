import type { Random } from "../world/random.ts";
import { type ClientPlan, type Fault, REFUSAL_ERRORS, type ServerPlan } from "./plan.ts";
import { MAX_TTL_MS, type Profile } from "./profiles.ts";

/** A lock of a dead client stays for as long as the clocks of its servers step back. */
const MAX_STEP_BACK_MS = 5_000;
/** All faults start before this moment. */
const FAULTS_UNTIL_MS = 6_000;

/** The faults of a history, by start. */
export function makeFaults(
  { kinds, promises, maxServerStepMs = 5_000, maxFaults = 30, cutsMost = false }: Profile,
  random: Random,
  clients: readonly ClientPlan[],
  servers: readonly ServerPlan[],
  names: readonly string[],
): readonly Fault[] {
  if (kinds.length === 0) return [];
  const faults: Fault[] = [];
  for (let left = random.integer(3, maxFaults); left > 0; left--) {
    const at = random.between(0, FAULTS_UNTIL_MS);
    const client = random.integer(0, clients.length - 1);
    const server = random.integer(0, servers.length - 1);
    const forMs = random.chance(0.7) ? random.between(1, 300) : random.between(300, 1.5 * MAX_TTL_MS);
    const kind = random.pick(kinds);
    switch (kind) {
      case "slow":
        faults.push({ at, kind, client, server, times: random.integer(2, 100), forMs });
        break;
      case "cut":
      case "wake-cut":
        for (let other = 0; other < servers.length; other++) {
          if (cutsMost ? other !== server : other === server)
            faults.push({ at, kind, client, server: other, forMs });
        }
        break;
      case "partition": {
        const way = random.pick(["both", "to", "from"] as const);
        const hitsAll = random.chance(0.2);
        for (let other = 0; other < servers.length; other++) {
          if (hitsAll || other === server) faults.push({ at, kind, client, server: other, way, forMs });
        }
        break;
      }
      case "hang":
      case "restart":
      case "restore":
      case "fail-over": {
        // Sometimes it hits all servers: an outage, or a cold start.
        const hitsAll = random.chance(0.1);
        for (let other = 0; other < servers.length; other++) {
          if (!hitsAll && other !== server) continue;
          // A durable server loses nothing, but a server that takes over has an older snapshot.
          const isDurable = servers[other]?.durable === true;
          faults.push({ at, kind: isDurable ? "restart" : kind, server: other, forMs });
        }
        break;
      }
      case "save":
        faults.push({ at, kind, server });
        break;
      case "flush":
        // A single server must not lose its data, because then nothing is promised.
        if (servers.length >= 3) faults.push({ at, kind, server });
        break;
      case "pause":
      case "sleep":
        faults.push({ at, kind, client, forMs });
        break;
      case "stall":
        faults.push({ at, kind, client, looks: random.integer(1, 12), forMs });
        break;
      case "await-stall":
        faults.push({ at, kind, client, awaits: random.integer(1, 60), forMs });
        break;
      case "crash":
      case "close":
        // The first client survives, so that the history has enough calls.
        if (client > 0 && random.chance(0.3)) faults.push({ at, kind, client });
        break;
      case "client-clock":
        faults.push({ at, kind, client, byMs: random.between(-5_000, 5_000) });
        break;
      case "server-clock":
        faults.push({ at, kind, server, byMs: random.between(-MAX_STEP_BACK_MS, maxServerStepMs) });
        break;
      case "evict":
        faults.push({
          at,
          kind,
          server,
          name: random.pick(names),
          counter: promises === "cleanup" && random.chance(0.3),
        });
        break;
      case "refuse":
        faults.push({ at, kind, server, error: random.pick(REFUSAL_ERRORS), forMs });
        break;
      case "flush-scripts":
        faults.push({ at, kind, server });
        break;
    }
  }
  return faults.toSorted((a, b) => a.at - b.at);
}
