/** The job. Its lock for one day has this name, `@`, and the instant of the day. */
export const JOB = "daily-report";

/** How long things take. A day of the story is much shorter than a real one. */
export interface Times {
  readonly days: number;
  readonly dayMs: number;
  /** How long a report takes. */
  readonly reportMs: number;
  /** How often the careless reader looks. */
  readonly pollMs: number;
}

/** What a process shall do. */
export interface Task extends Times {
  /** Whether it makes the mistakes of the second column. */
  readonly isCareless: boolean;
}

/** The source of the charts fails on this day. */
export const BROKEN_DAY = 3;
/** On this day nobody orders anything, so the next day cannot be compared with it. */
export const EMPTY_DAY = 4;

export const TABLES = `
  -- When day 1 is over, by a right clock, in ms since 1970.
  CREATE TABLE calendar (first_ms bigint NOT NULL);
  CREATE TABLE facts (day integer PRIMARY KEY, orders integer NOT NULL);
  CREATE TABLE reports (
    day integer PRIMARY KEY,
    state text NOT NULL,
    body jsonb,
    error text,
    fence bigint NOT NULL
  );
  CREATE TABLE notices (id serial PRIMARY KEY, day integer NOT NULL);
  -- What the reader got, and when.
  CREATE TABLE reads (day integer PRIMARY KEY, state text NOT NULL, at_ms double precision DEFAULT now_ms());

  -- Every state of every report, as the database saw it.
  CREATE TABLE history (day integer NOT NULL, state text NOT NULL, at_ms double precision DEFAULT now_ms());
  CREATE FUNCTION record_state() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO history (day, state) VALUES (NEW.day, NEW.state);
      RETURN NEW;
    END $$;
  CREATE TRIGGER record_state AFTER INSERT OR UPDATE ON reports FOR EACH ROW EXECUTE FUNCTION record_state();`;

/** Part of the solution, so the second column does not have it. */
export const ONE_NOTICE_A_DAY = "CREATE UNIQUE INDEX ON notices (day)";
