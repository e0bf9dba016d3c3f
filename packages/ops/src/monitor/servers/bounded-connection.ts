import { Redis } from "ioredis";
import type { ConnectionOptions } from "../options.ts";
import { safeMessage } from "../../format/safe-message.ts";

/** How long a connection may stay silent while a reply is due. Then ioredis replaces it. */
const MAX_SILENCE_MS = 5_000;
const CONNECT_TIMEOUT_MS = 2_000;
/** Pause before the first new attempt to connect; each further pause is longer by the same time, up to the maximum. */
const RECONNECT_STEP_MS = 50;
const MAX_RECONNECT_MS = 1_000;

/** One command: its name and its arguments. */
export type RedisCommand = readonly [string, ...(readonly string[])];

/** The options of ioredis that all connections of the monitor share. */
export function connectionOptions(options: ConnectionOptions = {}): ConnectionOptions {
  return {
    ...options,
    socketTimeout: MAX_SILENCE_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(RECONNECT_STEP_MS * times, MAX_RECONNECT_MS),
  };
}

/**
 * A connection to one server with at most one request in flight, and a time limit for each request. So a server that hangs has a
 * backlog of one request, and delays nobody for longer than the limit.
 */
export class BoundedConnection {
  readonly #redis: Redis;
  readonly #timeoutMs: number;
  #isBusy = false;
  #lastError: string | undefined;
  #isSettled = false;

  constructor(url: string, options: ConnectionOptions | undefined, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    const bounded: ConnectionOptions = {
      ...connectionOptions(options),
      // A request of a broken connection fails at once: the next probe asks again.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      // It would send INFO and wait for a server that loads its file. The probe shows that state.
      enableReadyCheck: false,
    };
    this.#redis = new Redis(url, bounded);
    this.#redis.on("error", (error: Error) => (this.#lastError = safeMessage(error)));
    this.#redis.on("ready", () => (this.#lastError = undefined));
    for (const event of ["ready", "close"]) this.#redis.once(event, () => (this.#isSettled = true));
  }

  get isConnected(): boolean {
    return this.#redis.status === "ready";
  }

  /** Whether the first attempt to connect has ended. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Calls the listener when a connection begins. */
  onConnected(listener: () => void): void {
    this.#redis.on("ready", listener);
  }

  /** Calls the listener when a connection ends. */
  onDisconnected(listener: () => void): void {
    this.#redis.on("close", listener);
  }

  /**
   * Sends commands as one request.
   * @returns the replies. An error reply of a command is an `Error` in the list.
   * @throws Error if the server is not connected, owes a reply, or does not answer in time. The message has no password.
   */
  async send(commands: readonly RedisCommand[]): Promise<readonly unknown[]> {
    if (this.#isBusy) throw new Error("no answer");
    if (!this.isConnected) throw new Error(this.#lastError ?? "not connected");
    this.#isBusy = true;
    const pipeline = this.#redis.pipeline();
    for (const [name, ...args] of commands) pipeline.call(name, ...args);
    const replies = pipeline.exec().finally(() => (this.#isBusy = false));
    // A reply after the time limit has no reader.
    replies.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error("no answer")), this.#timeoutMs);
    });
    try {
      const results = (await Promise.race([replies, timeout])) ?? [];
      return results.map(([error, reply]) => error ?? reply);
    } catch (error) {
      throw new Error(safeMessage(error), { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    const { stream } = this.#redis as unknown as {
      readonly stream?: NodeJS.EventEmitter & { destroyed?: boolean };
    };
    this.#redis.disconnect();
    // ioredis waits 2 s for the end of a socket. One that has ended before does not end again.
    if (stream?.destroyed === true) stream.emit("close");
  }
}
