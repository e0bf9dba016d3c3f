import type { Scenario } from "../scenario.ts";
import { handOver } from "./hand-over.ts";
import { uncontended } from "./uncontended.ts";

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [uncontended(), handOver()];
