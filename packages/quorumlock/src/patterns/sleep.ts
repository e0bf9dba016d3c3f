import type { Clock } from "../base/clock.ts";

/** Resolves after `ms`, or when the signal aborts if that is earlier. Leaves no listener. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const wake = (): void => {
      timer.cancel();
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const timer = clock.setTimer(ms, wake, true);
    signal.addEventListener("abort", wake, { once: true });
  });
}

/** Resolves when `event` resolves, but after `ms` at the latest. `event` must not reject. Returns whether it has resolved. */
export function atMost(clock: Clock, ms: number, event: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(ms, () => resolve(false), true);
    void event.then(() => {
      timer.cancel();
      resolve(true);
    });
  });
}
