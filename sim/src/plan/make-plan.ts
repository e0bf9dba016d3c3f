import { Random } from "../world/random.ts";
import { makeFaults } from "./make-faults.ts";
import type { ChangesPlan, ChangeStep, ClientPlan, Plan, ServerPlan, Step } from "./plan.ts";
import {
  DRIFT_FACTOR,
  MAX_OFFSET_WITH_DATA_LOSS_MS,
  MAX_TTL_MS,
  type Profile,
  type ProfileName,
  PROFILES,
  profileOf,
} from "./profiles.ts";

/**
 * The names of a history. A hash tag puts names into one hash slot, where they share a fencing counter. Other names then
 * increase the counter between two grants of a name.
 */
const NAME_SETS = [
  ["{r}1", "{r}2", "a"],
  ["{r}1", "{r}2", "a"],
  ["{r}1", "{r}2", "{r}3"],
  ["a", "b", "c"],
] as const satisfies readonly (readonly [string, string, string])[];
/** Number of different names that few steps use. */
const MAX_RARE_NAMES = 30;
type Names = readonly [string, string, string];

/** The plan of a seed. The same seed always gives the same plan. */
export function makePlan(seed: number, name: ProfileName = profileOf(seed)): Plan {
  const profile: Profile = PROFILES[name];
  const random = new Random(seed).fork("plan");
  const changes =
    profile.changes === undefined ? undefined : makeChanges(random, profile.changes === "joint");
  const members = changes?.first ?? firstServers(random.pick([1, 3, 3, 3, 4, 5]));
  const names = random.pick(NAME_SETS);
  const servers = makeServers(profile, random, changes?.servers ?? members.length);
  const clients = Array.from({ length: random.integer(2, 4) }, (_, client): ClientPlan => {
    // The first client never dies. Its six workers alone make about two hundred calls.
    const workers = client === 0 ? 6 : random.integer(1, 3);
    return {
      rate: makeRate(profile, random),
      offsetMs: random.between(-profile.maxClientOffsetMs, profile.maxClientOffsetMs),
      resends: random.chance(0.5),
      members,
      requestTimeoutMs: random.pick(profile.requestTimeoutsMs ?? [20, 60, 150, 400]),
      workers: Array.from({ length: workers }, () => makeStepsOf(profile, random, names)),
    };
  });
  const faults = makeFaults(profile, random, clients, servers, names);
  return {
    format: 1,
    seed,
    promises: profile.promises,
    driftFactor: DRIFT_FACTOR,
    restartGuard: servers.length >= 3 && profile.isUnguarded !== true ? MAX_TTL_MS : false,
    servers,
    clients,
    faults,
    ...(changes === undefined ? {} : { changes: changes.plan }),
  };
}

/** Servers with skewed clocks. The skew differs between histories: from about a millisecond to the limit of the profile. */
function makeServers(profile: Profile, random: Random, count: number): readonly ServerPlan[] {
  const hasDataLoss =
    profile.losesDataWithSkewedClocks === true ||
    (profile.kinds.includes("restart") && profile.promises === "all");
  const isExact = hasDataLoss && random.chance(0.5);
  const limit = isExact ? MAX_OFFSET_WITH_DATA_LOSS_MS : profile.maxServerOffsetMs;
  const maxOffsetMs = limit ** random.next();
  // A single server must not lose its data, because then nothing is promised.
  const areClocksGood = !hasDataLoss || maxOffsetMs <= MAX_OFFSET_WITH_DATA_LOSS_MS;
  const canLoseData =
    count >= 3 &&
    (areClocksGood || profile.losesDataWithSkewedClocks === true) &&
    // Tokens need counters, unless servers get them back.
    (profile.promises !== "fences" || hasDataLoss);
  const hasClusters = random.chance(0.1);
  // The counters of a cluster are copied one by one, so these histories take long.
  const clusterChance = canLoseData || profile.changes !== undefined ? 0.2 : 0.6;
  return Array.from({ length: count }, () => ({
    rate: makeRate(profile, random),
    offsetMs: random.between(-maxOffsetMs, maxOffsetMs),
    durable: !canLoseData || (profile.isUnguarded !== true && random.chance(0.3)),
    ...(hasClusters && random.chance(clusterChance) ? { nodes: random.integer(2, 3) } : {}),
  }));
}

function makeRate({ maxRateError }: Profile, random: Random): number {
  return 1 + random.between(-maxRateError, maxRateError);
}

function firstServers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

interface Changes {
  readonly servers: number;
  readonly first: readonly number[];
  readonly plan: ChangesPlan;
}

