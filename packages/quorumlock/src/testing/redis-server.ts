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

/** How long a new server may take until it answers. */
const START_TIMEOUT_MS = 10_000;
const START_POLL_MS = 10;
const PROBE_TIMEOUT_MS = 250;

/** How long a server may take to end: after SIGTERM, and then after SIGKILL. */
const STOP_TIMEOUT_MS = 2_000;
const KILL_TIMEOUT_MS = 5_000;

/** How many ports are tried, when other processes keep taking the ones found free. */
const MAX_PORTS = 5;

/**
 * A server of its own for a test: on the loopback interface, empty, without persistence, gone with this
 * process.
 */
export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  /** `redis://127.0.0.1:<port>` */
  readonly url: string;
  /** Id of the server process itself; another one after each `restart()`. */
  readonly pid: number;
  /** False from when the process has ended. A paused server runs. */
  readonly running: boolean;
  /** Freezes the process (SIGSTOP): connections stay open, nothing is answered. */
  pause(): void;
  /** Lets a paused process go on (SIGCONT): it also works through what was sent to it meanwhile. */
  resume(): void;
  /**
   * Ends the process without any goodbye (SIGKILL), and waits for its end. The port stays this server's own.
   */
  kill(): Promise<void>;
  /**
   * Starts again, empty, on the same port, and waits until it answers. Kills first when running. A cluster
   * node comes back with its slots, and serves them about 2 s later.
   *
   * @throws Error after `stop()`, or when the server does not come up (as in `startRedisServer`).
   */
  restart(): Promise<void>;
  /** Ends the process (SIGTERM, and SIGKILL after 2 s) and removes its directory, for good. */
  stop(): Promise<void>;
}

/** How to start a server. */
export interface RedisServerOptions {
  /**
   * Further arguments for the server, such as `["--requirepass", "x"]`; they win over the defaults. Default
   * none.
   */
  readonly args?: readonly string[] | undefined;
  /** Variables on top of this process's environment, such as `LD_PRELOAD`. Default none. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The port to listen on. Default: a free one, below the range of outgoing connections. */
  readonly port?: number | undefined;
  /** Switches cluster mode on; the port plus 10,000 is then free too. Default false. */
  readonly clusterNode?: boolean | undefined;
  /** Gives up starting. It has no effect on a server that has started. Default: never. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts a Redis or Valkey server (see `findRedisServer` for which) and waits until it answers.
 *
 * @example
 *   await using server = await startRedisServer();
 *   const client = new Redis(server.port);
 *
 * @throws Error when there is no server binary, when the server ends at once (its last lines of output are in
 * the
 *   message) or does not answer within 10 s.
 * @throws the reason of `signal`, once it is aborted.
 */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const binary = findRedisServer();
  if (binary === undefined) {
    throw new Error(
      "Found no redis-server or valkey-server: install one, or set QUORUMLOCK_REDIS_SERVER to its path",
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
      const anotherPortMayHelp = options.port === undefined && attempt < MAX_PORTS;
      if (!(error instanceof PortTaken && anotherPortMayHelp)) throw error;
    }
  }
}

/** Another process has the port. */
class PortTaken extends Error {}

class LocalRedisServer implements RedisServer {
  readonly port: number;
  readonly #binary: string;
  readonly #args: readonly string[];
  readonly #env: RedisServerOptions["env"];
  readonly #directory: string;
  readonly #watchdog: Watchdog;
  #process: ServerProcess | undefined;
  #stopped = false;

  constructor(binary: string, port: number, { args = [], env, clusterNode }: RedisServerOptions) {
    this.port = port;
    this.#binary = binary;
    this.#env = env;
    this.#directory = mkdtempSync(join(tmpdir(), "quorumlock-redis-"));
    this.#watchdog = startWatchdog(this.#directory);
    const listening = ["--port", String(port), "--bind", "127.0.0.1", "--protected-mode", "no"];
    const storing = ["--dir", this.#directory, "--save", "", "--appendonly", "no", "--daemonize", "no"];
    const clustering = clusterNode === true ? ["--cluster-enabled", "yes"] : [];
    this.#args = [...listening, ...storing, ...clustering, ...args];
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#started.pid;
  }

  get running(): boolean {
    return this.#process?.running ?? false;
  }

  async start(signal?: AbortSignal): Promise<void> {
    if (this.#stopped)
      throw new Error(`The server of port ${this.port} was stopped, and its directory removed`);
    const command = { binary: this.#binary, args: this.#args, env: this.#env, directory: this.#directory };
    this.#process = await startServerProcess(command, this.#watchdog);
    await this.#untilItAnswers(this.#process, signal);
  }

  pause(): void {
    this.#process?.signal("SIGSTOP");
  }

  resume(): void {
    this.#process?.signal("SIGCONT");
  }

  async kill(): Promise<void> {
    this.#process?.signal("SIGKILL");
    if (await this.#ended(KILL_TIMEOUT_MS)) return;
    throw new Error(`Process ${this.pid} still runs ${KILL_TIMEOUT_MS} ms after SIGKILL`);
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#process?.signal("SIGCONT");
    this.#process?.signal("SIGTERM");
    if (!(await this.#ended(STOP_TIMEOUT_MS))) await this.kill();
    this.#watchdog.dismiss();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  get #started(): ServerProcess {
    if (this.#process === undefined) throw new Error(`The server of port ${this.port} never started`);
    return this.#process;
  }

  async #ended(timeoutMs: number): Promise<boolean> {
    return this.#process === undefined || (await this.#process.ended(timeoutMs));
  }

  async #untilItAnswers(process: ServerProcess, signal: AbortSignal | undefined): Promise<void> {
    const deadline = systemClock.monotonic() + START_TIMEOUT_MS;
    while (systemClock.monotonic() < deadline) {
      signal?.throwIfAborted();
      if (!process.running) throw this.#earlyExit(process);
      if (await isAnsweredBy(process.pid, this.port)) return;
      await sleep(START_POLL_MS);
    }
    await this.kill();
    const what = `${this.#binary} did not answer on port ${this.port} in ${START_TIMEOUT_MS} ms`;
    throw new Error(`${what}. Its last output:\n${process.lastOutput()}`);
  }

  #earlyExit(process: ServerProcess): Error {
    const output = process.lastOutput();
    const message = `${this.#binary} ended at once on port ${this.port}. Its last output:\n${output}`;
    return /address already in use/i.test(output) ? new PortTaken(message) : new Error(message);
  }
}

/** Whether the server on a port answers and is this process, not a stranger that took the port first. */
async function isAnsweredBy(pid: number, port: number): Promise<boolean> {
  try {
    const answer = await respRequest(port, ["INFO", "server"], { timeoutMs: PROBE_TIMEOUT_MS });
    // A server that demands a password does not say who it is; that it answers has to do.
    if (answer.kind === "error") return answer.text.startsWith("NOAUTH");
    return answer.text.split("\r\n").includes(`process_id:${pid}`);
  } catch {
    return false;
  }
}
