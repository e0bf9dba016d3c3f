/** What happens in a round. Each has a key of its own, for which nothing is cached yet. */
export const ROUNDS = ["miss", "killed", "throws", "slow", "down"] as const;

export type Round = (typeof ROUNDS)[number];

export const PROCESSES = 5;
export const REQUESTS = 100;
export const TTL_MS = 600;

/** What a process shall do. */
export interface Task {
  /** The number of the process. */
  readonly worker: number;
  readonly rounds: readonly Round[];
  readonly storeUrl: string;
  /** How long a computation takes. */
  readonly computeMs: number;
  /** Whether it makes the mistake of the second column. */
  readonly isCareless: boolean;
}

export const TABLES = `
  -- A round has begun when it is here.
  CREATE TABLE rounds (name text PRIMARY KEY);
  -- The processes whose requests have come.
  CREATE TABLE arrivals (round text NOT NULL, worker integer NOT NULL, PRIMARY KEY (round, worker));
  -- The computations.
  CREATE TABLE calls (
    id serial PRIMARY KEY,
    round text NOT NULL,
    started_ms double precision NOT NULL DEFAULT now_ms(),
    ended_ms double precision
  );
  -- Whether a process has been chosen to be killed.
  CREATE TABLE victim (is_chosen boolean PRIMARY KEY);
  -- What the callers got.
  CREATE TABLE answers (round text NOT NULL, kind text NOT NULL, content text NOT NULL);`;
