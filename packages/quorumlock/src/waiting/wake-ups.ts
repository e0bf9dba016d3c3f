import type { Clock } from "../base/clock.ts";
import type { Deadline, Deadlines } from "../base/deadlines.ts";
import { asError } from "../base/errors.ts";
import type { Events } from "../base/events.ts";
import type { Subscription } from "../instances/port.ts";
import type { Member } from "../members/member.ts";
import type { Members } from "../members/members.ts";

/** One waiter's interest in the wake messages of some channels. */
export interface Watch {
  /** Resolves when a quorum of members has confirmed the subscription, or when that takes too long. */
  readonly ready: Promise<void>;
  /** Whether a quorum of members would tell of a release now. */
  readonly covered: boolean;
  /** Asks again for what was refused, where that is missing for a quorum. */
  renew(): void;
  close(): void;
}

/** Tells that a member may be free, and which client is first in line there; "" where nobody is. */
export type WakeListener = (member: number, first: string) => void;

interface Channel {
  readonly name: string;
  readonly listeners: Set<WakeListener>;
  /** Bits of the members that were asked to subscribe it. */
  asked: number;
  /** Members whose server has confirmed the subscription. */
  confirmed: number;
  /** Members whose server has confirmed it once: their connection subscribes it again by itself after a break. */
  known: number;
  onConfirmed: Set<() => void>;
  idle: Deadline | undefined;
}

/** A channel nobody waits on is kept this long: the next waiter of a contended lock is seldom far. */
const LINGER_MS = 1_000;

/**
 * Wake messages of all members, over a second connection for each that is opened at the first contention and
 * shared by all waiters (protocol §8). A subscription that breaks is told as `instance:wake:lost`; when it is
 * back its listeners are told that the member may be free, since a message may have been missed.
 */
export class WakeUps {
  /** What this client is called where it waits in line: 8 hexadecimal digits. */
  readonly client: string;
  readonly #members: Members;
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  readonly #events: Events;
  readonly #patienceMs: number;
  readonly #subscriptions: (Subscription | undefined)[] = [];
  readonly #channels = new Map<string, Channel>();
  #lost = 0;

  constructor(members: Members, clock: Clock, deadlines: Deadlines, events: Events, patienceMs: number) {
    this.#members = members;
    this.#clock = clock;
    this.client = clock.randomToken().slice(0, 8);
    this.#deadlines = deadlines;
    this.#events = events;
    this.#patienceMs = patienceMs;
  }

  watch(names: readonly string[], listener: WakeListener): Watch {
    const channels = names.map((name) => this.#open(name));
    for (const channel of channels) {
      channel.listeners.add(listener);
      channel.idle?.cancel();
      channel.idle = undefined;
    }
    const covered = (): boolean =>
      channels.every(({ confirmed }) => this.#members.voters.hasQuorum(confirmed));
    return {
      ready: covered() ? Promise.resolve() : this.#confirmed(channels, covered),
      get covered() {
        return covered();
      },
      renew: () => {
        if (!covered()) for (const channel of channels) this.#subscribe(channel);
      },
      close: () => {
        for (const channel of channels) {
          channel.listeners.delete(listener);
          if (channel.listeners.size === 0) this.#linger(channel);
        }
      },
    };
  }

  /** A member is let go of: its index may be given to another one. */
  drop({ index }: Member): void {
    this.#subscriptions[index]?.close();
    this.#subscriptions[index] = undefined;
    const others = ~(1 << index);
    this.#lost &= others;
    for (const channel of this.#channels.values()) {
      channel.asked &= others;
      channel.known &= others;
      channel.confirmed &= others;
    }
  }

  close(): void {
    for (const channel of this.#channels.values()) channel.idle?.cancel();
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
        asked: 0,
        confirmed: 0,
        known: 0,
        onConfirmed: new Set(),
        idle: undefined,
      };
      this.#channels.set(name, channel);
    }
    // Also of a channel that is open already, for members that came since, and those that refused it before.
    this.#subscribe(channel);
    return channel;
  }

  #subscribe(channel: Channel): void {
    if (channel.asked === this.#members.voters.all) return;
    for (const member of this.#members.voters.members) {
      const bit = 1 << member.index;
      if ((channel.asked & bit) !== 0) continue;
      channel.asked |= bit;
      const subscription = this.#subscription(member);
      subscription.subscribe(channel.name).then(
        () => this.#confirm(channel, member.index),
        (error: unknown) => {
          // Its index may be another member's by now.
          if (this.#subscriptions[member.index] !== subscription) return;
          channel.asked &= ~bit;
          this.#missing(member, asError(error), [channel]);
        },
      );
    }
  }

  #confirm(channel: Channel, member: number): void {
    const bit = 1 << member;
    // It may be closed, or the member be gone, by now.
    if (this.#channels.get(channel.name) !== channel || (channel.asked & bit) === 0) return;
    channel.known |= bit;
    channel.confirmed |= bit;
    this.#lost &= ~bit;
    for (const told of channel.onConfirmed) told();
    // Who sleeps already, because this took too long, was not told of what was released until now.
    this.#tell(channel, member);
  }

  #confirmed(channels: readonly Channel[], covered: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        limit.cancel();
        for (const channel of channels) channel.onConfirmed.delete(look);
        resolve();
      };
      const look = (): void => {
        if (covered()) done();
      };
      const limit = this.#deadlines.add(this.#clock.monotonic() + this.#patienceMs, done);
      for (const channel of channels) channel.onConfirmed.add(look);
    });
  }

  #linger(channel: Channel): void {
    channel.idle?.cancel();
    channel.idle = this.#deadlines.add(this.#clock.monotonic() + LINGER_MS, () => {
      if (this.#channels.get(channel.name) === channel) this.#channels.delete(channel.name);
      for (const subscription of this.#subscriptions) subscription?.unsubscribe(channel.name);
    });
  }

  #subscription(member: Member): Subscription {
    const { index, instance } = member;
    const bit = 1 << index;
    return (this.#subscriptions[index] ??= instance.listen({
      message: (name, first) => this.#tell(this.#channels.get(name), index, first),
      restored: () => {
        for (const channel of this.#channels.values()) {
          // One whose own subscription is still under way is confirmed by that.
          if ((channel.known & bit) === 0) continue;
          this.#confirm(channel, index);
        }
      },
      lost: (error) => this.#missing(member, error),
    }));
  }

  #missing(member: Member, error: Error, channels: Iterable<Channel> = this.#channels.values()): void {
    const bit = 1 << member.index;
    for (const channel of channels) {
      // Where it was refused nobody sleeps on it; woken by that, they would ask for it again without a pause.
      if ((channel.confirmed & bit) === 0) continue;
      channel.confirmed &= ~bit;
      // Whoever sleeps looks again: a message may be missed from now on.
      this.#tell(channel, member.index);
    }
    if ((this.#lost & bit) !== 0) return;
    this.#lost |= bit;
    this.#events.emit("instance:wake:lost", { instance: member.label, error });
  }

  #tell(channel: Channel | undefined, member: number, first = ""): void {
    if (channel === undefined) return;
    for (const listener of channel.listeners) listener(member, first);
  }
}
