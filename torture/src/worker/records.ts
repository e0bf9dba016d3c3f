import type { LockKind } from "../contest/contender.ts";
import type { Hold } from "../contest/hold.ts";

/**
 * One line of a journal. A worker writes a record before and after each operation. `at` is monotonic, in ms.
 * `worker` is the pid and the number of the worker, such as "4711.0". `lockId` is the `operationId` of the acquisition,
 * or of the conversion that made the lock.
 */
export type WorkerRecord = { readonly at: number; readonly worker: string } & (
  | {
      readonly event: "acquire";
      readonly operationId: number;
      readonly kind: LockKind;
      /** Whether the worker intends to hold the lock for about a ttl. */
      readonly isLong: boolean;
      /** What the lock will hold, as far as that is known before the grant. */
      readonly claims: readonly Hold[];
    }
  | {
      readonly event: "acquired";
      readonly operationId: number;
      readonly holds: readonly Hold[];
      readonly token: string;
      readonly fence: number;
      /** When the lease ends, by the clock of the holder. */
      readonly heldUntil: number;
    }
  | {
      readonly event: "not-acquired";
      readonly operationId: number;
      readonly reason: "timed-out" | "no-quorum" | "aborted";
    }
  | { readonly event: "extend"; readonly operationId: number; readonly lockId: number }
  | {
      readonly event: "extended";
      readonly operationId: number;
      readonly lockId: number;
      readonly heldUntil: number;
    }
  | {
      readonly event: "not-extended";
      readonly operationId: number;
      readonly lockId: number;
      readonly reason: "lost" | "no-quorum";
    }
  | {
      readonly event: "convert";
      readonly operationId: number;
      readonly lockId: number;
      readonly kind: LockKind;
      /** What the lock holds after the conversion. */
      readonly holds: readonly Hold[];
    }
  /** The lock `lockId` has ended. The new lock has the `operationId` of the conversion as its id. */
  | {
      readonly event: "converted";
      readonly operationId: number;
      readonly lockId: number;
      readonly token: string;
      readonly fence: number;
      readonly heldUntil: number;
    }
  | {
      readonly event: "not-converted";
      readonly operationId: number;
      readonly lockId: number;
      /** `contended`: there are other readers. Then, and without a quorum, the lock is still held as before. */
      readonly reason: "contended" | "lost" | "no-quorum";
    }
  /** The worker noticed that the lock has extended itself. */
  | { readonly event: "auto-extended"; readonly lockId: number; readonly heldUntil: number }
  | { readonly event: "lost"; readonly lockId: number }
  | { readonly event: "release"; readonly operationId: number; readonly lockId: number }
  | {
      readonly event: "released";
      readonly operationId: number;
      readonly lockId: number;
      /** `not-held`: the lock was lost or had expired before. `no-quorum`: too few servers confirmed the release. */
      readonly outcome: "released" | "not-held" | "no-quorum";
    }
  /** An operation threw an error that it must not throw. */
  | { readonly event: "unexpected-error"; readonly message: string }
);

/**
 * Parses a journal. Ignores an incomplete last line, because a process may be killed while it writes.
 * @throws SyntaxError if any other line is invalid.
 */
export function parseRecords(text: string): readonly WorkerRecord[] {
  const lines = text.split("\n");
  // A complete line ends with a line break, so the last part is empty or incomplete.
  lines.pop();
  return lines.map((line) => JSON.parse(line) as WorkerRecord);
}
