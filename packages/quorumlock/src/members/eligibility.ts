import { assert } from "../base/assert.ts";
import { InstanceError } from "../base/errors.ts";
import type { WarningCause } from "../base/events.ts";
import { driftAllowance } from "../base/options.ts";
import { hasRestored, latestLoss, type ServerFacts, type ServerLoss } from "./server-facts.ts";

/**
 * Whether the grants of one server count (protocol §10). Always computed from the `ServerFacts`.
 *
 * - `unidentified`: the server of the current connection has not reported its identity. Its grants do not count.
 * - `quarantined`: the server lost its memory, or started, less than a window ago, and may have lost locks. Grants that were
 *   requested before `eligibleAt` do not count.
 * - `incomplete`: its fencing counters have to be recovered, after its quarantine. `expectedAt`: the end of the quarantine.
 * - `misconfigured`: only in strict mode. No grant counts until the configuration is corrected, or until the problem of the set ends.
 * - `eligible`: every grant counts.
 */
export type Eligibility =
  | { readonly state: "unidentified"; readonly eligibleAt: number }
  | { readonly state: "quarantined"; readonly eligibleAt: number; readonly loss: ServerLoss }
  | {
      readonly state: "incomplete";
      readonly eligibleAt: number;
      readonly expectedAt: number;
      readonly loss: ServerLoss;
    }
  | { readonly state: "misconfigured"; readonly eligibleAt: number; readonly problem: string }
  | { readonly state: "eligible"; readonly eligibleAt: number };

/** What to do if a quarantined server does not vote. */
const QUARANTINE_ADVICE = "set `wait` above that, or `restartGuard: false` for development";

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
  /** Why the set of servers can grant a lock twice; `undefined` if that is not known. With `isStrict`, no server of it votes then. */
  readonly setProblem: string | undefined;
  /** The time between two identity requests to a misconfigured server that abstains, in ms. */
  readonly recheckMs: number;
  /** What to do if a quarantined server does not vote, as the end of a sentence. @default advice on the options of `Redlock` */
  readonly quarantineAdvice?: string | undefined;
}

/** Receives the changes of eligibility of all members of a client. */
export interface EligibilityListener {
  /** A misconfiguration was found, or an instance cannot be used. */
  warn(cause: WarningCause, instance: string, problem: string): void;
  /** A member is quarantined. */
  onQuarantined(): void;
  /** A member may vote earlier than was known. */
  onEligible(): void;
}

export function decideEligibility(facts: ServerFacts, policy: EligibilityPolicy): Eligibility {
  const { requestedAt, memory } = facts;
  if (requestedAt === undefined) return { state: "unidentified", eligibleAt: NOT_FORESEEABLE };
  const loss = latestLoss(facts);
  assert(loss !== undefined && memory !== undefined, "an identified server has a start and a memory");
  if (policy.isStrict) {
    const [problem = policy.setProblem] = facts.misconfigurations.values();
    if (problem !== undefined) return { state: "misconfigured", eligibleAt: NOT_FORESEEABLE, problem };
  }
  const quarantineEnd = quarantineEndsAt(facts, policy);
  assert(!Number.isNaN(quarantineEnd), "the end of a quarantine is a moment");
  if (memory.state !== "complete" && memory.state !== "untracked")
    return { state: "incomplete", eligibleAt: NOT_FORESEEABLE, expectedAt: quarantineEnd, loss };
  const endsAt = memory.state === "complete" ? Math.max(quarantineEnd, memory.since) : quarantineEnd;
  // Every request on this connection was sent after the end of the quarantine, so no request needs a comparison.
  if (endsAt <= requestedAt) return { state: "eligible", eligibleAt: ALWAYS };
  return { state: "quarantined", eligibleAt: endsAt, loss };
}

/** Until when the server may lack locks that are still valid. `ALWAYS` if it lacks none. */
export function quarantineEndsAt(
  facts: ServerFacts,
  { windowMs, driftFactor }: Pick<EligibilityPolicy, "windowMs" | "driftFactor">,
): number {
  const { start, emptiedAt = ALWAYS } = facts;
  if (windowMs === 0 || start === undefined) return ALWAYS;
  const lostAt = hasRestored(facts) ? emptiedAt : Math.max(start.startedAt, emptiedAt);
  return lostAt + windowMs + driftAllowance(windowMs, driftFactor);
}

/** Why a grant that is requested now would not count. `undefined` if it would, or if that is not known yet. */
export function abstentionAt(
  eligibility: Eligibility,
  now: number,
  advice?: string,
): InstanceError | undefined {
  if (eligibility.state === "unidentified" || eligibility.eligibleAt <= now) return undefined;
  return ineligibilityError(eligibility, now, advice);
}

/** The error that replaces a grant which does not count. */
export function ineligibilityError(
  eligibility: Eligibility,
  now: number,
  advice = QUARANTINE_ADVICE,
): InstanceError {
  assert(eligibility.state !== "eligible", "the grants of an eligible server count");
  if (eligibility.state === "unidentified") {
    return new InstanceError("INSTANCE_UNSAFE", "the server has not reported its identity yet");
  }
  if (eligibility.state === "misconfigured") {
    const message = `the server does not vote in strict mode until this is corrected: ${eligibility.problem}`;
    return new InstanceError("INSTANCE_UNSAFE", message, { abstainsUntil: NOT_FORESEEABLE });
  }
  const { loss } = eligibility;
  const endsAt = eligibility.state === "quarantined" ? eligibility.eligibleAt : eligibility.expectedAt;
  if (endsAt > now || eligibility.state === "quarantined") {
    const message =
      `${describeLoss(loss, now)}, so it does not vote for another ${seconds(Math.max(0, endsAt - now))}; ` +
      advice;
    return new InstanceError("INSTANCE_UNSAFE", message, { abstainsUntil: endsAt });
  }
  const message = "the fencing counters of the server are being recovered, so it does not vote yet";
  return new InstanceError("INSTANCE_UNSAFE", message);
}

/** The text of the event for a quarantine that begins. */
export function quarantineMessage(loss: ServerLoss, abstainsMs: number, now: number): string {
  return (
    `${describeLoss(loss, now)}, so it does not vote for ${seconds(abstainsMs)}; ` +
    "a server that runs with `appendonly yes` and `appendfsync always` before it restarts keeps its locks and votes at once"
  );
}

function describeLoss(loss: ServerLoss, now: number): string {
  const ago = `${seconds(now - loss.startedAt)} ago`;
  switch (loss.kind) {
    case "started":
    case "restarted":
      return `the server ${loss.kind} ${ago} and may have lost locks`;
    case "replaced":
      return `another server (run_id ${loss.runId}) replaced the former one ${ago} and may lack locks`;
    case "emptied":
      return (
        `the server had no lock data ${ago}: it is new in a set that is in use, or it lost everything without a restart, ` +
        "for example by FLUSHALL, and may lack locks"
      );
    case "undisclosed":
      return `the server does not report its uptime (${loss.error.message}), so it counts as started ${ago} and may have lost locks`;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
