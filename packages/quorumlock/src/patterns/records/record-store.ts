/** A record as a store returns it: the work of one holder, numbered by it. */
export interface StoredRecord {
  /** The fencing token under which it was written. */
  readonly fence: number;
  /** Counts the writes of one holder, from 1. A record with a larger `(fence, version)` is newer. */
  readonly version: number;
  /** JSON, at most 4,096 bytes as UTF-8. */
  readonly body: string;
}

/** What a holder learns when it opens a record. */
export interface OpenedRecord {
  /** The newest record of this id, if one is kept. It is certain: nobody who opens the record later misses it. */
  readonly record: StoredRecord | undefined;
  /** The time of the store, in ms since 1970. With several servers, their median. */
  readonly now: number;
}

/** How a record is opened or written. */
export interface OpenOptions {
  /** The latest time, in ms since 1970, before which a record of this id cannot have been written. */
  readonly createdAt: number;
  /** How long the record is kept from now on, in ms. What was kept for longer stays so. */
  readonly keep: number;
}

/**
 * Keeps one record for each id, which only the newest holder of a lock can write. A lock says who may work now; a record says what
 * was done. `fence` is the fencing token of the lock that protects the id.
 *
 * Each method throws `RecordStoreError` if the store fails, with the store's error as its cause. After a failed `put`, nobody knows
 * whether the record was written. A call of a store that is not of this library has failed if it takes more than 5 s.
 */
export interface RecordStore {
  /**
   * Promises that no holder with a smaller fencing token writes this record from now on, and returns the newest record. Call it
   * before anything is believed or written under a lock. Throws `LockLostError` if a larger fencing token was there before.
   */
  open(id: string, fence: number, options: OpenOptions): Promise<OpenedRecord>;
  /**
   * Writes a record. Throws `LockLostError` if a larger fencing token was there before, or a newer record. Throws `RangeError` if the
   * body is too long.
   *
   * @param keep how long the record is kept from now on, in ms.
   */
  put(id: string, record: StoredRecord, options: OpenOptions): Promise<void>;
  /**
   * Returns the record without a promise, only if it is certain that it is the newest. `undefined` means that there is none, or
   * that it is not certain: take the lock and `open` it.
   */
  get(id: string): Promise<StoredRecord | undefined>;
}
