import type { Clock } from "quorumlock";

/** The clock of a process whose wall clock is wrong by `offsetMs`. */
export function clockWithOffset(offsetMs: number): Clock {
  return {
    monotonic: () => performance.now(),
    wall: () => Date.now() + offsetMs,
    setTimer(delayMs, callback, keepAlive) {
      const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), 2 ** 31 - 1));
      if (!keepAlive) timer.unref();
      return {
        cancel: () => clearTimeout(timer),
        setKeepAlive: (yes) => void (yes ? timer.ref() : timer.unref()),
      };
    },
    nextTick: (callback) => process.nextTick(callback),
    afterIo: (callback) => void setImmediate(callback),
    random: () => Math.random(),
    randomToken: () => crypto.randomUUID().replaceAll("-", ""),
  };
}
