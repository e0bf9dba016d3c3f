import type { StoredRecord } from "./records/record-store.ts";

/** The fields in the body of a record; `undefined` if there is no record, or if its body is no object. */
export function fieldsIn(record: StoredRecord | undefined): Readonly<Record<string, unknown>> | undefined {
  if (record === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(record.body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
