import { setTimeout as sleep } from "node:timers/promises";
import { oneRow, type Query } from "../harness/sql.ts";
import { BROKEN_DAY } from "./tables.ts";

export interface Report {
  readonly orders: number;
  /** Against yesterday, in percent. `null` if there is nothing to compare with. */
  readonly growth: number | null;
}

export type Growth = (today: number, yesterday: number) => number | null;

/** Nothing can be said about the growth since a day without orders. */
export const growthOf: Growth = (today, yesterday) =>
  yesterday === 0 ? null : ((today - yesterday) / yesterday) * 100;

/** The mistake: 0 is replaced by 1, and 40 orders after none are a growth of 4,000 %. */
export const growthWithoutZero: Growth = (today, yesterday) =>
  ((today - yesterday) / Math.max(yesterday, 1)) * 100;

/** @param onHalf called when half of the work is done. */
export async function makeReport(
  sql: Query,
  day: number,
  { reportMs, growth, onHalf }: { reportMs: number; growth: Growth; onHalf: () => void },
): Promise<Report> {
  const today = await ordersOf(sql, day);
  await sleep(reportMs / 2);
  onHalf();
  if (day === BROKEN_DAY) throw new Error(`no charts for day ${day}: their source does not answer`);
  const yesterday = await ordersOf(sql, day - 1);
  await sleep(reportMs / 2);
  return { orders: today, growth: growth(today, yesterday) };
}

async function ordersOf(sql: Query, day: number): Promise<number> {
  return (await oneRow<{ orders: number }>(sql, "SELECT orders FROM facts WHERE day = $1", [day])).orders;
}
