import type { Scenario } from "../scenario.ts";
import { allocation } from "./allocation.ts";
import { commands } from "./commands.ts";
import { fair } from "./fair.ts";
import { handOver } from "./hand-over.ts";
import { hungServer } from "./hung-server.ts";
import { killedServers } from "./killed-servers.ts";
import { leftovers } from "./leftovers.ts";
import { memory } from "./memory.ts";
import { observe } from "./observe.ts";
import { permitRounds } from "./permit-rounds.ts";
import { permitsInUse } from "./permits-in-use.ts";
import { primitives } from "./primitives.ts";
import { processes } from "./processes.ts";
import { queue } from "./queue.ts";
import { readersAndWriters } from "./readers-and-writers.ts";
import { stops } from "./stops.ts";
import { takeover } from "./takeover.ts";
import { throughput } from "./throughput.ts";
import { trace } from "./trace.ts";
import { tree } from "./tree.ts";
import { uncontended } from "./uncontended.ts";

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [
  uncontended(),
  throughput(),
  handOver(),
  processes(),
  fair(),
  queue(),
  hungServer(),
  killedServers(),
  stops(),
  takeover(),
  memory(),
  allocation(),
  leftovers(),
  commands(),
  trace(),
  primitives(),
  readersAndWriters(),
  permitRounds(),
  permitsInUse(),
  tree(),
  observe(),
];
