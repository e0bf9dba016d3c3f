import type { Mode } from "../library.ts";

/** Everything that happens in one history, except what the library decides. It can be written as JSON. */
export interface Plan {
  readonly format: 1;
  /** Decides the delays, what happens to messages of broken connections, and the random numbers of clients. */
  readonly seed: number;
  /** What the library promises under these faults, and so what is checked: see README.md. */
  readonly promises: Promises;
  readonly driftFactor: number;
  /** For how long a server that lost its data abstains, in ms; `false` if the guard is off. */
  readonly restartGuard: number | false;
  readonly servers: readonly ServerPlan[];
  readonly clients: readonly ClientPlan[];
  readonly faults: readonly Fault[];
  /** Changes of the members, one after the other. */
  readonly changes?: ChangesPlan;
  /** The health checks of all clients. @default none */
  readonly health?: HealthPlan;
  /** The operator who drains locks. @default none */
  readonly operator?: OperatorPlan;
  /** The length of the periods of jobs that callers do once, in ms of real time. @default none */
  readonly periodMs?: number;
  /** The backup of `withFallback`, in histories whose callers use it. The members of the clients are the primary. */
  readonly tiers?: TiersPlan;
}

export interface HealthPlan {
  /** The time between two checks, in ms of the client's clock. */
  readonly intervalMs: number;
  /** Whether the faults leave a majority of the servers alone, so that no acquisition may find too few of them. @default false */
  readonly keepsQuorum?: boolean;
  /** When an outage of a majority ends, which is the only fault. @default no such outage */
  readonly outageUntil?: number;
}

export interface OperatorPlan {
  readonly names: readonly string[];
  /** The mean time between two releases, in ms of the client's clock. */
  readonly everyMs: number;
  /** The longest time between the look at a lock and its release, in ms. */
  readonly maxPauseMs: number;
}

export interface TiersPlan {
  /** The servers of the backup, by index. */
  readonly backup: readonly number[];
  readonly returnAfterMs: number;
  /** Whether changes of the tier are safe. @default true */
  readonly safeSwitch?: boolean;
}

export interface ChangesPlan {
  readonly at: number;
  /** Whether clients need both majorities during a change. Without that, two clients can hold one lock. */
  readonly joint: boolean;
  /**
   * Whether every client is restarted twice for each step: with the current and the next members, and then with the next members
   * alone. Otherwise the running clients change their members. @default false
   */
  readonly byDeploys?: boolean;
  readonly steps: readonly ChangeStep[];
}

export interface ChangeStep {
  /** The next members, by index of the server. */
  readonly to: readonly number[];
  /** Whether the change is aborted after all clients need both majorities. @default false */
  readonly abort?: boolean;
  /**
   * Whether some clients end the change, and then all of them need both majorities again and return to the members before. @default false
   */
  readonly goesBack?: boolean;
}

/**
 * `all`: the assumptions of the protocol hold, so all invariants are checked. `fences`: clock rates exceed the bound, or
 * locks are evicted, so exclusion is not promised. `cleanup`: counters are lost too, so fencing tokens are not promised.
 */
export type Promises = "all" | "fences" | "cleanup";

export interface ServerPlan {
  readonly rate: number;
  readonly offsetMs: number;
  /** Whether it writes every change to disk before it replies. */
  readonly durable: boolean;
  /** Number of its nodes if it is a cluster. Each client has one connection to each node. @default 1: no cluster */
  readonly nodes?: number;
}

export interface ClientPlan {
  readonly rate: number;
  readonly offsetMs: number;
  /** Whether its client library sends unanswered commands again after a reconnection. */
  readonly resends: boolean;
  /** Its members, by index of the server. */
  readonly members: readonly number[];
  readonly requestTimeoutMs: number;
  /** Concurrent callers. Each runs its steps one after the other. */
  readonly workers: readonly (readonly Step[])[];
}

/** One acquisition, and what the caller does with the lock. */
export interface Step {
  /** `dispose` is `acquire` with `await using`. */
  readonly call: "acquire" | "tryAcquire" | "using" | "dispose";
  readonly names: readonly string[];
  /**
   * `read`, `write`: the read/write lock of the name. `shared`, `exclusive`: the node of a tree; the names are the nodes from the root
   * on. `modes`: each name in its own mode. `permits`: permits of the semaphore with the name. `fair`: the fair lock of the name.
   * @default the plain lock
   */
  readonly lock?: "read" | "write" | "shared" | "exclusive" | "modes" | "permits" | "fair";
  /** The mode of each name, if `lock` is `modes`. */
  readonly modes?: readonly Mode[];
  /** How many permits the caller acquires. Only with `lock: "permits"`. @default 1 */
  readonly permits?: number;
  /** How many permits the semaphore has before any change. Only with `lock: "permits"`. @default 1 */
  readonly total?: number;
  /** How many locks the tenant `t` may hold. The step is one of its locks, and its names begin with `{t}//n/`. @default no tenant */
  readonly maxLocks?: number;
  /** The caller first changes the number of permits to this one. Only with `lock: "permits"`. @default no change */
  readonly resizeTo?: number;
  /** The priority of a caller of a fair lock. @default 0 */
  readonly priority?: number;
  /** In the middle of the hold, a reader becomes a writer, or a writer a reader. @default false */
  readonly converts?: boolean;
  readonly ttlMs: number;
  /** `null` means without a limit. */
  readonly waitMs: number | null;
  readonly autoExtend: boolean;
  /** When the caller's signal aborts the wait, in ms from the call. */
  readonly abortAfterMs?: number;
  readonly holdMs: number;
  /**
   * The caller does a job once, with a record under the lock: the job of the present period, or of an earlier one. How many periods
   * before. Only with one plain name. @default no record
   */
  readonly job?: number;
  /** The caller reads the record before it opens it. Only with `job`. @default false */
  readonly readsFirst?: boolean;
  /** During the hold, the caller extends the lock to these ttls, one after the other, at equal distances. @default none */
  readonly extendToMs?: readonly number[];
  /** After the hold, the caller detaches the lock instead of releasing it, and another client attaches it. @default none */
  readonly passTo?: PassTo;
  /** Whether the caller never releases. @default false */
  readonly forgets?: boolean;
  /** Whether the caller releases twice. @default false */
  readonly releasesTwice?: boolean;
  /** Pause of the caller after the step. */
  readonly restMs: number;
}

