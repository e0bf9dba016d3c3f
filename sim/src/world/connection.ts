import type { Link } from "./link.ts";
import type { ServerEnd } from "./server.ts";

/** The state of the network between one client and one server. */
export interface NetworkState {
  /** Factor by which messages take longer. */
  slowness: number;
  /** Messages to the server wait until this ends. Then all arrive in order. */
  holdsRequests: boolean;
  /** The same for messages from the server. */
  holdsReplies: boolean;
  /** No connection can be made. */
  isCut: boolean;
  /** No connection for a subscription can be made. */
  isWakeCut: boolean;
}

export const HEALTHY_NETWORK: Readonly<NetworkState> = {
  slowness: 1,
  holdsRequests: false,
  holdsReplies: false,
  isCut: false,
  isWakeCut: false,
};

const USUAL_DELAY_MS = 1.5;
const LONG_DELAY_MS = 60;
const LONG_DELAY_CHANCE = 0.01;
const MAX_LATE_MS = 400;
/** One late message in five is later: longer than the ttl of most locks. */
const MAX_VERY_LATE_MS = 3_000;

/**
 * One connection. While it stands, messages arrive in order in each direction. When it breaks, messages in flight are
 * lost, or they still reach the server, possibly after messages of a later connection.
 */
export class Connection implements ServerEnd {
  readonly #link: Link;
  readonly #network: NetworkState;
  readonly #onBreak: (error: Error) => void;
  /** The process of the server that the connection leads to. */
  readonly #process: number;
  #isOpen = true;
  readonly #requests = new Lane();
  readonly #replies = new Lane();
  #heldRequests: (() => void)[] = [];
  #heldReplies: (() => void)[] = [];

  constructor(link: Link, network: NetworkState, onBreak: (error: Error) => void) {
    this.#link = link;
    this.#network = network;
    this.#onBreak = onBreak;
    this.#process = link.server.process;
    link.server.addConnection(this);
  }

  /** Sends a request to the server, and its reply back. */
  request(handle: () => unknown, onReply: (reply: unknown) => void): void {
    const { time, server } = this.#link;
    const deliver = (): void => {
      server.receive(this.#process, () => {
        const reply = handle();
        this.push(() => onReply(reply));
      });
    };
    const arrivesAt = this.#requests.arrivalOf(time.now, () => this.#delay());
    time.scheduleServer(arrivesAt, () => this.#arrive(deliver));
  }

  /** Sends a message from the server to the client. */
  push(onMessage: () => void): void {
    if (!this.#isOpen) return;
    const { time, host } = this.#link;
    const arrivesAt = this.#replies.arrivalOf(time.now, () => this.#delay());
    time.scheduleServer(arrivesAt, () => {
      const deliver = (): void => {
        host.schedule(time.now, () => {
          if (this.#isOpen) onMessage();
        });
      };
      if (this.#network.holdsReplies || this.#heldReplies.length > 0) this.#heldReplies.push(deliver);
      else deliver();
    });
  }

  break(error: Error): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#link.server.removeConnection(this);
    // Held requests are lost or late, like all others in flight.
    const held = this.#heldRequests;
    this.#heldRequests = [];
    this.#heldReplies = [];
    for (const deliver of held) this.#arrive(deliver);
    this.#onBreak(error);
  }

  onClosedByServer(error: Error): void {
    this.break(error);
  }

  /** Delivers held messages, unless the network still holds them. */
  deliverHeld(): void {
    if (!this.#network.holdsRequests) for (const deliver of this.#heldRequests.splice(0)) deliver();
    if (!this.#network.holdsReplies) for (const deliver of this.#heldReplies.splice(0)) deliver();
  }

  #arrive(deliver: () => void): void {
    if (!this.#isOpen) {
      const { random, time, watcher } = this.#link;
      const isLate = random.chance(0.5);
      watcher.onBrokenMessage(isLate ? "late" : "lost");
      if (!isLate) return;
      const maxMs = random.chance(0.2) ? MAX_VERY_LATE_MS : MAX_LATE_MS;
      time.scheduleServer(time.now + random.between(0, maxMs), deliver);
    } else if (this.#network.holdsRequests || this.#heldRequests.length > 0) this.#heldRequests.push(deliver);
    else deliver();
  }

  #delay(): number {
    const { random } = this.#link;
    const usual = 0.05 + random.next() ** 3 * USUAL_DELAY_MS * this.#network.slowness;
    return random.chance(LONG_DELAY_CHANCE) ? usual + random.between(0, LONG_DELAY_MS) : usual;
  }
}

/** One direction of a connection. No message overtakes another, and messages that are sent together arrive together. */
class Lane {
  #sentAt = -1;
  #arrivesAt = 0;

  arrivalOf(sentAt: number, drawDelayMs: () => number): number {
    if (sentAt !== this.#sentAt) this.#arrivesAt = Math.max(this.#arrivesAt, sentAt + drawDelayMs());
    this.#sentAt = sentAt;
    return this.#arrivesAt;
  }
}
