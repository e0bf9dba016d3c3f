import type { RemoteError } from "../errors.ts";

/** How the processing of a task has ended. */
export type TaskEnd<T> = TaskCompleted<T> | TaskGivenUp | TaskDelayed;

/** The task is over, and so is its job. */
export interface TaskCompleted<T> {
  /** Tells the ends apart. */
  readonly state: "done";
  /** The id of the task. */
  readonly id: string;
  /** What JSON makes of the result of the routine. */
  readonly value: T;
  /** Whether it is the result of an earlier attempt, whose job was delivered again. */
  readonly replayed: boolean;
  /** The attempt that has brought the result. */
  readonly attempt: number;
}

/** The task has failed for good. Its job is among the failed ones of BullMQ. */
export interface TaskGivenUp {
  /** Tells the ends apart. */
  readonly state: "failed";
  /** The id of the task. */
  readonly id: string;
  /** Why. */
  readonly error: RemoteError;
}

/** The task comes again later. No attempt of BullMQ is used. */
export interface TaskDelayed {
  /** Tells the ends apart. */
  readonly state: "delayed";
  /** The id of the task. */
  readonly id: string;
  /** After how long it comes again, in ms. */
  readonly delay: number;
  /** What went wrong; `undefined` if another worker is at work on the task. */
  readonly error: Error | undefined;
}

/** The events of a `TaskQueue`, in the process that processes the task. */
export interface TaskQueueEvents {
  /** A task is done. */
  "task:done": Omit<TaskCompleted<unknown>, "state">;
  /** A task has failed for good. */
  "task:failed": Omit<TaskGivenUp, "state">;
  /** A task comes again later. */
  "task:delayed": Omit<TaskDelayed, "state">;
  /** BullMQ reported an error, such as a lost connection, or a job could not be ended. The job is delivered again. */
  problem: { readonly error: Error };
}
