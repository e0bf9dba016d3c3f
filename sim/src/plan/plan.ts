/** Everything that happens in one history that is not decided by the code under test. It can be written as JSON. */
export interface Plan {
  readonly format: 1;
  /** Decides delays, fates of messages and the randomness of clients. */
  readonly seed: number;
  /** What is promised under these faults, and hence checked: see README.md. */
  readonly promises: Promises;
  readonly driftFactor: number;
  /** For how long a server that lost its memory abstains, in ms; `false` where the guard is off. */
  readonly restartGuard: number | false;
  readonly servers: readonly ServerPlan[];
  readonly clients: readonly ClientPlan[];
  readonly faults: readonly Fault[];
  /** Changes of the set of servers, one after the other. */
  readonly changes?: ChangesPlan;
}

export interface ChangesPlan {
  readonly at: number;
  /** Whether both majorities are needed during each change; without it two can hold one lock. */
  readonly joint: boolean;
  readonly steps: readonly ChangeStep[];
}

export interface ChangeStep {
  /** The next set of servers, by index. */
  readonly to: readonly number[];
  /** Whether the change is given up once everybody needs both majorities. */
  readonly abort?: boolean;
}

/**
 * `all`: the assumptions of the protocol hold. `fences`: clocks run wild or locks are thrown out; only fencing tokens,
 * waiting and cleaning up are promised. `cleanup`: counters were lost too.
 */
export type Promises = "all" | "fences" | "cleanup";

export interface ServerPlan {
  readonly rate: number;
  readonly offsetMs: number;
  /** Whether it writes every change to disk before it answers. */
  readonly durable: boolean;
}

export interface ClientPlan {
  readonly rate: number;
  readonly offsetMs: number;
  /** Whether its client library sends unanswered commands again after a reconnection. */
  readonly resends: boolean;
  /** Which servers it uses, by index: a quorum of them is needed. */
  readonly members: readonly number[];
  readonly requestTimeoutMs: number;
  /** What its concurrent callers do, each one thing after the other. */
  readonly workers: readonly (readonly Step[])[];
}

/** One acquisition, and what is done with it. */
export interface Step {
  /** `dispose` is `acquire` with `await using`. */
  readonly call: "acquire" | "tryAcquire" | "using" | "dispose";
  readonly names: readonly string[];
  readonly ttlMs: number;
  /** `null` stands for ever. */
  readonly waitMs: number | null;
  readonly autoExtend: boolean;
  /** When the caller's signal aborts the wait, in ms from the call. */
  readonly abortAfterMs?: number;
  readonly holdMs: number;
  /** Extends by hand in the middle of holding, to this ttl. */
  readonly extendToMs?: number;
  /** Never releases. */
  readonly forgets?: boolean;
  /** Releases twice. */
  readonly releasesTwice?: boolean;
  /** How long to rest afterwards. */
  readonly restMs: number;
}

/** Something that goes wrong at `at` ms of real time, and for how long. */
export type Fault = { readonly at: number } & (
  | {
      readonly kind: "slow";
      readonly client: number;
      readonly server: number;
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
      readonly way: "both" | "to" | "from";
      readonly forMs: number;
    }
  | { readonly kind: "hang"; readonly server: number; readonly forMs: number }
  | { readonly kind: "restart"; readonly server: number; readonly forMs: number }
  | { readonly kind: "pause"; readonly client: number; readonly forMs: number }
  | { readonly kind: "stall"; readonly client: number; readonly looks: number; readonly forMs: number }
  | { readonly kind: "crash"; readonly client: number }
  | { readonly kind: "close"; readonly client: number }
  | { readonly kind: "client-clock"; readonly client: number; readonly byMs: number }
  | { readonly kind: "server-clock"; readonly server: number; readonly byMs: number }
  | { readonly kind: "evict"; readonly server: number; readonly name: string; readonly counter: boolean }
  | { readonly kind: "flush-scripts"; readonly server: number }
);

export type FaultKind = Fault["kind"];

/** What each kind of fault needs to be told, besides its moment. */
export const FAULT_FIELDS = {
  slow: ["client", "server", "times", "forMs"],
  cut: ["client", "server", "forMs"],
  "wake-cut": ["client", "server", "forMs"],
  partition: ["client", "server", "way", "forMs"],
  hang: ["server", "forMs"],
  restart: ["server", "forMs"],
  pause: ["client", "forMs"],
  stall: ["client", "looks", "forMs"],
  crash: ["client"],
  close: ["client"],
  "client-clock": ["client", "byMs"],
  "server-clock": ["server", "byMs"],
  evict: ["server", "name", "counter"],
  "flush-scripts": ["server"],
} as const satisfies Readonly<Record<FaultKind, readonly string[]>>;
