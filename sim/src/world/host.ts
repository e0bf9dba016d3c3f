import type { Clock } from "quorumlock";
import { PartyClock, type ClockTraits } from "./party-clock.ts";
import type { Random } from "./random.ts";
import type { Time } from "./time.ts";

/**
 * The machine that one client runs on: its clock, and whether it runs, stands still or is dead. All that reaches the
 * client's code comes through here.
 */
export class Host {
  readonly label: string;
  readonly clock: PartyClock;
  readonly #time: Time;
  readonly #random: Random;
  #state: "running" | "paused" | "dead" = "running";
  /** What arrived while it stood still. */
  #missed: (() => void)[] = [];
  #resumesAt = 0;
  /** Stands still in the middle of its code after so many more looks at the clock or messages sent. */
  #stallIn = 0;
  #stallMs = 0;
  #onStall: () => void = () => undefined;
  /** Timers that are set and have not fired. */
  timers = 0;

  constructor(label: string, time: Time, traits: ClockTraits, random: Random) {
    this.label = label;
    this.#time = time;
    this.#random = random;
    this.clock = new PartyClock(time, traits);
  }

  get running(): boolean {
    return this.#state === "running";
  }

  get dead(): boolean {
    return this.#state === "dead";
  }

  /** Runs code of the client at a moment of real time, or as soon as it runs again. */
  at(time: number, happening: () => void): { cancel(): void } {
    let cancelled = false;
    const appointment = this.#time.atClient(time, () => {
      const run = (): void => {
        if (!cancelled) happening();
      };
      if (this.#state === "running") run();
      else if (this.#state === "paused") this.#missed.push(run);
    });
    return {
      cancel: () => {
        cancelled = true;
        appointment.cancel();
      },
    };
  }

  /** Stands still: timers do not fire and messages lie in the sockets. */
  pause(ms: number): void {
    if (this.#state === "dead") return;
    this.#state = "paused";
    this.#resumesAt = Math.max(this.#resumesAt, this.#time.now + ms);
    this.#time.atClient(this.#resumesAt, () => this.#resume());
  }

  /** Stands still between two instructions: at the `looks`-th look at the clock, or message sent, from now. */
  stall(looks: number, ms: number, onStall: () => void): void {
    this.#stallIn = looks;
    this.#stallMs = ms;
    this.#onStall = onStall;
  }

  crash(): void {
    this.#state = "dead";
    this.#missed = [];
  }

  /** Ends whatever stands still or would. */
  heal(): void {
    this.#stallIn = 0;
    if (this.#state !== "paused") return;
    this.#resumesAt = this.#time.now;
    this.#time.atClient(this.#time.now, () => this.#resume());
  }

  /** Marks an instruction before which the client may stand still. */
  instruction(): void {
    if (this.#stallIn === 0) return;
    this.#stallIn -= 1;
    if (this.#stallIn > 0) return;
    this.#onStall();
    this.#time.standStill(this.#stallMs);
  }

  /** Looks at something of the client from outside: it is no instruction of the client. */
  watch<T>(look: () => T): T {
    const looks = this.#stallIn;
    this.#stallIn = 0;
    try {
      return look();
    } finally {
      this.#stallIn = looks;
    }
  }

  #resume(): void {
    if (this.#state !== "paused" || this.#time.now < this.#resumesAt) return;
    this.#state = "running";
    const missed = this.#missed;
    this.#missed = [];
    // One after the other, each with its own turn, as an event loop has them.
    for (const run of missed) this.at(this.#time.now, run);
  }

  /** What the library is given as its clock. */
  asClock(): Clock {
    return {
      monotonic: () => {
        this.instruction();
        return this.clock.monotonic();
      },
      wall: () => {
        this.instruction();
        return this.clock.wall();
      },
      timer: (delayMs, callback) => {
        this.timers += 1;
        let set = true;
        const done = (): void => {
          if (set) this.timers -= 1;
          set = false;
        };
        const appointment = this.at(this.clock.after(delayMs), () => {
          done();
          callback();
        });
        return {
          cancel: () => {
            done();
            appointment.cancel();
          },
          keepAlive: () => undefined,
        };
      },
      nextTick: (callback) => process.nextTick(callback),
      afterIo: (callback) => void this.at(this.#time.now, callback),
      random: () => this.#random.next(),
      randomToken: () =>
        Array.from({ length: 4 }, () => this.#random.whole(0, 0xffffffff).toString(16).padStart(8, "0")).join(
          "",
        ),
    };
  }
}
