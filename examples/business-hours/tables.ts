/** The simulated day, in hours. Callers come from the start to the end of it. */
export const DAY = { start: 8, open: 9, close: 18, end: 20 } as const;
/** How long one job takes, and how long before closing time the last job may begin, in hours. */
export const JOB_HOURS = 0.25;
export const LAST_START_HOURS = 1;
/** How long a caller waits, in hours. */
export const WAIT_HOURS = 3;

/** What a process shall do. */
export interface Task {
  /** How long an hour takes, in ms. */
  readonly hourMs: number;
  /** Whether the condition is checked only before the wait for the lock. */
  readonly isCheckedOnce: boolean;
}

export const TABLES = `
  -- When the simulated day began, in ms since 1970.
  CREATE TABLE day (started_ms double precision NOT NULL);
  CREATE TABLE work (id serial PRIMARY KEY, pid integer NOT NULL, at_ms double precision NOT NULL DEFAULT now_ms());
  CREATE TABLE requests (
    id serial PRIMARY KEY,
    pid integer NOT NULL,
    asked_ms double precision NOT NULL DEFAULT now_ms(),
    outcome text
  );`;
