import { setTimeout as sleep } from "node:timers/promises";
import type { RedisServers } from "quorumlock/testing";
import type { Bundles } from "./bundles.ts";
import type { PointAction } from "./point.ts";
import { Random } from "./random.ts";
import type { Reaper } from "./reaper.ts";
import type { Sql } from "./sql.ts";
import { StoryProcess } from "./story-process.ts";

/** How often the harness looks at the database while it waits for something. */
const LOOK_INTERVAL_MS = 10;

export interface SceneSettings {
  readonly servers: RedisServers;
  readonly databaseUrl: string;
  readonly sql: Sql;
  readonly schema: string;
  readonly prefix: string;
  readonly ttlMs: number;
  readonly seed: number;
  readonly isShort: boolean;
  readonly kills: number | undefined;
  readonly bundles: Bundles;
  readonly reaper: Reaper;
  readonly signal: AbortSignal;
}

export interface StartOptions {
  /** The points at which the process kills or stops itself, from its start on. */
  readonly armed?: Readonly<Record<string, PointAction>>;
  /** How far its wall clock is ahead, in ms. @default 0 */
  readonly clockOffsetMs?: number;
  /** How many connections to the database it may have. @default 4 */
  readonly connections?: number;
}

/** One run of one variant: an empty schema, three servers, and the processes that the story starts. */
export class Scene implements AsyncDisposable {
  readonly servers: RedisServers;
  readonly sql: Sql;
  readonly prefix: string;
  readonly ttlMs: number;
  readonly seed: number;
  readonly isShort: boolean;
  /** The number of the flag `--kills`. */
  readonly kills: number | undefined;
  /** Gives the same values in both variants. */
  readonly random: Random;
  /** Aborts when a process has crashed, or the user has interrupted the run. */
  readonly signal: AbortSignal;
  readonly #settings: SceneSettings;
  readonly #processes: StoryProcess[] = [];
  readonly #crash = new AbortController();

  constructor(settings: SceneSettings) {
    this.#settings = settings;
    this.servers = settings.servers;
    this.sql = settings.sql;
    this.prefix = settings.prefix;
    this.ttlMs = settings.ttlMs;
    this.seed = settings.seed;
    this.isShort = settings.isShort;
    this.kills = settings.kills;
    this.random = new Random(settings.seed);
    this.signal = AbortSignal.any([settings.signal, this.#crash.signal]);
  }

  /** The URLs of the three Redis servers. */
  get redisUrls(): readonly string[] {
    return this.servers.map(({ url }) => url);
  }

  /**
   * Starts a process.
   *
   * @param entry the file with its code, as `import.meta.resolve` returns it.
   * @param task what the process shall do. It arrives as JSON.
   */
  start(name: string, entry: string, task: unknown, options: StartOptions = {}): StoryProcess {
    this.signal.throwIfAborted();
    const { databaseUrl, schema, prefix, ttlMs, seed, bundles, reaper } = this.#settings;
    const settings = {
      task,
      redisUrls: this.redisUrls,
      databaseUrl,
      schema,
      prefix,
      ttlMs,
      seed: seed + this.#processes.length,
      clockOffsetMs: options.clockOffsetMs ?? 0,
      connections: options.connections ?? 4,
    };
    const onCrash = (error: Error): void => this.#crash.abort(error);
    const started = new StoryProcess(name, bundles.of(entry), settings, reaper, onCrash);
    for (const [point, action] of Object.entries(options.armed ?? {})) started.arm(point, action);
    this.#processes.push(started);
    return started;
  }

  /** Waits until all processes are ready, and lets them begin together. */
  async go(processes: readonly StoryProcess[]): Promise<void> {
    await this.orFail(Promise.all(processes.map(({ ready }) => ready)));
    for (const each of processes) each.go();
  }

  /** Waits until the processes have done all their work and have ended. */
  async allEnded(processes: readonly StoryProcess[]): Promise<void> {
    await this.orFail(Promise.all(processes.map(({ ended }) => ended)));
  }

  /** Looks at the database, or at a double, until the condition holds. @throws Error after `withinMs`. */
  async until(what: string, condition: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!(await condition())) {
      if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain: ${what}`);
      await this.pause(LOOK_INTERVAL_MS);
    }
  }

  /** Waits for `work`, but not longer than `withinMs`. @throws Error if that is too short. */
  async inTime<T>(what: string, work: Promise<T>, withinMs: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`waited ${withinMs} ms in vain: ${what}`)), withinMs);
    });
    try {
      return await this.orFail(Promise.race([work, timeout]));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Lets the load go on for some time. */
  async pause(ms: number): Promise<void> {
    this.signal.throwIfAborted();
    await sleep(ms, undefined, { signal: this.signal }).catch(() => this.signal.throwIfAborted());
  }

  /** Rejects as soon as a process crashes or the user interrupts the run. A later error of `work` is ignored. */
  async orFail<T>(work: Promise<T>): Promise<T> {
    let onAbort: (() => void) | undefined;
    const failure = new Promise<never>((_, reject) => {
      onAbort = () => reject(this.signal.reason as Error);
      this.signal.addEventListener("abort", onAbort);
      if (this.signal.aborted) onAbort();
    });
    try {
      return await Promise.race([failure, work]);
    } finally {
      if (onAbort !== undefined) this.signal.removeEventListener("abort", onAbort);
    }
  }

  /** Kills the processes that are left, and brings back all servers. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((each) => each.kill()));
    for (const server of this.servers) {
      if (server.isRunning) server.resume();
      else if (!this.signal.aborted) await server.restart();
    }
  }
}
