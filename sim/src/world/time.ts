import { EventQueue, type ScheduledEvent } from "./event-queue.ts";

/** More client events than this at one moment are an endless loop. */
const MAX_EVENTS_AT_ONE_MOMENT = 100_000;

/**
 * Real time in ms, which starts at 0. No machine of the simulation can read it.
 *
 * Events of servers and of the network have a queue of their own. So servers can go on while a client stalls in the
 * middle of its code.
 */
export class Time {
  #now = 0;
  /** Whose code runs: the owner of the event of a client whose promises have not settled yet. */
  active: unknown;
  /** Whether a client is in the middle of its code. */
  isStalling = false;
  readonly #servers = new EventQueue();
  readonly #clients = new EventQueue();

  get now(): number {
    return this.#now;
  }

  /** Whether an event of a client is overdue. This happens after a client stalled: all clients share one thread. */
  get isClientOverdue(): boolean {
    return this.#clients.nextAt < this.#now;
  }

  /** Schedules an event of a server or of the network. It must not run code of a client. */
  scheduleServer(at: number, run: () => void): ScheduledEvent {
    return this.#servers.add(Math.max(at, this.#now), run);
  }

  /** Schedules an event that runs code of a client. */
  scheduleClient(at: number, run: () => void): ScheduledEvent {
    return this.#clients.add(Math.max(at, this.#now), run);
  }

  /** Lets time pass for servers only: a client stalls for so long between two instructions. */
  stallClients(ms: number): void {
    const end = this.#now + ms;
    this.isStalling = true;
    while (this.#servers.nextAt <= end) this.#runNext(this.#servers);
    this.#now = end;
    this.isStalling = false;
  }

  /**
   * Lets time pass until `end`, or until `isDone()` is true. After each event of a client all promises settle before the
   * next event runs.
   *
   * Rejects if clients schedule events at one moment for ever.
   */
  pass(end: number, isDone: () => boolean): Promise<void> {
    let eventsNow = 0;
    let last = this.#now;
    return new Promise((resolve, reject) => {
      const go = (): void => {
        eventsNow = this.#now === last ? eventsNow + 1 : 0;
        last = this.#now;
        if (eventsNow > MAX_EVENTS_AT_ONE_MOMENT) {
          reject(
            new Error(`more than ${MAX_EVENTS_AT_ONE_MOMENT} events of clients at ${last.toFixed(1)} ms`),
          );
          return;
        }
        for (;;) {
          if (isDone()) break;
          const [server, client] = [this.#servers.nextAt, this.#clients.nextAt];
          if (Math.min(server, client) > end) {
            this.#now = Math.max(this.#now, end);
            break;
          }
          if (server <= client) {
            this.#runNext(this.#servers);
            continue;
          }
          this.#runNext(this.#clients);
          this.#endWhenSettled();
          setImmediate(go);
          return;
        }
        resolve();
      };
      // First the promises of the caller settle.
      setImmediate(go);
    });
  }

  /**
   * Nobody is active after the promises of an event have settled: what then runs is code of others in this process. A tick that
   * is asked for by a promise comes after all promises.
   */
  #endWhenSettled(): void {
    queueMicrotask(() => process.nextTick(() => (this.active = undefined)));
  }

  #runNext(queue: EventQueue): void {
    this.#now = Math.max(this.#now, queue.nextAt);
    queue.take()();
  }
}
