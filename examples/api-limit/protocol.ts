/** How many calls the API allows at a time. */
export const LIMIT = 5;

/** What a caller process shall do. */
export interface Task {
  readonly apiUrl: string;
  /** Whether the limit is a counter, and a failed call does not give its permit back. */
  readonly isCounter: boolean;
}

/** One call that the API carried out, by its own clock, in ms. */
export interface Call {
  readonly from: number;
  readonly to: number;
}

/** What the API has seen. */
export interface Ledger {
  readonly now: number;
  /** The most calls at once, a refused one included. */
  readonly peak: number;
  /** Answers with the status 429: too many calls. */
  readonly refused: number;
  /** Answers with the status 500. */
  readonly failed: number;
  readonly calls: readonly Call[];
}

/** The counter of the anti-pattern, on one server. */
export function counterKey(prefix: string): string {
  return `${prefix}api:permits`;
}
