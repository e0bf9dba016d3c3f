import { Random } from "../world/random.ts";
import type {
  ChangesPlan,
  ChangeStep,
  ClientPlan,
  Fault,
  FaultKind,
  Plan,
  Promises,
  ServerPlan,
  Step,
} from "./plan.ts";

/** A family of histories: which faults occur, and what is promised under them. */
export interface Profile {
  readonly promises: Promises;
  readonly kinds: readonly FaultKind[];
  /** How far clock rates may be from true; more than half the drift factor breaks an assumption. */
  readonly rateError: number;
  /** How far wall clocks may be off, in ms. */
  readonly offsetMs: number;
  /** Whether the set of servers changes meanwhile, and whether that is done with care. */
  readonly changes?: "joint" | "careless";
  /** Switches off what protects against servers that forget, to show that it is needed. */
  readonly unguarded?: boolean;
}

const NETWORK: readonly FaultKind[] = ["slow", "cut", "wake-cut", "partition", "hang", "flush-scripts"];
const PROCESSES: readonly FaultKind[] = ["pause", "stall", "crash", "close", "restart"];
const DRIFT_FACTOR = 0.01;

export const PROFILES = {
  calm: { promises: "all", kinds: [], rateError: 0, offsetMs: 0 },
  network: { promises: "all", kinds: NETWORK, rateError: 0, offsetMs: 50 },
  processes: { promises: "all", kinds: [...NETWORK, ...PROCESSES], rateError: 0, offsetMs: 5 },
  clocks: {
    promises: "all",
    kinds: [...NETWORK, "pause", "stall", "crash", "close", "client-clock"],
    rateError: DRIFT_FACTOR / 2,
    offsetMs: 3_600_000,
  },
  "wild-clocks": {
    promises: "fences",
    kinds: [...NETWORK, "pause", "stall", "crash", "close", "client-clock", "server-clock", "evict"],
    rateError: 0.5,
    offsetMs: 3_600_000,
  },
  amnesia: {
    promises: "cleanup",
    kinds: [...NETWORK, ...PROCESSES, "client-clock", "server-clock", "evict"],
    rateError: 0.5,
    offsetMs: 3_600_000,
  },
  change: {
    promises: "all",
    kinds: [...NETWORK, ...PROCESSES],
    rateError: 0,
    offsetMs: 5,
    changes: "joint",
  },
  /** The last two are not in the usual mix: their promises are broken, and they show that the checks see it. */
  careless: {
    promises: "all",
    kinds: ["slow", "partition", "cut"],
    rateError: 0,
    offsetMs: 5,
    changes: "careless",
  },
  unguarded: {
    promises: "all",
    kinds: [...NETWORK, ...PROCESSES],
    rateError: 0,
    offsetMs: 5,
    unguarded: true,
  },
} satisfies Readonly<Record<string, Profile>>;

export type ProfileName = keyof typeof PROFILES;

/** The usual mix: most histories keep the assumptions, since most is promised then. */
const MIX: readonly ProfileName[] = [
  "calm",
  "network",
  "network",
  "processes",
  "processes",
  "processes",
  "clocks",
  "clocks",
  "wild-clocks",
  "amnesia",
  "change",
  "change",
];

const NAMES = ["a", "b", "c"] as const;
export const MAX_TTL_MS = 2_000;
const FAULTS_UNTIL_MS = 6_000;

export function profileOf(seed: number): ProfileName {
  return new Random(seed).fork("profile").pick(MIX);
}

/** The plan of a seed: always the same. */
export function makePlan(seed: number, name: ProfileName = profileOf(seed)): Plan {
  const profile: Profile = PROFILES[name];
  const random = new Random(seed).fork("plan");
  const changes =
    profile.changes === undefined ? undefined : makeChanges(random, profile.changes === "joint");
  const members = changes?.first ?? firstOf(random.pick([1, 3, 3, 3, 5]));
  const count = changes?.servers ?? members.length;
  // One server that forgets is beyond what one server can promise.
  const durable = (): boolean => count < 3 || (profile.unguarded !== true && random.chance(0.3));
  const traits = (): { rate: number; offsetMs: number } => ({
    rate: 1 + random.between(-profile.rateError, profile.rateError),
    offsetMs: random.between(-profile.offsetMs, profile.offsetMs),
  });
  const servers = Array.from({ length: count }, (): ServerPlan => ({ ...traits(), durable: durable() }));
  const clients = Array.from({ length: random.integer(2, 4) }, (_, client): ClientPlan => {
    const { rate, offsetMs } = traits();
    // The first one is never killed: with it alone a history has some two hundred calls.
    const workers = client === 0 ? 6 : random.integer(1, 3);
    return {
      rate,
      offsetMs,
      resends: random.chance(0.5),
      members,
      requestTimeoutMs: random.pick([20, 60, 150, 400]),
      workers: Array.from({ length: workers }, () => makeSteps(random)),
    };
  });
  const faults = makeFaults(profile, random, clients, servers);
  return {
    format: 1,
    seed,
    promises: profile.promises,
    driftFactor: DRIFT_FACTOR,
    restartGuard: count >= 3 && profile.unguarded !== true ? MAX_TTL_MS : false,
    servers,
    clients,
    faults,
    ...(changes === undefined ? {} : { changes: changes.plan }),
  };
}

