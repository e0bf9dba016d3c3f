import type { Environment } from "../environment.ts";
import type { Figures, Target } from "../scenario.ts";
import type { Report } from "./report.ts";

/** The contents of `results.json`, from which the chart is drawn. */
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
  // JSON turns `NaN` into null. The chart must get the same values as a reader of the file.
  return JSON.parse(JSON.stringify({ environment, scenarios })) as ResultsJson;
}
