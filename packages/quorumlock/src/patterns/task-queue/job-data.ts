import { fingerprintOf } from "../process-once/fingerprint.ts";
import type { BullmqJob } from "./bullmq.ts";

/** What a job of a `TaskQueue` has as its data. */
export interface JobData {
  /** The id of the task. */
  readonly id: string;
  /** The data of the task. */
  readonly data: unknown;
  /** Of the call that has added the job. */
  readonly addedBy: string;
}

/** BullMQ refuses ids with `:` and ids that are whole numbers. */
export function jobIdOf(id: string): string {
  return `t-${Buffer.from(id).toString("base64url")}`;
}

/** The data of a job; `undefined` if no `TaskQueue` has added it. */
export function jobDataIn({ data }: Pick<BullmqJob, "data">): JobData | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { id, addedBy, data: own } = data as Partial<JobData>;
  return typeof id === "string" && typeof addedBy === "string" ? { id, addedBy, data: own } : undefined;
}

/** What a task is about, for `processOnce`. */
export function inputOf({ data }: Pick<JobData, "data">): object {
  return { data };
}

export function isSameData(one: Pick<JobData, "data">, other: Pick<JobData, "data">): boolean {
  return fingerprintOf(inputOf(one)) === fingerprintOf(inputOf(other));
}
