import { promiseHooks } from "node:v8";
import type { Clock } from "quorumlock";
import type { ScheduledEvent } from "./event-queue.ts";
import { type ClockTraits, MachineClock } from "./machine-clock.ts";
import type { Random } from "./random.ts";
import type { Time } from "./time.ts";

const ROUNDING_MS = 1e-6;

/**
 * The machine of one client. It has a clock. It runs, is paused, or is dead. Everything that runs code of the client
 * goes through `schedule`.
 */
export class Host {
  readonly label: string;
  readonly clock: MachineClock;
  readonly #time: Time;
  readonly #random: Random;
  #state: "running" | "paused" | "dead" = "running";
  /** Events that were due during a pause. */
  #missed: (() => void)[] = [];
  #resumesAt = 0;
  /** When the machine last woke up. */
  wokeUpAt = -Infinity;
  /** Since when the machine sleeps. */
  #asleepSince: number | undefined;
  /** The client stalls after this many instructions; 0 if no stall is planned. */
  #instructionsUntilStall = 0;
  #stallMs = 0;
  #onStall: () => void = () => undefined;
  /** Cancels a planned stall at an `await`. */
  #cancelAwaitStall: () => void = () => undefined;
  /** Number of timers that are set and have not fired. */
  timerCount = 0;

  constructor(label: string, time: Time, traits: ClockTraits, random: Random) {
    this.label = label;
    this.#time = time;
    this.#random = random;
    this.clock = new MachineClock(time, traits);
  }

  get isRunning(): boolean {
    return this.#state === "running";
  }

  get isDead(): boolean {
    return this.#state === "dead";
  }

  /** Runs code of the client at a moment of real time. If the client is paused then, the code runs after the pause. */
  schedule(at: number, run: () => void): ScheduledEvent {
    let isCancelled = false;
    const event = this.#time.scheduleClient(at, () => {
      this.#time.active = this;
      const runUnlessCancelled = (): void => {
        if (!isCancelled) run();
      };
      if (this.#state === "running") runUnlessCancelled();
      else if (this.#state === "paused") this.#missed.push(runUnlessCancelled);
    });
    return {
      cancel: () => {
        isCancelled = true;
        event.cancel();
      },
    };
  }

  /** Pauses the process: timers do not fire, and messages wait in the sockets. */
  pause(ms: number): void {
    if (this.#state === "dead") return;
    this.#state = "paused";
    this.#resumesAt = Math.max(this.#resumesAt, this.#time.now + ms);
    this.#time.scheduleClient(this.#resumesAt, () => this.#resume());
  }

  /** Plans a stall of `ms` between two instructions: at the n-th clock read or sent message from now. */
  stall(instructions: number, ms: number, onStall: () => void): void {
    this.#instructionsUntilStall = instructions;
    this.#stallMs = ms;
    this.#onStall = onStall;
  }

  /** Plans a stall of `ms` at the n-th `await` from now: its promise has settled, and the code after it has not begun. */
  stallAtAwait(awaits: number, ms: number, onStall: () => void): void {
    this.#cancelAwaitStall();
    let left = awaits;
    const cancel = promiseHooks.onBefore(() => {
      if (this.#time.active !== this || this.#state !== "running") return;
      left -= 1;
      if (left > 0) return;
      this.#cancelAwaitStall();
      onStall();
      this.#time.stallClients(ms);
    }) as () => void;
    this.#cancelAwaitStall = () => {
      cancel();
      this.#cancelAwaitStall = () => undefined;
    };
  }

  /** The machine sleeps: as a pause, but the monotonic clock and all timers stand still too. */
  sleep(ms: number): void {
    // Clients that stall are in the middle of their code. A clock that was read before must not go back.
    if (this.#state !== "running" || this.#time.isStalling) return;
    this.#asleepSince = this.#time.now;
    this.pause(ms);
  }

  crash(): void {
    this.#cancelAwaitStall();
    this.#state = "dead";
    this.#missed = [];
  }

  /** Ends a pause and cancels planned stalls. */
  heal(): void {
    this.#instructionsUntilStall = 0;
    this.#cancelAwaitStall();
    if (this.#state !== "paused") return;
    this.#resumesAt = this.#time.now;
    this.#time.scheduleClient(this.#time.now, () => this.#resume());
  }

  /** Marks a clock read or a sent message of the client. It may stall before each of them. */
  markInstruction(): void {
    if (this.#instructionsUntilStall === 0) return;
    this.#instructionsUntilStall -= 1;
    if (this.#instructionsUntilStall > 0) return;
    this.#onStall();
    this.#time.stallClients(this.#stallMs);
  }

  /** Reads something of the client from outside. The clock reads inside `read` do not count as instructions. */
  observe<T>(read: () => T): T {
    const instructions = this.#instructionsUntilStall;
    this.#instructionsUntilStall = 0;
    try {
      return read();
    } finally {
      this.#instructionsUntilStall = instructions;
    }
  }

  #resume(): void {
    if (this.#state !== "paused" || this.#time.now < this.#resumesAt) return;
    this.#state = "running";
    if (this.#asleepSince !== undefined) {
      this.clock.sleep(this.#time.now - this.#asleepSince);
      this.wokeUpAt = this.#time.now;
    }
    this.#asleepSince = undefined;
    const missed = this.#missed;
    this.#missed = [];
    // Each event has a turn of its own, as in an event loop.
    for (const run of missed) this.schedule(this.#time.now, run);
  }

  /** The clock that the library gets. */
  asClock(): Clock {
    return {
      monotonic: () => {
        this.markInstruction();
        return this.clock.monotonic();
      },
      wall: () => {
        this.markInstruction();
        return this.clock.wall();
      },
      setTimer: (delayMs, callback) => {
        this.timerCount += 1;
        let isSet = true;
        const unset = (): void => {
          if (isSet) this.timerCount -= 1;
          isSet = false;
        };
        const dueAt = this.clock.monotonic() + Math.max(0, delayMs);
        const wait = (ms: number): ScheduledEvent =>
          this.schedule(this.clock.after(ms), () => {
            const left = dueAt - this.clock.monotonic();
            // The machine slept meanwhile.
            if (left > ROUNDING_MS) event = wait(left);
            else {
              unset();
              callback();
            }
          });
        let event = wait(delayMs);
        return {
          cancel: () => {
            unset();
            event.cancel();
          },
          setKeepAlive: () => undefined,
        };
      },
      nextTick: (callback) => process.nextTick(callback),
      afterIo: (callback) => void this.schedule(this.#time.now, callback),
      random: () => this.#random.next(),
      randomToken: () =>
        Array.from({ length: 4 }, () =>
          this.#random.integer(0, 0xffffffff).toString(16).padStart(8, "0"),
        ).join(""),
    };
  }
}
