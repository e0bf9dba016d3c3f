import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { checkDatabaseUrl } from "./database-url.ts";
import { findPostgresBinaries, type PostgresBinaries } from "./postgres-binaries.ts";
import type { Reaper } from "./reaper.ts";
import { SetupError } from "./setup-error.ts";
import { oneRow, Sql } from "./sql.ts";

const MAX_PORTS = 5;
const CONNECT_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 5_000;
const MAX_OUTPUT_LENGTH = 4_000;

/** A database for one run. */
export interface Database extends AsyncDisposable {
  readonly url: string;
  /** The version of the server, such as "18.4". */
  readonly version: string;
}

/**
 * Uses the database of DATABASE_URL if it is set. Otherwise starts a PostgreSQL server on a free port of the loopback
 * interface, with its data in the directory of the run.
 */
export async function openDatabase(reaper: Reaper, signal: AbortSignal): Promise<Database> {
  const url = process.env["DATABASE_URL"];
  if (url === undefined || url === "") return startPostgres(reaper, signal);
  return { url, version: await probe(url), [Symbol.asyncDispose]: async () => undefined };
}

/**
 * Connects to the database of DATABASE_URL, and returns its version.
 * @throws SetupError if that is not possible. The message has no password.
 */
async function probe(url: string): Promise<string> {
  const shown = checkDatabaseUrl(url);
  try {
    await expectOwnConnections(url);
    return await versionOf(url);
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(
      `DATABASE_URL: no connection to ${shown} (${messageOf(error)}); start the database, correct the URL, or unset it to use the PostgreSQL server that \`npm ci\` installs`,
      { cause: error },
    );
  }
}

/**
 * Checks that each client has a connection of its own. A pooler that gives a connection to a client for one transaction mixes up
 * settings and locks of clients: then a story could change tables of the user, and the user's programs could use its schema. So
 * nothing is set before this check.
 *
 * @throws SetupError if clients share connections.
 */
async function expectOwnConnections(url: string): Promise<void> {
  const options = { connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS };
  const clients = [new pg.Client(options), new pg.Client(options)] as const;
  for (const client of clients) client.on("error", () => undefined);
  try {
    for (const client of clients) await client.connect();
    const pidOf = async (client: pg.Client): Promise<number> =>
      (await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")).rows[0]?.pid ?? 0;
    const [first, second] = clients;
    const pids = [await pidOf(first), await pidOf(second), await pidOf(first)];
    if (pids[0] !== pids[1] && pids[0] === pids[2]) return;
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
  throw new SetupError(
    "DATABASE_URL: it leads to a pooler that shares connections between clients; use a URL that leads to the database itself, or a pooler that works by session",
  );
}

async function versionOf(url: string): Promise<string> {
  await using sql = new Sql(url, "public", { connections: 1, connectTimeoutMs: CONNECT_TIMEOUT_MS });
  const { server_version } = await oneRow<{ server_version: string }>(sql, "SHOW server_version");
  return server_version.split(" ")[0] ?? server_version;
}

/** A host with several addresses gives one error for each of them. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}

async function startPostgres(reaper: Reaper, signal: AbortSignal): Promise<Database> {
  chmodSync(reaper.directory, 0o711);
  const binaries = await findPostgresBinaries(reaper.directory);
  const password = randomBytes(12).toString("hex");
  const data = await initialize(reaper, binaries, password, signal);
  for (let tries = 1; ; tries += 1) {
    signal.throwIfAborted();
    const port = await freePort();
    const server = new PostgresServer(binaries, data, port, reaper);
    try {
      await server.start(signal);
    } catch (error) {
      await server.stop();
      if (tries < MAX_PORTS && /address already in use/i.test(String(error))) continue;
      throw error;
    }
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    return { url, version: await versionOf(url), [Symbol.asyncDispose]: () => server.stop() };
  }
}

/** Makes the files of a new database, and returns their directory. */
async function initialize(
  reaper: Reaper,
  { initdb, account }: PostgresBinaries,
  password: string,
  signal: AbortSignal,
): Promise<string> {
  const home = join(reaper.directory, "postgres");
  const passwordFile = join(home, "password");
  mkdirSync(home, { mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) {
    for (const path of [home, passwordFile]) chownSync(path, account.uid, account.gid);
  }
  const data = join(home, "data");
  const args = ["--pgdata", data, "--username=postgres", `--pwfile=${passwordFile}`];
  const settings = [
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
    "--no-instructions",
  ];
  const child = spawn(initdb, [...args, ...settings], {
    ...account,
    cwd: "/",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = collectOutput(child);
  const kill = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  const [code] = (await once(child, "close")) as [number | null];
  signal.removeEventListener("abort", kill);
  signal.throwIfAborted();
  if (code !== 0) throw new Error(`${initdb} failed with code ${code}; its last output:\n${output()}`);
  return data;
}

class PostgresServer {
  readonly #binaries: PostgresBinaries;
  readonly #data: string;
  readonly #port: number;
  readonly #reaper: Reaper;
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(binaries: PostgresBinaries, data: string, port: number, reaper: Reaper) {
    this.#binaries = binaries;
    this.#data = data;
    this.#port = port;
    this.#reaper = reaper;
  }

  /** Starts the server and waits until it accepts connections. */
  async start(signal: AbortSignal): Promise<void> {
    const { postgres, account } = this.#binaries;
    // The data lives as long as the run, so no write has to reach the disk.
    const settings = {
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      max_connections: "100",
      fsync: "off",
      synchronous_commit: "off",
      full_page_writes: "off",
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const child = spawn(postgres, ["-D", this.#data, "-p", String(this.#port), ...flags], {
      ...account,
      cwd: "/",
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#child = child;
    this.#ended = once(child, "close").catch(() => undefined);
    const { pid } = child;
    if (pid !== undefined) {
      this.#reaper.add(pid);
      void this.#ended.then(() => this.#reaper.remove(pid));
    }
    const output = collectOutput(child);
    await new Promise<void>((resolve, reject) => {
      child.stderr?.on("data", () => {
        if (output().includes("ready to accept connections")) resolve();
      });
      child.once("error", reject);
      child.once("close", (code) =>
        reject(new Error(`${postgres} ended with code ${code}; its last output:\n${output()}`)),
      );
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
  }

  /** Ends the server. The connections that are left are closed. */
  async stop(): Promise<void> {
    this.#child?.kill("SIGINT");
    const timer = setTimeout(() => this.#child?.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await this.#ended;
    clearTimeout(timer);
  }
}

/** Keeps the last output of a process for error messages. */
function collectOutput(child: ChildProcess): () => string {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-MAX_OUTPUT_LENGTH);
    });
  }
  return () => output.trimEnd();
}

/** A port of the loopback interface on which nothing listens now. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("the system gave no TCP port");
  return address.port;
}
