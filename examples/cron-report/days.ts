import { oneRow, type Query } from "../harness/sql.ts";
import type { Times } from "./tables.ts";

/** The calendar of the story: an instant for each day, at which the report of that day is due. */
export class Days {
  readonly #firstMs: number;
  readonly #times: Times;

  private constructor(firstMs: number, times: Times) {
    this.#firstMs = firstMs;
    this.#times = times;
  }

  static async read(sql: Query, times: Times): Promise<Days> {
    const { first_ms } = await oneRow<{ first_ms: number }>(sql, "SELECT first_ms FROM calendar");
    return new Days(first_ms, times);
  }

  get all(): readonly number[] {
    return Array.from({ length: this.#times.days }, (_, index) => index + 1);
  }

  instantOf(day: number): number {
    return this.#firstMs + (day - 1) * this.#times.dayMs;
  }

  dayOf(instant: number): number {
    return Math.round((instant - this.#firstMs) / this.#times.dayMs) + 1;
  }

  /** What `schedule` needs of a calculator. With real days: `new Cron("0 9 * * *")` of croner. */
  nextRun(from: Date): Date | null {
    const next = this.all.map((day) => this.instantOf(day)).find((instant) => instant > from.getTime());
    return next === undefined ? null : new Date(next);
  }
}
