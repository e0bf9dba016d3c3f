import { Random } from "../world/random.ts";
import type { ClientPlan, Fault, Plan, Step } from "./plan.ts";
import { DRIFT_FACTOR } from "./profiles.ts";

/** All locks have this ttl: a process waits for the largest ttl that it knows, and cannot know that of others. */
const TTL_MS = 400;
const PRIMARY = [0, 1, 2] as const;
const BACKUP = [3, 4, 5] as const;
const OUTAGES_UNTIL_MS = 12_000;

/** The plan of a history with tiers. The quorum of the primary goes away and comes back several times. */
export function makeTiersPlan(seed: number, safeSwitch: boolean): Plan {
  const random = new Random(seed).fork("tiers");
  const clientCount = random.integer(2, 3);
  const rate = (): number => 1 + random.between(-DRIFT_FACTOR / 2, DRIFT_FACTOR / 2);
  const clients = Array.from({ length: clientCount }, (_, client): ClientPlan => ({
    rate: rate(),
    offsetMs: random.between(-5, 5),
    resends: random.chance(0.5),
    members: PRIMARY,
    requestTimeoutMs: random.pick([60, 150]),
    workers: Array.from({ length: client === 0 ? 4 : random.integer(2, 3) }, () => makeSteps(random)),
  }));
  return {
    format: 1,
    seed,
    promises: "all",
    driftFactor: DRIFT_FACTOR,
    restartGuard: 2_000,
    servers: [...PRIMARY, ...BACKUP].map(() => ({
      rate: rate(),
      offsetMs: random.between(-5, 5),
      durable: true,
    })),
    clients,
    faults: makeOutages(random, clientCount),
    tiers: {
      backup: BACKUP,
      returnAfterMs: random.pick([200, 700, 2_000]),
      ...(safeSwitch ? {} : { safeSwitch }),
    },
  };
}

function makeSteps(random: Random): readonly Step[] {
  return Array.from({ length: random.integer(18, 26) }, (): Step => {
    const autoExtend = random.chance(0.6);
    return {
      call: random.pick(["acquire", "acquire", "using", "using", "tryAcquire"]),
      names: [random.pick(["a", "a", "a", "b"])],
      ttlMs: TTL_MS,
      waitMs: random.pick([null, 0, 300, random.integer(1, 2_500)]),
      autoExtend,
      // Some holders go on after their ttl, with and without extensions.
      holdMs: random.chance(0.6) ? random.between(0, 60) : random.between(0, 2.5 * TTL_MS),
      ...(random.chance(0.2) ? { extendToMs: [TTL_MS] } : {}),
      restMs: random.between(0, random.pick([20, 500])),
    };
  });
}

function makeOutages(random: Random, clients: number): readonly Fault[] {
  const faults: Fault[] = [];
  for (let left = random.integer(4, 8); left > 0; left--) {
    const at = random.between(0, OUTAGES_UNTIL_MS);
    const forMs = random.chance(0.3) ? random.between(20, 400) : random.between(400, 3_500);
    const tier = random.chance(0.75) ? PRIMARY : BACKUP;
    // A majority is enough for an outage.
    const servers = random.chance(0.5) ? tier : tier.slice(0, 2);
    const kind = random.pick(["refuse", "hang", "restart", "partition", "pause"] as const);
    const client = random.integer(0, clients - 1);
    if (kind === "pause") faults.push({ at, kind, client, forMs: forMs / 4 });
    else
      for (const server of servers) {
        if (kind === "refuse") faults.push({ at, kind, server, error: "LOADING", forMs });
        else if (kind === "partition")
          faults.push({ at, kind, client, server, way: random.pick(["both", "to", "from"]), forMs });
        else faults.push({ at, kind, server, forMs });
      }
  }
  if (random.chance(0.2)) {
    const kind = random.pick(["crash", "close"] as const);
    faults.push({ at: random.between(2_000, OUTAGES_UNTIL_MS), kind, client: clients - 1 });
  }
  return faults.toSorted((a, b) => a.at - b.at);
}
