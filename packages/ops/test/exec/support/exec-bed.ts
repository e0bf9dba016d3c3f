import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { Redlock } from "quorumlock";
import { type RedisServers, startRedisServers } from "quorumlock/testing";
import { inject } from "vitest";
import { listProcesses, parseStat } from "../../../src/exec/process-table.ts";

/** Servers that keep everything count for records at once, also for those that are older than they are. */
const DURABLE = ["--appendonly", "yes", "--appendfsync", "always"];
const POLL_MS = 20;
/** Catches a hang, and nothing else. */
const HANG_MS = 60_000;
/** The same for a whole run. It is less than the time limit of a test, which would not show the output. */
const RUN_HANG_MS = 120_000;

export interface Ended {
  /** The exit code, as a shell reports it: 128 + n for an end by signal n. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to the standard input, which then ends. Without it, the input is /dev/null. */
  readonly input?: string;
  readonly cwd?: string;
}

/** A process of the test, and what it has printed. */
export class Started {
  readonly child: ChildProcess;
  readonly #closed: Promise<Ended>;
  stdout = "";
  stderr = "";

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    this.#closed = once(child, "close").then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  get pid(): number {
    return this.child.pid ?? Number.NaN;
  }

  /** Resolves when it has ended and its output is closed. Fails, with the output so far, after a time that only a hang takes. */
  get ended(): Promise<Ended> {
    return this.#closedInTime();
  }

  async #closedInTime(): Promise<Ended> {
    let timer: NodeJS.Timeout | undefined;
    const hang = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.kill("SIGKILL");
        const words = this.child.spawnargs.join(" ");
        reject(new Error(`${words} did not end in ${RUN_HANG_MS} ms:\n${this.stdout}\n${this.stderr}`));
      }, RUN_HANG_MS);
    });
    try {
      return await Promise.race([this.#closed, hang]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits for this text on the standard output, and returns the match. */
  async output(pattern: RegExp): Promise<RegExpExecArray> {
    return until(() => {
      const found = pattern.exec(this.stdout);
      if (found !== null) return found;
      if (this.child.exitCode !== null || this.child.signalCode !== null) throw new Error("it has ended");
      return undefined;
    }).catch((error: unknown) => {
      throw new Error(`no ${pattern} in:\n${this.stdout}\n${this.stderr}`, { cause: error });
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** Three servers, the command, and a client of another process. */
export class ExecBed implements AsyncDisposable {
  readonly servers: RedisServers;
  readonly redlock: Redlock;
  readonly directory = mkdtempSync(join(tmpdir(), "quorumlock-exec-"));
  readonly config: string;
  /** The file of the command. */
  readonly main = inject("commandMain");
  /** A directory in PATH that does not exist. All processes of this bed have it in their environment, the guards too. */
  readonly mark = `/quorumlock-test-${randomUUID()}`;

  private constructor(servers: RedisServers) {
    this.servers = servers;
    this.redlock = new Redlock(
      servers.map(({ url }) => url),
      // On a machine under load, a server may be away from its work for a second.
      { restartGuard: false, owner: "the-test:1", requestTimeout: 5_000 },
    );
    this.config = join(this.directory, "quorumlock.yaml");
    // New servers would abstain for a ttl. A request may take longer than 500 ms on a machine under load, also with --wait 0.
    const list = servers.map(({ url }) => url).join(", ");
    const client = "{ restart_guard: false, request_timeout: 5s }";
    writeFileSync(this.config, `redis_instances: [${list}]\nclient: ${client}\n`);
  }

  static async start(): Promise<ExecBed> {
    return new ExecBed(await startRedisServers(3, { args: DURABLE }));
  }

  /** The environment of all processes of the test. */
  get env(): NodeJS.ProcessEnv {
    const { QUORUMLOCK_HELD: _held, ...rest } = process.env;
    return { ...rest, PATH: `${process.env.PATH ?? ""}:${this.mark}`, QUORUMLOCK_CONFIG: this.config };
  }

  /** Starts `quorumlock exec` with these words. */
  exec(words: readonly string[], options: StartOptions = {}): Started {
    return this.spawn(process.execPath, [this.main, "exec", ...words], options);
  }

  /** Starts any program in the environment of the test. */
  spawn(command: string, args: readonly string[], { env = {}, input, cwd }: StartOptions = {}): Started {
    const child = spawn(command, args, {
      cwd: cwd ?? this.directory,
      env: { ...this.env, ...env },
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    child.stdin?.on("error", () => undefined).end(input);
    return new Started(child);
  }

  /** Starts a shell command in which `$QL` is the command. */
  shell(line: string, options: StartOptions = {}): Started {
    return this.spawn("/bin/sh", ["-c", line], {
      ...options,
      env: { QL: `${process.execPath} ${this.main}`, ...options.env },
    });
  }

  /** Runs `quorumlock exec` to its end. */
  run(words: readonly string[], options: StartOptions = {}): Promise<Ended> {
    return this.exec(words, options).ended;
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  read(name: string): string {
    try {
      return readFileSync(this.path(name), "utf8");
    } catch {
      return "";
    }
  }

  /** Waits until a caller waits for the lock. */
  async waiting(name: string): Promise<void> {
    await until(async () => (await this.redlock.query(name)).waiters > 0);
  }

  /** Waits until so many processes have reported what they hold, on all servers. */
  async reported(processes: number): Promise<void> {
    const count = processes * this.servers.length;
    await until(
      async () => (await this.keys()).filter((key) => key.startsWith("lock:~report:")).length >= count,
    );
  }

  /** Waits until nothing of the commands is left: no process, no key. What is left after a hang is removed, so that only one test fails. */
  async expectNoLeftovers(): Promise<void> {
    for (const server of this.servers) server.resume();
    await until(async () => this.processes().length === 0 && (await this.keys()).length === 0).catch(
      async () => {
        const left = JSON.stringify([this.processes(), await this.keys()]);
        this.#killAll();
        await this.clear();
        throw new Error(`left: ${left}`);
      },
    );
  }

  /** Deletes what a killed process has left, and what would end with its lease: a test need not wait for that. */
  async clear(): Promise<void> {
    await Promise.all(
      this.servers.map(async ({ port }) => {
        const redis = new Redis(port);
        const keys = (await redis.keys("*")).filter(isTransient);
        if (keys.length > 0) await redis.del(keys);
        redis.disconnect();
      }),
    );
  }

  /** The processes with the mark of this test that have not ended. */
  processes(): readonly string[] {
    return readdirSync("/proc").flatMap((entry) => {
      if (!/^\d+$/.test(entry)) return [];
      try {
        if (!readFileSync(`/proc/${entry}/environ`, "latin1").includes(this.mark)) return [];
        if (parseStat(readFileSync(`/proc/${entry}/stat`, "latin1")) === undefined) return [];
        return [
          `${entry} ${readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " ").slice(0, 120)}`,
        ];
      } catch {
        return [];
      }
    });
  }

  /** The keys of locks, of their lines, and of reports. Counters, markers and records stay. */
  async keys(): Promise<readonly string[]> {
    const lists = await Promise.all(
      this.servers.map(async ({ port }) => {
        const redis = new Redis(port);
        const keys = await redis.keys("*");
        redis.disconnect();
        return keys;
      }),
    );
    return lists.flat().filter(isTransient);
  }

  #killAll(): void {
    for (const line of this.processes()) {
      try {
        process.kill(Number.parseInt(line, 10), "SIGKILL");
      } catch {
        // It has ended.
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.servers) server.resume();
    this.#killAll();
    await this.redlock.close().catch(() => undefined);
    await this.servers.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function isTransient(key: string): boolean {
  return !key.startsWith("lock:~") || /^lock:~(wake|report):/.test(key);
}

/** Whether a process has not ended. One that has ended and was not waited for yet has ended. */
export async function isRunning(pid: number): Promise<boolean> {
  return (await listProcesses()).some((row) => row.pid === pid);
}

/** Calls `check` until it returns something. Fails after a time that only a hang takes. */
export async function until<T>(
  check: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const end = performance.now() + HANG_MS;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`nothing was found in ${HANG_MS} ms`);
    await sleep(POLL_MS);
  }
}
