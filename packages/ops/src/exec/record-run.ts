import { hostname } from "node:os";
import type { Redlock } from "quorumlock";
import { lockRecords } from "quorumlock/patterns";

/** How long a recorded run is kept. */
const KEEP_MS = 30 * 86_400_000;
/** No record of the run was written earlier than this before its start, by the clocks of the servers. */
const CLOCK_ALLOWANCE_MS = 2_000;

/** A run that has ended. */
export interface EndedRun {
  readonly isLost: boolean;
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly durationMs: number;
  /** The owner label of the lock. */
  readonly by: string;
  /** Why it ended before the command did so itself. */
  readonly why: string | undefined;
}

/**
 * Records the last run of a name for 30 days, where `lastRun(redlock, name)` of quorumlock/patterns finds it. The newest start wins, by
 * the median clock of the servers, so that machines with wrong clocks agree.
 * @throws RecordStoreError if no quorum confirmed it.
 */
export async function recordRun(redlock: Redlock, name: string, run: EndedRun): Promise<void> {
  const { instances } = await redlock.health();
  const offsets = instances.flatMap(({ clockOffsetMs }) => clockOffsetMs ?? []).toSorted((a, b) => a - b);
  const offsetMs = offsets[Math.floor(offsets.length / 2)] ?? 0;
  const startedAt = Math.max(1, Math.round(Date.now() + offsetMs - run.durationMs));
  const hasFailed = run.exitCode !== 0;
  const body = {
    scheduledAt: startedAt,
    state: run.isLost ? "lost" : hasFailed ? "failed" : "done",
    startedAt,
    durationMs: Math.round(run.durationMs),
    by: run.by,
    error: hasFailed || run.isLost ? [run.why, endOf(run)].filter(Boolean).join("; ") : undefined,
    host: hostname(),
    exitCode: run.exitCode,
    signal: run.signal,
  };
  const record = { fence: startedAt, version: 1, body: JSON.stringify(body) };
  await lockRecords(redlock).put(name, record, {
    createdAt: Math.max(0, startedAt - CLOCK_ALLOWANCE_MS),
    keep: KEEP_MS,
  });
}

function endOf({ exitCode, signal }: EndedRun): string {
  return signal === undefined ? `exit code ${exitCode}` : `ended by ${signal}`;
}
