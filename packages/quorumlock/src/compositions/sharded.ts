import { checkWholeNumber } from "../base/check-whole-number.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { checkOptions } from "../base/options.ts";
import { checkText } from "../base/check-value.ts";
import type { Lockable } from "../lockable.ts";
import { crc32 } from "./crc32.ts";
import type { LockSource } from "./lock-source.ts";

/** Options of sharded locks. */
export interface ShardedOptions {
  /**
   * How many locks the keys share: a whole number from 1 to 1,000. All processes must use the same number. With another number,
   * the same key has another lock.
   */
  readonly shards: number;
}

/** Exclusive locks for any number of keys, made of a fixed number of names. */
export interface ShardedLock {
  /** The start of the names of all shards. */
  readonly name: string;
  /** How many locks the keys share. */
  readonly shards: number;
  /**
   * The shard of a key, from 0 to `shards` − 1: the CRC-32 of the UTF-8 bytes of the key, modulo `shards`.
   * @throws TypeError if the key is not a string. RangeError if it is empty, or not a text.
   */
  shardOf(key: string): number;
  /**
   * The exclusive lock on the shard of a key, or on the shards of several keys, all or nothing. Keys of one shard exclude each
   * other, so a caller that needs several keys must pass all of them in one call.
   * @throws as `shardOf`. RangeError if there are no keys.
   */
  for(keys: string | readonly string[]): Lockable;
  /** The exclusive lock on all shards, all or nothing. It waits until no shard is held. */
  all(): Lockable;
}

/** The number of names that one lock can have, so that `all()` is possible. */
const MAX_SHARDS = 1_000;

/**
 * Locks for any number of keys that need only `shards` names. Shard `i` is the exclusive lock on `<name>:shard:<i>`.
 *
 * ```ts
 * import { sharded } from "quorumlock";
 *
 * const users = sharded(redlock, "users", { shards: 64 });
 * await users.for("user-12345").using(work);
 * ```
 *
 * @param source makes the locks: the client, or a pool.
 * @throws TypeError, RangeError for a bad name or bad options, with the field and the value.
 */
export function sharded(source: LockSource, name: string, options: ShardedOptions): ShardedLock {
  checkOptions(options);
  refuseUnknownOptions(options, { shards: true });
  const shards = checkWholeNumber("shards", options.shards, 1, MAX_SHARDS);
  const nameOf = (shard: number): string => `${name}:shard:${shard}`;
  const shardOf = (key: string): number => {
    if (checkText("key", key) === "") throw new RangeError('key: "" must not be empty');
    return crc32(Buffer.from(key)) % shards;
  };
  // A bad name throws here, and not at the first lock.
  source.mutex(checkText("name", name));
  source.mutex(nameOf(shards - 1));
  return {
    name,
    shards,
    shardOf,
    for(keys) {
      if (!Array.isArray(keys)) return source.mutex(nameOf(shardOf(keys as string)));
      const unique = new Set((keys as readonly string[]).map(shardOf));
      return source.mutex([...unique].map(nameOf));
    },
    all: () => source.mutex(Array.from({ length: shards }, (_, shard) => nameOf(shard))),
  };
}
