import { Agenda, type Appointment } from "./agenda.ts";

/** So many things that clients do at one and the same moment are no work but a loop that never ends. */
const MOST_AT_ONCE = 100_000;

/**
 * Real time, which no party of the simulation can see, in ms; it starts at 0. What happens at servers and on the way to
 * them is kept apart from what happens in clients: while one client stands still in the middle of its code, servers go
 * on.
 */
export class Time {
  #now = 0;
  readonly #servers = new Agenda();
  readonly #clients = new Agenda();

  get now(): number {
    return this.#now;
  }

  /** Whether clients are late with what was due before: after one of them stood still, all others are. */
  get clientsAreBehind(): boolean {
    return this.#clients.nextAt < this.#now;
  }

  /** Something at a server, or on the way. It must not run code of a client. */
  atServer(time: number, happening: () => void): Appointment {
    return this.#servers.at(Math.max(time, this.#now), happening);
  }

  /** Something that runs code of a client. */
  atClient(time: number, happening: () => void): Appointment {
    return this.#clients.at(Math.max(time, this.#now), happening);
  }

  /** Lets time pass for the servers alone: what a client sees that stands still for so long between two instructions. */
  standStill(ms: number): void {
    const end = this.#now + ms;
    while (this.#servers.nextAt <= end) this.#step(this.#servers);
    this.#now = end;
  }

  /**
   * Lets time pass until `end`, or until `done` says so. After everything that runs code of a client its promises are
   * settled before anything else happens. Rejects where time stands still because clients never come to rest.
   */
  pass(end: number, done: () => boolean): Promise<void> {
    let atOnce = 0;
    let last = this.#now;
    return new Promise((resolve, reject) => {
      const go = (): void => {
        atOnce = this.#now === last ? atOnce + 1 : 0;
        last = this.#now;
        if (atOnce > MOST_AT_ONCE) {
          reject(new Error(`clients never come to rest at ${last.toFixed(1)} ms`));
          return;
        }
        for (;;) {
          if (done()) break;
          const [server, client] = [this.#servers.nextAt, this.#clients.nextAt];
          if (Math.min(server, client) > end) {
            this.#now = Math.max(this.#now, end);
            break;
          }
          if (server <= client) {
            this.#step(this.#servers);
            continue;
          }
          this.#step(this.#clients);
          setImmediate(go);
          return;
        }
        resolve();
      };
      // What the caller has just started settles first.
      setImmediate(go);
    });
  }

  #step(agenda: Agenda): void {
    this.#now = Math.max(this.#now, agenda.nextAt);
    agenda.take()();
  }
}
