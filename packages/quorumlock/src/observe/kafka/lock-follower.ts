import { checkText } from "../../base/check-value.ts";
import { checkWholeNumber } from "../../base/check-whole-number.ts";
import type { Clock } from "../../base/clock.ts";
import type { LockKindName, SharingMode } from "../../base/events.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkClock, checkOptions } from "../../base/options.ts";
import { type Applied, FollowedResource, type ReportedHoldState } from "./followed-resource.ts";
import { type LockMessage, readLockMessage } from "./lock-message.ts";
import { RecentIds } from "./recent-ids.ts";

/** How many ids of events are kept to count repeated ones. A repeated message that is older changes nothing either. */
const MAX_RECENT_IDS = 10_000;
const MAX_TOLERANCE_MS = 3_600_000;

/** Options of `LockFollower`. */
export interface LockFollowerOptions {
  /**
   * How far the clocks of the holders and of this process may differ, in ms. A hold is certain until this long before its expiry, and
   * is forgotten this long after it. A whole number from 0 to 3_600_000.
   * @default 1_000
   */
  readonly clockTolerance?: number | undefined;
  /**
   * How many names and holds are kept at most, together. If there are more, names without a holder are forgotten
   * first, and among them the one whose latest message is the oldest. Names with a holder follow in the same order. A whole number from 10 to 10_000_000.
   * @default 100_000
   */
  readonly maxEntries?: number | undefined;
  /** The source of time. @default the system clock */
  readonly clock?: Clock | undefined;
}

/** A hold, as far as messages have reported it. */
export interface FollowedHold {
  /** The name of the lock. */
  readonly resource: string;
  /** The prefix of the keys of the client that holds it. */
  readonly prefix: string;
  /** The owner label of the holder. */
  readonly holder: string;
  /** The `hold_id` of its messages. */
  readonly holdId: string;
  /** The fencing token. */
  readonly fence: number;
  /** The kind of the lock. `null` if its grant was not published. */
  readonly kind: LockKindName | null;
  /** Whether others can hold the name at the same time. `null` as for `kind`. */
  readonly mode: SharingMode | null;
  /** Whether only one process knows the lock, because it is of the fallback tier `local`. */
  readonly isLocal: boolean;
  /** When it was first reported as held, by the clock of the holder, in ms since 1970. */
  readonly since: number;
  /** When it ends unless it is extended, by the clock of the holder, in ms since 1970. */
  readonly expiresAt: number;
  /**
   * `held` until shortly before its expiry. `may-have-expired` from `clockTolerance` before its expiry to `clockTolerance` after it,
   * because the clocks of the processes can differ.
   */
  readonly state: "held" | "may-have-expired";
}

/** What became of the messages, and what is known now. */
export interface FollowerSnapshot {
  /** Messages that began, renewed or ended a hold. */
  readonly applied: number;
  /** Messages whose id was seen before. */
  readonly duplicates: number;
  /** Messages about a hold that has ended. */
  readonly late: number;
  /** Messages about a hold that a newer holder has replaced, as its larger fencing token shows. */
  readonly superseded: number;
  /** Messages about a hold that has expired. */
  readonly expired: number;
  /** Messages that are no `LockMessage`. */
  readonly malformed: number;
  /** Holds that were forgotten because there was no room. */
  readonly forgotten: number;
  /** Names that are known, held or not. */
  readonly names: number;
  /** Names, holds, and ended holds that are still remembered. At most `maxEntries`. */
  readonly entries: number;
}

/** The members of what KafkaJS passes to `eachMessage` that are used. */
export interface ReceivedMessage {
  /** The message. */
  readonly message: {
    /** The value. */
    readonly value: Uint8Array | string | null;
  };
}

/**
 * Follows who holds which lock, from the messages of `publishLocks` (docs/kafka.md). It knows what was reported, which is no proof of
 * who holds a lock now. The messages may arrive twice and in any order. It ends a hold by its release, its loss or its expiry, or if a
 * newer holder is known by a larger fencing token. Nothing that a topic can contain makes it throw.
 *
 * <!-- not run: it needs a Kafka broker. test/integration/kafka.test.ts consumes from one. -->
 *
 * ```ts
 * import { Kafka } from "kafkajs";
 * import { LockFollower } from "quorumlock/kafka";
 * const consumer = new Kafka({ brokers: ["localhost:9092"] }).consumer({ groupId: "locks" });
 * await consumer.connect();
 * await consumer.subscribe({ topics: ["lock-events"] });
 * const follower = new LockFollower();
 * await consumer.run({ eachMessage: follower.eachMessage });
 * console.log(follower.holdersOf("order:42"));
 * ```
 */
