import { expect, test } from "vitest";
import { LOCK_KINDS } from "../src/contest/contender.ts";
import { FAULT_KINDS } from "../src/faults/phases.ts";
import { planPhases, planSchedules } from "../src/phase-plan.ts";
import { violationsOf } from "../src/report/phase-report.ts";
import { runTorture } from "../src/run-torture.ts";
import { silentListener } from "./support.ts";

// The short version of `npm run torture`. With this seed the restarts without data and with older data hit a majority of
// servers, so that only the restart guard prevents two holders.
test(
  "every kind of lock is used, every kind of fault is injected, every worker makes progress, and there are no violations",
  { timeout: 120_000 },
  async () => {
    const options = {
      servers: 3,
      processes: 3,
      seconds: 7,
      faults: FAULT_KINDS,
      mixed: true,
      seed: 5,
      restartGuard: true,
    } as const;
    const servers = Array.from({ length: options.servers }, () => ({ isDurable: false }));
    const plans = planPhases(options, FAULT_KINDS);
    for (const kind of ["restart-empty", "restart-snapshot"] as const) {
      const restarts = plans.find(({ phase }) => phase === kind);
      expect(restarts && planSchedules(restarts, servers)[0]?.[0]?.servers).toHaveLength(2);
    }

    const { phases, skipped } = await runTorture(options, silentListener, new AbortController().signal);
    for (const { phase, reason } of skipped) console.log(`${phase} skipped: ${reason}`);
    const skippedPhases = new Set(skipped.map(({ phase }) => phase));
    const expected = ["calm", ...FAULT_KINDS, "mixed"].filter((phase) => !skippedPhases.has(phase as "calm"));

    expect(violationsOf({ ...options, ttlMs: 0, phases, skipped })).toEqual([]);
    expect(phases.map(({ phase }) => phase)).toEqual(expected);
    for (const { phase, faults, faultCounts, grants, operations, writes } of phases) {
      const injected = phase === "mixed" ? faults.length : phase === "calm" ? 0 : (faultCounts[phase] ?? 0);
      const counts = [grants > 0, operations > grants, writes > 0, injected > 0];
      expect.soft([phase, ...counts]).toEqual([phase, true, true, true, phase !== "calm"]);
    }
    const all = phases.flatMap(({ kinds }) => kinds);
    const used = all.filter(({ grants }) => grants > 0).map(({ kind }) => kind);
    expect(new Set(used)).toEqual(new Set(LOCK_KINDS));
    const converted = all.filter(({ conversions }) => conversions > 0).map(({ kind }) => kind);
    expect(new Set(converted)).toEqual(new Set(["read", "write"]));
  },
);
