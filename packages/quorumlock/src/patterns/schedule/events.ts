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
  /**
   * No further instant comes due: the calculator has none, or it failed or did not advance, which is the `error`. Instants that came due
   * before go on.
   */
  "schedule:ended": { readonly error: Error | undefined };
}

export type ScheduleEventName = keyof ScheduleEvents;

export const SCHEDULE_EVENTS: Readonly<Record<ScheduleEventName, true>> = {
  "schedule:run:started": true,
  "schedule:run:succeeded": true,
  "schedule:run:failed": true,
  "schedule:run:skipped": true,
  "schedule:missed": true,
  "schedule:ended": true,
};
