import {
  type BeforeApplicationShutdown,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from "@nestjs/common";
import type { LockRunner } from "./lock-runner.ts";
import { logToNest } from "./log-to-nest.ts";
import type { ModuleSettings } from "./options.ts";

/**
 * The client's part in the life of the application. Nest calls the hooks in this order:
 *
 * 1. `beforeApplicationShutdown`: requests still arrive and are served, under locks. The time limit begins.
 * 2. Nest stops the HTTP server, and waits for the requests that run.
 * 3. `onApplicationShutdown`: calls that wait for a lock are rejected, methods that run are waited for, and the client is closed.
 *
 * The client is closed in any case when the time limit is over, because Nest waits for requests without a limit.
 */
export class ClientLifecycle implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #runner: LockRunner;
  readonly #settings: ModuleSettings;
  readonly #logger: Logger;
  #stopLog: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timeLimit: Promise<void> | undefined;

  constructor(runner: LockRunner, settings: ModuleSettings, name: string | undefined) {
    this.#runner = runner;
    this.#settings = settings;
    this.#logger = new Logger(name === undefined ? "Quorumlock" : `Quorumlock:${name}`);
  }

  onModuleInit(): void {
    const { log } = this.#settings;
    if (log !== false) this.#stopLog = logToNest(this.#runner.redlock, this.#logger, log);
  }

  beforeApplicationShutdown(): void {
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
    this.#runner.stop();
    this.beforeApplicationShutdown();
    await Promise.race([this.#runner.untilIdle(), this.#timeLimit]);
    clearTimeout(this.#timer);
    await this.#runner.redlock.close();
    this.#stopLog?.();
  }

  /** The methods that run see it in the signals of their locks. `onApplicationShutdown` reports an error of `close`. */
  #closeEarly(): void {
    const { runningCount } = this.#runner;
    if (runningCount > 0)
      this.#logger.warn(
        `methods with @UseLock that run ${this.#settings.shutdownTimeoutMs} ms after the shutdown began: ${runningCount}; ` +
          "their locks are released now (shutdownTimeout)",
      );
    this.#runner.stop();
    this.#runner.redlock.close().catch(() => undefined);
  }
}
