import { assert } from "../base/assert.ts";
import { InstanceError } from "../base/errors.ts";
import type { UnsafeCause } from "../base/events.ts";
import { driftAllowance } from "../base/options.ts";
import type { ServerFacts, ServerStart } from "./server-facts.ts";

/**
 * Whether the grants of one server count (protocol §10). Always computed from the `ServerFacts`.
 *
 * - `unidentified`: the server of the current connection has not reported its identity. Its grants count only if neither
 *   the restart guard nor strict mode is on.
 * - `quarantined`: the server started less than a window ago and may have lost locks. Grants that were requested before
 *   `eligibleAt` do not count.
 * - `misconfigured`: only in strict mode. No grant counts until the configuration is corrected.
 * - `eligible`: every grant counts.
 */
export type Eligibility =
  | { readonly state: "unidentified"; readonly eligibleAt: number }
  | { readonly state: "quarantined"; readonly eligibleAt: number; readonly start: ServerStart }
  | { readonly state: "misconfigured"; readonly eligibleAt: number; readonly problem: string }
  | { readonly state: "eligible"; readonly eligibleAt: number };

/** `eligibleAt` if every grant counts. A number, because each request compares with it. */
export const ALWAYS = -Infinity;
/** `eligibleAt` if it is not known when grants will count. */
export const NOT_FORESEEABLE = Infinity;

/** The rules that apply to all members of a client. */
export interface EligibilityPolicy {
  /** Whether a misconfigured server abstains. */
  readonly isStrict: boolean;
  /** How long a restarted server abstains, in ms; 0 if the restart guard is off. */
  readonly windowMs: number;
  readonly driftFactor: number;
}

/** Receives the changes of eligibility of all members of a client. */
export interface EligibilityListener {
  /** A misconfiguration was found. */
  warn(cause: UnsafeCause, message: string): void;
  /** A member is quarantined. */
  onQuarantined(): void;
  /** A member may vote earlier than was known. */
  onEligible(): void;
}

export function decideEligibility(facts: ServerFacts, policy: EligibilityPolicy): Eligibility {
  if (facts.requestedAt === undefined) {
    const mustIdentify = policy.isStrict || policy.windowMs > 0;
    return { state: "unidentified", eligibleAt: mustIdentify ? NOT_FORESEEABLE : ALWAYS };
  }
  assert(facts.start !== undefined, "an identified server has a start");
  const [problem] = facts.misconfigurations.values();
  if (policy.isStrict && problem !== undefined) {
    return { state: "misconfigured", eligibleAt: NOT_FORESEEABLE, problem };
  }
  const endsAt = quarantineEndsAt(facts, policy);
  assert(!Number.isNaN(endsAt), "the end of a quarantine is a moment");
  // Every request on this connection was sent after the end of the quarantine, so no request needs a comparison.
  if (endsAt <= facts.requestedAt) return { state: "eligible", eligibleAt: ALWAYS };
  return { state: "quarantined", eligibleAt: endsAt, start: facts.start };
}

/** Until when the server may lack locks that are still valid. `ALWAYS` if it lacks none. */
export function quarantineEndsAt(facts: ServerFacts, { windowMs, driftFactor }: EligibilityPolicy): number {
  const hasRestored = facts.mayHaveRestored && facts.durability === "durable";
  if (windowMs === 0 || facts.start === undefined || hasRestored) return ALWAYS;
  return facts.start.startedAt + windowMs + driftAllowance(windowMs, driftFactor);
}

/** Why a grant that is requested now would not count. `undefined` if it would, or if that is not known yet. */
export function abstentionAt(eligibility: Eligibility, now: number): InstanceError | undefined {
  if (eligibility.state === "unidentified" || eligibility.eligibleAt <= now) return undefined;
  return ineligibilityError(eligibility, now);
}

/** The error that replaces a grant which does not count. */
export function ineligibilityError(eligibility: Eligibility, now: number): InstanceError {
  assert(eligibility.state !== "eligible", "the grants of an eligible server count");
  if (eligibility.state === "unidentified") {
    return new InstanceError("INSTANCE_UNSAFE", "the server has not reported its identity yet");
  }
  const { eligibleAt } = eligibility;
  const message =
    eligibility.state === "misconfigured"
      ? `the server does not vote in strict mode until this is corrected: ${eligibility.problem}`
      : `${describeLoss(eligibility.start, now)}, so it does not vote for another ` +
        `${seconds(Math.max(0, eligibleAt - now))}; ` +
        "set `wait` above that, or `restartGuard: false` for development";
  return new InstanceError("INSTANCE_UNSAFE", message, { abstainsUntil: eligibleAt });
}

/** The text of the event for a quarantine that begins. */
export function quarantineMessage(start: ServerStart, abstainsMs: number, now: number): string {
  return (
    `${describeLoss(start, now)}, so it does not vote for ${seconds(abstainsMs)}; ` +
    "a server that runs with `appendonly yes` and `appendfsync always` before it restarts keeps its locks and votes at once"
  );
}

function describeLoss(start: ServerStart, now: number): string {
  const ago = `${seconds(now - start.startedAt)} ago`;
  switch (start.kind) {
    case "started":
    case "restarted":
      return `the server ${start.kind} ${ago} and may have lost locks`;
    case "replaced":
      return `another server (run_id ${start.runId}) replaced the former one ${ago} and may lack locks`;
    case "undisclosed":
      return `the server does not report its uptime (${start.error.message}), so it counts as started ${ago} and may have lost locks`;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
