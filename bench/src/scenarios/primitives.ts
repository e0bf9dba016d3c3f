import type { Contender } from "../contender.ts";
import {
  asyncMutexPermit,
  quorumlockFair,
  quorumlockIoredis,
  quorumlockPermit,
  quorumlockRead,
  quorumlockTenant,
  quorumlockTree,
  quorumlockWrite,
  redisSemaphorePermit,
} from "../contenders/index.ts";
import { countMessages } from "../exclusion-checker.ts";
import { LockNames } from "../lock-names.ts";
import { decimal, micros, ratio, ratioCells } from "../report/format.ts";
import { type Participant, runRounds, selectContenders, withConnections } from "../rounds.ts";
import { atMost, type Result, type RunSettings, type Scenario, type Target, verdictOf } from "../scenario.ts";
import { ServerStatistics, type ServerWork } from "../server-statistics.ts";
import { compareTurns, median, percentile } from "../statistics.ts";
import { emptySeries, PHASES, runTurn, type TurnSeries } from "./uncontended-turn.ts";

/** What a cycle and its server time may cost, as multiples of a cycle of the mutex. */
interface Limits {
  readonly cycle: number;
  readonly serverTime: number;
}

/** One row for each kind of lock. Kinds without limits are shown to compare. */
const KINDS: readonly { readonly contender: Contender; readonly limits?: Limits }[] = [
  { contender: quorumlockIoredis },
  { contender: quorumlockWrite, limits: { cycle: 1.15, serverTime: 1.1 } },
  { contender: quorumlockRead, limits: { cycle: 1.3, serverTime: 1.6 } },
  { contender: quorumlockTree, limits: { cycle: 1.5, serverTime: 2.2 } },
  { contender: quorumlockPermit, limits: { cycle: 1.5, serverTime: 2 } },
  { contender: quorumlockTenant, limits: { cycle: 1.7, serverTime: 2.5 } },
  { contender: quorumlockFair },
  { contender: redisSemaphorePermit },
  { contender: asyncMutexPermit },
];
const CONTENDERS = KINDS.map(({ contender }) => contender);

/** Callers that lock many names before the measurement. */
const SLOT_CALLERS = 128;

export interface PrimitivesOptions {
  readonly cyclesPerTurn?: number;
  readonly minRounds?: number;
  readonly warmUpCycles?: number;
  /** Names that are locked before the measurement, so that the counters of most hash slots exist already. */
  readonly warmUpNames?: number;
}

/** The measured turns of one contender. */
interface Series {
  readonly turns: TurnSeries;
  readonly work: { readonly server: ServerWork; readonly cycles: number }[];
}

export function primitives(options: PrimitivesOptions = {}): Scenario {
  const { cyclesPerTurn = 300, minRounds = 5, warmUpCycles = 3_000, warmUpNames = 100_000 } = options;
  return {
    name: "primitives",
    docsBlock: "kinds",
    about:
      "Acquire and release of a free lock of each kind, one cycle after another, in turns of " +
      `${cyclesPerTurn} cycles, compared with the mutex. ${warmUpNames} other names were locked earlier, so the counters of hash slots exist already. ` +
      "Columns with × are medians of the rounds' ratios to the mutex. Server time is the CPU time of all servers' main threads for a cycle. " +
      "Script is the part of it in which the servers run the contender's commands, without reading, parsing and writing. Semaphores have 100 permits. " +
      `async-mutex has no servers. Target of the cycle: at most ${limitText("cycle")}. Of the server time: ${limitText("serverTime")}.`,
    columns: [
      "servers",
      "names",
      "contender",
      "cycle p50 µs",
      "p90",
      "× mutex",
      "p25–p75",
      "acquire ×",
      "release ×",
      "server µs",
      "server ×",
      "script µs",
      "script ×",
      "commands",
      "n",
      "target",
    ],
    servers: [1, 3],
    quickServers: [3],
    minServers: 1,
    seconds: 14,
    quickSeconds: 3,
    varies: ["names"],
    async run(settings) {
      const contenders = selectContenders(CONTENDERS, settings);
      await using statistics = await ServerStatistics.connect(settings.servers);
      return await withConnections(contenders, settings, async (participants) => {
        const all = new Map(contenders.map((contender) => [contender, emptyEntry()]));
        const scale = settings.quick ? 4 : 1;
        for (const participant of participants.slice(0, 1)) await lockNames(participant, warmUpNames / scale);
        for (const participant of participants)
          await runTurn(participant, warmUpCycles / scale, settings.names, emptySeries());
        await runRounds(participants, { seconds: settings.seconds, minRounds }, async (participant) => {
          const { turns, work } = all.get(participant.contender) ?? emptyEntry();
          const before = turns.cycleTimes.length;
          const { server } = await statistics.measure(participant.contender, () =>
            runTurn(participant, cyclesPerTurn, settings.names, turns),
          );
          work.push({ server, cycles: turns.cycleTimes.length - before });
        });
        return contenders.map((contender) => resultOf(contender, all, settings));
      });
    },
  };
}

