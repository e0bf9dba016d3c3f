import type { Origin } from "../acquiring/origin.ts";
import { LockTimeoutError } from "../base/errors.ts";
import type { AcquireOptions } from "../base/options.ts";
import { CallerWait } from "../compositions/caller-wait.ts";
import type { TierGuard } from "./tier-guard.ts";

/** An acquisition that wants to begin in a tier. */
export interface Entry {
  readonly origin: Origin;
  readonly guard: TierGuard;
  /** Identifies the tier. */
  readonly tier: object;
  readonly options: AcquireOptions | undefined;
  readonly isOnce: boolean;
  /** The moment before which other processes may hold locks of the other tiers. */
  readonly clearAt: () => number;
  /** Whether the tier is still the one to use. */
  readonly isCurrent: () => boolean;
}

/** `entered`, with the options for the rest of `wait`, or `changed`: another tier is the one to use now. */
type EntryResult =
  | { readonly state: "entered"; readonly options: AcquireOptions | undefined }
  | { readonly state: "changed" };

/**
 * Waits until no lock of another tier can be held, as far as this process knows, and enters the tier. Returns a `LockTimeoutError` if
 * `wait` was over before: the lock counts as held by the other tier.
 * @throws LockAbortedError, LockClosedError.
 */
export async function enterTier(entry: Entry): Promise<EntryResult | LockTimeoutError> {
  const { origin, guard, tier, options } = entry;
  if (readyAt(entry) <= origin.context.clock.monotonic()) {
    guard.enter(origin.names, tier);
    return { state: "entered", options };
  }
  const wait = new CallerWait(origin, options, entry.isOnce);
  try {
    while (!wait.isOnce && !wait.isTimeUp) {
      const isInTime = await waitForChange(entry, wait);
      if (isInTime && !entry.isCurrent()) return { state: "changed" };
      // A wait that ends at the very moment at which the tier is free has one attempt left.
      if (readyAt(entry) > origin.context.clock.monotonic()) continue;
      guard.enter(origin.names, tier);
      return { state: "entered", options: wait.optionsLeft() };
    }
    return wait.failed(new LockTimeoutError(origin.names, wait.waitedMs, undefined, []));
  } finally {
    wait.dispose();
  }
}

function readyAt({ origin, guard, tier, clearAt }: Entry): number {
  return Math.max(clearAt(), guard.freeAt(origin.names, tier, origin.context.clock.monotonic()));
}

/**
 * Waits until a use of the guard ends, or until the time has come. Returns whether that was before the end of `wait`.
 * @throws LockAbortedError, LockClosedError.
 */
async function waitForChange(entry: Entry, wait: CallerWait): Promise<boolean> {
  const { guard, origin } = entry;
  const at = readyAt(entry);
  let onChange!: () => void;
  const changed = new Promise<void>((resolve) => (onChange = resolve));
  const deadline = at === Infinity ? undefined : origin.context.deadlines.add(at, onChange);
  const stopListening = guard.onLeave(onChange);
  try {
    return (await wait.untilEvent(changed)) !== undefined;
  } finally {
    deadline?.cancel();
    stopListening();
  }
}
