/** The commands that the TypeScript twin of an operation uses. They mean the same as the Redis commands in its Lua. */
export interface Store {
  /** @throws Error if the key holds another type than a string. */
  get(key: string): string | undefined;
  /** `ttlMs`: `Infinity` for a key without an expiry. */
  set(key: string, value: string, ttlMs: number): void;
  delete(key: string): boolean;
  /** Milliseconds until the key expires; −1 if it has no expiry, −2 if it is missing. */
  remaining(key: string): number;
  /** The store's own time in µs since 1970. */
  timeUs(): number;
  publish(channel: string, message: string): void;
  readonly runId: string;
  /** Whole seconds since the store lost its data in a restart; `Infinity` if it never did. */
  uptime(): number;
}
