import { LockClosedError } from "../base/errors.ts";
import { failureReason } from "../base/events.ts";
import { toError } from "../base/to-error.ts";
import type { Client } from "../client/client.ts";
import type { Lock } from "../lockable.ts";
import { lockInMode, modesKind } from "../operations/modes.ts";
import { HeldWriteLock } from "../primitives/read-write.ts";
import type { Lease } from "../quorum/lease.ts";
import { type SeizeOptions, SeizingAttempts } from "./seizing-attempts.ts";
import type { SeizingHold } from "./seizing-hold.ts";
import { StolenHold } from "./stolen-hold.ts";

/**
 * Takes the write lock on a name from all its holders, before all waiters. A former holder learns of it at its next extension, which a
 * quorum refuses.
 * @throws QuorumError if too few instances voted until the wait was over, or a majority refuses this client for good. LockKindError if
 * permits of the name are held. LockTimeoutError if other clients stole the lock at the same moments until the wait was over.
 * LockClosedError.
 */
export async function seizeLock(client: Client, name: string, options: SeizeOptions): Promise<Lock> {
  const { events, members } = client;
  const { ttlMs, waitMs } = options;
  const id = events.nextId();
  const attempts = new SeizingAttempts(client, name, options);
  const course = { id, names: [name], kind: modesKind.label, mode: "exclusive", ttlMs, waitMs } as const;
  events.to("lock:acquire:started")?.(course);
  client.beginWait();
  try {
    if (client.isClosed) throw new LockClosedError([name]);
    if (!members.isIdentified) await members.identifyAll();
    client.recordTtl(ttlMs);
    const { attempt, seized } = await attempts.untilWon();
    const lock = lockOf(client, id, seized, attempt.lease, options);
    events.to("lock:acquire:succeeded")?.({
      ...course,
      token: lock.token,
      fence: lock.fence,
      waitedMs: attempts.waitedMs,
      attempts: attempts.count,
      rounds: attempts.rounds,
      votes: attempt.votes,
    });
    return lock;
  } catch (thrown) {
    const error = toError(thrown);
    events.to("lock:acquire:failed")?.({
      id,
      names: [name],
      reason: failureReason(error),
      error,
      waitMs,
      waitedMs: attempts.waitedMs,
      attempts: attempts.count,
    });
    throw error;
  } finally {
    client.endWait();
  }
}

function lockOf(
  client: Client,
  id: number,
  seized: SeizingHold,
  lease: Lease,
  { ttlMs, former }: SeizeOptions,
): Lock {
  if (client.isClosed) {
    seized.withdraw();
    throw new LockClosedError(seized.names);
  }
  const hold = new StolenHold(seized, former);
  const place = client.queue.enterAttached(modesKind, lockInMode(hold.names, "X"), ttlMs);
  // Errors of callers who wait for this lock name this process.
  if (!place.isQueued) client.recordLeftover(hold.token);
  return new HeldWriteLock(client, { id, hold, lease, ttlMs, autoExtend: true, place, watch: undefined });
}
