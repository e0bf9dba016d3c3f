import { QuorumError } from "../base/errors.ts";
import type { ReleaseResult } from "../quorum/release.ts";
import type { LockContext } from "./lock-context.ts";

/** The parts of a released lock that its event has. */
interface ReleasedLock {
  readonly id: number;
  readonly names: readonly string[];
  readonly token: string;
  readonly fence: number;
  /** When it was granted, by the monotonic clock. */
  readonly grantedAt: number;
}

/** Emits the event of a release. Returns the error for the caller if no quorum confirmed the release. */
export function reportRelease(
  context: Pick<LockContext, "clock" | "events" | "recordLeftover">,
  { id, names, token, fence, grantedAt }: ReleasedLock,
  { isConfirmed, failures }: ReleaseResult,
): QuorumError | undefined {
  const { clock, events } = context;
  events.to("lock:released")?.({
    id,
    names,
    token,
    fence,
    heldMs: clock.monotonic() - grantedAt,
    confirmed: isConfirmed,
  });
  if (isConfirmed) return undefined;
  context.recordLeftover(token);
  const what =
    "no quorum confirmed the release; instances that answer again soon delete the keys, and all others expire";
  return new QuorumError(names, what, failures);
}
