/** The number of permits of a semaphore, as far as this client knows. */
export interface SemaphoreSize {
  total: number;
  /** Grows with each change of the number. 0 if it was never changed. */
  stamp: number;
}

/** What one attempt locks: a number of permits of a semaphore. */
export interface SlotsTarget {
  /** The name of the semaphore. */
  readonly names: readonly [name: string];
  readonly permits: number;
  /** Tells the callers of one client apart. */
  readonly callerNumber: number;
  /** Shared by all targets of one lockable. Replies change it. */
  readonly size: SemaphoreSize;
  /** The place in the line, which all instances agree on; 0 before the first refusal. */
  readonly ticket: number;
  /** A set of slots to choose first, as in slot-runs.lua. */
  readonly prefer: string;
  /** The slots of a hold, once a quorum has granted them; "" before. */
  readonly slots: string;
  /** How many rounds have tried to settle a split vote. */
  readonly settles: number;
}

/** The target of the first attempt of a caller for this number of permits. */
export function permitsOf(
  name: string,
  permits: number,
  size: SemaphoreSize,
  callerNumber: number,
): SlotsTarget {
  return { names: [name], permits, callerNumber, size, ticket: 0, prefer: "", slots: "", settles: 0 };
}

/** The stamp in the text of a limit, as slots.lua describes it; 0 if there is none. */
export function stampIn(limit: string): number {
  return Number(/^\d+/.exec(limit)?.[0] ?? 0);
}
