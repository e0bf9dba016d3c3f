import { checkWholeNumber } from "../../base/check-whole-number.ts";
import { formatValue } from "../../base/check-value.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkOptions } from "../../base/options.ts";
import { RUN_OPTIONS, resolveLimits, type RunLimits, type RunOptions } from "../once/options.ts";

/** Options of `schedule`. Every duration is in milliseconds. */
export interface ScheduleOptions extends RunOptions {
  /**
   * How long an instant is remembered, in ms. From 60,000 to 604,800,000 (7 d).
   * @default 1,000 periods, at least 1 h and at most 24 h
   */
  readonly keepFor?: number | undefined;
  /**
   * What happens to an instant that comes due while a run of the job is at work, in any process:
   *
   * - `skip`: it is recorded as skipped.
   * - `wait`: it begins after that run, within `startWithin`. Of several in one process, one waits.
   * - `allow`: it runs at the same time. Each instant has a lock of its own, `name@instant`.
   *
   * @default "skip"
   */
  readonly overlap?: "skip" | "wait" | "allow" | undefined;
  /**
   * What happens to instants that passed while no process was there to run them: nothing, the last one runs, or all of them do. It needs
   * a last run that is known, or a gap of more than a minute in this process.
   * @default "last"
   */
  readonly missed?: "skip" | "last" | "all" | undefined;
  /** How old a missed instant may be, in ms. From 0 to `keepFor`. At most 100 are run; older ones are dropped. @default `keepFor` */
  readonly maxAge?: number | undefined;
  /**
   * The time zone in which local times are compared when clocks are set back, such as `Europe/Berlin`.
   * @default that of the calculator, if it is one of croner, or else that of the process
   */
  readonly timeZone?: string | undefined;
}

/** The options of a schedule, checked and complete. */
export interface ScheduleSettings {
  readonly limits: RunLimits;
  readonly overlap: "skip" | "wait" | "allow";
  readonly missed: "skip" | "last" | "all";
  readonly maxAgeMs: number;
}

const HOUR = 3_600_000;
const PERIODS_KEPT = 1_000;

/** @param periodMs the time between two instants. @throws TypeError, RangeError for bad options, with the field and the value. */
export function resolveScheduleOptions(options: ScheduleOptions, periodMs: () => number): ScheduleSettings {
  checkScheduleOptions(options);
  const keepFor =
    options.keepFor ?? Math.round(Math.min(24 * HOUR, Math.max(HOUR, PERIODS_KEPT * periodMs())));
  const overlap = checkChoice("overlap", options.overlap ?? "skip", ["skip", "wait", "allow"]);
  const missed = checkChoice("missed", options.missed ?? "last", ["skip", "last", "all"]);
  const limits = resolveLimits({ ...options, keepFor });
  if (overlap === "allow" && limits.atLeastForMs > 0)
    throw new RangeError(
      `atLeastFor: ${limits.atLeastForMs} keeps runs apart, and \`overlap: "allow"\` does not; leave one of them out`,
    );
  const maxAgeMs = checkWholeNumber("maxAge", options.maxAge ?? keepFor, 0, keepFor);
  // A missed instant that is as old as that must find its record.
  const keepForMs = Math.max(limits.keepForMs, maxAgeMs + limits.maxSkewMs + 1_000);
  return { limits: { ...limits, keepForMs }, overlap, missed, maxAgeMs };
}

function checkScheduleOptions(options: ScheduleOptions): void {
  checkOptions(options);
  const known = { ...RUN_OPTIONS, overlap: true, missed: true, maxAge: true, timeZone: true } as const;
  refuseUnknownOptions(options, known satisfies Record<keyof ScheduleOptions, true>);
}

function checkChoice<Choice extends string>(
  field: string,
  value: Choice,
  choices: readonly Choice[],
): Choice {
  if (choices.includes(value)) return value;
  throw new RangeError(`${field}: ${formatValue(value)} must be one of ${choices.join(", ")}`);
}
