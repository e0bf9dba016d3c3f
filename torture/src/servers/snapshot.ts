import { existsSync, mkdirSync } from "node:fs";
import { copyFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { RedisServer } from "quorumlock/testing";
import { connectAdmin } from "./admin-connection.ts";

/** The name of the file that Redis writes, and that it loads when it starts. */
const LOADED_FILE = "dump.rdb";

/** The name under which a snapshot waits, so that other restarts do not load it. */
const KEPT_FILE = "kept.rdb";

/** The RDB snapshot of one server. The server loads it only in `restart()`; after any other restart it is empty. */
export class Snapshot {
  /** Arguments to start the server with. */
  readonly args: readonly string[];
  readonly #loaded: string;
  readonly #kept: string;

  /** @param directory directory for the snapshots of this server. Created here. */
  constructor(directory: string) {
    mkdirSync(directory);
    this.args = ["--dir", directory];
    this.#loaded = join(directory, LOADED_FILE);
    this.#kept = join(directory, KEPT_FILE);
  }

  /** Whether there is a snapshot. */
  get exists(): boolean {
    return existsSync(this.#kept);
  }

  /**
   * Takes a snapshot. It replaces the one before.
   * @throws Error if the server does not answer.
   */
  async save(server: RedisServer): Promise<void> {
    await using admin = await connectAdmin(server.port);
    await admin.redis.save();
    await rename(this.#loaded, this.#kept);
  }

  /**
   * Kills the server if it runs, and starts it with the data of the snapshot.
   * @throws Error if there is no snapshot, or if the server does not start.
   */
  async restart(server: RedisServer): Promise<void> {
    await server.kill();
    await copyFile(this.#kept, this.#loaded);
    try {
      await server.restart();
    } finally {
      await rm(this.#loaded, { force: true });
    }
  }
}
