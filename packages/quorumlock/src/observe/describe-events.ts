import type { LockEventName, LockEvents } from "../base/events.ts";
import { type Described, errorFields, resourceText, tokenField } from "./log-entry.ts";

/** How an event becomes an entry of the log. */
export type Describe<Name extends LockEventName> = (event: LockEvents[Name]) => Described;
export type Descriptions = { readonly [Name in LockEventName]?: Describe<Name> };

/** The events that are always logged. */
export const DESCRIPTIONS: Descriptions = {
  "lock:acquire:succeeded": ({
    id,
    names,
    kind,
    mode,
    token,
    fence,
    ttlMs,
    waitMs,
    waitedMs,
    attempts,
    rounds,
    votes,
  }) => [
    "info",
    {
      event: "lock_acquisition",
      resource: resourceText(names),
      success: true,
      duration_ms: waitedMs,
      metadata: {
        id,
        kind,
        mode,
        token: tokenField(token),
        fence,
        ttl_ms: ttlMs,
        wait_ms: finite(waitMs),
        attempt_count: attempts,
        rounds,
        votes,
      },
    },
  ],
  "lock:acquire:failed": ({ id, names, reason, error, waitMs, waitedMs, attempts }) => {
    const isTimeout = reason === "contended" && waitMs > 0;
    const level = isTimeout || reason === "no-quorum" || reason === "refused" ? "error" : "warn";
    return [
      reason === "aborted" || reason === "closed" ? "info" : level,
      {
        event: isTimeout ? "lock_timeout" : "lock_acquisition",
        resource: resourceText(names),
        success: false,
        duration_ms: waitedMs,
        ...(isTimeout && { wait_time_ms: waitedMs }),
        metadata: { id, reason, ...errorFields(error), wait_ms: finite(waitMs), attempt_count: attempts },
      },
    ];
  },
  "lock:released": ({ id, names, token, fence, heldMs, confirmed }) => [
    confirmed ? "info" : "warn",
    {
      event: "lock_release",
      resource: resourceText(names),
      hold_time_ms: heldMs,
      metadata: { id, token: tokenField(token), fence, confirmed },
    },
  ],
  "lock:lost": ({ id, names, token, fence, cause, takenBy, error, heldMs }) => [
    "error",
    {
      event: "lock_lost",
      resource: resourceText(names),
      hold_time_ms: heldMs,
      metadata: {
        id,
        token: tokenField(token),
        fence,
        cause,
        ...(takenBy !== undefined && { taken_by: takenBy }),
        ...errorFields(error),
      },
    },
  ],
  "lock:extend:failed": ({ id, names, token, error, remainingMs }) => [
    "warn",
    {
      event: "lock_extension",
      resource: resourceText(names),
      success: false,
      metadata: { id, token: tokenField(token), remaining_ms: remainingMs, ...errorFields(error) },
    },
  ],
  "lock:detached": ({ id, names, token, fence, heldMs }) => [
    "info",
    {
      event: "lock_detachment",
      resource: resourceText(names),
      hold_time_ms: heldMs,
      metadata: { id, token: tokenField(token), fence },
    },
  ],
  "lock:attached": ({ id, names, kind, mode, token, fence, ttlMs }) => [
    "info",
    {
      event: "lock_attachment",
      resource: resourceText(names),
      metadata: { id, kind, mode, token: tokenField(token), fence, ttl_ms: ttlMs },
    },
  ],
  "instance:down": ({ instance, error }) => [
    "warn",
    { event: "instance_down", resource: instance, metadata: errorFields(error) },
  ],
  "instance:up": ({ instance, downMs }) => [
    "info",
    { event: "instance_up", resource: instance, metadata: { down_ms: downMs } },
  ],
  "instance:restarted": ({ instance, before, now }) => [
    "warn",
    { event: "instance_restarted", resource: instance, metadata: { run_id_before: before, run_id: now } },
  ],
  "instance:unsafe": ({ instance, cause, message, abstainsMs }) => [
    "error",
    {
      event: "instance_unsafe",
      resource: instance,
      metadata: { cause, abstains_ms: finite(abstainsMs), ...errorFields(new Error(message)) },
    },
  ],
  "instance:wake:lost": ({ instance, error }) => [
    "warn",
    { event: "instance_wake_lost", resource: instance, metadata: errorFields(error) },
  ],
  "instance:moved": ({ instance, before, now }) => [
    "info",
    { event: "instance_moved", resource: instance, metadata: { before, now } },
  ],
  "instance:resolve:failed": ({ instance, error }) => [
    "warn",
    { event: "instance_resolve_failed", resource: instance, metadata: errorFields(error) },
  ],
  "quorum:lost": ({ voting, quorum, configured, failures }) => [
    "error",
    {
      event: "quorum_lost",
      metadata: {
        voting,
        quorum,
        configured,
        failures: failures.map(({ instance, error }) => ({ instance, ...errorFields(error) })),
      },
    },
  ],
  "quorum:restored": ({ voting, quorum, configured, lostMs }) => [
    "info",
    { event: "quorum_restored", metadata: { voting, quorum, configured, lost_ms: lostMs } },
  ],
  "diagnostics:warning": ({ id, names, message }) => [
    "warn",
    {
      event: "diagnostics_warning",
      resource: resourceText(names),
      metadata: { diagnostic: id, ...errorFields(new Error(message)) },
    },
  ],
};

/** The events that are logged with `verbose`. */
export const VERBOSE_DESCRIPTIONS: Descriptions = {
  "lock:acquire:started": ({ id, names, kind, mode, ttlMs, waitMs }) => [
    "info",
    {
      event: "lock_request",
      resource: resourceText(names),
      metadata: { id, kind, mode, ttl_ms: ttlMs, wait_ms: finite(waitMs) },
    },
  ],
  "lock:wait:started": ({ id, names }) => [
    "info",
    { event: "lock_wait_start", resource: resourceText(names), metadata: { id } },
  ],
  "lock:wait:ended": ({ id, names, waitedMs }) => [
    "info",
    { event: "lock_wait_end", resource: resourceText(names), wait_time_ms: waitedMs, metadata: { id } },
  ],
  "lock:handed-over": ({ id, names, from, token, fence }) => [
    "info",
    {
      event: "lock_handover",
      resource: resourceText(names),
      metadata: { id, from: tokenField(from), token: tokenField(token), fence },
    },
  ],
  "lock:extended": ({ id, names, token, fence, ttlMs, remainingMs }) => [
    "info",
    {
      event: "lock_extension",
      resource: resourceText(names),
      success: true,
      metadata: { id, token: tokenField(token), fence, ttl_ms: ttlMs, remaining_ms: remainingMs },
    },
  ],
  "lock:converted": ({ id, names, mode, from, token, fence }) => [
    "info",
    {
      event: "lock_conversion",
      resource: resourceText(names),
      metadata: { id, mode, from: tokenField(from), token: tokenField(token), fence },
    },
  ],
  "instance:health": ({ instance, before, now, error }) => [
    now === "up" ? "info" : "warn",
    {
      event: "instance_health",
      resource: instance,
      metadata: { before, now, ...(error !== undefined && errorFields(error)) },
    },
  ],
};

/** JSON has no `Infinity`. */
function finite(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}
