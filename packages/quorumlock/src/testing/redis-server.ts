import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../base/clock.ts";
import { findRedisServer } from "./find-redis-server.ts";
import { freePort } from "./free-port.ts";
import { respRequest } from "./resp-request.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";
import { startWatchdog, type Watchdog } from "./watchdog.ts";

/** How long a server may take to answer after its start. */
const START_TIMEOUT_MS = 10_000;
const START_POLL_MS = 10;
const PROBE_TIMEOUT_MS = 250;

/** How long a server may take to end after SIGTERM, and after SIGKILL. */
const STOP_TIMEOUT_MS = 2_000;
const KILL_TIMEOUT_MS = 5_000;

/** How many ports are tried if other processes bind the free ports first. */
const MAX_PORTS = 5;

/**
 * A server for a test. It listens on the loopback interface, starts empty, and has no persistence. It ends at the latest with
 * this process.
 */
export interface RedisServer extends AsyncDisposable {
  /** The TCP port on 127.0.0.1. It stays the same after `restart()`. */
  readonly port: number;
  /** `redis://127.0.0.1:<port>` */
  readonly url: string;
  /** Process id of the server. It changes with each `restart()`. */
  readonly pid: number;
  /** Whether the process has not ended. A paused server counts as running. */
  readonly isRunning: boolean;
  /** Pauses the process (SIGSTOP). Connections stay open, but the server does not answer. */
  pause(): void;
  /** Continues a paused process (SIGCONT). It also answers the requests that arrived during the pause. */
  resume(): void;
  /** Kills the process (SIGKILL) and waits for its end. The server keeps its port for `restart()`. */
  kill(): Promise<void>;
  /**
   * Kills the process if it runs, starts it again on the same port, and waits until it answers. It starts empty, but a
   * cluster node keeps its slots and serves them about 2 s later.
   *
   * @throws Error after `stop()`.
   * @throws as `startRedisServer` if the server does not start.
   */
  restart(): Promise<void>;
  /** Ends the process (SIGTERM, and SIGKILL after 2 s) and removes its directory. The server cannot restart. */
  stop(): Promise<void>;
}

/** Options of a server. */
export interface RedisServerOptions {
  /** More arguments for the server, for example `["--requirepass", "x"]`. They override the defaults. @default none */
  readonly args?: readonly string[] | undefined;
  /** Variables in addition to this process's environment, for example `LD_PRELOAD`. @default none */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The TCP port of the server, from 1 to 65,535. @default a free port below the range of outgoing connections */
  readonly port?: number | undefined;
  /** Whether the server runs in cluster mode. The port plus 10,000 must then be free too. @default false */
  readonly clusterNode?: boolean | undefined;
  /** Cancels the start when it aborts. It has no effect on a running server. @default none */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts a Redis or Valkey server (see `findRedisServer` for which) and waits until it answers.
 *
 * @example
 *   await using server = await startRedisServer();
 *   const client = new Redis(server.port);
 *   client.disconnect();
 *
 * @throws Error if there is no server binary, if the server ends during its start, or if it does not answer within 10 s. The
 * message contains the last lines of its output.
 * @throws the reason of `signal` if it aborts during the start.
 */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const binary = findRedisServer();
  if (binary === undefined) {
    throw new Error(
      "found no redis-server or valkey-server; install one, or set QUORUMLOCK_REDIS_SERVER to its path",
    );
  }
  for (let attempt = 1; ; attempt += 1) {
    options.signal?.throwIfAborted();
    const port = options.port ?? (await freePort({ withBusPort: options.clusterNode === true }));
    const server = new LocalRedisServer(binary, port, options);
    try {
      await server.start(options.signal);
      return server;
    } catch (error) {
      await server.stop();
      const canTryAnotherPort = options.port === undefined && attempt < MAX_PORTS;
      if (!(error instanceof PortInUseError && canTryAnotherPort)) throw error;
    }
  }
}

/** Another process listens on the port. */
class PortInUseError extends Error {}

