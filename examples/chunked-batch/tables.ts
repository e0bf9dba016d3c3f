/** The lock that the batch and the interactive requests share. */
export const LOCK = "catalog";
export const CHUNK = 100;
/** How long one item takes, in ms. */
export const ITEM_MS = 2;
/** The ttl of the anti-pattern: an hour. */
export const LONG_TTL_MS = 3_600_000;

/** What a process shall do. */
export interface Task {
  readonly role: "batch" | "interactive";
  /** Whether the batch has one lock for all items. */
  readonly isOneLock: boolean;
}

export const TABLES = `
  CREATE TABLE items (id integer PRIMARY KEY, times integer NOT NULL DEFAULT 0, fence bigint);
  -- How far the batch is: the next item.
  CREATE TABLE cursor (next integer NOT NULL, fence bigint NOT NULL);
  INSERT INTO cursor VALUES (0, 0);
  CREATE TABLE chunks (first integer PRIMARY KEY, from_ms double precision, to_ms double precision);
  CREATE TABLE requests (
    id serial PRIMARY KEY,
    asked_ms double precision NOT NULL DEFAULT now_ms(),
    got_ms double precision
  );`;
