import type { Violation } from "./violation.ts";

/** Workers that did not get on although nothing stood in their way any more. */
export function checkStuck(
  workers: readonly { readonly id: number; readonly pid: number }[],
  when: string,
  boundMs: number,
): readonly Violation[] {
  return workers.map(({ id, pid }) => ({
    check: "stuck",
    message: `worker ${id} (pid ${pid}) did not get on within ${boundMs / 1_000} s ${when}`,
    entries: [{ id, pid, when }],
  }));
}
