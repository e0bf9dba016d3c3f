import type { Clock } from "../base/clock.ts";
import type { Deadline, Deadlines } from "../base/deadlines.ts";
import { InstanceError } from "../base/errors.ts";
import { toSafeError } from "../base/safe-error.ts";
import type { Events } from "../base/events.ts";
import { CANNOT_SUBSCRIBE } from "../instances/no-subscription.ts";
import type { Subscription } from "../instances/port.ts";
import type { Member } from "../members/member.ts";
import type { Members } from "../members/members.ts";
import { describeFailure } from "../members/refused-call.ts";
import { maskOf } from "../members/voters.ts";

/** One waiter's interest in the wake messages of some channels. */
export interface Watch {
  /**
   * Resolves when a quorum of members has confirmed the subscriptions, or after `requestTimeout`. At once if no quorum has
   * subscriptions. Never rejects.
   */
  readonly ready: Promise<void>;
  /** Whether a quorum of members would announce a release now. */
  readonly isCovered: boolean;
  /** Requests refused subscriptions again, if a quorum does not announce releases. */
  renew(): void;
  close(): void;
}

/**
 * Called when a member may be free. `next`: the clients that the member names as next in line; "" if it names none. `isMessage`: the
 * member published a release. Otherwise the subscription began or broke, so a message may be missing.
 */
export type WakeListener = (channel: string, member: number, next: string, isMessage: boolean) => void;

interface Channel {
  readonly name: string;
  readonly listeners: Set<WakeListener>;
  /** Bits of the members whose subscription was requested. */
  requestedMask: number;
  /** Bits of the members whose server has confirmed the subscription. */
  confirmedMask: number;
  /** Bits of the members that have confirmed. Their `Subscription` subscribes again by itself after a break. */
  everConfirmedMask: number;
  readonly onConfirmed: Set<() => void>;
  idleDeadline: Deadline | undefined;
}

/** How long a channel without waiters stays subscribed, because the next waiter of a contended lock comes soon. */
const LINGER_MS = 1_000;

export interface WakeUpsContext {
  readonly members: Members;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly events: Events;
  readonly requestTimeoutMs: number;
}

/**
 * The wake messages of all members. Each member gets a second connection at the first contention, and all waiters of the client
 * share it (protocol §8). If a subscription breaks, the client emits `instance:wake:lost`. When the subscription works again, it
 * calls all listeners, because a message may have been lost.
 */
export class WakeUps {
  readonly #context: WakeUpsContext;
  /** The subscription of each member, by its index. */
  readonly #subscriptions: (Subscription | undefined)[] = [];
  readonly #channels = new Map<string, Channel>();
  /** Bits of the members for which `instance:wake:lost` was emitted. */
  #lostMask = 0;

  constructor(context: WakeUpsContext) {
    this.#context = context;
  }

  /** Whether other waiters watch these channels, and a quorum of members would announce a release now. */
  isWatched(names: readonly string[]): boolean {
    const { voters } = this.#context.members;
    return names.every((name) => {
      const channel = this.#channels.get(name);
      return channel !== undefined && channel.listeners.size > 0 && voters.hasQuorum(channel.confirmedMask);
    });
  }

  /** Whether any channel is open. */
  get isOpen(): boolean {
    return this.#channels.size > 0;
  }