function firstOf(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

interface Changes {
  readonly servers: number;
  readonly first: readonly number[];
  readonly plan: ChangesPlan;
}

/** One server is replaced, then all of them, then there are more; or just the first of it. */
function makeChanges(random: Random, joint: boolean): Changes {
  const steps: ChangeStep[] = [{ to: [0, 1, 3] }, { to: [3, 4, 5] }, { to: [1, 2, 3, 4, 5] }];
  if (random.chance(0.3)) steps.unshift({ to: [2, 4, 5], abort: true });
  const at = random.between(0, 2_000);
  return {
    servers: 6,
    first: [0, 1, 2],
    plan: { at, joint, steps: joint ? steps : [{ to: [0, 1, 3] }, { to: [3, 4, 5] }] },
  };
}

function makeSteps(random: Random): readonly Step[] {
  return Array.from({ length: random.integer(20, 26) }, () => makeStep(random));
}

function makeStep(random: Random): Step {
  const several = random.chance(0.2);
  const names = several ? NAMES.filter(() => random.chance(0.6)) : [random.pick(["a", "a", "a", "b", "c"])];
  const ttlMs = random.integer(100, MAX_TTL_MS);
  const aborts = random.chance(0.1) ? { abortAfterMs: random.between(0, 200) } : {};
  const extends_ = random.chance(0.2) ? { extendToMs: random.integer(50, MAX_TTL_MS) } : {};
  const autoExtend = random.chance(0.5);
  // One that extends itself would be held for ever.
  const forgets = !autoExtend && random.chance(0.06) ? { forgets: true } : {};
  const twice = random.chance(0.05) ? { releasesTwice: true } : {};
  return {
    call: random.pick(["acquire", "acquire", "dispose", "using", "tryAcquire"]),
    names: names.length === 0 ? ["a"] : names,
    ttlMs,
    waitMs: random.pick([null, null, 0, random.integer(1, 2_000)]),
    autoExtend,
    ...aborts,
    holdMs: random.chance(0.8) ? random.between(0, 8) : random.between(0, 1.5 * ttlMs),
    ...extends_,
    ...forgets,
    ...twice,
    restMs: random.chance(0.6) ? 0 : random.between(0, 100),
  };
}

function makeFaults(
  { kinds, promises }: Profile,
  random: Random,
  clients: readonly ClientPlan[],
  servers: readonly ServerPlan[],
): readonly Fault[] {
  if (kinds.length === 0) return [];
  const faults: Fault[] = [];
  for (let left = random.integer(3, 30); left > 0; left--) {
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
        faults.push({ at, kind, client, server, forMs });
        break;
      case "partition": {
        const way = random.pick(["both", "to", "from"] as const);
        const alone = random.chance(0.2);
        for (let other = 0; other < servers.length; other++) {
          if (alone || other === server) faults.push({ at, kind, client, server: other, way, forMs });
        }
        break;
      }
      case "hang":
      case "restart": {
        // Now and then all of them at once: an outage, or a cold start.
        const all = random.chance(0.1);
        for (let other = 0; other < servers.length; other++) {
          if (all || other === server) faults.push({ at, kind, server: other, forMs });
        }
        break;
      }
      case "pause":
        faults.push({ at, kind, client, forMs });
        break;
      case "stall":
        faults.push({ at, kind, client, looks: random.integer(1, 12), forMs });
        break;
      case "crash":
      case "close":
        // The last one stays, so that somebody is left to wait.
        if (client > 0 && random.chance(0.3)) faults.push({ at, kind, client });
        break;
      case "client-clock":
        faults.push({ at, kind, client, byMs: random.between(-5_000, 5_000) });
        break;
      case "server-clock":
        faults.push({ at, kind, server, byMs: random.between(-5_000, 5_000) });
        break;
      case "evict":
        faults.push({
          at,
          kind,
          server,
          name: random.pick(NAMES),
          counter: promises === "cleanup" && random.chance(0.3),
        });
        break;
      case "flush-scripts":
        faults.push({ at, kind, server });
        break;
    }
  }
  return faults.toSorted((a, b) => a.at - b.at);
}
