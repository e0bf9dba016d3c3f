import type { Origin } from "../acquiring/origin.ts";
import type { LockError } from "../base/errors.ts";
import { failureReason, type LockEvents } from "../base/events.ts";
import { type ComposedOptions, WAITED_BEFORE } from "../base/options.ts";

/** Emits the event of a call that failed inside this process, where no attempt was sent. */
export function reportFailure(
  { names, context }: Origin,
  error: LockError,
  call: Pick<LockEvents["lock:acquire:failed"], "id" | "waitMs" | "waitedMs">,
): void {
  const reason = failureReason(error);
  context.events.to("lock:acquire:failed")?.({ ...call, names, reason, error, attempts: 0 });
}

/** How long the caller has waited before this call for a composition around it, in ms. */
export function waitedBefore(options: ComposedOptions | undefined): number {
  return options?.[WAITED_BEFORE] ?? 0;
}
