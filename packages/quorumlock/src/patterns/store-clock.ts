import type { Clock } from "../base/clock.ts";
import type { OpenedRecord } from "./records/record-store.ts";

/** The clock of a store that has said its time just now. The monotonic clock of the process goes on from there. */
export function clockFrom(clock: Clock, { now }: Pick<OpenedRecord, "now">): () => number {
  const readAt = clock.monotonic();
  return () => Math.floor(now + clock.monotonic() - readAt);
}
