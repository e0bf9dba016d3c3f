import type { DiagnosticId, Events } from "../base/events.ts";
import { processWide } from "../base/process-wide.ts";
import type { CallSite } from "./call-site.ts";

/** Maximum number of places that are remembered. The oldest is forgotten then, and may be reported again. */
const MAX_PLACES = 1_000;
const SHOWN_NAMES = 3;

const warned = processWide("diagnosedPlaces", () => new Set<string>());

/** A stack of a warning, with the words before it. */
export interface Evidence {
  readonly what: string;
  readonly site: CallSite;
}

export interface Finding {
  readonly id: DiagnosticId;
  readonly names: readonly string[];
  /** What identifies the place in the code. */
  readonly place: string;
  /** What was seen, and what to do. Called only if the finding is reported. */
  readonly describe: () => string;
  readonly evidence: readonly Evidence[];
}

/** Reports a finding as an event and as a process warning, once for each place in the code. */
export function report(events: Events, { id, names, place, describe, evidence }: Finding): void {
  const key = `${id} ${place}`;
  if (warned.has(key)) return;
  warned.add(key);
  const [oldest] = warned;
  if (warned.size > MAX_PLACES && oldest !== undefined) warned.delete(oldest);
  const message = describe();
  events.to("diagnostics:warning")?.({ id, names, message, stacks: evidence.map(({ site }) => site.stack) });
  const stacks = evidence.map(({ what, site }) => `\n${what}:\n  ${site.stack.replaceAll("\n", "\n  ")}`);
  const code = `QUORUMLOCK_${id.toUpperCase().replaceAll("-", "_")}`;
  process.emitWarning(`${message}${stacks.join("")}`, { type: "QuorumlockWarning", code });
}

/** The names of a lock in a message. */
export function formatNames(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES).map((name) => JSON.stringify(name));
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
}
