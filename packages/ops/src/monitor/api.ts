import type { AlertView } from "../alerts/alert-view.ts";

export type { AlertView };

/**
 * What the monitor and its page say to each other. Durations are milliseconds and end in `Ms`, times are epoch milliseconds and end in
 * `At`. Fields are only ever added.
 */
export const SCHEMA = 1;

/** `up`, or why the server does not vote, or votes badly. `slow`: it votes, but its p99 is above 50 ms. */
export type ServerState = "up" | "slow" | "quarantined" | "unsafe" | "refused" | "no-answer" | "unknown";

export interface ServerView {
  readonly label: string;
  readonly state: ServerState;
  /** Whether its grants count now. */
  readonly votes: boolean;
  /** Why it is not up, in one line, without any password. */
  readonly message: string | undefined;
  /** Since when it has this state. */
  readonly sinceAt: number;
  /** How long it abstains, if that is known. */
  readonly abstainsMs: number | undefined;
  /** Of the probes of the last 60 s. */
  readonly latencyMs: number | undefined;
  readonly latencyP99Ms: number | undefined;
  /** Against the median server. */
  readonly clockOffsetMs: number | undefined;
  readonly usedBytes: number | undefined;
  /** `undefined` without a limit. */
  readonly limitBytes: number | undefined;
  readonly version: string | undefined;
  readonly role: string | undefined;
  readonly evictionPolicy: string | undefined;
  readonly runId: string | undefined;
  readonly restarts: number;
  /** How many reporting processes say that it is down for them, and how many report. */
  readonly unreachableFrom: { readonly processes: number; readonly of: number } | undefined;
  /** Why it may lose locks or grant them twice, such as `eviction`. */
  readonly unsafe?: readonly string[] | undefined;
}

/** Whether locks can be granted. */
export interface QuorumView {
  readonly voting: number;
  readonly configured: number;
  readonly quorum: number;
  readonly level: "good" | "attention" | "bad";
  /** "2 of 3 servers vote. Locks work. One more failure stops them all." */
  readonly text: string;
  readonly sinceAt: number;
}

/** What one server says about one holder of a lock. */
export type VoteMark = "holder" | "other" | "none" | "no-answer" | "abstains";

/** `uncertain`: no quorum has it, but so many servers gave no answer that it may be held. `minority`: nobody holds it. */
export type LockHealth = "held" | "short" | "not-extended" | "uncertain" | "minority" | "no-expiry" | "lost";

export interface HolderView {
  /** The owner label, usually `host:pid`. `undefined` for a client of another library. */
  readonly owner: string | undefined;
  /** The first 8 digits of the token. The whole token leaves neither server nor log. */
  readonly id: string;
}

export interface LockRow {
  readonly name: string;
  readonly class: string;
  /** What holds it: one holder, readers and other shared holds, or permits of a semaphore. */
  readonly kind: "mutex" | "shared" | "semaphore";
  readonly health: LockHealth;
  /** The oldest holder. `undefined` if no quorum has one. With the health `uncertain`: the latest one that was known. */
  readonly holder: HolderView | undefined;
  /** How many tokens hold it. Above 1 only for shared holds and permits. */
  readonly holders: number;
  readonly ageMs: number;
  /** `report`: the process said so. `seen`: at least this, since the monitor first saw the token. */
  readonly ageSource: "report" | "seen";
  readonly remainingMs: number | undefined;
  readonly ttlMs: number | undefined;
  /** One for each server, in the order of the servers. */
  readonly votes: readonly VoteMark[];
  readonly fence: number | undefined;
  /** Waiting processes in line, and the callers that they report. */
  readonly waiting: number;
  readonly callers: number;
  readonly oldestWaitMs: number | undefined;
  /** Callers that wait for this lock, or for one whose holder waits for it, and so on. */
  readonly blocked: number;
  /** "A → B → A", if its holder waits in a circle. */
  readonly deadlock: string | undefined;
  /** How old the reading is. Up to a second for rows of a page that is open, longer for others. */
  readonly readMsAgo: number;
  /** How long ago it was lost. Only with the health `lost`. */
  readonly lostMsAgo?: number | undefined;
}

