import { countHolders, type Use } from "../holders.ts";
import type { LoadTurn } from "../load-run.ts";
import { median, percentile, sum } from "../statistics.ts";
import type { LoadCall } from "../workers/messages.ts";

/** One turn of one semaphore, after its warm-up. */
export interface PermitTurn {
  readonly seconds: number;
  /** The calls that were granted a permit in this time. */
  readonly calls: readonly LoadCall[];
  readonly use: Use;
  readonly errors: readonly string[];
  /** All grants and all commands of the turn. */
  readonly grants: number;
  readonly commands: number;
}

/** The figures of several turns. Times are in milliseconds. */
export interface PermitFigures {
  /** Grants per second. */
  readonly rate: number;
  /** The share of the permits that are held, on average. */
  readonly inUse: number;
  /** The largest number of permits that were held at the same time. */
  readonly largest: number;
  readonly rounds: Spread;
  readonly waits: Spread;
  readonly commands: number;
  readonly failed: number;
  /** Grants while all permits were held. */
  readonly violations: number;
}

interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly largest: number;
}

export function measuredPart(
  { calls: [calls = []], errors, server }: LoadTurn,
  {
    permits,
    warmUpMs,
    turnMs,
  }: { readonly permits: number; readonly warmUpMs: number; readonly turnMs: number },
): PermitTurn {
  const startedAt = Math.min(...calls.map(({ calledAt }) => calledAt));
  const [from, to] = [startedAt + warmUpMs, startedAt + turnMs];
  return {
    seconds: (to - from) / 1_000,
    calls: calls.filter(({ grantedAt }) => grantedAt >= from && grantedAt <= to),
    use: countHolders(calls, { from, to, limit: permits }),
    errors,
    grants: calls.length,
    commands: server.commands,
  };
}

export function permitFigures(turns: readonly PermitTurn[], permits: number): PermitFigures {
  const calls = turns.flatMap((turn) => turn.calls);
  return {
    rate: calls.length / sum(turns.map(({ seconds }) => seconds)),
    inUse: median(turns.map(({ use }) => use.average)) / permits,
    largest: Math.max(...turns.map(({ use }) => use.largest)),
    rounds: spreadOf(calls.map(({ rounds = Number.NaN }) => rounds)),
    waits: spreadOf(calls.map(({ calledAt, grantedAt }) => grantedAt - calledAt)),
    commands: sum(turns.map((turn) => turn.commands)) / sum(turns.map(({ grants }) => grants)),
    failed: sum(turns.map(({ errors }) => errors.length)),
    violations: sum(turns.map(({ use }) => use.excess)),
  };
}

function spreadOf(values: readonly number[]): Spread {
  return { p50: median(values), p99: percentile(values, 0.99), largest: percentile(values, 1) };
}
