import type { Scenario } from "../scenario.ts";
import { handOver } from "./hand-over.ts";
import { processes } from "./processes.ts";
import { throughput } from "./throughput.ts";
import { uncontended } from "./uncontended.ts";

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [uncontended(), throughput(), handOver(), processes()];