/** The largest number of characters of a pattern. */
export const MAX_PATTERN_LENGTH = 128;

/** `GET /api/locks?pattern=&sort=blocked|remaining|age|name&health=&offset=&limit=` */
export interface LocksPage {
  readonly schema: typeof SCHEMA;
  readonly total: number;
  readonly held: number;
  readonly short: number;
  readonly offset: number;
  readonly locks: readonly LockRow[];
  /** False while a scan has not seen every name yet. */
  readonly complete: boolean;
  /** Share of the running scan, 0 to 1. */
  readonly progress: number;
  readonly scannedAt: number | undefined;
  /** Labels of servers that did not answer, so that votes may be higher than shown. */
  readonly unanswered: readonly string[];
  /** True if there are more names than the monitor keeps. */
  readonly truncated: boolean;
  /** Set if nothing was found: "The servers hold 41 000 keys, none under “lock:”. Is `prefix` right?" */
  readonly hint: string | undefined;
}

export interface WaiterView {
  readonly owner: string | undefined;
  readonly id: string;
  readonly callers: number;
  readonly oldestWaitMs: number | undefined;
  /** A name that it holds meanwhile. */
  readonly holds: string | undefined;
  readonly isNext: boolean;
}

export interface ServerVote {
  readonly label: string;
  readonly mark: VoteMark;
  /** Who holds it on this server, if it is another one. */
  readonly holder: HolderView | undefined;
  readonly remainingMs: number | undefined;
  readonly fence: number | undefined;
}

/** `GET /api/locks/:name`: read fresh from all servers. */
export interface LockDetail {
  readonly schema: typeof SCHEMA;
  readonly name: string;
  readonly class: string;
  readonly readAt: number;
  /** `undefined` if no server that answered has a key of the name. It is free only if a quorum answered. */
  readonly lock: LockRow | undefined;
  /** One entry for each token that holds the lock. */
  readonly holders: readonly (HolderView & {
    readonly votes: readonly VoteMark[];
    readonly remainingMs: number | undefined;
    /** The numbers of its permits, of a semaphore. */
    readonly slots: readonly number[] | undefined;
    readonly reportedMs: number | undefined;
  })[];
  readonly servers: readonly ServerVote[];
  readonly line: readonly WaiterView[];
  /** "Not extended for 7.1 s. If nothing changes, it is free in 2.9 s." */
  readonly next: string;
  /** How long ago the holder's process reported. */
  readonly reportedMsAgo: number | undefined;
  readonly needed: number;
  readonly figures: ClassFigures | undefined;
  readonly events: readonly MonitorEvent[];
  /** Names in use that look alike, if this one is free. */
  readonly similar: readonly string[];
  /** Whether this caller may release it. */
  readonly canRelease: boolean;
  /** The latest run of the job of this name that has ended, if runs are recorded. */
  readonly lastRun?: LastRunView | undefined;
}

/** The latest run of a job that has ended. Times are epoch milliseconds, by the clocks of the servers. */
export interface LastRunView {
  /** The instant for which it ran. */
  readonly scheduledAt: number;
  readonly state: "done" | "failed" | "lost";
  readonly startedAt: number;
  readonly durationMs: number;
  /** The owner label of its process, usually `host:pid`. */
  readonly by: string;
  /** Why it failed. */
  readonly error: string | undefined;
}

export interface ClassFigures {
  readonly class: string;
  readonly granted: number;
  readonly grantedPerS: number;
  readonly timedOut: number;
  readonly noQuorum: number;
  readonly skipped: number;
  readonly lost: number;
  /** `undefined` below 20 attempts. */
  readonly success: number | undefined;
  readonly waitP50Ms: number | undefined;
  readonly waitP95Ms: number | undefined;
  readonly waitP99Ms: number | undefined;
  readonly holdP50Ms: number | undefined;
  readonly holdP99Ms: number | undefined;
  /** Seconds waited per second: the mean number of waiters. */
  readonly waitingOnAverage: number;
}

