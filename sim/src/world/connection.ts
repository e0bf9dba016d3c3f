import type { ServerEnd } from "./server.ts";
import type { Wire } from "./wire.ts";

/** What the network between one client and one server does at present. */
export interface Weather {
  /** How many times longer messages take. */
  slowness: number;
  /** Messages to the server do not arrive until this ends; then they all do, in order. */
  heldTo: boolean;
  heldFrom: boolean;
  /** No connection can be had. */
  cut: boolean;
  wakeCut: boolean;
}

const USUAL_DELAY_MS = 1.5;
const LONG_DELAY_MS = 60;
const LONG_DELAY_CHANCE = 0.01;
const LATE_MS = 400;

/**
 * One connection: messages arrive in order in each direction, as long as it stands. When it breaks, what is under way
 * is lost, or still reaches the server, maybe after what a later connection brings.
 */
export class Connection implements ServerEnd {
  readonly #wire: Wire;
  readonly #weather: Weather;
  readonly #onBreak: (error: Error) => void;
  /** The process of the server that it leads to. */
  readonly #process: number;
  #open = true;
  /** When the last message that was sent arrives: none may overtake it. */
  #arrivesThere = 0;
  #arrivesHere = 0;
  #heldTo: (() => void)[] = [];
  #heldFrom: (() => void)[] = [];

  constructor(wire: Wire, weather: Weather, onBreak: (error: Error) => void) {
    this.#wire = wire;
    this.#weather = weather;
    this.#onBreak = onBreak;
    this.#process = wire.server.process;
    wire.server.connect(this);
  }

  /** Sends a question, and the answer back. */
  ask(question: () => unknown, answered: (answer: unknown) => void): void {
    const { time, server } = this.#wire;
    this.#arrivesThere = Math.max(this.#arrivesThere, time.now + this.#delay());
    const take = (): void => {
      server.receive(this.#process, () => {
        const answer = question();
        this.tell(() => answered(answer));
      });
    };
    time.atServer(this.#arrivesThere, () => this.#arrive(take));
  }

  /** Sends something from the server to the client. */
  tell(happening: () => void): void {
    if (!this.#open) return;
    const { time, host } = this.#wire;
    this.#arrivesHere = Math.max(this.#arrivesHere, time.now + this.#delay());
    time.atServer(this.#arrivesHere, () => {
      const deliver = (): void => {
        host.at(time.now, () => {
          if (this.#open) happening();
        });
      };
      if (this.#weather.heldFrom || this.#heldFrom.length > 0) this.#heldFrom.push(deliver);
      else deliver();
    });
  }

  break(error: Error): void {
    if (!this.#open) return;
    this.#open = false;
    this.#wire.server.disconnect(this);
    // What was held on its way is lost or late as well.
    const held = this.#heldTo;
    this.#heldTo = [];
    this.#heldFrom = [];
    for (const take of held) this.#arrive(take);
    this.#onBreak(error);
  }

  /** The server broke it off. */
  broken(error: Error): void {
    this.break(error);
  }

  /** What is held goes on, where the weather lets it. */
  letGo(): void {
    if (!this.#weather.heldTo) for (const take of this.#heldTo.splice(0)) take();
    if (!this.#weather.heldFrom) for (const deliver of this.#heldFrom.splice(0)) deliver();
  }

  #arrive(take: () => void): void {
    if (!this.#open) {
      const { random, time, watcher } = this.#wire;
      const late = random.chance(0.5);
      watcher.count(late ? "late" : "lost");
      if (late) time.atServer(time.now + random.between(0, LATE_MS), take);
    } else if (this.#weather.heldTo || this.#heldTo.length > 0) this.#heldTo.push(take);
    else take();
  }

  #delay(): number {
    const { random } = this.#wire;
    const usual = 0.05 + random.next() ** 3 * USUAL_DELAY_MS * this.#weather.slowness;
    return random.chance(LONG_DELAY_CHANCE) ? usual + random.between(0, LONG_DELAY_MS) : usual;
  }
}