interface PassTo {
  /** The client that attaches the lock, by index. */
  readonly client: number;
  /** How long the description takes to that client, in ms. */
  readonly afterMs: number;
}

/** A fault that starts at `at` ms of real time, and ends after `forMs`. */
export type Fault = { readonly at: number } & (
  | {
      readonly kind: "slow";
      readonly client: number;
      readonly server: number;
      /** Factor by which messages take longer. */
      readonly times: number;
      readonly forMs: number;
    }
  | {
      readonly kind: "cut" | "wake-cut";
      readonly client: number;
      readonly server: number;
      readonly forMs: number;
    }
  | {
      readonly kind: "partition";
      readonly client: number;
      readonly server: number;
      /** Which messages are held: to the server, from it, or both. */
      readonly way: "both" | "to" | "from";
      readonly forMs: number;
    }
  | { readonly kind: "hang"; readonly server: number; readonly forMs: number }
  /** A server that is not durable starts empty. */
  | { readonly kind: "restart"; readonly server: number; readonly forMs: number }
  /** The server writes a snapshot. */
  | { readonly kind: "save"; readonly server: number }
  /** As `restart`, but a server that is not durable starts with its latest snapshot. */
  | { readonly kind: "restore"; readonly server: number; readonly forMs: number }
  /** The server dies for good. Another one with its latest snapshot, which has run for days, takes its address. */
  | { readonly kind: "fail-over"; readonly server: number; readonly forMs: number }
  /** All keys are deleted, and the server runs on. */
  | { readonly kind: "flush"; readonly server: number }
  | { readonly kind: "pause"; readonly client: number; readonly forMs: number }
  | { readonly kind: "sleep"; readonly client: number; readonly forMs: number }
  | {
      readonly kind: "stall";
      readonly client: number;
      /** The client stalls at this clock read or sent message, counted from `at`. */
      readonly looks: number;
      readonly forMs: number;
    }
  | {
      readonly kind: "await-stall";
      readonly client: number;
      /** The client stalls before it continues after this `await`, counted from `at`. */
      readonly awaits: number;
      readonly forMs: number;
    }
  | { readonly kind: "crash"; readonly client: number }
  | { readonly kind: "close"; readonly client: number }
  | { readonly kind: "client-clock"; readonly client: number; readonly byMs: number }
  | { readonly kind: "server-clock"; readonly server: number; readonly byMs: number }
  | {
      readonly kind: "evict";
      readonly server: number;
      readonly name: string;
      /** Whether the fencing counter of the name is evicted instead of the lock. */
      readonly counter: boolean;
    }
  | { readonly kind: "flush-scripts"; readonly server: number }
  /** The server replies with an error to every call. */
  | { readonly kind: "refuse"; readonly server: number; readonly error: RefusalError; readonly forMs: number }
);

/** The first words of the errors with which a server refuses calls. */
export const REFUSAL_ERRORS = ["BUSY", "LOADING", "READONLY", "OOM", "NOPERM", "MISCONF"] as const;
type RefusalError = (typeof REFUSAL_ERRORS)[number];

export type FaultKind = Fault["kind"];

/** The fields of each kind of fault, besides `at`. */
export const FAULT_FIELDS = {
  slow: ["client", "server", "times", "forMs"],
  cut: ["client", "server", "forMs"],
  "wake-cut": ["client", "server", "forMs"],
  partition: ["client", "server", "way", "forMs"],
  hang: ["server", "forMs"],
  restart: ["server", "forMs"],
  save: ["server"],
  restore: ["server", "forMs"],
  "fail-over": ["server", "forMs"],
  flush: ["server"],
  pause: ["client", "forMs"],
  sleep: ["client", "forMs"],
  stall: ["client", "looks", "forMs"],
  "await-stall": ["client", "awaits", "forMs"],
  crash: ["client"],
  close: ["client"],
  "client-clock": ["client", "byMs"],
  "server-clock": ["server", "byMs"],
  evict: ["server", "name", "counter"],
  "flush-scripts": ["server"],
  refuse: ["server", "error", "forMs"],
} as const satisfies Readonly<Record<FaultKind, readonly string[]>>;
