import { systemClock } from "../../src/base/clock.ts";
import type { Clock } from "../../src/index.ts";

/** The clock of the system, which counts the timers that keep the process running. */
export interface WatchedClock extends Clock {
  readonly keepAliveTimers: number;
}

export function watchedClock(): WatchedClock {
  const keepAlive = new Set<object>();
  return {
    ...systemClock,
    get keepAliveTimers() {
      return keepAlive.size;
    },
    setTimer(delayMs, callback, keepsAlive) {
      const id = {};
      const timer = systemClock.setTimer(
        delayMs,
        () => {
          keepAlive.delete(id);
          callback();
        },
        keepsAlive,
      );
      if (keepsAlive) keepAlive.add(id);
      return {
        cancel() {
          keepAlive.delete(id);
          timer.cancel();
        },
        setKeepAlive(yes) {
          if (yes) keepAlive.add(id);
          else keepAlive.delete(id);
          timer.setKeepAlive(yes);
        },
      };
    },
  };
}
