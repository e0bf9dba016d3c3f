import { MODES } from "../library.ts";
import { Random } from "../world/random.ts";
import { makeFaults } from "./make-faults.ts";
import { makeOutage, OUTAGE_UNTIL_MS } from "./make-outage.ts";
import type { ChangesPlan, ChangeStep, ClientPlan, HealthPlan, Plan, ServerPlan, Step } from "./plan.ts";
import { makeTiersPlan } from "./make-tiers-plan.ts";
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
/** The longest hold with several extensions. With longer ones, callers at the end of a queue would wait too long. */
const MAX_HOLD_MS = 1.2 * MAX_TTL_MS;
type Names = readonly [string, string, string];

/** The plan of a seed. The same seed always gives the same plan. */
export function makePlan(seed: number, name: ProfileName = profileOf(seed)): Plan {
  const profile: Profile = PROFILES[name];
  if (profile.hasTiers === true) return makeTiersPlan(seed, profile.hasUnsafeSwitch !== true);
  const random = new Random(seed).fork("plan");
  const changes = profile.changes === undefined ? undefined : makeChanges(random, profile.changes);
  const members = changes?.first ?? firstServers(random.pick(profile.serverCounts ?? [1, 3, 3, 3, 4, 5]));
  const names = random.pick(NAME_SETS);
  const servers = makeServers(profile, random, changes?.servers ?? members.length).map((server) =>
    // A server that restarts empty would abstain after the outage.
    profile.hits === "majority-once" ? { ...server, durable: true } : server,
  );
  const clientCount = random.integer(2, 4);
  const clients = Array.from({ length: clientCount }, (_, client): ClientPlan => {
    // The first client never dies. Its six workers alone make about two hundred calls.
    const first = profile.hasRecords === true ? 3 : 6;
    const workers = client === 0 ? first : random.integer(1, 3);
    return {
      rate: makeRate(profile, random),
      offsetMs: random.between(-profile.maxClientOffsetMs, profile.maxClientOffsetMs),
      resends: random.chance(0.5),
      members,
      requestTimeoutMs: random.pick(profile.requestTimeoutsMs ?? [20, 60, 150, 400]),
      workers: Array.from({ length: workers }, () => makeStepsOf(profile, random, names, clientCount)),
    };
  });
  const minority = Math.floor((servers.length - 1) / 2);
  const faults =
    profile.hits === "majority-once"
      ? makeOutage(profile, random, clientCount, servers.length)
      : makeFaults(
          profile,
          random,
          clients,
          profile.hits === "minority" ? servers.slice(0, minority) : servers,
          names,
        );
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
    ...(profile.hasOperator === true
      ? { operator: { names, everyMs: random.integer(50, 500), maxPauseMs: random.integer(0, 300) } }
      : {}),
    ...(profile.hasRecords === true
      ? { periodMs: random.pick(profile.cutsMost === true ? [200, 500, 2_000] : [500, 2_000, 6_000]) }
      : {}),
    ...(profile.hasHealthChecks === true ? { health: makeHealth(profile, random) } : {}),
  };
}

