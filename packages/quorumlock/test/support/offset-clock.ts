import type { Clock } from "../../src/index.ts";

/** The clock of a process whose wall clock differs from that of the others. */
export function offsetClock(clock: Clock, offsetMs: number): Clock {
  return {
    monotonic: () => clock.monotonic(),
    wall: () => clock.wall() + offsetMs,
    setTimer: (delayMs, callback, keepAlive) => clock.setTimer(delayMs, callback, keepAlive),
    nextTick: (callback) => clock.nextTick(callback),
    afterIo: (callback) => clock.afterIo(callback),
    random: () => clock.random(),
    randomToken: () => clock.randomToken(),
  };
}
