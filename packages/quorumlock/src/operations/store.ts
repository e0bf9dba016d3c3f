/** The commands that the TypeScript twin of an operation uses. They mean the same as the Redis commands in its Lua. */
export interface Store {
  /** @throws Error if the key holds another type than a string. */
  get(key: string): string | undefined;
  /** `ttlMs`: `Infinity` for a key without an expiry. */
  set(key: string, value: string, ttlMs: number): void;
  delete(key: string): boolean;
  /** Sets the time until a key expires. Does nothing if the key is missing. */
  expire(key: string, ttlMs: number): void;
  /** Milliseconds until the key expires; −1 if it has no expiry, −2 if it is missing. */
  remaining(key: string): number;
  /** The score of a member of a sorted set; `undefined` if it is not in the set. @throws Error if the key holds another type. */
  score(key: string, member: string): number | undefined;
  /** Adds a member to a sorted set, or sets its score. The set has no expiry at first. @throws Error if the key holds another type. */
  addMember(key: string, member: string, score: number): void;
  /** Removes a member from a sorted set. An empty set is deleted. @throws Error if the key holds another type. */
  removeMember(key: string, member: string): void;
  /** The members of a sorted set, the largest score first. @throws Error if the key holds another type. */
  members(key: string): readonly (readonly [member: string, score: number])[];
  /** A field of a hash; `undefined` if it is missing. @throws Error if the key holds another type. */
  field(key: string, field: string): string | undefined;
  /** All fields of a hash, in no order. @throws Error if the key holds another type. */
  fields(key: string): readonly (readonly [field: string, value: string])[];
  /** Sets a field of a hash. A new hash has no expiry at first. @throws Error if the key holds another type. */
  setField(key: string, field: string, value: string): void;
  /** Removes a field of a hash. An empty hash is deleted. @throws Error if the key holds another type. */
  removeField(key: string, field: string): void;
  /** All keys that have not expired. */
  keys(): readonly string[];
  /** The store's own time in µs since 1970. */
  timeUs(): number;
  publish(channel: string, message: string): void;
  readonly runId: string;
  /** Whole seconds since the store lost its data in a restart; `Infinity` if it never did. */
  uptime(): number;
}
