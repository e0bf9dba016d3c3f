import type { HoldEvent } from "./hold-events.ts";
import type { LockMessageType } from "./lock-message.ts";

/** One name of an event, which becomes one message. */
export interface BufferedEvent {
  /** The place in the order of all events of the publisher, from 1. */
  readonly number: number;
  readonly event: HoldEvent;
  readonly name: string;
  /** By the monotonic clock. */
  readonly bufferedAt: number;
}

/**
 * What is dropped first if the buffer is full. An extension is repeated by the next one. A follower that misses a release sees the hold
 * end with its ttl. Nothing replaces a grant or a loss.
 */
const DROP_ORDER: readonly LockMessageType[] = [
  "lock_extended",
  "lock_released",
  "lock_acquired",
  "lock_lost",
];

/**
 * Events that wait to be sent, at most `maxSize`. If there are more, the oldest event of the least important type is dropped. So a
 * buffer that has only more important ones drops the new event.
 */
export class EventBuffer {
  readonly #maxSize: number;
  readonly #queues = DROP_ORDER.map((type) => ({ type, queue: new Queue<BufferedEvent>() }));
  #size = 0;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  get size(): number {
    return this.#size;
  }

  /** The oldest event. */
  get first(): BufferedEvent | undefined {
    return this.#oldest()?.first;
  }

  /** Returns whether an event was dropped. */
  push(event: BufferedEvent): boolean {
    this.#queues.find(({ type }) => type === event.event.type)!.queue.push(event);
    this.#size += 1;
    if (this.#size <= this.#maxSize) return false;
    this.#queues.find(({ queue }) => queue.first !== undefined)!.queue.shift();
    this.#size -= 1;
    return true;
  }

  /** Removes the oldest event. */
  shift(): BufferedEvent | undefined {
    const event = this.#oldest()?.shift();
    if (event !== undefined) this.#size -= 1;
    return event;
  }

  /** Removes all events. Returns how many there were. */
  clear(): number {
    const count = this.#size;
    while (this.shift() !== undefined);
    return count;
  }

  #oldest(): Queue<BufferedEvent> | undefined {
    let oldest: Queue<BufferedEvent> | undefined;
    for (const { queue } of this.#queues) {
      if (queue.first !== undefined && queue.first.number < (oldest?.first?.number ?? Infinity))
        oldest = queue;
    }
    return oldest;
  }
}

/** How many removed entries a queue may keep in its array. */
const MAX_HOLES = 1_024;

/** First in, first out. `Array.shift` would move all entries each time. */
class Queue<T> {
  #entries: (T | undefined)[] = [];
  #start = 0;

  get first(): T | undefined {
    return this.#entries[this.#start];
  }

  push(entry: T): void {
    this.#entries.push(entry);
  }

  shift(): T | undefined {
    const { first } = this;
    if (first === undefined) return undefined;
    this.#entries[this.#start] = undefined;
    this.#start += 1;
    if (this.#start > MAX_HOLES && this.#start * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#start);
      this.#start = 0;
    }
    return first;
  }
}
