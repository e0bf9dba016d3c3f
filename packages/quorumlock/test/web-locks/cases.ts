import { argumentCases } from "./cases/arguments.ts";
import { availableCases } from "./cases/if-available.ts";
import { holdingCases } from "./cases/holding.ts";
import { modeCases } from "./cases/modes.ts";
import { nameCases } from "./cases/names.ts";
import { queryCases } from "./cases/query.ts";
import { signalCases } from "./cases/signal.ts";
import { stealCases } from "./cases/steal.ts";
import type { Case } from "./case-tools.ts";

/** The cases of the standard, by the feature. They use nothing but the standard, so any implementation can run them. */
export const cases: Readonly<Record<string, readonly Case[]>> = {
  arguments: argumentCases,
  holding: holdingCases,
  modes: modeCases,
  ifAvailable: availableCases,
  names: nameCases,
  signal: signalCases,
  steal: stealCases,
  query: queryCases,
};
