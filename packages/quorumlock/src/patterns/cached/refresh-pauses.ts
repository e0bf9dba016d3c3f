import type { Clock } from "../../base/clock.ts";

/** How a refresh has ended. `held`: another process does it. `failed`: the present entry is still there. */
export type RefreshResult = "done" | "held" | "failed";

/** The pause after the first refresh of a key that was not done, in ms. */
const MIN_PAUSE_MS = 1_000;
/** It doubles with each failure in a row, up to this. */
const MAX_PAUSE_MS = 30_000;
/** Maximum number of keys. The one whose refresh ended longest ago is forgotten. */
const MAX_KEYS = 1_000;

interface Pause {
  /** In ms of the monotonic clock. */
  readonly endsAt: number;
  readonly lengthMs: number;
}

/**
 * Which keys this process does not refresh for a while. Each read of a stale value asks for a refresh, so without pauses a source that
 * fails would be called again with each of them.
 */
export class RefreshPauses {
  readonly #clock: Clock;
  readonly #pauses = new Map<string, Pause>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isPaused(key: string): boolean {
    const pause = this.#pauses.get(key);
    return pause !== undefined && this.#clock.monotonic() < pause.endsAt;
  }

  /** A refresh has ended. */
  record(key: string, result: RefreshResult): void {
    const before = this.#pauses.get(key)?.lengthMs;
    this.#pauses.delete(key);
    if (result === "done") return;
    const growth = result === "failed" ? 2 : 1;
    const lengthMs = before === undefined ? MIN_PAUSE_MS : Math.min(MAX_PAUSE_MS, before * growth);
    this.#pauses.set(key, { endsAt: this.#clock.monotonic() + lengthMs, lengthMs });
    const [oldest] = this.#pauses.keys();
    if (this.#pauses.size > MAX_KEYS) this.#pauses.delete(oldest!);
  }
}