class LocalRedisServer implements RedisServer {
  readonly port: number;
  readonly #binary: string;
  readonly #args: readonly string[];
  readonly #env: RedisServerOptions["env"];
  readonly #directory: string;
  readonly #watchdog: Watchdog;
  #process: ServerProcess | undefined;
  #isStopped = false;

  constructor(binary: string, port: number, { args = [], env, clusterNode }: RedisServerOptions) {
    this.port = port;
    this.#binary = binary;
    this.#env = env;
    this.#directory = mkdtempSync(join(tmpdir(), "quorumlock-redis-"));
    this.#watchdog = startWatchdog(this.#directory);
    const listening = ["--port", String(port), "--bind", "127.0.0.1", "--protected-mode", "no"];
    const storing = ["--dir", this.#directory, "--save", "", "--appendonly", "no", "--daemonize", "no"];
    // A node that has never met another one does not know its address, and clients cannot find it.
    const clustering =
      clusterNode === true ? ["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1"] : [];
    this.#args = [...listening, ...storing, ...clustering, ...args];
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#runningProcess.pid;
  }

  get isRunning(): boolean {
    return this.#process?.isRunning ?? false;
  }

  async start(signal?: AbortSignal): Promise<void> {
    if (this.#isStopped)
      throw new Error(`the server on port ${this.port} was stopped and cannot restart; start a new server`);
    const command = { binary: this.#binary, args: this.#args, env: this.#env, directory: this.#directory };
    this.#process = await startServerProcess(command, this.#watchdog);
    await this.#waitUntilItAnswers(this.#process, signal);
  }

  pause(): void {
    this.#process?.signal("SIGSTOP");
  }

  resume(): void {
    this.#process?.signal("SIGCONT");
  }

  async kill(): Promise<void> {
    this.#process?.signal("SIGKILL");
    if (await this.#waitForEnd(KILL_TIMEOUT_MS)) return;
    throw new Error(`process ${this.pid} still runs ${KILL_TIMEOUT_MS} ms after SIGKILL`);
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#process?.signal("SIGCONT");
    this.#process?.signal("SIGTERM");
    if (!(await this.#waitForEnd(STOP_TIMEOUT_MS))) await this.kill();
    this.#watchdog.dismiss();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  get #runningProcess(): ServerProcess {
    if (this.#process === undefined) throw new Error(`the server on port ${this.port} was not started`);
    return this.#process;
  }

  async #waitForEnd(timeoutMs: number): Promise<boolean> {
    return this.#process === undefined || (await this.#process.waitForEnd(timeoutMs));
  }

  async #waitUntilItAnswers(process: ServerProcess, signal: AbortSignal | undefined): Promise<void> {
    const deadline = systemClock.monotonic() + START_TIMEOUT_MS;
    while (systemClock.monotonic() < deadline) {
      signal?.throwIfAborted();
      if (!process.isRunning) throw this.#earlyExit(process);
      if (await isAnsweredBy(process.pid, this.port)) return;
      await sleep(START_POLL_MS);
    }
    await this.kill();
    const problem = `${this.#binary} did not answer on port ${this.port} within ${START_TIMEOUT_MS} ms`;
    throw new Error(`${problem}; its last output:\n${process.lastOutput()}`);
  }

  #earlyExit(process: ServerProcess): Error {
    const output = process.lastOutput();
    const message = `${this.#binary} ended during its start on port ${this.port}; its last output:\n${output}`;
    return /address already in use/i.test(output) ? new PortInUseError(message) : new Error(message);
  }
}

/** Whether the process with this id answers on a port, and not another process that bound the port first. */
async function isAnsweredBy(pid: number, port: number): Promise<boolean> {
  try {
    const answer = await respRequest(port, ["INFO", "server"], { timeoutMs: PROBE_TIMEOUT_MS });
    // A server with a password does not report its process id. So its answer alone must be sufficient.
    if (answer.kind === "error") return answer.text.startsWith("NOAUTH");
    return answer.text.split("\r\n").includes(`process_id:${pid}`);
  } catch {
    return false;
  }
}
