import { toError } from "../../base/to-error.ts";
import { formatValue } from "../../base/check-value.ts";
import type { SkipReason } from "../once/claim.ts";

/** Every event of a schedule, with its fields. `scheduledAt` is the instant, in ms since 1970. */
export interface ScheduleEvents {
  /** The routine begins in this process. */
  "schedule:run:started": { readonly scheduledAt: number; readonly attempt: number; readonly fence: number };
  /** The routine has ended in this process. */
  "schedule:run:succeeded": {
    readonly scheduledAt: number;
    readonly durationMs: number;
    /** Whether it is certain that the instant is recorded as done. */
    readonly recorded: boolean;
  };
  /**
   * The run failed: the routine threw or was too slow, the lock was lost, or the servers could not be reached for `startWithin`, so that
   * nothing ran. The schedule goes on.
   */
  "schedule:run:failed": { readonly scheduledAt: number; readonly error: unknown };
  /** The routine does not run in this process. */
  "schedule:run:skipped": { readonly scheduledAt: number; readonly reason: SkipReason };
  /** Instants passed while no process ran them. `run` are run now, `dropped` are not. */
  "schedule:missed": { readonly run: readonly number[]; readonly dropped: number };
  /** The calculator failed, or did not advance. The schedule has stopped. */
  "schedule:ended": { readonly error: Error | undefined };
}

export type ScheduleEventName = keyof ScheduleEvents;

const EVENTS: Readonly<Record<ScheduleEventName, true>> = {
  "schedule:run:started": true,
  "schedule:run:succeeded": true,
  "schedule:run:failed": true,
  "schedule:run:skipped": true,
  "schedule:missed": true,
  "schedule:ended": true,
};

type Listener = (event: never) => unknown;

/** The listeners of one schedule. If a listener throws, a process warning reports it, and the schedule goes on. */
export class ScheduleListeners {
  readonly #listeners = new Map<ScheduleEventName, Set<Listener>>();

  /** @throws TypeError if there is no such event, or for no function. */
  on<Name extends ScheduleEventName>(
    name: Name,
    listener: (event: ScheduleEvents[Name]) => unknown,
  ): () => void {
    if (!Object.hasOwn(EVENTS, name))
      throw new TypeError(
        `event: ${formatValue(name)} does not exist; the events are ${Object.keys(EVENTS).join(", ")}`,
      );
    if (typeof listener !== "function")
      throw new TypeError(`listener: ${formatValue(listener)} must be a function`);
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  emit<Name extends ScheduleEventName>(name: Name, event: ScheduleEvents[Name]): void {
    const warn = (thrown: unknown): void =>
      process.emitWarning(
        `a listener of "${name}" threw: ${toError(thrown).message}`,
        "QuorumlockListenerWarning",
      );
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        const result = listener(event as never);
        if (result instanceof Promise) result.catch(warn);
      } catch (thrown) {
        warn(thrown);
      }
    }
  }
}
