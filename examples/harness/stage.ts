import { type RedisServers, startRedisServers } from "quorumlock/testing";
import { Bundles } from "./bundles.ts";
import { type Database, openDatabase } from "./postgres.ts";
import { Reaper } from "./reaper.ts";
import { Scene } from "./scene.ts";
import { dropSchema, resetSchema } from "./schema.ts";
import { SchemaLock } from "./schema-lock.ts";
import { Sql } from "./sql.ts";
import type { Story, Variant } from "./story.ts";

const SERVER_COUNT = 3;

/** They keep every change on disk, so they know their locks after a restart, and vote at once after their first start. */
const SERVER_ARGS = ["--appendonly", "yes", "--appendfsync", "always"];

export interface StageOptions {
  readonly seed: number;
  readonly isShort: boolean;
  readonly kills: number | undefined;
}

interface Parts {
  readonly bundles: Bundles;
  readonly reaper: Reaper;
  readonly servers: RedisServers;
  readonly database: Database;
  readonly schema: string;
  readonly lock: SchemaLock;
}

/** The servers of one command: three Redis servers and one schema of a database, for both variants. */
export class Stage implements AsyncDisposable {
  readonly #story: Story<never>;
  readonly #parts: Parts;
  readonly #options: StageOptions;
  readonly #signal: AbortSignal;
  #runs = 0;

  private constructor(story: Story<never>, parts: Parts, options: StageOptions, signal: AbortSignal) {
    this.#story = story;
    this.#parts = parts;
    this.#options = options;
    this.#signal = AbortSignal.any([signal, parts.lock.signal]);
  }

  get databaseVersion(): string {
    return this.#parts.database.version;
  }

  /**
   * Starts all servers, and reserves the schema of the story. If one does not start, the others are stopped.
   * @throws SetupError if another run of the story uses the same database.
   */
  static async open(story: Story<never>, options: StageOptions, signal: AbortSignal): Promise<Stage> {
    const reaper = new Reaper();
    const [servers, database] = await Promise.allSettled([
      startRedisServers(SERVER_COUNT, { args: SERVER_ARGS, signal }),
      openDatabase(reaper, signal),
    ]);
    try {
      if (servers.status === "rejected") throw servers.reason;
      if (database.status === "rejected") throw database.reason;
      const bundles = new Bundles(reaper.directory);
      const schema = `ql_${story.name.replaceAll("-", "_")}`;
      const lock = await SchemaLock.acquire(database.value.url, schema);
      const parts = { bundles, reaper, servers: servers.value, database: database.value, schema, lock };
      return new Stage(story, parts, options, signal);
    } catch (error) {
      if (servers.status === "fulfilled") await servers.value.stop();
      if (database.status === "fulfilled") await database.value[Symbol.asyncDispose]();
      reaper[Symbol.dispose]();
      throw error;
    }
  }

  /** Runs one variant of the story in an empty schema. */
  async run(variant: Variant): Promise<never> {
    const story = this.#story;
    const { schema, lock } = this.#parts;
    this.#signal.throwIfAborted();
    this.#runs += 1;
    await using sql = new Sql(this.#parts.database.url, schema, { connections: 2 });
    await resetSchema(sql, schema, story.tables);
    try {
      await sql.expectSchema();
      await using scene = new Scene({
        ...this.#options,
        servers: this.#parts.servers,
        databaseUrl: this.#parts.database.url,
        sql,
        schema,
        prefix: `${variant}${this.#runs}:`,
        ttlMs: story.ttlMs,
        bundles: this.#parts.bundles,
        reaper: this.#parts.reaper,
        signal: this.#signal,
      });
      return await scene.orFail(story.run(scene, variant));
    } finally {
      if (!lock.signal.aborted) await dropSchema(sql, schema);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { servers, database, reaper, lock } = this.#parts;
    await lock[Symbol.asyncDispose]();
    await Promise.all([servers.stop(), database[Symbol.asyncDispose]()]);
    reaper[Symbol.dispose]();
  }
}
