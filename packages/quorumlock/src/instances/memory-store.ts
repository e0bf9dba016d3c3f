import type { Clock } from "../base/clock.ts";
import type { Store } from "../operations/store.ts";

type Listener = (message: string) => void;

/** A sorted set: the score of each member. */
class SortedSet extends Map<string, number> {}

/** The value of each field. */
export class Hash extends Map<string, string> {}

type Content = string | SortedSet | Hash;

interface Value {
  readonly value: Content;
  /** Wall time of the expiry, in ms. */
  expiresAt: number;
}

/** A key in a copy of a store. */
export interface StoredKey {
  readonly key: string;
  readonly value: string | ReadonlyMap<string, number> | Hash;
  /** Wall time of the expiry, in ms; `Infinity` without one. */
  readonly expiresAt: number;
}

/**
 * The minimum number of writes between two sweeps of expired keys. A store with more keys waits for as many writes as it has keys,
 * so that the cost for each write stays small.
 */
const MIN_WRITES_PER_SWEEP = 1024;

const NO_FIELDS: readonly (readonly [field: string, value: string])[] = [];

/** Keys with an expiry, and channels, in this process. The twins use it as the Lua uses a server. */
export class MemoryStore implements Store {
  readonly #clock: Clock;
  readonly #values = new Map<string, Value>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly runId: string;
  /** Wall time of the last restart, in ms. */
  #restartedAt = -Infinity;
  #writesSinceSweep = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.runId = clock.randomToken();
  }

  get(key: string): string | undefined {
    const value = this.#unexpired(key)?.value;
    if (typeof value === "object") throw wrongType();
    return value;
  }

  set(key: string, value: string, ttlMs: number): void {
    this.#write(key, value, this.#clock.wall() + ttlMs);
  }

  #write(key: string, value: Content, expiresAt: number): void {
    this.#values.set(key, { value, expiresAt });
    this.#writesSinceSweep += 1;
    if (this.#writesSinceSweep < Math.max(MIN_WRITES_PER_SWEEP, this.#values.size)) return;
    this.#writesSinceSweep = 0;
    for (const known of this.#values.keys()) this.#unexpired(known);
  }

  delete(key: string): boolean {
    return this.#unexpired(key) !== undefined && this.#values.delete(key);
  }

  remaining(key: string): number {
    const found = this.#unexpired(key);
    if (found === undefined) return -2;
    return found.expiresAt === Infinity ? -1 : Math.ceil(found.expiresAt - this.#clock.wall());
  }

  expire(key: string, ttlMs: number): void {
    const found = this.#unexpired(key);
    if (found !== undefined) found.expiresAt = this.#clock.wall() + ttlMs;
  }

  score(key: string, member: string): number | undefined {
    return this.#sortedSet(key)?.get(member);
  }

  addMember(key: string, member: string, score: number): void {
    const found = this.#sortedSet(key);
    if (found === undefined) this.#write(key, new SortedSet([[member, score]]), Infinity);
    else found.set(member, score);
  }

  removeMember(key: string, member: string): void {
    const found = this.#sortedSet(key);
    if (found?.delete(member) === true && found.size === 0) this.#values.delete(key);
  }

  members(key: string): readonly (readonly [member: string, score: number])[] {
    const found = this.#sortedSet(key);
    if (found === undefined) return [];
    return [...found].toSorted(([a, m], [b, n]) => n - m || (a < b ? 1 : -1));
  }

  field(key: string, field: string): string | undefined {
    return this.#hash(key)?.get(field);
  }

  fields(key: string): readonly (readonly [field: string, value: string])[] {
    const found = this.#hash(key);
    return found === undefined ? NO_FIELDS : [...found];
  }

  setField(key: string, field: string, value: string): void {
    const found = this.#hash(key);
    if (found === undefined) this.#write(key, new Hash([[field, value]]), Infinity);
    else found.set(field, value);
  }

  removeField(key: string, field: string): void {
    const found = this.#hash(key);
    if (found?.delete(field) === true && found.size === 0) this.#values.delete(key);
  }

  timeUs(): number {
    return Math.floor(this.#clock.wall() * 1000);
  }

  /** Makes the uptime count from now on. */
  restartUptime(): void {
    this.#restartedAt = this.#clock.wall();
  }

  uptime(): number {
    return Math.floor((this.#clock.wall() - this.#restartedAt) / 1000);
  }

  publish(channel: string, message: string): void {
    const listeners = this.#listeners.get(channel);
    const [first] = listeners ?? [];
    if (listeners === undefined || first === undefined) return;
    for (const listener of listeners) listener(message);
    // The first listener becomes the last one. Otherwise the same client would always be first in one process.
    if (listeners.delete(first)) listeners.add(first);
  }

  /** Calls the listener for every message on the channel. The returned function removes it. */
  subscribe(channel: string, listener: Listener): () => void {
    let listeners = this.#listeners.get(channel);
    if (listeners === undefined) this.#listeners.set(channel, (listeners = new Set()));
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(channel) === listeners) this.#listeners.delete(channel);
    };
  }

  /** The keys that have not expired. */
  keys(): string[] {
    return [...this.#values.keys()].filter((key) => this.#unexpired(key) !== undefined);
  }

  /** A copy of all keys that have not expired. */
  copy(): readonly StoredKey[] {
    return this.keys().map((key) => {
      const { value, expiresAt } = this.#values.get(key)!;
      return { key, value: copyOf(value), expiresAt };
    });
  }

  /** Writes the keys of a copy. */
  load(keys: readonly StoredKey[]): void {
    for (const { key, value, expiresAt } of keys) this.#write(key, copyOf(value), expiresAt);
  }

  #sortedSet(key: string): SortedSet | undefined {
    const value = this.#unexpired(key)?.value;
    if (value !== undefined && !(value instanceof SortedSet)) throw wrongType();
    return value;
  }

  #hash(key: string): Hash | undefined {
    const value = this.#unexpired(key)?.value;
    if (value !== undefined && !(value instanceof Hash)) throw wrongType();
    return value;
  }

  #unexpired(key: string): Value | undefined {
    const found = this.#values.get(key);
    // A server also keeps a key through the millisecond in which it expires.
    if (found === undefined || found.expiresAt >= this.#clock.wall()) return found;
    this.#values.delete(key);
    return undefined;
  }
}

function copyOf(value: StoredKey["value"]): Content {
  if (typeof value === "string") return value;
  return value instanceof Hash ? new Hash(value) : new SortedSet(value);
}

function wrongType(): Error {
  return new Error("WRONGTYPE Operation against a key holding the wrong kind of value");
}
