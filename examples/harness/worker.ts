import { createInterface } from "node:readline";
import { Redis } from "ioredis";
import { type Clock, Redlock } from "quorumlock";
import { clockWithOffset } from "./clock.ts";
import { arm, disarm, type PointAction, say } from "./point.ts";
import { Random } from "./random.ts";
import { Sql } from "./sql.ts";

export { point, say } from "./point.ts";

/** Everything that a process gets from the harness, as one variable of its environment. */
export interface WorkerSettings<Task = unknown> {
  readonly task: Task;
  readonly redisUrls: readonly string[];
  readonly databaseUrl: string;
  readonly schema: string;
  readonly prefix: string;
  readonly ttlMs: number;
  readonly seed: number;
  /** How far the wall clock of this process is ahead, in ms. */
  readonly clockOffsetMs: number;
  readonly connections: number;
}

export const SETTINGS_VARIABLE = "QUORUMLOCK_EXAMPLE";

/** A message of the harness to a process: one line of JSON on its standard input. */
export type Order =
  | { readonly order: "go" }
  | {
      readonly order: "arm";
      readonly point: string;
      readonly action: PointAction;
      /** How many passes go by before something happens. */
      readonly skip: number;
    }
  | { readonly order: "disarm"; readonly point: string };

/** What the code of a process works with. */
export interface Worker<Task> extends WorkerSettings<Task> {
  readonly redlock: Redlock;
  readonly sql: Sql;
  readonly random: Random;
  readonly clock: Clock;
  /** Aborts when the harness asks the process to end. */
  readonly signal: AbortSignal;
}

/** Runs the code of a process: connects, waits for the start of the load, works, and ends the process. */
export async function runWorker<Task>(main: (worker: Worker<Task>) => Promise<void>): Promise<void> {
  const settings = JSON.parse(process.env[SETTINGS_VARIABLE] ?? "") as WorkerSettings<Task>;
  const stop = new AbortController();
  const input = createInterface({ input: process.stdin });
  const go = new Promise<void>((resolve) => {
    input.on("line", (line) => {
      const order = JSON.parse(line) as Order;
      if (order.order === "go") resolve();
      else if (order.order === "disarm") disarm(order.point);
      else arm(order.point, order.action, order.skip);
    });
    // The harness closes the input to end the process. If the harness dies, the operating system closes it.
    input.on("close", () => {
      stop.abort(new Error("the harness ended this process"));
      resolve();
    });
  });

  const { ttlMs, prefix, connections, clockOffsetMs } = settings;
  const clock = clockWithOffset(clockOffsetMs);
  const clients = settings.redisUrls.map((url) => new Redis(url));
  // A server that is killed by the story is no surprise. The library reports it to its callers.
  for (const client of clients) client.on("error", () => undefined);
  const redlock = new Redlock(clients, {
    ttl: ttlMs,
    prefix,
    ...(clockOffsetMs === 0 ? {} : { clock }),
  });
  const sql = new Sql(settings.databaseUrl, settings.schema, { connections });
  await Promise.all([redlock.health(), sql.expectSchema()]);
  say("ready");
  await go;
  const { signal } = stop;
  try {
    await main({ ...settings, redlock, sql, random: new Random(settings.seed), clock, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  await Promise.all([redlock.close(), sql[Symbol.asyncDispose]()]);
  process.exit(0);
}