  watch(names: readonly string[], listener: WakeListener): Watch {
    const channels = names.map((name) => this.#open(name));
    for (const channel of channels) {
      channel.listeners.add(listener);
      channel.idleDeadline?.cancel();
      channel.idleDeadline = undefined;
    }
    const { members } = this.#context;
    const isCovered = (): boolean =>
      channels.every(({ confirmedMask }) => members.voters.hasQuorum(confirmedMask));
    return {
      ready: isCovered() || !this.#canBeCovered ? Promise.resolve() : this.#whenCovered(channels, isCovered),
      get isCovered() {
        return isCovered();
      },
      renew: () => {
        if (!isCovered()) for (const channel of channels) this.#subscribe(channel);
      },
      close: () => {
        for (const channel of channels) {
          channel.listeners.delete(listener);
          if (channel.listeners.size === 0) this.#linger(channel);
        }
      },
    };
  }

  /** Forgets a removed member, because another member may get its index. */
  unsubscribe({ index }: Member): void {
    this.#subscriptions[index]?.close();
    this.#subscriptions[index] = undefined;
    const othersMask = ~(1 << index);
    this.#lostMask &= othersMask;
    for (const channel of this.#channels.values()) {
      channel.requestedMask &= othersMask;
      channel.everConfirmedMask &= othersMask;
      channel.confirmedMask &= othersMask;
    }
  }

  close(): void {
    for (const channel of this.#channels.values()) channel.idleDeadline?.cancel();
    this.#channels.clear();
    for (const subscription of this.#subscriptions) subscription?.close();
    this.#subscriptions.length = 0;
  }

  #open(name: string): Channel {
    let channel = this.#channels.get(name);
    if (channel === undefined) {
      channel = {
        name,
        listeners: new Set(),
        requestedMask: 0,
        confirmedMask: 0,
        everConfirmedMask: 0,
        onConfirmed: new Set(),
        idleDeadline: undefined,
      };
      this.#channels.set(name, channel);
    }
    // An open channel is also checked: new members need it, and a member may have refused it before.
    this.#subscribe(channel);
    return channel;
  }

  #subscribe(channel: Channel): void {
    const { voters } = this.#context.members;
    if (channel.requestedMask === voters.allMask) return;
    for (const member of voters.members) {
      const bit = 1 << member.index;
      if ((channel.requestedMask & bit) !== 0) continue;
      if (!announces(member)) {
        this.#onLost(member, new Error(CANNOT_SUBSCRIBE), []);
        continue;
      }
      channel.requestedMask |= bit;
      const subscription = this.#subscriptionOf(member);
      subscription.subscribe(channel.name).then(
        () => this.#confirm(channel, member.index),
        (error: unknown) => {
          // The index may belong to another member by now.
          if (this.#subscriptions[member.index] !== subscription) return;
          channel.requestedMask &= ~bit;
          this.#onLost(member, toSafeError(error), [channel]);
        },
      );
    }
  }

  /** Whether so many members have subscriptions that they are a quorum. */
  get #canBeCovered(): boolean {
    const { voters } = this.#context.members;
    return voters.hasQuorum(maskOf(voters.members.filter(announces)));
  }

  #confirm(channel: Channel, member: number): void {
    const bit = 1 << member;
    // The channel may be closed, or the member removed, by now.
    if (this.#channels.get(channel.name) !== channel || (channel.requestedMask & bit) === 0) return;
    channel.everConfirmedMask |= bit;
    channel.confirmedMask |= bit;
    this.#lostMask &= ~bit;
    for (const onConfirmed of channel.onConfirmed) onConfirmed();
    // A waiter that stopped waiting for this confirmation sleeps, and may have missed a release.
    this.#notify(channel, member);
  }

  #whenCovered(channels: readonly Channel[], isCovered: () => boolean): Promise<void> {
    const { clock, deadlines, requestTimeoutMs } = this.#context;
    return new Promise((resolve) => {
      const finish = (): void => {
        limit.cancel();
        for (const channel of channels) channel.onConfirmed.delete(check);
        resolve();
      };
      const check = (): void => {
        if (isCovered()) finish();
      };
      const limit = deadlines.add(clock.monotonic() + requestTimeoutMs, finish);
      for (const channel of channels) channel.onConfirmed.add(check);
    });
  }

  #linger(channel: Channel): void {
    const { clock, deadlines } = this.#context;
    channel.idleDeadline?.cancel();
    channel.idleDeadline = deadlines.add(clock.monotonic() + LINGER_MS, () => {
      if (this.#channels.get(channel.name) === channel) this.#channels.delete(channel.name);
      for (const subscription of this.#subscriptions) subscription?.unsubscribe(channel.name);
    });
  }

  #subscriptionOf(member: Member): Subscription {
    const { index, instance } = member;
    const bit = 1 << index;
    return (this.#subscriptions[index] ??= instance.openSubscription({
      onMessage: (name, next) => this.#notify(this.#channels.get(name), index, next, true),
      onRestored: () => {
        for (const channel of this.#channels.values()) {
          // A subscription that was never confirmed is still in flight, and its own call confirms it.
          if ((channel.everConfirmedMask & bit) !== 0) this.#confirm(channel, index);
        }
      },
      onLost: (error, names) => this.#onLost(member, error, names && this.#forget(names, bit)),
    }));
  }

  /** The server refused to subscribe these channels again. The next waiter that renews its watch requests them. */
  #forget(names: readonly string[], bit: number): readonly Channel[] {
    const channels = names.flatMap((name) => this.#channels.get(name) ?? []);
    for (const channel of channels) {
      channel.requestedMask &= ~bit;
      channel.everConfirmedMask &= ~bit;
    }
    return channels;
  }

  /** `refused`: the channels that the server refused. Otherwise the connection broke. */
  #onLost(member: Member, lost: Error, refused?: readonly Channel[]): void {
    const bit = 1 << member.index;
    for (const channel of refused ?? this.#channels.values()) {
      // Only waiters that rely on this member are woken. Others would subscribe again without a pause.
      if ((channel.confirmedMask & bit) === 0) continue;
      channel.confirmedMask &= ~bit;
      // Waiters check again how long to sleep, because a message may be missed from now on.
      this.#notify(channel, member.index);
    }
    if ((this.#lostMask & bit) !== 0) return;
    this.#lostMask |= bit;
    const cause = toSafeError(lost);
    const error = subscriptionError(cause, refused?.[0]?.name);
    const instance = member.label;
    if (error.isPermanent === true) this.#context.members.warn("refused", instance, error.message);
    this.#context.events.to("instance:wake:lost")?.({ instance, error });
  }

  #notify(channel: Channel | undefined, member: number, next = "", isMessage = false): void {
    if (channel === undefined) return;
    for (const listener of channel.listeners) listener(channel.name, member, next, isMessage);
  }
}

function announces({ instance }: Member): boolean {
  return instance.hasSubscriptions !== false;
}

/** A server says only that a channel is not permitted, so the error names it. */
function subscriptionError(cause: Error, channel: string | undefined): InstanceError {
  const text = cause.message || cause.name;
  const isForbidden = channel !== undefined && /^NOPERM .*\bchannels?\b/.test(text);
  const { message, isPermanent } = describeFailure(
    isForbidden ? `${text} (${JSON.stringify(channel)})` : text,
  );
  return new InstanceError("INSTANCE_UNAVAILABLE", message, { cause, isPermanent });
}
