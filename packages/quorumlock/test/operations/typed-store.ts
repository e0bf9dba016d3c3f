import type { Clock } from "../../src/index.ts";
import { MemoryStore } from "../../src/instances/memory-store.ts";
import type { Store } from "../../src/operations/store.ts";

/** What stands under one key. */
export interface Entry {
  readonly type: "string" | "hash" | "zset";
  /** Empty for a hash: nobody looks into it. Of a sorted set: members and scores with spaces between them. */
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
    this.#checkNoHash(key);
    return this.#store.get(key);
  }

  expire(key: string, ttlMs: number): void {
    this.#store.expire(key, ttlMs);
  }

  score(key: string, member: string): number | undefined {
    this.#checkNoHash(key);
    return this.#store.score(key, member);
  }

  addMember(key: string, member: string, score: number): void {
    this.#checkNoHash(key);
    this.#hashes.delete(key);
    this.#store.addMember(key, member, score);
  }

  removeMember(key: string, member: string): void {
    this.#checkNoHash(key);
    this.#store.removeMember(key, member);
  }

  members(key: string): readonly (readonly [member: string, score: number])[] {
    this.#checkNoHash(key);
    return this.#store.members(key);
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

  #checkNoHash(key: string): void {
    if (this.#hashes.has(key) && this.#store.remaining(key) !== -2)
      throw new Error("WRONGTYPE Operation against a key holding the wrong kind of value");
  }

  state(): State {
    const keys = this.#store.copy().toSorted((a, b) => (a.key < b.key ? -1 : 1));
    return Object.fromEntries(
      keys.map(({ key, value, expiresAt }): [string, Entry] => {
        if (typeof value !== "string") return [key, { type: "zset", value: textOf(value), expiresAt }];
        return [key, { type: this.#hashes.has(key) ? "hash" : "string", value, expiresAt }];
      }),
    );
  }
}

/** The members of a sorted set in their order, the smallest score first. */
function textOf(set: ReadonlyMap<string, number>): string {
  const members = [...set].toSorted(([a, m], [b, n]) => m - n || (a < b ? -1 : 1));
  return members.map(([member, score]) => `${member} ${score}`).join(" ");
}
