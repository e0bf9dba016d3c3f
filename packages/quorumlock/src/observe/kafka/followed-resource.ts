import type { LockKindName, SharingMode } from "../../base/events.ts";
import type { LockMessage } from "./lock-message.ts";

/** How long the end of a hold is remembered if its ttl is not known, in ms. */
const UNKNOWN_TTL_MS = 3_600_000;

/** A hold that messages have reported. */
export interface ReportedHoldState {
  readonly id: string;
  readonly resource: string;
  readonly prefix: string;
  readonly holder: string;
  readonly fence: number;
  readonly nameCount: number;
  readonly kind: LockKindName | null;
  readonly mode: SharingMode | null;
  readonly isLocal: boolean;
  /** The time of its earliest message. */
  readonly since: number;
  /** `timestamp` + `ttl`, the largest of its messages. */
  readonly expiresAt: number;
}

/** What a message changed. */
export type Applied =
  /** The hold is known, or was renewed. */
  | "held"
  /** The hold has ended. */
  | "ended"
  /** Nothing, because the hold has ended before. */
  | "late"
  /** Nothing, because a newer holder is known. */
  | "superseded"
  /** Nothing, because the hold has expired. */
  | "expired";

/**
 * What messages have said about one name. The order in which they arrive does not matter: a hold ends for ever, its expiry only moves
 * on, and what a newer fencing token rules out is ruled out for ever.
 */
export class FollowedResource {
  readonly holds = new Map<string, ReportedHoldState>();
  /** Holds that have ended, with the time until which a message could still report them as held. */
  readonly #ended = new Map<string, number>();
  /** The largest fencing token of a lock that excludes all others, and that of the others. */
  #exclusiveFence = -1;
  #sharedFence = -1;
  /** The hold that excludes others. An older one would be superseded. */
  #exclusiveId: string | undefined;
  #appliedSincePrune = 0;

  /** How many entries it keeps. */
  get size(): number {
    return this.holds.size + this.#ended.size;
  }

  /** @param now less the tolerance: what expired before is over. */
  apply(message: LockMessage, now: number): Applied {
    this.#recordFence(message);
    this.#pruneSometimes(now);
    const { event_type: type, hold_id: id } = message;
    const isEnd = type === "lock_released" || type === "lock_lost";
    if (isEnd) {
      const isNew = !this.#ended.has(id);
      this.#end(id, expiryOf(message));
      return isNew ? "ended" : "late";
    }
    if (this.#ended.has(id)) {
      this.#end(id, expiryOf(message));
      return "late";
    }
    const hold = merge(this.holds.get(id), message);
    if (this.#isSuperseded(hold)) {
      this.#end(id, hold.expiresAt);
      return "superseded";
    }
    if (hold.expiresAt < now) return "expired";
    this.holds.set(id, hold);
    if (excludesOthers(hold)) this.#exclusiveId = id;
    return "held";
  }

  /** Forgets the oldest entry. Returns whether it was a hold. */
  forgetOne(): boolean {
    const [ended] = this.#ended.keys();
    if (ended !== undefined) {
      this.#ended.delete(ended);
      return false;
    }
    const [held] = this.holds.keys();
    return held !== undefined && this.holds.delete(held);
  }

  /** A name can have many holders, so it looks at all of them only if the message can end them. */
  #recordFence(message: LockMessage): void {
    const { fence, kind, mode, name_count: nameCount, tier } = message;
    // Tokens of permits are not ordered, and those of the tier `local` come from another counter.
    if (kind === "semaphore" || tier !== undefined) return;
    if (excludesOthers({ kind, mode, nameCount })) {
      if (fence <= this.#exclusiveFence) return;
      this.#exclusiveFence = fence;
      for (const hold of this.holds.values()) this.#endIfSuperseded(hold);
    } else {
      // A lock of an unknown kind can be the exclusive lock with this token, which does not end itself.
      const sharedFence = kind === null ? fence - 1 : fence;
      if (sharedFence <= this.#sharedFence) return;
      this.#sharedFence = sharedFence;
      this.#endIfSuperseded(this.holds.get(this.#exclusiveId ?? ""));
    }
  }

  #endIfSuperseded(hold: ReportedHoldState | undefined): void {
    if (hold !== undefined && this.#isSuperseded(hold)) this.#end(hold.id, hold.expiresAt);
  }

  /**
   * Whether a newer holder proves that the hold has ended. A lock that excludes others has a larger token than all locks before it. A
   * reader after a writer has the token of the writer, or a larger one.
   */
  #isSuperseded(hold: ReportedHoldState): boolean {
    if (hold.kind === "semaphore" || hold.isLocal) return false;
    if (this.#exclusiveFence > hold.fence) return true;
    return excludesOthers(hold) && this.#sharedFence >= hold.fence;
  }

  #end(id: string, until: number): void {
    const expiresAt = this.holds.get(id)?.expiresAt ?? 0;
    this.holds.delete(id);
    this.#ended.set(id, Math.max(this.#ended.get(id) ?? 0, expiresAt, until));
  }

  /** One look at all entries for each of them. */
  #pruneSometimes(now: number): void {
    this.#appliedSincePrune += 1;
    if (this.#appliedSincePrune < this.size) return;
    this.#appliedSincePrune = 0;
    this.prune(now);
  }

  /** Removes what has expired. After that, a message about it would be `expired`. */
  prune(now: number): void {
    for (const [id, { expiresAt }] of this.holds) if (expiresAt < now) this.holds.delete(id);
    for (const [id, until] of this.#ended) if (until < now) this.#ended.delete(id);
  }
}

/**
 * Whether nobody else can hold the name at the same time. A lock in modes on several names can have an intention on this one, which
 * other intentions do not exclude.
 */
function excludesOthers({
  kind,
  mode,
  nameCount,
}: Pick<ReportedHoldState, "kind" | "mode" | "nameCount">): boolean {
  if (kind === "mutex" || kind === "fair") return true;
  return kind === "modes" && mode === "exclusive" && nameCount === 1;
}

function expiryOf({ timestamp, ttl }: LockMessage): number {
  return timestamp + (ttl ?? UNKNOWN_TTL_MS);
}

function merge(known: ReportedHoldState | undefined, message: LockMessage): ReportedHoldState {
  const { hold_id: id, resource, prefix, holder, fence, kind, mode, timestamp } = message;
  return {
    id,
    resource,
    prefix,
    holder,
    fence,
    nameCount: message.name_count,
    // An extension of a lock whose grant was not published does not have them.
    kind: kind ?? known?.kind ?? null,
    mode: mode ?? known?.mode ?? null,
    isLocal: message.tier !== undefined,
    since: Math.min(known?.since ?? timestamp, timestamp),
    expiresAt: Math.max(known?.expiresAt ?? 0, expiryOf(message)),
  };
}