/** Replaces one server, then all servers, then adds two. Without joint majorities it only replaces servers. */
function makeChanges(random: Random, isJoint: boolean): Changes {
  const steps: ChangeStep[] = [{ to: [0, 1, 3] }, { to: [3, 4, 5] }, { to: [1, 2, 3, 4, 5] }];
  if (random.chance(0.3)) steps.unshift({ to: [2, 4, 5], abort: true });
  const at = random.between(0, 2_000);
  return {
    servers: 6,
    first: [0, 1, 2],
    plan: {
      at,
      joint: isJoint,
      ...(isJoint && random.chance(0.4) ? { byDeploys: true } : {}),
      steps: isJoint ? steps : [{ to: [0, 1, 3] }, { to: [3, 4, 5] }],
    },
  };
}

function makeStepsOf(profile: Profile, random: Random, names: Names): readonly Step[] {
  if (profile.hasModes === true) return makeModeSteps(random);
  return profile.hasFairLocks === true ? makeFairSteps(random, names) : makeSteps(random, names);
}

/** Callers of fair locks, most of them of one priority, and some plain locks on the same names. */
function makeFairSteps(random: Random, [first, second]: Names): readonly Step[] {
  return Array.from({ length: random.integer(20, 26) }, (): Step => {
    const step = makeStep(random, [first, first, first]);
    const names = [random.chance(0.85) ? first : second];
    if (random.chance(0.05)) return { ...step, names };
    const priority = random.chance(0.25) ? { priority: random.integer(-2, 2) } : {};
    // Long holds would leave few turns in a history.
    return { ...step, names, lock: "fair", ...priority, holdMs: Math.min(step.holdMs, 200) };
  });
}

function makeSteps(random: Random, names: Names): readonly Step[] {
  return Array.from({ length: random.integer(20, 26) }, () => makeStep(random, names));
}

/** The nodes of one tree. They share a fencing counter. */
const TREE = [["{t}"], ["{t}", "{t}/a"], ["{t}", "{t}/a", "{t}/a/b"], ["{t}", "{t}/c"]] as const;

/** Readers, writers and locks on a tree, and some plain locks on the same names. */
function makeModeSteps(random: Random): readonly Step[] {
  return Array.from({ length: random.integer(20, 26) }, (): Step => {
    const step = makeStep(random, ["doc", "doc", "doc"]);
    const kind = random.next();
    if (kind < 0.1) return { ...step, names: [random.pick(["doc", "{t}/a", "{t}"])] };
    if (kind < 0.5)
      return {
        ...step,
        names: random.pick(TREE),
        lock: random.pick(["exclusive", "exclusive", "shared"]),
      };
    return {
      ...step,
      names: ["doc"],
      lock: random.pick(["read", "read", "write"]),
      ...(random.chance(0.3) ? { converts: true } : {}),
    };
  });
}

/** A name that few steps use. Most are in a hash slot of their own, where the counter starts at the time of each server. */
function makeRareName(random: Random): string {
  const number = random.integer(1, MAX_RARE_NAMES);
  return random.chance(0.3) ? `{r}rare-${number}` : `rare-${number}`;
}

function makeStep(random: Random, [first, second, third]: Names): Step {
  const names = random.chance(0.2)
    ? [first, second, third].filter(() => random.chance(0.6))
    : [random.chance(0.1) ? makeRareName(random) : random.pick([first, first, first, second, second, third])];
  const ttlMs = random.integer(100, MAX_TTL_MS);
  const abort = random.chance(0.1) ? { abortAfterMs: random.between(0, 200) } : {};
  const extension = random.chance(0.2) ? { extendToMs: random.integer(50, MAX_TTL_MS) } : {};
  const autoExtend = random.chance(0.5);
  // A lock with automatic extension must be released, because it never expires.
  const forgets = !autoExtend && random.chance(0.06) ? { forgets: true } : {};
  const releasesTwice = random.chance(0.05) ? { releasesTwice: true } : {};
  return {
    call: random.pick(["acquire", "acquire", "dispose", "using", "tryAcquire"]),
    names: names.length === 0 ? [first] : names,
    ttlMs,
    waitMs: random.pick([null, null, 0, random.integer(1, 2_000)]),
    autoExtend,
    ...abort,
    holdMs: random.chance(0.8) ? random.between(0, 8) : random.between(0, 1.5 * ttlMs),
    ...extension,
    ...forgets,
    ...releasesTwice,
    restMs: random.chance(0.6) ? 0 : random.between(0, 100),
  };
}
