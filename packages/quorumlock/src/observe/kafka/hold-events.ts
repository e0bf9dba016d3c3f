import type { Clock } from "../../base/clock.ts";
import type { LockEvents, LockKindName, SharingMode } from "../../base/events.ts";
import { ownerOf } from "../../base/token.ts";
import type { Client } from "../../client/client.ts";
import { clientOf } from "../../client/client-of.ts";
import type { ObservableRedlock } from "../lock-stats.ts";
import type { LockMessage, LockMessageType } from "./lock-message.ts";

/** What the messages of one hold have in common. */
export interface PublishedHold {
  /** The token when the hold began. It becomes the id of the hold, and leaves the process in no other form. */
  readonly token: string;
  readonly holder: string;
  readonly kind: LockKindName | undefined;
  readonly mode: SharingMode | undefined;
  readonly isLocal: boolean;
  readonly fence: number;
  /** The largest ttl so far. `undefined` while it is not known. */
  ttlMs: number | undefined;
}

/** The fields that only some messages have. */
export type ExtraFields = Pick<LockMessage, "cause" | "confirmed" | "held_ms" | "taken_by">;

/** One event of a lock, before it becomes one message for each name. */
export interface HoldEvent {
  readonly type: LockMessageType;
  readonly hold: PublishedHold;
  readonly names: readonly string[];
  /** By the wall clock. */
  readonly timestamp: number;
  readonly ttlMs: number | undefined;
  readonly extra: ExtraFields | undefined;
}

/** The fields that every event of a held lock has. */
interface LockEvent {
  readonly id: number;
  readonly names: readonly string[];
  readonly token: string;
  readonly fence: number;
}

/**
 * Follows the locks of one client, and describes what happens to them in the four types of messages. It keeps an entry for each held
 * lock, because the events of the end of a lock do not have its kind and its ttl.
 */
export class HoldEvents {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #onEvent: (event: HoldEvent) => void;
  readonly #holds = new Map<number, PublishedHold>();
  readonly #stops: readonly (() => void)[];

  constructor(redlock: ObservableRedlock, onEvent: (event: HoldEvent) => void) {
    this.#client = clientOf(redlock);
    this.#clock = this.#client.clock;
    this.#onEvent = onEvent;
    this.#stops = [
      redlock.on("lock:acquire:succeeded", (event) => this.#onAcquired(event)),
      redlock.on("lock:attached", (event) => this.#onAttached(event)),
      redlock.on("lock:extended", (event) => this.#onExtended(event)),
      redlock.on("lock:converted", (event) => this.#convert(event, event.mode)),
      redlock.on("lock:detached", (event) => this.#onDetached(event)),
      redlock.on("lock:released", (event) => this.#onReleased(event)),
      redlock.on("lock:lost", (event) => this.#onLost(event)),
    ];
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#holds.clear();
  }

  #onAcquired(event: LockEvents["lock:acquire:succeeded"]): void {
    const { current } = this.#client.members.voters;
    // A majority of several instances has at least two votes. One vote is that of the instance inside this process.
    const isLocal = event.votes === 1 && current.length > 1;
    this.#emit("lock_acquired", this.#begin(event, event, isLocal), event);
  }

  #onAttached(event: LockEvents["lock:attached"]): void {
    this.#emit("lock_extended", this.#begin(event, event, false), event, { cause: "attached" });
  }

  #onExtended(event: LockEvents["lock:extended"]): void {
    const hold = this.#renamed(event) ?? this.#unknown(event);
    hold.ttlMs = Math.max(hold.ttlMs ?? 0, event.ttlMs);
    this.#emit("lock_extended", hold, event);
  }

  /** The hold goes on. The process that attaches it must find it under the token that it gets. */
  #onDetached(event: LockEvents["lock:detached"]): void {
    this.#renamed(event);
    this.#holds.delete(event.id);
  }

  #onReleased(event: LockEvents["lock:released"]): void {
    const { confirmed, heldMs } = event;
    this.#emit("lock_released", this.#end(event), event, { confirmed, held_ms: Math.round(heldMs) });
  }

  #onLost(event: LockEvents["lock:lost"]): void {
    const { cause, heldMs, takenBy } = event;
    this.#emit("lock_lost", this.#end(event), event, {
      cause,
      held_ms: Math.round(heldMs),
      ...(takenBy !== undefined && { taken_by: takenBy }),
    });
  }

  /** The known hold under its present token. An upgrade that fails gives the lock another token without an event. */
  #renamed(event: LockEvent): PublishedHold | undefined {
    const hold = this.#holds.get(event.id);
    if (hold === undefined || hold.token === event.token) return hold;
    return this.#convert(event, hold.mode);
  }

  #convert(event: LockEvent, mode: SharingMode | undefined): PublishedHold {
    const before = this.#holds.get(event.id);
    const hold = this.#begin(event, { kind: before?.kind, mode, ttlMs: before?.ttlMs }, before?.isLocal);
    if (before !== undefined) this.#emit("lock_released", before, event, { cause: "converted" });
    // Without a ttl nobody could know when the hold ends, so it is published with its first extension.
    if (hold.ttlMs !== undefined) this.#emit("lock_acquired", hold, event, { cause: "converted" });
    return hold;
  }

  #begin(
    { id, token, fence }: LockEvent,
    { kind, mode, ttlMs }: Pick<PublishedHold, "kind" | "mode" | "ttlMs">,
    isLocal = false,
  ): PublishedHold {
    const hold = { token, holder: ownerOf(token) ?? "", kind, mode, isLocal, fence, ttlMs };
    this.#holds.set(id, hold);
    return hold;
  }

  /** A lock that was acquired before this object was made. */
  #unknown(event: LockEvent): PublishedHold {
    return this.#begin(event, { kind: undefined, mode: undefined, ttlMs: undefined });
  }

  #end(event: LockEvent): PublishedHold {
    const hold = this.#holds.get(event.id) ?? this.#unknown(event);
    this.#holds.delete(event.id);
    return hold;
  }

  #emit(type: LockMessageType, hold: PublishedHold, { names }: LockEvent, extra?: ExtraFields): void {
    const timestamp = this.#clock.wall();
    this.#onEvent({ type, hold, names, timestamp, ttlMs: hold.ttlMs, extra });
  }
}
