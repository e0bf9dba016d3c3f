import type { Reply } from "./request.ts";

/** What the TypeScript twin of an operation may do: the commands that its Lua uses, with the same meaning. */
export interface Store {
  /** @throws where the key holds another type than a string. */
  get(key: string): string | undefined;
  set(key: string, value: string, ttlMs: number): void;
  delete(key: string): boolean;
  /** Milliseconds until the key expires; −1 where it has no expiry, −2 where it is missing. */
  remaining(key: string): number;
  /** The store's own time in µs since 1970. */
  timeUs(): number;
  /** Tells the channel's listeners; returns how many there were. */
  publish(channel: string, message: string): number;
  /** The keys that stand. */
  keys(): readonly string[];
  readonly runId: string;
  /** Whole seconds since the store forgot everything in a restart; `Infinity` where it never did. */
  uptime(): number;
}

/** The TypeScript twin of one Lua operation (protocol §11). */
export type Twin = (store: Store, keys: readonly string[], args: readonly string[]) => Reply;
