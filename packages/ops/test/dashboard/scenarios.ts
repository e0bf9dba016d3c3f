import {
  type AlertView,
  type ClassFigures,
  type Figures,
  type LockDetail,
  type LockRow,
  type LocksPage,
  type MonitorEvent,
  type Point,
  SCHEMA,
  type ServerView,
  type Snapshot,
  type VoteMark,
} from "../../src/monitor/api.ts";

/** What a scripted monitor knows. Tests change it while the page is open. */
export interface Scenario {
  servers: ServerView[];
  quorum: Snapshot["quorum"];
  figures: Figures;
  points: Point[];
  locks: LockRow[];
  /** Leases are extended at a third of their ttl. Otherwise each lock stays as it is. */
  isMoving?: boolean;
  about: Partial<LocksPage>;
  events: MonitorEvent[];
  alerts: AlertView[];
  viewer: Snapshot["viewer"];
  canRelease: boolean;
  releaseEnabled: boolean;
  details: Map<string, Partial<LockDetail>>;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Random numbers that are the same in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

function server(label: string, change: Partial<ServerView> = {}): ServerView {
  return {
    label,
    state: "up",
    votes: true,
    message: undefined,
    sinceAt: Date.now() - 51 * 60 * MINUTE,
    abstainsMs: undefined,
    latencyMs: 0.6,
    latencyP99Ms: 2.1,
    clockOffsetMs: 3,
    usedBytes: 41 * 1024 * 1024,
    limitBytes: 256 * 1024 * 1024,
    version: "7.0.15",
    role: "master",
    evictionPolicy: "noeviction",
    runId: "4f0c2d8e7a1b9c3d5e6f",
    restarts: 0,
    unreachableFrom: undefined,
    ...change,
  };
}

const silent = (sinceMs: number, change: Partial<ServerView> = {}): Partial<ServerView> => ({
  state: "no-answer",
  votes: false,
  message: "connection refused",
  sinceAt: Date.now() - sinceMs,
  abstainsMs: 30 * SECOND,
  latencyMs: undefined,
  latencyP99Ms: undefined,
  clockOffsetMs: undefined,
  usedBytes: undefined,
  ...change,
});

export function lock(name: string, change: Partial<LockRow> = {}): LockRow {
  return {
    name,
    class: `${name.split(/[:/]/)[0]}:*`,
    kind: "mutex",
    health: "held",
    holder: { owner: "api-2:118", id: "4be2c09d" },
    holders: 1,
    ageMs: 800,
    ageSource: "report",
    remainingMs: 9_400,
    ttlMs: 10_000,
    votes: ["holder", "holder", "holder"],
    fence: 1_764_107_001_282_102,
    waiting: 0,
    callers: 0,
    oldestWaitMs: undefined,
    blocked: 0,
    deadlock: undefined,
    readMsAgo: 300,
    ...change,
  };
}

function figuresOfClass(name: string, change: Partial<ClassFigures> = {}): ClassFigures {
  return {
    class: name,
    granted: 2_104,
    grantedPerS: 7,
    timedOut: 21,
    noQuorum: 0,
    skipped: 12,
    lost: 0,
    success: 0.99,
    waitP50Ms: 4,
    waitP95Ms: 61,
    waitP99Ms: 1_200,
    holdP50Ms: 80,
    holdP99Ms: 2_000,
    waitingOnAverage: 6.1,
    ...change,
  };
}

function points(count = 300): Point[] {
  const random = seeded(7);
  const now = Math.floor(Date.now() / SECOND) * SECOND;
  return Array.from({ length: count }, (_, index) => {
    const wave = Math.sin(index / 38) * 22 + Math.sin(index / 9) * 8;
    const isBusy = index > 190 && index < 235;
    return {
      at: now - (count - 1 - index) * SECOND,
      grantedPerS: Math.max(0, 138 + wave + random() * 14 - (isBusy ? 34 : 0)),
      timedOutPerS: isBusy ? 4 + random() * 9 : random() < 0.08 ? 1 : 0,
      noQuorumPerS: 0,
      waitP50Ms: 3 + random() * 2,
      waitP95Ms: (isBusy ? 210 : 52) + random() * 20,
      waitP99Ms: (isBusy ? 1_700 : 420) * (0.8 + random() * 0.4),
    };
  });
}

const OWNERS = [
  "api-1:204",
  "api-2:118",
  "api-3:97",
  "web-1:402",
  "web-2:991",
  "billing-7:3121",
  "batch-1:77",
  "mailer-2:15",
];
const NAMES = ["tenant", "order", "invoice", "cart", "stock", "export", "user", "report"];

/** Many ordinary locks. */
export function manyLocks(
  count: number,
  votes: readonly VoteMark[] = ["holder", "holder", "holder"],
): LockRow[] {
  const random = seeded(11);
  return Array.from({ length: count }, (_, index) => {
    const name = `${NAMES[index % NAMES.length]}:${Math.floor(random() * 90_000) + 1_000}`;
    const waiting = random() < 0.06 ? Math.ceil(random() * 3) : 0;
    return lock(`${name}:${index}`, {
      holder: {
        owner: OWNERS[Math.floor(random() * OWNERS.length)],
        id: Math.floor(random() * 2 ** 32)
          .toString(16)
          .padStart(8, "0"),
      },
      ageMs: Math.floor(random() ** 4 * 40 * MINUTE) + 200,
      ageSource: random() < 0.1 ? "seen" : "report",
      remainingMs: 6_700 + Math.floor(random() * 3_200),
      votes,
      fence: 1_764_107_001_200_000 + index * 37,
      waiting,
      callers: waiting * 2,
      blocked: waiting * 2,
      oldestWaitMs: waiting === 0 ? undefined : Math.floor(random() * 900) + 20,
    });
  });
}

const withoutC: readonly VoteMark[] = ["holder", "holder", "no-answer"];

function notableLocks(votes: readonly VoteMark[]): LockRow[] {
  return [
    lock("order:42", {
      health: "not-extended",
      holder: { owner: "billing-7:3121", id: "9f3c11ab" },
      ageMs: 252_000,
      remainingMs: 2_900,
      votes,
      fence: 1_764_107_001_282_561,
      waiting: 3,
      callers: 17,
      oldestWaitMs: 12_400,
      blocked: 17,
    }),
    lock("tenant/9", {
      holder: { owner: "web-1:402", id: "77aa01ce" },
      votes,
      waiting: 1,
      callers: 1,
      oldestWaitMs: 300,
      blocked: 1,
    }),
    lock("export:nightly", {
      health: "short",
      holder: { owner: "batch-1:77", id: "0a4411f2" },
      ageMs: 3_905_000,
      remainingMs: 7_800,
      ttlMs: 30_000,
      votes,
    }),
    lock("invoice:2291", {
      health: "lost",
      lostMsAgo: 12_000,
      holder: { owner: "api-3:97", id: "c01dbeef" },
      ageMs: 12_000,
      remainingMs: undefined,
      votes: votes.map((vote) => (vote === "holder" ? "none" : vote)),
    }),
    lock("printers", {
      kind: "semaphore",
      holders: 4,
      votes,
      holder: { owner: "web-2:991", id: "5521aa00" },
      ageMs: 48_000,
      waiting: 2,
      callers: 5,
      oldestWaitMs: 2_100,
      blocked: 5,
    }),
    lock("legacy:import", {
      health: "no-expiry",
      holder: { owner: undefined, id: "6c656761" },
      ageMs: 190_000,
      ageSource: "seen",
      remainingMs: undefined,
      ttlMs: undefined,
      fence: undefined,
      votes,
    }),
  ];
}

export function event(id: number, agoMs: number, change: Partial<MonitorEvent>): MonitorEvent {
  return {
    id,
    at: Date.now() - agoMs,
    type: "granted",
    level: "info",
    text: "waited 4 ms, 3 votes",
    name: "tenant/9",
    owner: "api-2:118",
    ...change,
  };
}

function notableEvents(): MonitorEvent[] {
  const random = seeded(3);
  const usual = Array.from({ length: 30 }, (_, index) =>
    event(100 - index * 2, 900 + index * 1_700, {
      type: index % 3 === 1 ? "released" : "granted",
      text:
        index % 3 === 1
          ? `held for ${Math.ceil(random() * 90)} ms`
          : `waited ${Math.ceil(random() * 9)} ms, 3 votes`,
      name: `${NAMES[index % NAMES.length]}:${1_000 + Math.floor(random() * 9_000)}`,
      owner: OWNERS[index % OWNERS.length],
    }),
  );
  const events = [
    event(101, 400, {
      type: "waiting-long",
      level: "attention",
      text: "waits for more than 10 s",
      name: "order:42",
      owner: "web-2:991",
    }),
    event(99, 12_000, {
      type: "lost",
      level: "bad",
      text: "its lease ended; it was not extended",
      name: "invoice:2291",
      owner: "api-3:97",
    }),
    event(85, 15_000, {
      type: "timed-out",
      level: "attention",
      text: "waited 10.0 s",
      name: "order:42",
      owner: "web-1:402",
    }),
    event(71, 138_000, {
      type: "server",
      level: "bad",
      text: "redis-c:6379 does not answer: connection refused",
      name: undefined,
      owner: undefined,
    }),
    ...usual,
  ];
  return events.toSorted((a, b) => b.at - a.at).map((each, index) => ({ ...each, id: 200 - index }));
}

function detailOfOrder(votes: readonly VoteMark[]): Partial<LockDetail> {
  return {
    next: "Not extended for 7.1 s. If nothing changes, it is free in 2.9 s.",
    reportedMsAgo: 3_000,
    line: [
      {
        owner: "web-2:991",
        id: "aa11bb22",
        callers: 9,
        oldestWaitMs: 12_400,
        holds: undefined,
        isNext: true,
      },
      {
        owner: "web-1:402",
        id: "77aa01ce",
        callers: 7,
        oldestWaitMs: 11_000,
        holds: "tenant/9",
        isNext: false,
      },
      { owner: "batch-1:77", id: "0a4411f2", callers: 1, oldestWaitMs: 900, holds: undefined, isNext: false },
    ],
    figures: figuresOfClass("order:*"),
    events: [
      event(40, 252_000, { text: "waited 40 ms, 3 votes", name: "order:42", owner: "billing-7:3121" }),
      event(30, 253_000, { type: "released", text: "held for 1.8 s", name: "order:42", owner: "web-1:402" }),
      event(20, 255_000, { text: "waited 2 ms, 3 votes", name: "order:42", owner: "web-1:402" }),
    ],
    servers: votes.map((mark, index) => ({
      label: `redis-${"abc"[index]}:6379`,
      mark,
      holder: undefined,
      remainingMs: mark === "holder" ? 2_900 : undefined,
      fence: mark === "holder" ? 1_764_107_001_282_561 : undefined,
    })),
  };
}

const figures = (change: Partial<Figures> = {}): Figures => ({
  at: Date.now(),
  held: 312,
  short: 3,
  waiting: 47,
  oldestWaitMs: 12_400,
  success: 0.992,
  attempts: 41_530,
  skipped: 1_204,
  lostLastHour: 0,
  lastLostAt: undefined,
  eventsPerS: 214,
  processes: { reporting: 12, known: 12 },
  classes: [
    figuresOfClass("order:*"),
    figuresOfClass("printers", { waitingOnAverage: 1.4, waitP99Ms: 2_400, success: 0.971, timedOut: 62 }),
    figuresOfClass("tenant:*", { waitingOnAverage: 0.3, waitP99Ms: 310, success: 1, timedOut: 0 }),
    figuresOfClass("invoice:*", { waitingOnAverage: 0.1, waitP99Ms: 88, success: 0.998, lost: 1 }),
    figuresOfClass("export:*", {
      waitingOnAverage: 0,
      waitP99Ms: 12,
      success: undefined,
      granted: 4,
      timedOut: 0,
    }),
  ],
  ...change,
});

function quorum(
  voting: number,
  text: string,
  level: Snapshot["quorum"]["level"],
  sinceMs: number,
): Snapshot["quorum"] {
  return { voting, configured: 3, quorum: 2, level, text, sinceAt: Date.now() - sinceMs };
}

/** All is well, and there is work. */
export function healthy(): Scenario {
  return {
    servers: [
      server("redis-a:6379"),
      server("redis-b:6379", { latencyMs: 0.7, latencyP99Ms: 1.9, clockOffsetMs: -1 }),
      server("redis-c:6379", { latencyMs: 0.5, latencyP99Ms: 1.7, clockOffsetMs: 0 }),
    ],
    quorum: quorum(3, "3 of 3 servers vote. Locks work. One server may fail.", "good", 51 * 60 * MINUTE),
    figures: figures({ waiting: 3, oldestWaitMs: 300, short: 0 }),
    points: points(),
    locks: manyLocks(312),
    about: { scannedAt: Date.now() - 3_000 },
    events: notableEvents().filter(({ level }) => level === "info"),
    alerts: [],
    viewer: { name: "anna", role: "release" },
    canRelease: true,
    releaseEnabled: true,
    details: new Map(),
  };
}

/** The picture of the design: one server is down, and one holder does not extend. */
export function oneDown(): Scenario {
  return {
    ...healthy(),
    servers: [
      server("redis-a:6379"),
      server("redis-b:6379", { latencyMs: 0.7, latencyP99Ms: 1.9, clockOffsetMs: -1 }),
      server("redis-c:6379", silent(138_000)),
    ],
    quorum: quorum(
      2,
      "2 of 3 servers vote. Locks work. One more failure stops them all.",
      "attention",
      138_000,
    ),
    figures: figures({ lostLastHour: 1, lastLostAt: Date.now() - 12_000 }),
    locks: [...notableLocks(withoutC), ...manyLocks(306, withoutC).toSorted((a, b) => b.blocked - a.blocked)],
    about: { scannedAt: Date.now() - 3_000, unanswered: ["redis-c:6379"] },
    events: notableEvents(),
    alerts: [
      {
        rule: "NoSpareServer",
        severity: "warning",
        state: "firing",
        text: "▲ No spare: redis-c:6379 does not answer. One more failure stops all locks.",
        sinceAt: Date.now() - 18_000,
        remedy: "Start redis-c:6379.",
      },
      {
        rule: "LongWait",
        severity: "warning",
        state: "firing",
        text: "▲ order:*: oldest waiter 12.4 s, 17 callers behind billing-7:3121.",
        sinceAt: Date.now() - 4_000,
        remedy: undefined,
      },
    ],
    details: new Map([["order:42", detailOfOrder(withoutC)]]),
  };
}

/** No locks are granted. */
export function belowQuorum(): Scenario {
  const votes: readonly VoteMark[] = ["no-answer", "abstains", "holder"];
  return {
    ...oneDown(),
    servers: [
      server("redis-a:6379", silent(12_000)),
      server("redis-b:6379", {
        state: "quarantined",
        votes: false,
        message: "may have forgotten locks: it started 9 s ago without them",
        sinceAt: Date.now() - 9_000,
        abstainsMs: 21_000,
      }),
      server("redis-c:6379"),
    ],
    quorum: quorum(
      1,
      "1 of 3 servers votes. 2 are needed: no new locks, and held ones end unextended. Recovers by itself: redis-b:6379 votes in 21 s.",
      "bad",
      12_000,
    ),
    figures: figures({
      success: 0.31,
      lostLastHour: 4,
      lastLostAt: Date.now() - 2_000,
      held: 308,
      short: 306,
    }),
    locks: [...notableLocks(votes), ...manyLocks(302, votes)].map((row) =>
      row.health === "held" ? { ...row, health: "not-extended" } : row,
    ),
    alerts: [
      {
        rule: "QuorumLost",
        severity: "critical",
        state: "firing",
        text: "✕ No locks: 1 of 3 servers votes, 2 are needed. Recovers by itself: redis-b:6379 votes in 21 s.",
        sinceAt: Date.now() - 12_000,
        remedy: "Start redis-a:6379.",
      },
      {
        rule: "LockLost",
        severity: "warning",
        state: "firing",
        text: "▲ 4 locks lost in 5 min: order:42 (billing-7:3121), order:7. Work may have run without protection; check writes above fence 1764107001282561.",
        sinceAt: Date.now() - 2_000,
        remedy: undefined,
      },
    ],
    details: new Map([["order:42", detailOfOrder(votes)]]),
  };
}

/** Nothing was locked yet, and nobody is signed in. */
export function firstRun(): Scenario {
  return {
    ...healthy(),
    figures: figures({
      held: 0,
      short: 0,
      waiting: 0,
      oldestWaitMs: undefined,
      success: undefined,
      attempts: 0,
      skipped: 0,
      eventsPerS: 0,
      processes: { reporting: 0, known: 0 },
      classes: [],
    }),
    points: [],
    locks: [],
    events: [],
    viewer: undefined,
    canRelease: false,
  };
}

export function wrongPrefix(): Scenario {
  return {
    ...firstRun(),
    about: {
      scannedAt: Date.now(),
      hint: "The servers hold 41 000 keys, none under “lock:”. Is `prefix` right?",
    },
  };
}

/** The monitor has just started: two servers answered, and the scan runs. */
export function scanning(): Scenario {
  return {
    ...oneDown(),
    servers: [
      server("redis-a:6379"),
      server("redis-b:6379"),
      server(
        "redis-c:6379",
        silent(1_000, { state: "unknown", message: "no answer yet", abstainsMs: undefined }),
      ),
    ],
    alerts: [],
    locks: manyLocks(1_204, withoutC),
    about: { complete: false, progress: 0.38, scannedAt: undefined, unanswered: ["redis-c:6379"] },
  };
}

/** Names that try to break the page. */
export const NASTY_NAMES: readonly string[] = [
  `<script>window.hacked = true</script><img src=x onerror="window.hacked = true">`,
  `"'><svg/onload=window.hacked=true>`,
  `invoice\u202e05:redro`,
  `line\nbreak\ttab\u0000null\u001b[31m`,
  `z${"\u0301".repeat(40)}algo`,
  `start-${"<b>x</b>&amp;".repeat(850)}-end`,
  `עברית/العربية`,
  ` `,
];

export function nastyNames(): Scenario {
  return {
    ...healthy(),
    locks: NASTY_NAMES.map((name, index) =>
      lock(name, {
        holder: { owner: name.slice(0, 100), id: `0000000${index}` },
        waiting: 1,
        callers: 2,
        blocked: 2,
      }),
    ),
    events: NASTY_NAMES.map((name, index) => event(index, index * 1_000, { name, owner: name, text: name })),
    alerts: [
      {
        rule: "LockLost",
        severity: "warning",
        state: "firing",
        text: `▲ 1 lock lost: ${NASTY_NAMES[0]}`,
        sinceAt: Date.now(),
        remedy: NASTY_NAMES[1],
      },
    ],
    figures: figures({ classes: NASTY_NAMES.slice(0, 3).map((name) => figuresOfClass(name)) }),
  };
}

export function snapshotOf(scenario: Scenario, title: string, bootId: string): Snapshot {
  const { servers, quorum: voting, viewer, canRelease, releaseEnabled, events, alerts } = scenario;
  return {
    schema: SCHEMA,
    bootId,
    title,
    now: Date.now(),
    viewer,
    canRelease,
    releaseEnabled,
    prefix: "lock:",
    servers,
    quorum: voting,
    figures: { ...scenario.figures, at: Date.now() },
    points: scenario.points,
    locks: pageOf(scenario, { pattern: "", sort: "blocked", health: "", offset: 0, limit: 200 }),
    events,
    alerts,
  };
}

export function pageOf(
  scenario: Scenario,
  query: { pattern: string; sort: string; health: string; offset: number; limit: number },
): LocksPage {
  const { pattern, sort, health, offset, limit } = query;
  const order: Record<string, (a: LockRow, b: LockRow) => number> = {
    blocked: () => 0,
    remaining: (a, b) =>
      (a.remainingMs ?? Number.POSITIVE_INFINITY) - (b.remainingMs ?? Number.POSITIVE_INFINITY),
    age: (a, b) => b.ageMs - a.ageMs,
    name: (a, b) => (a.name < b.name ? -1 : 1),
  };
  const found = scenario.locks
    .filter(
      (row) => (pattern === "" || row.name.includes(pattern)) && (health === "" || row.health === health),
    )
    .toSorted(order[sort]);
  return {
    schema: SCHEMA,
    total: found.length,
    held: scenario.locks.length,
    short: scenario.locks.filter((row) => row.health === "short").length,
    offset,
    locks: found
      .slice(offset, offset + limit)
      .map((row, index) => (scenario.isMoving === true ? moved(row, index) : row)),
    complete: true,
    progress: 1,
    scannedAt: Date.now() - 3_000,
    unanswered: [],
    truncated: false,
    hint: undefined,
    ...scenario.about,
  };
}

/** The row as it is now, if its holder extends it. */
function moved(row: LockRow, index: number): LockRow {
  const now = Date.now();
  const ttl = row.ttlMs ?? 10_000;
  return {
    ...row,
    ageMs: (now % 10_000_000) + index * 100,
    remainingMs: ttl - ((now + index * 331) % Math.round(ttl / 3)),
  };
}

export function detailOf(scenario: Scenario, name: string): LockDetail {
  const row = scenario.locks.find((each) => each.name === name);
  const similar = scenario.locks
    .map((each) => each.name)
    .filter((each) => each.slice(0, 3) === name.slice(0, 3));
  return {
    schema: SCHEMA,
    name,
    class: row?.class ?? "other",
    readAt: Date.now(),
    lock: row,
    holders:
      row?.holder === undefined
        ? []
        : Array.from({ length: row.holders }, (_, index) => ({
            owner: index === 0 ? row.holder?.owner : `web-${index}:99${index}`,
            id: index === 0 ? (row.holder?.id ?? "") : `5521aa0${index}`,
            votes: row.votes,
            remainingMs: row.remainingMs,
            slots: row.kind === "semaphore" ? [index] : undefined,
            reportedMs: row.ageSource === "report" ? row.ageMs : undefined,
          })),
    servers: scenario.servers.map((each, index) => ({
      label: each.label,
      mark: row?.votes[index] ?? (each.votes ? "none" : "no-answer"),
      holder: undefined,
      remainingMs: row?.votes[index] === "holder" ? row.remainingMs : undefined,
      fence: row?.votes[index] === "holder" ? row.fence : undefined,
    })),
    line: [],
    next: row === undefined ? nextOfAbsent(scenario) : "The holder extends it. It stays held.",
    reportedMsAgo: row?.ageSource === "report" ? 3_000 : undefined,
    needed: scenario.quorum.quorum,
    figures: undefined,
    events: [],
    similar: row === undefined ? similar.slice(0, 3) : [],
    canRelease: scenario.canRelease,
    ...(row !== undefined && scenario.details.get(name)),
  };
}

function nextOfAbsent(scenario: Scenario): string {
  const { length } = scenario.servers;
  const unanswered = scenario.servers.filter(({ votes }) => !votes).length;
  if (unanswered < scenario.quorum.quorum) return "It is free.";
  return `It may be held: ${unanswered} of ${length} servers gave no answer.`;
}
