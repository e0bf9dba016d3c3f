import type { Time } from "../world/time.ts";
import type { Invariant, Violation } from "./grant.ts";

/** Receives a description of each event, line by line. */
export type Trace = (line: string) => void;

/** What was found in one history: its violations, and its trace if there is one. */
export class Findings {
  readonly violations: Violation[] = [];
  readonly #time: Time;
  readonly #trace: Trace | undefined;

  constructor(time: Time, trace: Trace | undefined) {
    this.#time = time;
    this.#trace = trace;
  }

  /** Writes a line to the trace, if there is one. */
  log(text: () => string): void {
    this.#trace?.(`${this.#time.now.toFixed(1).padStart(9)}  ${text()}`);
  }

  report(invariant: Invariant, what: string): void {
    this.log(() => `VIOLATED ${invariant}: ${what}`);
    this.violations.push({ invariant, at: this.#time.now, what });
  }

  /** Reports each problem. */
  reportAll(invariant: Invariant, problems: Iterable<string>): void {
    for (const problem of problems) this.report(invariant, problem);
  }
}