function limitText(figure: keyof Limits): string {
  return KINDS.flatMap(({ contender, limits }) =>
    limits === undefined ? [] : [`${limits[figure]}× (${contender.name.replace(/^quorumlock | \(.*/g, "")})`],
  ).join(", ");
}

function emptyEntry(): Series {
  return { turns: emptySeries(), work: [] };
}

async function lockNames({ lockClient }: Participant, count: number): Promise<void> {
  const names = new LockNames("bench:slots", "new", 0);
  let left = count;
  const run = async (): Promise<void> => {
    while (left-- > 0) await (await lockClient.acquire(names.next())).release();
  };
  await Promise.all(Array.from({ length: SLOT_CALLERS }, run));
}

/** A figure of the servers for one cycle, turn by turn. */
function perCycle({ work }: Series, figure: "cpuMs" | "commandMs" | "commands"): readonly number[] {
  return work.map(({ server, cycles }) => server[figure] / cycles);
}

function resultOf(
  contender: Contender,
  all: ReadonlyMap<Contender, Series>,
  { servers: { length: servers }, names }: RunSettings,
): Result {
  const own = all.get(contender) ?? emptyEntry();
  const mutex = contender === quorumlockIoredis ? undefined : all.get(quorumlockIoredis);
  const [acquire, release, cycle] = PHASES.map(
    (phase) => mutex && compareTurns(own.turns.turnMedians[phase], mutex.turns.turnMedians[phase]),
  );
  const p50 = median(own.turns.turnMedians.cycle.filter(Number.isFinite));
  const p90 = percentile(own.turns.cycleTimes, 0.9);
  const n = own.turns.cycleTimes.length;
  const [cpuMs, scriptMs, commands] = (["cpuMs", "commandMs", "commands"] as const).map((figure) =>
    median(perCycle(own, figure)),
  );
  const [cpu, script] = (["cpuMs", "commandMs"] as const).map(
    (figure) => mutex && compareTurns(perCycle(own, figure), perCycle(mutex, figure)),
  );
  const limits = KINDS.find((kind) => kind.contender === contender)?.limits;
  const targets: readonly Target[] =
    limits === undefined
      ? []
      : [
          atMost("cycle", cycle?.median ?? Number.NaN, limits.cycle, "× mutex"),
          atMost("server time", cpu?.median ?? Number.NaN, limits.serverTime, "× mutex"),
        ];
  return {
    cells: [
      String(servers),
      names,
      contender.name,
      micros(p50),
      micros(p90),
      ...ratioCells(cycle),
      acquire ? ratio(acquire.median) : "",
      release ? ratio(release.median) : "",
      contender.isLocal === true ? "" : decimal((cpuMs ?? 0) * 1_000),
      contender.isLocal === true || !cpu ? "" : ratio(cpu.median),
      contender.isLocal === true ? "" : decimal((scriptMs ?? 0) * 1_000),
      contender.isLocal === true || !script ? "" : ratio(script.median),
      contender.isLocal === true ? "" : decimal(commands ?? 0),
      String(n),
      verdictOf(targets),
    ],
    figures: {
      servers,
      names,
      contender: contender.name,
      p50,
      p90,
      ratios: { acquire, release, cycle, cpu, script },
      cpuMs,
      scriptMs,
      commands,
      n,
    },
    targets,
    notes: countMessages(`${contender.name}, N=${servers}`, [...own.turns.errors, ...own.turns.violations]),
  };
}
