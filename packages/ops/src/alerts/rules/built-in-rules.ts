import { activeLocks } from "./active-locks.ts";
import { clockOffset } from "./clock-offset.ts";
import { extensionsFail } from "./extensions-fail.ts";
import { heldLong } from "./held-long.ts";
import { highFailureRate } from "./high-failure-rate.ts";
import { lockLost } from "./lock-lost.ts";
import { longWait } from "./long-wait.ts";
import { memory } from "./memory.ts";
import { noData } from "./no-data.ts";
import { noSpare } from "./no-spare.ts";
import { quarantined } from "./quarantined.ts";
import { quorumLost } from "./quorum-lost.ts";
import type { RuleDefinition } from "./rule-definition.ts";
import { serverDown } from "./server-down.ts";
import { unsafe } from "./unsafe.ts";

/** The rules that are there without configuration, in the order of the docs. */
export const BUILT_IN_RULES: readonly RuleDefinition[] = [
  quorumLost,
  highFailureRate,
  lockLost,
  longWait,
  noSpare,
  serverDown,
  quarantined,
  unsafe,
  extensionsFail,
  clockOffset,
  memory,
  activeLocks,
  heldLong,
  noData,
];
