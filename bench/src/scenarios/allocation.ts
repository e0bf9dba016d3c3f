import { youngGenerationFlags } from "../allocation.ts";
import { runChildTask } from "../child-task.ts";
import type { Contender } from "../contender.ts";
import {
  bareIoredis,
  bareNodeRedis,
  ours,
  redisSemaphore,
  redlockUniversalNodeRedisTuned,
} from "../contenders/index.ts";
import { whole } from "../report/format.ts";
import { isMeasured, selectContenders } from "../rounds.ts";
import type { Result, RunSettings, Scenario } from "../scenario.ts";
import { messageOf } from "../with-timeout.ts";
import type { AllocationAnswer, AllocationTask } from "../workers/allocation-task.ts";

const CONTENDERS = [bareIoredis, bareNodeRedis, ...ours, redisSemaphore, redlockUniversalNodeRedisTuned];
/** Large enough for all cycles of a measurement. */
const YOUNG_GENERATION_MIB = 256;
const TIMEOUT_MS = 30_000;
const CALLERS = [1, 128] as const;

export interface AllocationOptions {
  readonly warmUpCycles?: number;
  readonly cycles?: number;
}

export function allocation({ warmUpCycles = 2_500, cycles = 1_280 }: AllocationOptions = {}): Scenario {
  return {
    name: "allocation",
    about:
      `Bytes that one acquire and release of a new name allocate in the Node.js process: on the heap, and in buffers outside of it. ${cycles} cycles after ` +
      `${warmUpCycles} cycles of warm-up, by one caller and by ${CALLERS[1]} callers. The young generation of the process is so large that V8 collects no garbage meanwhile. Median of 3 measurements.`,
    columns: [
      "servers",
      "contender",
      "heap bytes, 1 caller",
      "buffer bytes",
      `heap bytes, ${CALLERS[1]} callers`,
      "buffer bytes",
    ],
    servers: [1, 5],
    quickServers: [1],
    minServers: 1,
    seconds: 1,
    quickSeconds: 1,
    async run(settings) {
      const results: Result[] = [];
      for (const contender of selectContenders(CONTENDERS, settings).filter(isMeasured(settings)))
        results.push(await measure(contender, { warmUpCycles, cycles }, settings));
      return results;
    },
  };
}

async function measure(
  contender: Contender,
  counts: Required<AllocationOptions>,
  { servers }: RunSettings,
): Promise<Result> {
  const notes: string[] = [];
  let perCycle: AllocationAnswer["perCycle"] = [];
  const task: AllocationTask = {
    ports: servers.map(({ port }) => port),
    contenders: [contender.name],
    callers: CALLERS,
    ...counts,
  };
  try {
    const answer = await runChildTask<AllocationAnswer>("allocation", task, {
      timeoutMs: TIMEOUT_MS,
      execArgv: youngGenerationFlags(YOUNG_GENERATION_MIB),
    });
    perCycle = answer.perCycle;
    if (perCycle.includes(null))
      notes.push(`${contender.name}, N=${servers.length}: garbage was collected during every measurement`);
  } catch (error) {
    notes.push(`${contender.name}, N=${servers.length}: ${messageOf(error)}`);
  }
  const [one, many] = perCycle;
  return {
    cells: [
      String(servers.length),
      contender.name,
      ...[one, many].flatMap((bytes) => [
        whole(bytes?.heapBytes ?? Number.NaN),
        whole(bytes?.bufferBytes ?? Number.NaN),
      ]),
    ],
    figures: { servers: servers.length, contender: contender.name, oneCaller: one, manyCallers: many },
    targets: [],
    notes,
  };
}
