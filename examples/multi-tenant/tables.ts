export const GREEDY = "greedy";
export const QUIET = "quiet";
/** How many locks each tenant may hold at a time. */
export const LIMIT = 5;

/** What a process shall do. */
export interface Task {
  readonly tenant: string;
  /** How many callers of this process work at a time. */
  readonly callers: number;
  /** How long a caller holds its lock, in ms. */
  readonly holdMs: number;
  /** Whether the limit is a counter on one server. */
  readonly isCounter: boolean;
}

/** The counter of the anti-pattern, on one server. */
export function counterKey(prefix: string, tenant: string): string {
  return `${prefix}tenant:locks:${tenant}`;
}

export const TABLES = `
  CREATE TABLE holds (
    id serial PRIMARY KEY,
    tenant text NOT NULL,
    pid integer NOT NULL,
    asked_ms double precision NOT NULL,
    from_ms double precision NOT NULL DEFAULT now_ms(),
    to_ms double precision
  );`;