/** One point of the charts, for one second. */
export interface Point {
  readonly at: number;
  readonly grantedPerS: number;
  readonly timedOutPerS: number;
  readonly noQuorumPerS: number;
  readonly waitP50Ms: number | undefined;
  readonly waitP95Ms: number | undefined;
  readonly waitP99Ms: number | undefined;
}

export interface Figures {
  readonly at: number;
  readonly held: number;
  readonly short: number;
  readonly waiting: number;
  readonly oldestWaitMs: number | undefined;
  /** Of the last 5 minutes. `undefined` below 20 attempts. */
  readonly success: number | undefined;
  readonly attempts: number;
  readonly skipped: number;
  readonly lostLastHour: number;
  readonly lastLostAt: number | undefined;
  readonly eventsPerS: number;
  readonly processes: { readonly reporting: number; readonly known: number };
  readonly classes: readonly ClassFigures[];
}

export type MonitorEventType =
  | "granted"
  | "released"
  | "lost"
  | "timed-out"
  | "no-quorum"
  | "waiting-long"
  | "server"
  | "quorum"
  | "alert"
  | "operator-released";

export interface MonitorEvent {
  readonly id: number;
  readonly at: number;
  readonly type: MonitorEventType;
  readonly level: "info" | "attention" | "bad";
  readonly text: string;
  readonly name: string | undefined;
  readonly owner: string | undefined;
}

/** `GET /api/snapshot`: everything that the overview shows, and what the stream then changes. */
export interface Snapshot {
  readonly schema: typeof SCHEMA;
  /** Another one after a restart of the monitor. */
  readonly bootId: string;
  readonly title: string;
  readonly now: number;
  readonly viewer: { readonly name: string; readonly role: "read" | "release" } | undefined;
  readonly canRelease: boolean;
  /** Whether a caller with a token of the role `release` could release locks. */
  readonly releaseEnabled: boolean;
  readonly prefix: string;
  readonly servers: readonly ServerView[];
  readonly quorum: QuorumView;
  readonly figures: Figures;
  /** The last 5 minutes, or `?range=5m|1h|6h`. */
  readonly points: readonly Point[];
  readonly locks: LocksPage;
  readonly events: readonly MonitorEvent[];
  readonly alerts: readonly AlertView[];
}

/** `GET /api/events`: server-sent events. `event:` is the key, `data:` the JSON of the value. */
export interface Stream {
  readonly hello: { readonly schema: typeof SCHEMA; readonly bootId: string; readonly now: number };
  readonly servers: { readonly servers: readonly ServerView[]; readonly quorum: QuorumView };
  readonly figures: { readonly figures: Figures; readonly point: Point };
  /** Locks changed: the first page in the default order. The page loads others with `GET /api/locks`. */
  readonly locks: LocksPage;
  /** At most 50 at a time. `counts`: exact, by type, since the last. `dropped`: not shown because this browser is slow. */
  readonly events: {
    readonly events: readonly MonitorEvent[];
    readonly counts: Readonly<Partial<Record<MonitorEventType, number>>>;
    readonly dropped: number;
  };
  readonly alerts: readonly AlertView[];
  readonly ping: { readonly now: number };
}

/** `POST /api/locks/:name/release` */
export interface ReleaseRequest {
  /** The name again, typed by the operator. */
  readonly name: string;
  readonly holderId: string;
  readonly fence: number | undefined;
  readonly mode: "drain" | "now";
  readonly reason: string;
}

/** The reply, with the status: 200, 400, 401, 403, 404, 409 or 503. */
export interface ReleaseReply {
  readonly released: boolean;
  /** "Released. It cannot be extended any more; free at 14:03:30." */
  readonly message: string;
  readonly newFence: number | undefined;
  readonly freeAt: number | undefined;
}

/** `POST /api/session` with `{ "token": "…" }`: 200 and a cookie, or 401. `DELETE /api/session` signs out. */
export interface SessionReply {
  readonly name: string;
  readonly role: "read" | "release";
}
