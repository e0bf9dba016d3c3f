import type { Violation } from "./violation.ts";

/**
 * Reports the worker processes that were too slow although no fault was active.
 * @param expected what each process had to do, such as "acquire a lock after the last fault".
 */
export function checkStuck(
  stuck: readonly { readonly id: number; readonly pid: number }[],
  expected: string,
  limitMs: number,
): readonly Violation[] {
  return stuck.map(({ id, pid }) => ({
    check: "stuck",
    message: `worker process ${id} (pid ${pid}) did not ${expected} within ${limitMs / 1_000} s`,
    entries: [{ id, pid, expected }],
  }));
}
