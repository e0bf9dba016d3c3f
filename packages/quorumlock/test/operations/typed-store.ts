import type { Clock } from "../../src/index.ts";
import { MemoryStore } from "../../src/instances/memory-store.ts";
import type { Store } from "../../src/operations/store.ts";

/** What stands under one key. */
export interface Entry {
  readonly type: "string" | "hash";
  /** Empty for a hash: nobody looks into it. */
  readonly value: string;
  /** Milliseconds since 1970, or Infinity. */
  readonly expiresAt: number;
}

/** All that stands, by key. */
export type State = Readonly<Record<string, Entry>>;

/**
 * The store of the twins, with what an operator can do to a server besides: keys of another type. In a store of this
 * process there are none, so this is the place where their meaning is written down: to read one is an error, to write
 * one replaces it.
 */
export class TypedStore implements Store {
  readonly #clock: Clock;
  readonly #store: MemoryStore;
  readonly #hashes = new Set<string>();
  /** The messages that were published: channel and message. */
  readonly published: string[] = [];
  /** What `timeUs` says, where the clock's whole milliseconds are not enough. */
  exactUs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#store = new MemoryStore(clock);
  }

  get(key: string): string | undefined {
    const value = this.#store.get(key);
    if (value === undefined || !this.#hashes.has(key)) return value;
    throw new Error("WRONGTYPE Operation against a key holding the wrong kind of value");
  }

  set(key: string, value: string, ttlMs: number): void {
    this.#hashes.delete(key);
    this.#store.set(key, value, ttlMs);
  }

  delete(key: string): boolean {
    return this.#store.delete(key);
  }

  remaining(key: string): number {
    return this.#store.remaining(key);
  }

  timeUs(): number {
    return this.exactUs ?? this.#store.timeUs();
  }

  publish(channel: string, message: string): void {
    this.published.push(`${channel} ${message}`);
  }

  get runId(): string {
    return this.#store.runId;
  }

  uptime(): number {
    return this.#store.uptime();
  }

  /** Writes past all rules. */
  write(key: string, { type, value, expiresAt }: Entry): void {
    this.set(key, value, expiresAt - this.#clock.wall());
    if (type === "hash") this.#hashes.add(key);
  }

  state(): State {
    const now = this.#clock.wall();
    return Object.fromEntries(
      this.#store
        .keys()
        .toSorted()
        .map((key): [string, Entry] => {
          const left = this.#store.remaining(key);
          const type = this.#hashes.has(key) ? "hash" : "string";
          const value = this.#store.get(key) ?? "";
          return [key, { type, value, expiresAt: left === -1 ? Infinity : now + left }];
        }),
    );
  }
}
