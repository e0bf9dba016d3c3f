/** Why a lock is not released. */
export interface Refusal {
  readonly exitCode: number;
  /** For programs, in one word. */
  readonly why:
    | "free"
    | "holder-changed"
    | "ambiguous"
    | "only-now"
    | "no-quorum"
    | "not-confirmed"
    | "failed";
  readonly message: string;
}

/** Exit code of `unlock`: nobody holds the lock. */
export const NOT_HELD = 1;

export function isRefusal(value: object): value is Refusal {
  return "exitCode" in value;
}
