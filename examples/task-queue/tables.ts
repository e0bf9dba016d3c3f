import { sqlRecordsSchema } from "quorumlock/patterns";

/** How the tasks come to the workers: with TaskQueue, with a list from which workers pop, or with BullMQ alone. */
export type Transport = "taskQueue" | "list" | "bullmq";

/** What a process shall do. */
export interface Task {
  readonly transport: Transport;
  /** The server of the queue. It is no lock server. */
  readonly queueUrl: string;
  /** The name of the process, for the tables. */
  readonly worker: string;
  /** How many tasks the process puts into the queue before it works; 0 if another one does. */
  readonly produces: number;
  /** How long BullMQ leaves a task to a worker that does not renew it, and how often it looks for dead ones, in ms. */
  readonly lockDurationMs: number;
}

/** The name of the queue, and of the list. */
export const QUEUE = "payments";
export const ACCOUNTS = 8;
export const RECORDS_TABLE = "task_records";
/** After the tasks, so many known ids are put into the queue again, with other data. */
export const OTHER_DATA = 5;

export const TABLES = `
  CREATE TABLE accounts (id integer PRIMARY KEY, balance integer NOT NULL DEFAULT 0);
  INSERT INTO accounts (id) SELECT generate_series(0, ${ACCOUNTS - 1});
  CREATE TABLE starts (n bigserial PRIMARY KEY, transport text NOT NULL, task integer NOT NULL, worker text NOT NULL);
  CREATE TABLE effects (
    n bigserial PRIMARY KEY,
    transport text NOT NULL,
    task integer NOT NULL,
    worker text NOT NULL,
    fence bigint
  );
  CREATE TABLE repeats (transport text NOT NULL, task integer NOT NULL, is_refused boolean NOT NULL);
  ${sqlRecordsSchema(RECORDS_TABLE)}`;
