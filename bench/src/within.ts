import { setTimeout as sleep } from "node:timers/promises";

export const TOO_LATE = Symbol("too late");

/** What `work` resolves to, or `TOO_LATE` after a while: it is then left to itself. */
export async function within<T>(work: Promise<T>, timeMs: number): Promise<T | typeof TOO_LATE> {
  const limit = new AbortController();
  // Nobody may be left to hear of it.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, sleep(timeMs, TOO_LATE, { signal: limit.signal })]);
  } finally {
    limit.abort();
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
