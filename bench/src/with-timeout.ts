import { setTimeout as sleep } from "node:timers/promises";

export const TIMED_OUT = Symbol("timed out");

/** The result of `work`, or `TIMED_OUT`. Work that timed out continues, and its result is ignored. */
export async function withTimeout<T>(work: Promise<T>, timeoutMs: number): Promise<T | typeof TIMED_OUT> {
  const timer = new AbortController();
  // After a timeout a rejection has no other handler.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, sleep(timeoutMs, TIMED_OUT, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
