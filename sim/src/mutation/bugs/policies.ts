import type { Bug } from "../bug.ts";

const FALLBACK = { profile: "fallback" };

/** Bugs in the policies. */
export const policiesBugs: readonly Bug[] = [
  {
    name: "a tier that does not wait for the locks of the tier before",
    file: "policies/tier-entry.ts",
    find: "Math.max(clearAt(), guard",
    replace: "Math.max(Math.min(clearAt(), 0), guard",
    caughtBy: FALLBACK,
  },
  {
    name: "a return to the primary that does not wait for the locks of the backup",
    file: "policies/fallback.ts",
    find: "isDown || other < index ? wentDownAt : tier.health.upSince",
    replace: "isDown || other < index ? wentDownAt : undefined",
    caughtBy: FALLBACK,
  },
  {
    name: "a call that goes on to the backup at once if the primary comes up meanwhile",
    file: "policies/fallback.ts",
    find: "isDown || other < index ? wentDownAt : tier.health.upSince",
    replace: "isDown ? wentDownAt : other > index ? tier.health.upSince : undefined",
    caughtBy: { tests: "packages/quorumlock/test/policies/fallback.test.ts" },
  },
  {
    name: "a name that this process holds in one tier is granted by another one",
    file: "policies/tier-guard.ts",
    find: "if (use === undefined || use.tier === tier) return now;",
    replace: "if (use === undefined || use.tier === tier || use.detachedUntil === -Infinity) return now;",
    caughtBy: FALLBACK,
  },
  {
    name: "a routine whose lock is lost leaves its tier",
    file: "policies/fallback.ts",
    find: "return keepsTier ? leave : undefined;",
    replace: "keepsTier = true; return leave;",
    caughtBy: FALLBACK,
  },
];
