import { ExclusionChecker } from "../exclusion-checker.ts";
import { LockNames, type NameKind } from "../lock-names.ts";
import type { Participant } from "../rounds.ts";
import { median } from "../statistics.ts";
import { messageOf } from "../with-timeout.ts";

export const PHASES = ["acquire", "release", "cycle"] as const;
type Phase = (typeof PHASES)[number];

/** How many names a contender repeats with `--names same`. */
const SAME_NAMES = 16;

/** The measured turns of one contender. Times are in milliseconds. It can be sent between processes. */
export interface TurnSeries {
  readonly cycleTimes: number[];
  /** One median per turn. */
  readonly turnMedians: Readonly<Record<Phase, number[]>>;
  readonly errors: string[];
  readonly violations: string[];
}

export function emptySeries(): TurnSeries {
  return {
    cycleTimes: [],
    turnMedians: { acquire: [], release: [], cycle: [] },
    errors: [],
    violations: [],
  };
}

export function addSeries(target: TurnSeries, added: TurnSeries): void {
  target.cycleTimes.push(...added.cycleTimes);
  for (const phase of PHASES) target.turnMedians[phase].push(...added.turnMedians[phase]);
  target.errors.push(...added.errors);
  target.violations.push(...added.violations);
}

/** Runs cycles one after another and adds one turn to the series. An error ends the turn. */
export async function runTurn(
  { contender, lockClient }: Participant,
  cycles: number,
  nameKind: NameKind,
  series: TurnSeries,
): Promise<void> {
  const names = new LockNames(`bench:${contender.name}`, nameKind, SAME_NAMES);
  const checkers = new Map<string, ExclusionChecker>();
  const times: Record<Phase, number[]> = { acquire: [], release: [], cycle: [] };
  try {
    for (let cycle = 0; cycle < cycles; cycle++) {
      const name = names.next();
      let checker = checkers.get(name);
      if (checker === undefined) checkers.set(name, (checker = new ExclusionChecker(series.violations)));
      const startedAt = performance.now();
      const grant = await lockClient.acquire(name);
      const grantedAt = performance.now();
      checker.enter(grant.fence);
      checker.leave();
      const releaseStartedAt = performance.now();
      await grant.release();
      const releasedAt = performance.now();
      times.acquire.push(grantedAt - startedAt);
      times.release.push(releasedAt - releaseStartedAt);
      times.cycle.push(grantedAt - startedAt + releasedAt - releaseStartedAt);
    }
  } catch (error) {
    series.errors.push(messageOf(error));
  }
  series.cycleTimes.push(...times.cycle);
  for (const phase of PHASES) series.turnMedians[phase].push(median(times[phase]));
}
