import { expect, test } from "vitest";
import { FAULT_KINDS } from "../src/faults/kinds.ts";
import { lanesOf, planPhases } from "../src/plan.ts";
import { violationsOf } from "../src/phase-report.ts";
import { runTorture } from "../src/run.ts";
import { silent } from "./support.ts";

// The short version of `npm run torture`. What the seed decides: the restart that forgets hits a majority, so that only
// the restart guard keeps the leases apart.
test(
  "every kind of fault strikes, everybody gets on, and nothing happens that must not",
  { timeout: 120_000 },
  async () => {
    const options = {
      servers: 3,
      processes: 3,
      seconds: 9,
      faults: FAULT_KINDS,
      mixed: true,
      seed: 5,
      restartGuard: true,
    } as const;
    const members = Array.from({ length: options.servers }, () => ({ durable: false }));
    const restarts = planPhases(options, FAULT_KINDS).find(({ phase }) => phase === "restart-empty");
    expect(restarts && lanesOf(restarts, members)[0]?.[0]?.servers).toHaveLength(2);

    const { phases, skipped } = await runTorture(options, silent, new AbortController().signal);
    for (const { phase, why } of skipped) console.log(`${phase} skipped: ${why}`);
    const left = new Set(skipped.map(({ phase }) => phase));
    const wanted = ["calm", ...FAULT_KINDS, "mixed"].filter((phase) => !left.has(phase as "calm"));

    expect(violationsOf({ ...options, ttlMs: 0, phases, skipped })).toEqual([]);
    expect(phases.map(({ phase }) => phase)).toEqual(wanted);
    for (const { phase, faults, faultCounts, grants, operations, writes } of phases) {
      const struck = phase === "mixed" ? faults.length : phase === "calm" ? 0 : (faultCounts[phase] ?? 0);
      const did = [grants > 0, operations > grants, writes > 0, struck > 0];
      expect.soft([phase, ...did]).toEqual([phase, true, true, true, phase !== "calm"]);
    }
  },
);
