import { performance } from "node:perf_hooks";
import type { Clock } from "quorumlock";

/** The source of time and timers. A `Clock` of the library is one, too. */
export type AlertClock = Pick<Clock, "monotonic" | "wall" | "setTimer">;

export type AlertTimer = ReturnType<AlertClock["setTimer"]>;

export const systemClock: AlertClock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  setTimer(delayMs, callback, keepAlive) {
    const handle = setTimeout(callback, Math.max(0, delayMs));
    if (!keepAlive) handle.unref();
    return {
      cancel: () => clearTimeout(handle),
      setKeepAlive: (yes) => void (yes ? handle.ref() : handle.unref()),
    };
  },
};
