import { Logger, type OnApplicationShutdown, type OnModuleDestroy, type OnModuleInit } from "@nestjs/common";
import type { LockRunner } from "./lock-runner.ts";
import { logToNest } from "./log-to-nest.ts";
import type { ModuleSettings } from "./options.ts";
import type { RunnerGroup } from "./runner-group.ts";

/**
 * The client's part in the life of the application. Nest calls the hooks in this order:
 *
 * 1. `onModuleDestroy`: the time limit begins. Nest calls this hook of all modules before it calls `beforeApplicationShutdown`, so a
 *    hook of the latter kind that waits for a method cannot delay the limit.
 * 2. `beforeApplicationShutdown`: requests still arrive and are served, under locks.
 * 3. Nest stops the HTTP server, and waits for the requests that run.
 * 4. `onApplicationShutdown`: calls that wait for a lock are rejected, methods that run are waited for, and the client is closed.
 *
 * The client is closed in any case when the time limit is over, because Nest waits for requests and hooks without a limit.
 */
export class ClientLifecycle implements OnModuleInit, OnModuleDestroy, OnApplicationShutdown {
  readonly #runner: LockRunner;
  readonly #group: RunnerGroup;
  readonly #settings: ModuleSettings;
  readonly #logger: Logger;
  #stopLog: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timeLimit: Promise<void> | undefined;

  constructor(runner: LockRunner, group: RunnerGroup, settings: ModuleSettings, name: string | undefined) {
    this.#runner = runner;
    this.#group = group;
    group.add(runner);
    this.#settings = settings;
    this.#logger = new Logger(name === undefined ? "Quorumlock" : `Quorumlock:${name}`);
  }

  /** @throws TypeError, RangeError for bad options of the log. The clients are closed then, because the application does not start. */
  async onModuleInit(): Promise<void> {
    const { log } = this.#settings;
    try {
      if (log !== false) this.#stopLog = logToNest(this.#runner.redlock, this.#logger, log);
    } catch (error) {
      await this.#group.close();
      throw error;
    }
  }

  onModuleDestroy(): void {
    const { shutdownTimeoutMs } = this.#settings;
    this.#timeLimit ??= new Promise((resolve) => {
      if (shutdownTimeoutMs === Infinity) return;
      this.#timer = setTimeout(() => {
        this.#closeEarly();
        resolve();
      }, shutdownTimeoutMs);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.#group.stop();
    this.onModuleDestroy();
    await Promise.race([this.#group.untilIdle(), this.#timeLimit]);
    clearTimeout(this.#timer);
    await this.#runner.redlock.close();
    this.#stopLog?.();
  }

  /** The methods that run see it in the signals of their locks. `onApplicationShutdown` reports an error of `close`. */
  #closeEarly(): void {
    const { lockedCount } = this.#runner;
    if (lockedCount > 0)
      this.#logger.warn(
        `methods with @UseLock that run ${this.#settings.shutdownTimeoutMs} ms after the shutdown began: ${lockedCount}; ` +
          "their locks are released now (shutdownTimeout)",
      );
    this.#runner.stop();
    this.#runner.redlock.close().catch(() => undefined);
  }
}
