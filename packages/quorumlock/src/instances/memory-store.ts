import type { Clock } from "../base/clock.ts";
import type { Store } from "../operations/store.ts";

type Listener = (message: string) => void;

interface Value {
  readonly value: string;
  /** Wall time of expiry in ms. */
  readonly expiresAt: number;
}

/**
 * A sweep for what has expired comes after so many writes, and after as many as there are keys: it costs each
 * of them little.
 */
const FEWEST_WRITES_PER_SWEEP = 1024;

/** Keys with an expiry and channels, in this process: what a server is to the Lua scripts. */
export class MemoryStore implements Store {
  readonly #clock: Clock;
  readonly #values = new Map<string, Value>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly runId: string;
  /** Wall time of the last restart in ms. */
  #restartedAt = -Infinity;
  /** Since the last sweep. */
  #writes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.runId = clock.randomToken();
  }

  get(key: string): string | undefined {
    return this.#live(key)?.value;
  }

  set(key: string, value: string, ttlMs: number): void {
    this.#values.set(key, { value, expiresAt: this.#clock.wall() + ttlMs });
    this.#writes += 1;
    if (this.#writes < Math.max(FEWEST_WRITES_PER_SWEEP, this.#values.size)) return;
    this.#writes = 0;
    for (const known of this.#values.keys()) this.#live(known);
  }

  delete(key: string): boolean {
    return this.#live(key) !== undefined && this.#values.delete(key);
  }

  remaining(key: string): number {
    const found = this.#live(key);
    if (found === undefined) return -2;
    return found.expiresAt === Infinity ? -1 : Math.ceil(found.expiresAt - this.#clock.wall());
  }

  timeUs(): number {
    return Math.floor(this.#clock.wall() * 1000);
  }

  /** From now on its uptime counts. */
  restarted(): void {
    this.#restartedAt = this.#clock.wall();
  }

  uptime(): number {
    return Math.floor((this.#clock.wall() - this.#restartedAt) / 1000);
  }

  publish(channel: string, message: string): number {
    const listeners = this.#listeners.get(channel);
    const [first] = listeners ?? [];
    if (listeners === undefined || first === undefined) return 0;
    for (const listener of listeners) listener(message);
    // Who was told first now is told last next time: nothing else would ever change who comes first in one process.
    if (listeners.delete(first)) listeners.add(first);
    return listeners.size;
  }

  /** Calls back at every publication on the channel, until the returned function is called. */
  subscribe(channel: string, listener: Listener): () => void {
    let listeners = this.#listeners.get(channel);
    if (listeners === undefined) this.#listeners.set(channel, (listeners = new Set()));
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(channel) === listeners) this.#listeners.delete(channel);
    };
  }

  /** The keys that stand, after everything that expired was thrown out. */
  keys(): string[] {
    return [...this.#values.keys()].filter((key) => this.#live(key) !== undefined);
  }

  #live(key: string): Value | undefined {
    const found = this.#values.get(key);
    // Like a server, which lets a key stand through the millisecond in which it expires.
    if (found === undefined || found.expiresAt >= this.#clock.wall()) return found;
    this.#values.delete(key);
    return undefined;
  }
}
