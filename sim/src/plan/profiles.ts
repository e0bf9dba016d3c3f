import { Random } from "../world/random.ts";
import type { FaultKind, Promises } from "./plan.ts";

/** A family of histories: which faults occur, and what the library promises under them. */
export interface Profile {
  readonly promises: Promises;
  readonly kinds: readonly FaultKind[];
  /** Largest error of a clock rate. More than half the drift factor breaks an assumption of the protocol. */
  readonly maxRateError: number;
  /** Largest error of the wall clock of a client, in ms. */
  readonly maxClientOffsetMs: number;
  /** Largest error of the wall clock of a server, in ms. */
  readonly maxServerOffsetMs: number;
  /**
   * Whether the members change. `joint`: clients need both majorities during a change. `back`: also, and most changes are taken back after
   * some clients have ended them. `careless`: they do not need them.
   */
  readonly changes?: "joint" | "back" | "careless";
  /** Largest step forward of the wall clock of a server, in ms. @default 5000 */
  readonly maxServerStepMs?: number;
  /** Whether servers lose data although their clocks disagree. @default false */
  readonly losesDataWithSkewedClocks?: boolean;
  /** Whether the restart guard is off. @default false */
  readonly isUnguarded?: boolean;
  /** Whether callers use read/write locks and trees, beside plain locks on the same names. @default false */
  readonly hasModes?: boolean;
  /** Whether callers use locks of a tenant. @default false */
  readonly hasTenant?: boolean;
  /** Whether callers use semaphores, beside plain locks on the same names. @default false */
  readonly hasSlots?: boolean;
  /** The time limits of requests. A limit below 60 ms is a fault at times, because a message may take so long. */
  readonly requestTimeoutsMs?: readonly number[];
  /** Whether callers use `withFallback`: see make-tiers-plan.ts. @default false */
  readonly hasTiers?: boolean;
  /** Whether `safeSwitch` is off. @default false */
  readonly hasUnsafeSwitch?: boolean;
  /** Whether callers use fair locks, beside plain locks on the same names. @default false */
  readonly hasFairLocks?: boolean;
  /** Whether clients check their servers in the background. @default false */
  readonly hasHealthChecks?: boolean;
  /** Whether an operator drains locks. @default false */
  readonly hasOperator?: boolean;
  /** Whether callers do jobs once, with records. @default false */
  readonly hasRecords?: boolean;
  /** Whether a cut leaves a client one server, so that its writes reach a minority. Otherwise it cuts off one. @default false */
  readonly cutsMost?: boolean;
  /** The largest number of faults. @default 30 */
  readonly maxFaults?: number;
  /**
   * Which servers the faults hit: `minority` for always the same ones, or one outage of a majority for 30 s, and nothing else.
   * @default any
   */
  readonly hits?: "minority" | "majority-once";
  /** How many servers there are. @default one to five */
  readonly serverCounts?: readonly number[];
}

const NETWORK: readonly FaultKind[] = [
  "slow",
  "cut",
  "wake-cut",
  "partition",
  "hang",
  "flush-scripts",
  "refuse",
];
const CLIENTS: readonly FaultKind[] = ["pause", "stall", "await-stall", "crash", "close"];
const PROCESSES: readonly FaultKind[] = [...CLIENTS, "sleep", "restart", "save", "restore"];
const LOSSES: readonly FaultKind[] = [
  "restart",
  "restart",
  "save",
  "save",
  "restore",
  "restore",
  "fail-over",
  "flush",
];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const DRIFT_FACTOR = 0.01;
/** The longest ttl of a lock. The restart guard lasts as long. */
export const MAX_TTL_MS = 2_000;
/**
 * If too few servers have their counters, a server that lost its own raises them to its time. Tokens then increase only if the
 * clocks of the servers agree. In histories in which a server clock is further off than this, tokens are not checked any more
 * after that.
 */
export const MAX_OFFSET_WITH_DATA_LOSS_MS = 5;

