import type { Clock } from "../base/clock.ts";
import type { Member } from "../members/member.ts";
import { quarantineEndsAt } from "../members/eligibility.ts";
import { hasRestored, type ServerFacts } from "../members/server-facts.ts";

interface AgeContext {
  readonly clock: Clock;
  readonly driftFactor: number;
}

/**
 * Whether the server of a member has everything that it got in the last `ageMs`. If that depends on a setting that is not known yet: a
 * promise that resolves when it is known.
 */
export function serverRemembers(
  { eligibility }: Member,
  ageMs: number,
  { clock, driftFactor }: AgeContext,
): boolean | Promise<void> {
  if (!eligibility.isIdentified) return false;
  if (quarantineEndsAt(eligibility.facts, { windowMs: ageMs, driftFactor }) <= clock.monotonic()) return true;
  if (!eligibility.facts.mayHaveRestored) return false;
  // Without a restart guard, nobody has requested it.
  if (eligibility.facts.durability === "unknown") eligibility.requestDurability();
  if (eligibility.facts.durability !== "requested") return false;
  return new Promise((resolve) => {
    const before = eligibility.onDurabilityKnown;
    eligibility.onDurabilityKnown = () => {
      eligibility.onDurabilityKnown = undefined;
      before?.();
      resolve();
    };
  });
}

/** For how long the server of a member has had everything that it got, in ms. `Infinity` if it has lost nothing. */
export async function serverAge(member: Member, context: AgeContext): Promise<number> {
  await serverRemembers(member, Number.MAX_SAFE_INTEGER, context);
  const { eligibility } = member;
  return eligibility.isIdentified ? context.clock.monotonic() - lostAt(eligibility.facts) : 0;
}

/** When the server may have lost data at the latest, by the monotonic clock. */
function lostAt(facts: ServerFacts): number {
  const { start, emptiedAt = -Infinity } = facts;
  return hasRestored(facts) ? emptiedAt : Math.max(start?.startedAt ?? -Infinity, emptiedAt);
}
