import type { LockClient } from "./contender.ts";
import { median } from "./statistics.ts";
import type { Participant } from "./rounds.ts";
import { messageOf, TIMED_OUT, withTimeout } from "./with-timeout.ts";

/** An acquisition or release that takes longer counts as stalled and ends the turn. */
export const TIMEOUT_MS = 1_500;

/** Whether some servers are at fault in a turn. */
export type ServersState = "healthy" | "faulty";

/** The acquisitions of one turn of a contender. */
interface Turn {
  readonly acquireMs: readonly number[];
  readonly stalled: boolean;
  readonly error: string | undefined;
}

/** The turns of one contender with all servers healthy, and with some of them at fault. */
export class Series {
  readonly medians: Readonly<Record<ServersState, number[]>> = { healthy: [], faulty: [] };
  readonly times: Readonly<Record<ServersState, number[]>> = { healthy: [], faulty: [] };
  readonly errors: string[] = [];
  stalls = 0;

  get hasFailed(): boolean {
    return this.stalls > 0 || this.errors.length > 0;
  }

  add(state: ServersState, { acquireMs, stalled, error }: Turn): void {
    this.medians[state].push(median(acquireMs));
    this.times[state].push(...acquireMs);
    if (stalled) this.stalls += 1;
    if (error !== undefined) this.errors.push(`${state}: ${error}`);
  }
}

/** Each cycle locks a new name, because a stalled turn may leave its name locked. */
export async function runTurn(
  { contender, lockClient }: Participant,
  what: string,
  cycles: number,
): Promise<Turn> {
  const acquireMs: number[] = [];
  try {
    for (let cycle = 0; cycle < cycles; cycle++) {
      const acquireTime = await acquireAndRelease(
        lockClient,
        `bench:turn:${contender.name}:${what}:${cycle}`,
      );
      if (acquireTime === TIMED_OUT)
        return { acquireMs: [...acquireMs, TIMEOUT_MS], stalled: true, error: undefined };
      acquireMs.push(acquireTime);
    }
    return { acquireMs, stalled: false, error: undefined };
  } catch (error) {
    return { acquireMs, stalled: false, error: messageOf(error) };
  }
}

async function acquireAndRelease(lockClient: LockClient, name: string): Promise<number | typeof TIMED_OUT> {
  const startedAt = performance.now();
  const grant = await withTimeout(lockClient.acquire(name), TIMEOUT_MS);
  const tookMs = performance.now() - startedAt;
  if (grant === TIMED_OUT) return TIMED_OUT;
  return (await withTimeout(grant.release(), TIMEOUT_MS)) === TIMED_OUT ? TIMED_OUT : tookMs;
}
