import { formatList } from "../../format/list.ts";
import type { ReportReading } from "../../monitor/reports/report-reading.ts";

/** How many processes a finding names. */
export const MAX_OWNERS = 5;

/** `web-1:12, web-2:9 and 14 more` */
export function ownersOf(readings: readonly ReportReading[]): string {
  const owners = [...new Set(readings.map(({ report }) => report.process.owner))].toSorted();
  return formatList(owners, MAX_OWNERS);
}

export function groupBy(
  readings: readonly ReportReading[],
  key: (reading: ReportReading) => string,
): ReadonlyMap<string, readonly ReportReading[]> {
  const groups = new Map<string, ReportReading[]>();
  for (const reading of readings) {
    const group = groups.get(key(reading));
    if (group === undefined) groups.set(key(reading), [reading]);
    else group.push(reading);
  }
  return groups;
}
