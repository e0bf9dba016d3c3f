import type { Clock } from "../clock.ts";
import type { Deadline, Deadlines } from "../deadlines.ts";
import { asError } from "../errors.ts";
import type { Events } from "../events.ts";
import type { Subscription } from "../instances/port.ts";
import type { Member } from "../members/member.ts";
import type { Members } from "../members/members.ts";

/** One waiter's interest in the wake messages of some channels. */
export interface Watch {
  /** Resolves when a quorum of members has confirmed the subscription, or when that takes too long. */
  readonly ready: Promise<void>;
  /** Whether a quorum of members would tell of a release now. */
  readonly covered: boolean;
  close(): void;
}

export type WakeListener = (member: number) => void;

interface Channel {
  readonly name: string;
  readonly listeners: Set<WakeListener>;
  /** Members whose server has confirmed the subscription. */
  readonly confirmed: Set<number>;
  /** Members whose server has confirmed it once: their connection subscribes it again by itself after a break. */
  readonly known: Set<number>;
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
  readonly #members: Members;
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  readonly #events: Events;
  readonly #patienceMs: number;
  readonly #subscriptions: (Subscription | undefined)[] = [];
  readonly #channels = new Map<string, Channel>();
  readonly #lost = new Set<number>();

  constructor(members: Members, clock: Clock, deadlines: Deadlines, events: Events, patienceMs: number) {
    this.#members = members;
    this.#clock = clock;
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
    const covered = (): boolean => channels.every(({ confirmed }) => confirmed.size >= this.#members.quorum);
    return {
      ready: covered() ? Promise.resolve() : this.#confirmed(channels, covered),
      get covered() {
        return covered();
      },
      close: () => {
        for (const channel of channels) {
          channel.listeners.delete(listener);
          if (channel.listeners.size === 0) this.#linger(channel);
        }
      },
    };
  }

  /** How many of the connections that hear of a channel at one member are this client's own. */
  ownListeners(name: string): number {
    return (this.#channels.get(name)?.confirmed.size ?? 0) > 0 ? 1 : 0;
  }

  close(): void {
    for (const channel of this.#channels.values()) channel.idle?.cancel();
    this.#channels.clear();
    for (const subscription of this.#subscriptions) subscription?.close();
    this.#subscriptions.length = 0;
  }

  #open(name: string): Channel {
    const known = this.#channels.get(name);
    if (known !== undefined) return known;
    const channel: Channel = {
      name,
      listeners: new Set(),
      confirmed: new Set(),
      known: new Set(),
      onConfirmed: new Set(),
      idle: undefined,
    };
    this.#channels.set(name, channel);
    for (const member of this.#members.list) {
      this.#subscription(member)
        .subscribe(name)
        .then(
          () => this.#confirm(channel, member.index),
          (error: unknown) => this.#missing(member, asError(error), [channel]),
        );
    }
    return channel;
  }

  #confirm(channel: Channel, member: number): void {
    if (this.#channels.get(channel.name) !== channel) return;
    channel.known.add(member);
    channel.confirmed.add(member);
    this.#lost.delete(member);
    for (const told of channel.onConfirmed) told();
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
    return (this.#subscriptions[index] ??= instance.listen({
      message: (name) => this.#tell(this.#channels.get(name), index),
      restored: () => {
        for (const channel of this.#channels.values()) {
          // One whose own subscription is still under way is confirmed by that.
          if (!channel.known.has(index)) continue;
          this.#confirm(channel, index);
          this.#tell(channel, index);
        }
      },
      lost: (error) => this.#missing(member, error),
    }));
  }

  #missing(member: Member, error: Error, channels: Iterable<Channel> = this.#channels.values()): void {
    for (const channel of channels) {
      channel.confirmed.delete(member.index);
      // Whoever sleeps looks again: a message may be missed from now on.
      this.#tell(channel, member.index);
    }
    if (this.#lost.has(member.index)) return;
    this.#lost.add(member.index);
    this.#events.emit("instance:wake:lost", { instance: member.label, error });
  }

  #tell(channel: Channel | undefined, member: number): void {
    if (channel === undefined) return;
    for (const listener of channel.listeners) listener(member);
  }
}