export const PROFILES = {
  calm: { promises: "all", kinds: [], maxRateError: 0, maxClientOffsetMs: 0, maxServerOffsetMs: 5_000 },
  network: {
    promises: "all",
    kinds: NETWORK,
    maxRateError: 0,
    maxClientOffsetMs: 50,
    maxServerOffsetMs: 5_000,
  },
  processes: {
    promises: "all",
    kinds: [...NETWORK, ...PROCESSES],
    maxRateError: 0,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: 5_000,
  },
  clocks: {
    promises: "all",
    kinds: [...NETWORK, ...CLIENTS, "client-clock"],
    maxRateError: DRIFT_FACTOR / 2,
    maxClientOffsetMs: HOUR_MS,
    maxServerOffsetMs: HOUR_MS,
  },
  "wild-clocks": {
    promises: "fences",
    // The servers keep their data when they restart.
    kinds: [...NETWORK, ...CLIENTS, "client-clock", "server-clock", "evict", "restart"],
    maxRateError: 0.5,
    maxClientOffsetMs: HOUR_MS,
    maxServerOffsetMs: HOUR_MS,
  },
  amnesia: {
    promises: "cleanup",
    kinds: [...NETWORK, ...PROCESSES, "client-clock", "server-clock", "evict"],
    maxRateError: 0.5,
    maxClientOffsetMs: HOUR_MS,
    maxServerOffsetMs: HOUR_MS,
  },
  change: {
    promises: "all",
    kinds: [...NETWORK, ...PROCESSES],
    maxRateError: 0,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: 5_000,
    changes: "joint",
  },
  // Changes that are taken back after some clients have ended them. Not in the usual mix, whose histories have seeds that are known.
  "change-back": {
    promises: "all",
    kinds: [...NETWORK, ...PROCESSES],
    maxRateError: 0,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: 5_000,
    changes: "back",
  },
  // Servers lose memory, and their clocks are days apart, so counters come from the other servers.
  recovery: {
    promises: "all",
    kinds: [...NETWORK, "pause", "sleep", "stall", "await-stall", "crash", ...LOSSES],
    maxRateError: DRIFT_FACTOR / 2,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: 3 * DAY_MS,
    losesDataWithSkewedClocks: true,
  },
  // As `recovery`, but the clocks of servers also step by days, so locks expire early and counters are days older or newer.
  steps: {
    promises: "fences",
    kinds: [
      ...NETWORK,
      "pause",
      "stall",
      "await-stall",
      "crash",
      ...LOSSES,
      "server-clock",
      "server-clock",
      "client-clock",
    ],
    maxRateError: DRIFT_FACTOR / 2,
    maxClientOffsetMs: HOUR_MS,
    maxServerOffsetMs: 3 * DAY_MS,
    maxServerStepMs: 3 * DAY_MS,
    losesDataWithSkewedClocks: true,
  },
  // Readers, writers and locks on trees. Not in the usual mix, whose histories have seeds that are known.
  modes: {
    promises: "all",
    kinds: [...NETWORK, ...PROCESSES],
    maxRateError: DRIFT_FACTOR / 2,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: 5_000,
    hasModes: true,
  },
  "modes-calm": {
    promises: "all",
    kinds: [],
    maxRateError: 0,
    maxClientOffsetMs: 0,
    maxServerOffsetMs: 5_000,
    hasModes: true,
  },
  "modes-recovery": {
    promises: "all",
    kinds: [...NETWORK, "pause", "sleep", "stall", "await-stall", "crash", ...LOSSES],
    maxRateError: DRIFT_FACTOR / 2,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: 3 * DAY_MS,
    losesDataWithSkewedClocks: true,
    hasModes: true,
  },
  "modes-wild-clocks": {
    promises: "fences",
    kinds: [...NETWORK, ...CLIENTS, "client-clock", "server-clock", "restart"],
    maxRateError: 0.5,
    maxClientOffsetMs: HOUR_MS,
    maxServerOffsetMs: HOUR_MS,
    hasModes: true,
  },
  // Fair locks: with faults, and without, because the order is promised without faults only.
  fair: {
    promises: "all",
    kinds: [...NETWORK, ...PROCESSES],
    maxRateError: DRIFT_FACTOR / 2,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: 5_000,
    hasFairLocks: true,
  },
  "fair-calm": {
    promises: "all",
    kinds: [],
    maxRateError: 0,
    maxClientOffsetMs: 0,
    maxServerOffsetMs: 5_000,
    requestTimeoutsMs: [150],
    hasFairLocks: true,
  },
  // Locks of a tenant. Not in the usual mix, either.
  tenant: {
    promises: "all",
    kinds: [...NETWORK, ...PROCESSES],
    maxRateError: DRIFT_FACTOR / 2,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: 5_000,
    hasTenant: true,
  },
  "tenant-calm": {
    promises: "all",
    kinds: [],
    maxRateError: 0,
    maxClientOffsetMs: 0,
    maxServerOffsetMs: 5_000,
    hasTenant: true,
  },
  // Semaphores. Not in the usual mix, either.
  slots: {
    promises: "all",
    kinds: [...NETWORK, ...PROCESSES],
    maxRateError: DRIFT_FACTOR / 2,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: 5_000,
    hasSlots: true,
  },
  "slots-calm": {
    promises: "all",
    kinds: [],
    maxRateError: 0,
    maxClientOffsetMs: 0,
    maxServerOffsetMs: 5_000,
    hasSlots: true,
  },
  "slots-wild-clocks": {
    promises: "fences",
    kinds: [...NETWORK, ...CLIENTS, "client-clock", "server-clock", "restart"],
    maxRateError: 0.5,
    maxClientOffsetMs: HOUR_MS,
    maxServerOffsetMs: HOUR_MS,
    hasSlots: true,
  },
  "slots-recovery": {
    promises: "all",
    kinds: [...NETWORK, "pause", "sleep", "stall", "await-stall", "crash", ...LOSSES],
    maxRateError: DRIFT_FACTOR / 2,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: 3 * DAY_MS,
    losesDataWithSkewedClocks: true,
    hasSlots: true,
  },
  "slots-change": {
    promises: "all",
    kinds: [...NETWORK, ...PROCESSES],
    maxRateError: 0,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: 5_000,
    changes: "joint",
    hasSlots: true,
  },
  // Background checks, while each client loses other servers. Not in the usual mix, either.
  health: {
    promises: "all",
    kinds: [
      "partition",
      "partition",
      "partition",
      "cut",
      "cut",
      "hang",
      "restart",
      "slow",
      "refuse",
      "pause",
    ],
    maxRateError: DRIFT_FACTOR / 2,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: 5_000,
    hasHealthChecks: true,
    serverCounts: [3, 5],
  },
  flapping: {
    promises: "all",
    kinds: ["cut", "partition", "hang", "restart", "slow", "refuse", "flush-scripts"],
    maxRateError: DRIFT_FACTOR / 2,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: 5_000,
    requestTimeoutsMs: [400],
    hasHealthChecks: true,
    hits: "minority",
    serverCounts: [3, 5],
  },
  outage: {
    promises: "all",
    kinds: ["hang", "partition", "restart"],
    maxRateError: DRIFT_FACTOR / 2,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: 5_000,
    requestTimeoutsMs: [150, 400],
    hasHealthChecks: true,
    hits: "majority-once",
    serverCounts: [3, 5],
  },
  // An operator drains locks of other processes. Not in the usual mix, either.
  operator: {
    promises: "all",
    kinds: [...NETWORK, ...PROCESSES],
    maxRateError: DRIFT_FACTOR / 2,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: 5_000,
    hasOperator: true,
  },
  // Jobs that are done once, with records, while servers lose their memory. Not in the usual mix, either.
  records: {
    promises: "all",
    kinds: [
      "partition",
      "partition",
      "partition",
      "partition",
      "hang",
      "slow",
      "cut",
      "cut",
      "cut",
      "cut",
      "refuse",
      "flush-scripts",
      "pause",
      "pause",
      "stall",
      "await-stall",
      "crash",
      "crash",
      "restart",
      "restart",
      "restart",
      "restart",
      "save",
      "restore",
    ],
    maxRateError: DRIFT_FACTOR / 2,
    maxClientOffsetMs: 5_000,
    maxServerOffsetMs: MAX_OFFSET_WITH_DATA_LOSS_MS,
    hasRecords: true,
    requestTimeoutsMs: [20, 60],
    maxFaults: 80,
    cutsMost: true,
    serverCounts: [3, 3, 5],
  },
  // The same with leases that overlap, because clock rates exceed the bound. Records need no clock, if servers keep their data.
  "records-wild-clocks": {
    promises: "fences",
    kinds: [...NETWORK, ...CLIENTS, "pause", "pause", "client-clock", "server-clock", "restart"],
    maxRateError: 0.5,
    maxClientOffsetMs: HOUR_MS,
    maxServerOffsetMs: HOUR_MS,
    hasRecords: true,
    maxFaults: 60,
    serverCounts: [3, 3, 5],
  },
  // The same, while the members change.
  "records-change": {
    promises: "all",
    kinds: [...NETWORK, ...PROCESSES],
    maxRateError: 0,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: MAX_OFFSET_WITH_DATA_LOSS_MS,
    changes: "joint",
    hasRecords: true,
  },
  // A primary, a backup and the tier inside the process, with outages of whole tiers. Not in the usual mix, either.
  fallback: {
    promises: "all",
    kinds: ["refuse", "hang", "restart", "partition", "pause", "crash", "close"],
    maxRateError: DRIFT_FACTOR / 2,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: 5,
    hasTiers: true,
  },
  // The last three are not in the usual mix. They break exclusion, and show that the checks find that.
  careless: {
    promises: "all",
    kinds: ["slow", "partition", "cut"],
    maxRateError: 0,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: MAX_OFFSET_WITH_DATA_LOSS_MS,
    changes: "careless",
  },
  unguarded: {
    promises: "all",
    kinds: [...NETWORK, ...PROCESSES],
    maxRateError: 0,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: MAX_OFFSET_WITH_DATA_LOSS_MS,
    isUnguarded: true,
  },
  "unsafe-switch": {
    promises: "all",
    kinds: ["refuse", "hang", "restart", "partition", "pause", "crash", "close"],
    maxRateError: DRIFT_FACTOR / 2,
    maxClientOffsetMs: 5,
    maxServerOffsetMs: 5,
    hasTiers: true,
    hasUnsafeSwitch: true,
  },
} satisfies Readonly<Record<string, Profile>>;

export type ProfileName = keyof typeof PROFILES;

/** The usual mix. Most histories keep the assumptions, because then all invariants are checked. */
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
  "recovery",
  "recovery",
  "steps",
];

/** The profile of a seed in the usual mix. */
export function profileOf(seed: number): ProfileName {
  return new Random(seed).fork("profile").pick(MIX);
}