/** After an outage, a waiter asks again after a second at the latest, so the interval is longer there. */
function makeHealth({ hits }: Profile, random: Random): HealthPlan {
  if (hits === "majority-once") return { intervalMs: 2_000, outageUntil: OUTAGE_UNTIL_MS };
  const intervalMs = random.integer(100, 1_000);
  return hits === "minority" ? { intervalMs, keepsQuorum: true } : { intervalMs };
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
  // Records cannot be carried to a cluster, so such a change does not end.
  const canHaveClusters = profile.hasRecords !== true || profile.changes === undefined;
  const hasClusters = random.chance(0.1) && canHaveClusters;
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
function makeChanges(random: Random, kind: NonNullable<Profile["changes"]>): Changes {
  if (kind === "back") return makeReturns(random);
  const isJoint = kind === "joint";
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

/** Changes of one server and of all, most of which are taken back. */
function makeReturns(random: Random): Changes {
  const goesBack = true;
  return {
    servers: 6,
    first: [0, 1, 2],
    plan: {
      at: random.between(0, 2_000),
      joint: true,
      ...(random.chance(0.4) ? { byDeploys: true } : {}),
      steps: [
        { to: [3, 4, 5], goesBack },
        { to: [0, 1, 3], goesBack },
        { to: [3, 4, 5] },
        { to: [0, 1, 2], goesBack },
      ],
    },
  };
}

function makeStepsOf(profile: Profile, random: Random, names: Names, clients: number): readonly Step[] {
  if (profile.hasRecords === true) return makeRecordSteps(profile, random, names, clients);
  if (profile.hasSlots === true) return makeSlotSteps(random, clients);
  if (profile.hasTenant === true) return makeTenantSteps(random, clients);
  if (profile.hasFairLocks === true) return makeFairSteps(random, names, clients);
  return profile.hasModes === true ? makeModeSteps(random, clients) : makeSteps(random, names, clients);
}

/** Callers of fair locks, most of them of one priority, and some plain locks on the same names. */
function makeFairSteps(random: Random, [first, second]: Names, clients: number): readonly Step[] {
  return Array.from({ length: random.integer(20, 26) }, (): Step => {
    const step = makeStep(random, [first, first, first], clients);
    const names = [random.chance(0.85) ? first : second];
    if (random.chance(0.05)) return { ...step, names };
    const priority = random.chance(0.25) ? { priority: random.integer(-2, 2) } : {};
    // Long holds would leave few turns in a history.
    return { ...step, names, lock: "fair", ...priority, holdMs: Math.min(step.holdMs, 200) };
  });
}

/**
 * Callers that do jobs once, most of them of one name, and some that only lock. After cuts that leave one server, many short jobs find
 * what a minority has. Otherwise holders keep on after their lease has ended.
 */
function makeRecordSteps(
  { cutsMost = false }: Profile,
  random: Random,
  [first, second]: Names,
  clients: number,
): readonly Step[] {
  return Array.from({ length: random.integer(12, 16) }, (): Step => {
    const { passTo: _, ...step } = makeStep(random, [first, first, first], clients);
    const names = [random.chance(0.8) ? first : second];
    if (random.chance(0.05)) return { ...step, names };
    const isShort = random.chance(cutsMost ? 0.85 : 0.65);
    const holdMs = isShort ? random.between(0, 80) : random.between(0, 2 * step.ttlMs);
    const job = random.pick(cutsMost ? [0, 0, 0, 1, 3, 10, 20] : [0, 0, 0, 0, 1, 1, 3, 10]);
    const readsFirst = random.chance(0.3) ? { readsFirst: true } : {};
    return { ...step, names, job, ...readsFirst, holdMs };
  });
}

function makeSteps(random: Random, names: Names, clients: number): readonly Step[] {
  return Array.from({ length: random.integer(20, 26) }, () => makeStep(random, names, clients));
}

/** The nodes of one tree. They share a fencing counter. */
const TREE = [["{t}"], ["{t}", "{t}/a"], ["{t}", "{t}/a", "{t}/a/b"], ["{t}", "{t}/c"]] as const;

/** Readers, writers and locks on a tree, and some plain locks on the same names. */
function makeModeSteps(random: Random, clients: number): readonly Step[] {
  return Array.from({ length: random.integer(20, 26) }, (): Step => {
    const step = makeStep(random, ["doc", "doc", "doc"], clients);
    const kind = random.next();
    if (kind < 0.1) return { ...step, names: [random.pick(["doc", "{t}/a", "{t}"])] };
    if (kind < 0.2) return { ...step, ...makeMixedNames(random), lock: "modes" };
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

/** Two or three names of different hash slots and of the tree, sorted, each in a mode of its own. */
function makeMixedNames(random: Random): Pick<Step, "names" | "modes"> {
  const names = ["doc", "page", "{t}", "{t}/a"].filter(() => random.chance(0.6));
  if (names.length < 2) names.splice(0, names.length, "doc", "page");
  return { names, modes: names.map(() => random.pick(MODES)) };
}

/** The semaphores: a name, and how many permits it has. Those of one hash slot share the counter that replaces lost ones. */
const SEMAPHORES = [
  ["pool", 2],
  ["pool", 2],
  ["{r}wide", 5],
  ["{r}one", 1],
] as const;

/** Permits, one or several at a time, some changes of their number, and some plain locks on the same names. */
function makeSlotSteps(random: Random, clients: number): readonly Step[] {
  return Array.from({ length: random.integer(20, 26) }, (): Step => {
    const [name, total] = random.pick(SEMAPHORES);
    const step = makeStep(random, [name, name, name], clients);
    if (random.chance(0.06)) return { ...step, names: [name] };
    const permits = random.chance(0.2) ? random.integer(1, total) : 1;
    const resize = random.chance(0.03) ? { resizeTo: random.integer(Math.max(1, total - 2), total + 2) } : {};
    return { ...step, names: [name], lock: "permits", permits, total, ...resize };
  });
}

/** How many locks the tenant may hold. */
const MAX_LOCKS = 2;

/** Locks of one tenant, of several kinds, and some plain locks on the same names. */
function makeTenantSteps(random: Random, clients: number): readonly Step[] {
  return Array.from({ length: random.integer(20, 26) }, (): Step => {
    const names = [`{t}//n/${random.pick(["a", "a", "b", "c"])}`] as const;
    const step = makeStep(random, [names[0], names[0], names[0]], clients);
    if (random.chance(0.04)) return { ...step, names };
    const lock = random.pick(["plain", "plain", "fair", "read", "write"] as const);
    const kind = lock === "plain" ? {} : { lock };
    const converts = (lock === "read" || lock === "write") && random.chance(0.2) ? { converts: true } : {};
    return { ...step, names, ...kind, ...converts, maxLocks: MAX_LOCKS, holdMs: Math.min(step.holdMs, 300) };
  });
}

/** A name that few steps use. Most are in a hash slot of their own, where the counter starts at the time of each server. */
function makeRareName(random: Random): string {
  const number = random.integer(1, MAX_RARE_NAMES);
  return random.chance(0.3) ? `{r}rare-${number}` : `rare-${number}`;
}

function makeStep(random: Random, [first, second, third]: Names, clients: number): Step {
  const names = random.chance(0.2)
    ? [first, second, third].filter(() => random.chance(0.6))
    : [random.chance(0.1) ? makeRareName(random) : random.pick([first, first, first, second, second, third])];
  const ttlMs = random.integer(100, MAX_TTL_MS);
  const abort = random.chance(0.1) ? { abortAfterMs: random.between(0, 200) } : {};
  const extendToMs = Array.from({ length: random.pick([0, 0, 0, 0, 1, 1, 2, 4]) }, () =>
    random.integer(50, MAX_TTL_MS),
  );
  // Several extensions keep the lock for longer than any single ttl.
  const shortestMs = Math.min(ttlMs, ...extendToMs);
  const extendedMs = random.between(0, 0.9 * shortestMs) * (extendToMs.length + 1);
  const longHoldMs = extendToMs.length > 1 ? Math.min(extendedMs, MAX_HOLD_MS) : 0;
  const autoExtend = random.chance(0.5);
  // A lock with automatic extension must be released, because it never expires.
  const forgets = !autoExtend && random.chance(0.06) ? { forgets: true } : {};
  const releasesTwice = random.chance(0.05) ? { releasesTwice: true } : {};
  const passTo = random.chance(0.06)
    ? {
        passTo: {
          client: random.integer(0, clients - 1),
          afterMs: random.between(0, random.pick([5, 5, MAX_TTL_MS])),
        },
      }
    : {};
  return {
    call: random.pick(["acquire", "acquire", "dispose", "using", "tryAcquire"]),
    names: names.length === 0 ? [first] : names,
    ttlMs,
    waitMs: random.pick([null, null, 0, random.integer(1, 2_000)]),
    autoExtend,
    ...abort,
    holdMs: Math.max(longHoldMs, random.chance(0.8) ? random.between(0, 8) : random.between(0, 1.5 * ttlMs)),
    ...(extendToMs.length === 0 ? {} : { extendToMs }),
    ...forgets,
    ...releasesTwice,
    ...passTo,
    restMs: random.chance(0.6) ? 0 : random.between(0, 100),
  };
}