export class LockFollower {
  readonly #clock: Clock;
  readonly #toleranceMs: number;
  readonly #maxEntries: number;
  /** Names with a hold, and the others, each in the order in which they were heard of. The key is that of the lock: prefix and name. */
  readonly #held = new Map<string, FollowedResource>();
  readonly #free = new Map<string, FollowedResource>();
  readonly #recentIds = new RecentIds(MAX_RECENT_IDS);
  readonly #counts = {
    applied: 0,
    duplicates: 0,
    late: 0,
    superseded: 0,
    expired: 0,
    malformed: 0,
    forgotten: 0,
  };
  #entries = 0;
  /** Messages since all names with a hold were searched for expired ones. */
  #appliedSinceSweep = 0;

  /** @throws TypeError, RangeError for bad options, with the field and the value. */
  constructor(options: LockFollowerOptions = {}) {
    checkOptions(options);
    refuseUnknownOptions(options, { clockTolerance: true, maxEntries: true, clock: true });
    const { clockTolerance = 1_000, maxEntries = 100_000, clock } = options;
    this.#toleranceMs = checkWholeNumber("clockTolerance", clockTolerance, 0, MAX_TOLERANCE_MS);
    this.#maxEntries = checkWholeNumber("maxEntries", maxEntries, 10, 10_000_000);
    this.#clock = checkClock(clock);
  }

  /** Applies a message. Pass it to `consumer.run` of KafkaJS as it is. It does not throw. */
  readonly eachMessage = (received: ReceivedMessage): Promise<void> => {
    this.apply((received as Partial<ReceivedMessage> | undefined)?.message?.value);
    return Promise.resolve();
  };

  /** Applies the value of one message: its bytes or its text. It does not throw. */
  apply(value: Uint8Array | string | null | undefined): void {
    const message = readLockMessage(value);
    if (message === undefined) this.#counts.malformed += 1;
    else if (!this.#recentIds.add(message.event_id)) this.#counts.duplicates += 1;
    else this.#count(this.#apply(message));
  }

  /**
   * Who holds a name, as far as it is known. Several holders can share a name.
   * @param prefix that of the clients which hold it.
   * @throws TypeError if an argument is not a text.
   */
  holdersOf(resource: string, prefix = "lock:"): readonly FollowedHold[] {
    checkText("resource", resource);
    checkText("prefix", prefix);
    const found = this.#held.get(prefix + resource);
    return found === undefined ? [] : this.#present(found);
  }

  /** All holds, in no order. */
  *holds(): IterableIterator<FollowedHold> {
    for (const resource of this.#held.values()) yield* this.#present(resource);
  }

  /** The figures. */
  snapshot(): FollowerSnapshot {
    return { ...this.#counts, names: this.#held.size + this.#free.size, entries: this.#entries };
  }

  #present({ holds }: FollowedResource): readonly FollowedHold[] {
    const now = this.#clock.wall();
    return [...holds.values()]
      .filter(({ expiresAt }) => expiresAt + this.#toleranceMs >= now)
      .map((hold) => this.#describe(hold, now));
  }

  #describe(hold: ReportedHoldState, now: number): FollowedHold {
    const { id: holdId, resource, prefix, holder, fence, kind, mode, isLocal, since, expiresAt } = hold;
    const state = now < expiresAt - this.#toleranceMs ? "held" : "may-have-expired";
    return { resource, prefix, holder, holdId, fence, kind, mode, isLocal, since, expiresAt, state };
  }

  #count(applied: Applied): void {
    this.#counts[applied === "held" || applied === "ended" ? "applied" : applied] += 1;
  }

  #apply(message: LockMessage): Applied {
    this.#appliedSinceSweep += 1;
    const key = message.prefix + message.resource;
    const known = this.#held.get(key) ?? this.#free.get(key);
    const resource = known ?? new FollowedResource();
    const sizeBefore = known === undefined ? 0 : 1 + known.size;
    const applied = resource.apply(message, this.#clock.wall() - this.#toleranceMs);
    this.#entries += 1 + resource.size - sizeBefore;
    this.#held.delete(key);
    this.#free.delete(key);
    (resource.holds.size > 0 ? this.#held : this.#free).set(key, resource);
    this.#makeRoom();
    return applied;
  }

  /**
   * Removes the names of which all holds have expired, because their holders have died. Otherwise they would keep their room for ever. One
   * look at all names for each of them.
   */
  #sweep(): void {
    if (this.#appliedSinceSweep < this.#held.size) return;
    this.#appliedSinceSweep = 0;
    for (const [key, resource] of this.#held) {
      this.#prune(resource);
      if (resource.holds.size > 0) continue;
      this.#held.delete(key);
      if (resource.size > 0) this.#free.set(key, resource);
      else this.#entries -= 1;
    }
  }

  #prune(resource: FollowedResource): void {
    const before = resource.size;
    resource.prune(this.#clock.wall() - this.#toleranceMs);
    this.#entries -= before - resource.size;
  }

  #makeRoom(): void {
    if (this.#entries > this.#maxEntries) this.#sweep();
    while (this.#entries > this.#maxEntries) {
      const names = this.#free.size > 0 ? this.#free : this.#held;
      const [key, resource] = names.entries().next().value!;
      this.#prune(resource);
      if (this.#entries <= this.#maxEntries) break;
      if (this.#held.size + this.#free.size > 1) {
        names.delete(key);
        this.#entries -= 1 + resource.size;
        this.#counts.forgotten += resource.holds.size;
      } else {
        // All entries are of one name.
        if (resource.forgetOne()) this.#counts.forgotten += 1;
        this.#entries -= 1;
      }
    }
  }
}
