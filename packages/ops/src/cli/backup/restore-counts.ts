import { formatPlural } from "../../format/count.ts";
import { formatList } from "../../format/list.ts";
import { displayName } from "../../format/name.ts";
import type { RestoreState } from "./restore-plan.ts";

/** How many names are kept of the holds that are named. */
const MAX_NAMES = 100;
const SHOWN_NAMES = 5;

/** What a restore has found and done. */
export class RestoreCounts {
  /** Holds by what was done with them. Without `--apply`, `restorable` are those that would be restored. */
  readonly by: Record<RestoreState, number> = {
    restorable: 0,
    expired: 0,
    taken: 0,
    held: 0,
    released: 0,
    "no-expiry": 0,
    minority: 0,
    unknown: 0,
  };
  /** Holds that are on so few servers now that they hold nothing. */
  partly = 0;
  readonly #partlyNames: string[] = [];
  readonly #releasedNames: string[] = [];

  add(state: RestoreState, name: string): void {
    this.by[state] += 1;
    if (state === "released" && this.#releasedNames.length < MAX_NAMES) this.#releasedNames.push(name);
  }

  addPartly(name: string): void {
    this.partly += 1;
    if (this.#partlyNames.length < MAX_NAMES) this.#partlyNames.push(name);
  }

  /** "12 would be restored, 3 have expired, 1 is held by another" */
  describe(isApplied: boolean): string {
    const { restorable, expired, taken, held, released, minority, unknown } = this.by;
    const parts = [
      isApplied ? `${formatPlural(restorable, "hold")} restored` : `${restorable} would be restored`,
      `${expired} ${expired === 1 ? "has" : "have"} expired`,
      `${taken} ${taken === 1 ? "is" : "are"} held by another`,
    ];
    if (held > 0) parts.push(`${held} ${held === 1 ? "has its holder" : "have their holders"} still`);
    if (released > 0) parts.push(`${released} ${released === 1 ? "was" : "were"} released since the backup`);
    const noExpiry = this.by["no-expiry"];
    if (noExpiry > 0)
      parts.push(`${noExpiry} ${noExpiry === 1 ? "had" : "have had"} no expiry and cannot come back`);
    if (minority > 0) parts.push(`${minority} held nothing at the time of the backup`);
    if (unknown > 0) parts.push(`${unknown} cannot be decided, because too few servers answer`);
    return parts.join(", ");
  }

  /** `undefined` if there are none. */
  describePartly(): string | undefined {
    if (this.partly === 0) return undefined;
    return `▲ ${this.partly} ${this.partly === 1 ? "is" : "are"} on a minority of the servers. Nobody holds ${
      this.partly === 1 ? "it, and it ends by itself" : "them, and they end by themselves"
    }: ${listed(this.#partlyNames, this.partly)}`;
  }

  /** `undefined` if there are none. */
  describeReleased(): string | undefined {
    const { released } = this.by;
    if (released === 0) return undefined;
    return `▲ Not restored, because a server that has run since the backup had ${released === 1 ? "it and has it" : "them and has them"} no more: ${listed(
      this.#releasedNames,
      released,
    )}. Use --force only if somebody has deleted the keys.`;
  }

  toJson(isApplied: boolean): Record<string, unknown> {
    const { restorable, expired, taken, held, released, minority, unknown } = this.by;
    return {
      ...(isApplied ? { restored: restorable } : { wouldRestore: restorable }),
      expired,
      heldByAnother: taken,
      stillHeld: held,
      released,
      releasedNames: this.#releasedNames,
      withoutExpiry: this.by["no-expiry"],
      heldNothing: minority,
      undecided: unknown,
      onMinority: this.partly,
      onMinorityNames: this.#partlyNames,
    };
  }
}

function listed(names: readonly string[], count: number): string {
  const shown = names.slice(0, SHOWN_NAMES).map((name) => displayName(name));
  return formatList(shown, SHOWN_NAMES, count);
}
