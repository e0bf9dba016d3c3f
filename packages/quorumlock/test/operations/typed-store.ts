import type { Clock } from "../../src/index.ts";
import { Hash, MemoryStore } from "../../src/instances/memory-store.ts";
import type { Store } from "../../src/operations/store.ts";

/** What stands under one key. */
export interface Entry {
  readonly type: "string" | "hash" | "zset";
  /** Of a sorted set: members and scores with spaces between them. Of a hash: `field=value;field=value`, sorted. */
  readonly value: string;
  /** Milliseconds since 1970, or Infinity. */
  readonly expiresAt: number;
}

/** All that stands, by key. */
export type State = Readonly<Record<string, Entry>>;

/** The store of the twins, with what an operator can do to a server besides: keys of another type. */
export class TypedStore implements Store {
  readonly #clock: Clock;
  readonly #store: MemoryStore;
  /** The messages that were published: channel and message. */
  readonly published: string[] = [];
  /** What `timeUs` says, where the clock's whole milliseconds are not enough. */
  exactUs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#store = new MemoryStore(clock);
  }

  get(key: string): string | undefined {
    return this.#store.get(key);
  }

  expire(key: string, ttlMs: number): void {
    this.#store.expire(key, ttlMs);
  }

  score(key: string, member: string): number | undefined {
    return this.#store.score(key, member);
  }

  addMember(key: string, member: string, score: number): void {
    this.#store.addMember(key, member, score);
  }

  removeMember(key: string, member: string): void {
    this.#store.removeMember(key, member);
  }

  members(key: string): readonly (readonly [member: string, score: number])[] {
    return this.#store.members(key);
  }

  set(key: string, value: string, ttlMs: number): void {
    this.#store.set(key, value, ttlMs);
  }

  field(key: string, field: string): string | undefined {
    return this.#store.field(key, field);
  }

  fields(key: string): readonly (readonly [field: string, value: string])[] {
    return this.#store.fields(key);
  }

  setField(key: string, field: string, value: string): void {
    this.#store.setField(key, field, value);
  }

  removeField(key: string, field: string): void {
    this.#store.removeField(key, field);
  }

  delete(key: string): boolean {
    return this.#store.delete(key);
  }

  remaining(key: string): number {
    return this.#store.remaining(key);
  }

  keys(): readonly string[] {
    return this.#store.keys();
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
    if (type === "hash") this.#store.load([{ key, value: hashOf(value), expiresAt }]);
    else this.set(key, value, expiresAt - this.#clock.wall());
  }

  state(): State {
    const keys = this.#store.copy().toSorted((a, b) => (a.key < b.key ? -1 : 1));
    return Object.fromEntries(
      keys.map(({ key, value, expiresAt }): [string, Entry] => {
        if (typeof value === "string") return [key, { type: "string", value, expiresAt }];
        if (value instanceof Hash) return [key, { type: "hash", value: fieldsOf(value), expiresAt }];
        return [key, { type: "zset", value: textOf(value), expiresAt }];
      }),
    );
  }
}

/** The members of a sorted set in their order, the smallest score first. */
function textOf(set: ReadonlyMap<string, number>): string {
  const members = [...set].toSorted(([a, m], [b, n]) => m - n || (a < b ? -1 : 1));
  return members.map(([member, score]) => `${member} ${score}`).join(" ");
}

/** Reads `field=value;field=value`. */
function hashOf(text: string): Hash {
  return new Hash(
    text.split(";").map((pair): [string, string] => {
      const [field = "", value = ""] = pair.split("=");
      return [field, value];
    }),
  );
}

function fieldsOf(hash: Hash): string {
  const fields = [...hash].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return fields.map(([field, value]) => `${field}=${value}`).join(";");
}
