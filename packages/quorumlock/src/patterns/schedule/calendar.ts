import { checkText, formatValue } from "../../base/check-value.ts";
import { toError } from "../../base/to-error.ts";

/** A calculator of instants, such as a `Cron` of croner. Its timers are not used. */
export interface CronCalculator {
  /** The first instant after `from`, or `null` if there is none. */
  nextRun(from: Date): Date | null;
  /** The pattern, such as `30 2 * * *`. It tells whether every hour is admitted. */
  getPattern?(): string | undefined;
  /** The settings of croner. Only these two are read. */
  readonly options?:
    | { readonly timezone?: string | undefined; readonly utcOffset?: number | undefined }
    | undefined;
}

/** Options of a calendar. */
export interface CalendarOptions {
  /** The time zone of the calculator, such as `Europe/Berlin`. `undefined`: that of the process. */
  readonly timeZone: string | undefined;
}

/** Before this much time has passed, a local time can come again when clocks are set back. */
const REPEATED_WITHIN_MS = 3 * 3_600_000;
/** So many instants are computed for one answer at most: those that are dropped when clocks are set back. */
const MAX_DROPPED = 20_000;

/**
 * The instants of a calculator, in order. When clocks are set back, a local time comes twice. A pattern that does not admit every hour
 * means one run then, so the second one is dropped.
 */
export class Calendar {
  readonly #cron: CronCalculator;
  readonly #localTime: Intl.DateTimeFormat;
  /** Whether no instant is dropped. */
  readonly #keepsAll: boolean;

  /** @throws TypeError if `cron` cannot calculate. RangeError for an unknown time zone. */
  constructor(cron: CronCalculator, { timeZone }: CalendarOptions) {
    if (typeof (cron as Partial<CronCalculator> | null)?.nextRun !== "function")
      throw new TypeError(
        `cron: ${formatValue(cron)} must have a method nextRun(from), such as new Cron("30 2 * * *") of croner`,
      );
    if (timeZone !== undefined) checkText("timeZone", timeZone);
    this.#cron = cron;
    const zone = timeZone ?? cron.options?.timezone;
    this.#localTime = new Intl.DateTimeFormat("en-GB", {
      ...(zone !== undefined && { timeZone: zone }),
      calendar: "gregory",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    });
    // With a fixed offset no clock is ever set back.
    const hasFixedOffset = timeZone === undefined && cron.options?.utcOffset !== undefined;
    this.#keepsAll = hasFixedOffset || admitsEveryHour(cron.getPattern?.());
  }

  /**
   * The first instant after `after`; `undefined` if there is none.
   * @throws TypeError, RangeError if the calculator returns no date, or does not advance.
   */
  next(after: number): number | undefined {
    let instant = this.#compute(after);
    for (let dropped = 0; instant !== undefined && this.#isRepeated(instant); dropped += 1) {
      if (dropped === MAX_DROPPED)
        throw new RangeError(`cron: it has more than ${MAX_DROPPED} instants in an hour that comes twice`);
      instant = this.#compute(instant);
    }
    return instant;
  }

  #compute(after: number): number | undefined {
    let date: unknown;
    try {
      date = this.#cron.nextRun(new DateOf(after));
    } catch (thrown) {
      throw new TypeError(`cron: nextRun threw "${toError(thrown).message}"`, { cause: thrown });
    }
    if (date === null || date === undefined) return undefined;
    const instant = date instanceof DateOf ? date.getTime() : Number.NaN;
    if (Number.isNaN(instant))
      throw new TypeError(
        `cron: nextRun returned ${formatValue(date)}; it must return a valid Date, or null`,
      );
    if (instant > after) return instant;
    throw new RangeError(
      `cron: nextRun(${new DateOf(after).toISOString()}) returned ${new DateOf(instant).toISOString()}, which is not later`,
    );
  }

  /** Whether clocks were set back in the last three hours, and the calculator had an instant when they showed this time before. */
  #isRepeated(instant: number): boolean {
    if (this.#keepsAll) return false;
    const elapsedLocallyMs = this.#localMs(instant) - this.#localMs(instant - REPEATED_WITHIN_MS);
    const setBackMs = REPEATED_WITHIN_MS - elapsedLocallyMs;
    if (setBackMs <= 0) return false;
    const before = instant - setBackMs;
    return this.#localMs(before) === this.#localMs(instant) && this.#compute(before - 1) === before;
  }

  /** The local time as if it was UTC, in ms. */
  #localMs(instant: number): number {
    const part = Object.fromEntries(
      this.#localTime.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return DateOf.UTC(year, month - 1, day, hour, minute, second);
  }
}

// The calculator gets dates, and they carry a moment of the injected clock. No time is read from the system here.
// oxlint-disable-next-line no-restricted-globals
const DateOf = Date;

/**
 * Whether a pattern admits every hour of the day. A pattern has five fields, or six with seconds first. One that cannot be read counts
 * as admitting every hour, so that nothing is dropped.
 */
export function admitsEveryHour(pattern: string | undefined): boolean {
  const fields = pattern?.trim().split(/\s+/) ?? [];
  const nicknames = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight"];
  if (fields.length === 1) return !nicknames.includes(fields[0]!.toLowerCase());
  if (fields.length < 5) return true;
  const hour = fields[fields.length === 5 ? 1 : 2] ?? "*";
  const hours = new Set(hour.split(",").flatMap(hoursIn));
  return hours.size === 24;
}

/** The hours of one part, such as `*`, `2`, `8-17` or `0/2`. */
function hoursIn(part: string): readonly number[] {
  const [range = "", stepText] = part.split("/");
  const step = stepText === undefined ? 1 : Number(stepText);
  const [fromText = "", toText] = range.split("-");
  const isAny = range === "*" || range === "?" || range === "";
  const from = isAny ? 0 : Number(fromText);
  const to = isAny || (toText === undefined && stepText !== undefined) ? 23 : Number(toText ?? fromText);
  // What cannot be read counts as every hour.
  if (![from, to, step].every(Number.isInteger) || step < 1)
    return Array.from({ length: 24 }, (_, hour) => hour);
  return Array.from({ length: 24 }, (_, hour) => hour).filter(
    (hour) => hour >= from && hour <= to && (hour - from) % step === 0,
  );
}
