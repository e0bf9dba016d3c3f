import type { Environment } from "../environment.ts";
import type { Figures, Target } from "../scenario.ts";
import type { Report } from "./report.ts";

/** What `results.json` holds, and what the chart is drawn from. */
export interface ResultsJson {
  readonly environment: Environment;
  readonly scenarios: readonly {
    readonly name: string;
    readonly about: string;
    readonly results: readonly (Figures & {
      readonly targets: readonly Target[];
      readonly notes: readonly string[];
    })[];
  }[];
}

export function toJson({ environment, sections }: Report): ResultsJson {
  const scenarios = sections.map(({ scenario, results }) => ({
    name: scenario.name,
    about: scenario.about,
    results: results.map(({ figures, targets, notes }) => ({ ...figures, targets, notes })),
  }));
  // What could not be measured is null there: what is drawn is what can be read back.
  return JSON.parse(JSON.stringify({ environment, scenarios })) as ResultsJson;
}
