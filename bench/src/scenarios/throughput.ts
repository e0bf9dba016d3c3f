import type { Contender } from "../contender.ts";
import {
  bareIoredis,
  bareIoredisPipelining,
  bareNodeRedis,
  fencedSockets,
  ours,
  peers,
  redlockUniversalNodeRedis,
  redlockUniversalNodeRedisTuned,
  sockets,
} from "../contenders/index.ts";
import { countMessages, ExclusionChecker } from "../exclusion-checker.ts";
import { LockNames } from "../lock-names.ts";
import { decimal, ratio, ratioCells, whole } from "../report/format.ts";
import { type Participant, runRounds, selectContenders, withConnections } from "../rounds.ts";
import {
  atLeast,
  atMost,
  type Result,
  type RunSettings,
  type Scenario,
  type Target,
  verdictOf,
} from "../scenario.ts";
import { ServerStatistics, type ServerWork } from "../server-statistics.ts";
import { compareTurns, median } from "../statistics.ts";
import { messageOf, withTimeout } from "../with-timeout.ts";

const CONTENDERS = [
  bareIoredis,
  bareIoredisPipelining,
  bareNodeRedis,
  sockets,
  fencedSockets,
  ...ours,
  ...peers,
];

/** The least ratio of cycles/s to the best other library. */
const LIBRARY_TARGETS: readonly { callers: number; servers: number; atLeast: number }[] = [
  { callers: 128, servers: 1, atLeast: 1 },
  { callers: 128, servers: 3, atLeast: 1.8 },
  { callers: 128, servers: 5, atLeast: 2.5 },
  { callers: 1_024, servers: 5, atLeast: 3 },
];

/** The largest ratio of the server's CPU time per cycle to redlock-universal on node-redis. */
const SERVER_TIME_TARGET = { callers: 128, servers: 1, atMost: 1.4 };
const SERVER_TIME_REFERENCES: readonly Contender[] = [
  redlockUniversalNodeRedis,
  redlockUniversalNodeRedisTuned,
];

/** A turn ends after this many errors, because a contender that is refused at once would retry without a pause. */
const MAX_ERRORS = 100;
/** The time limit for cycles that are in flight at the end of the turn. */
const END_TIMEOUT_MS = 5_000;

export interface ThroughputOptions {
  readonly turnMs?: number;
  readonly minRounds?: number;
}

export function throughput({ turnMs = 200, minRounds = 2 }: ThroughputOptions = {}): Scenario {
  return {
    name: "throughput",
    about:
      "Callers acquire and release without a pause, each its own names: cycles/s, and CPU time per cycle of the Node.js process and of " +
      `the servers' main threads. Contenders take turns of ${turnMs} ms, after one turn of warm-up. "× bare" is the median of the ` +
      'rounds\' ratios to bare ioredis, with p25–p75. "× library" is the ratio to the fastest other library, tuned or not. Targets of "× library": ' +
      `${LIBRARY_TARGETS.map((one) => `${one.atLeast} (${one.callers} callers, N=${one.servers})`).join(", ")}. "server ×" is the servers' CPU time ` +
      "compared with redlock-universal on node-redis, whichever of its two configurations needs less. " +
      `Target: at most ${SERVER_TIME_TARGET.atMost} (${SERVER_TIME_TARGET.callers} callers, N=${SERVER_TIME_TARGET.servers}).`,
    columns: [
      "servers",
      "callers",
      "names",
      "contender",
      "cycles/s",
      "× bare",
      "p25–p75",
      "× library",
      "client µs/cycle",
      "server µs/cycle",
      "server ×",
      "n",
      "target",
    ],
    servers: [1, 3, 5],
    quickServers: [5],
    minServers: 1,
    seconds: 36,
    quickSeconds: 6,
    varies: ["names"],
    async run(settings) {
      await using statistics = await ServerStatistics.connect(settings.servers);
      const contenders = selectContenders(CONTENDERS, settings);
      return await withConnections(contenders, settings, async (participants) => {
        const results: Result[] = [];
        for (const callers of settings.concurrency) {
          const all = new Map<Contender, Series>(contenders.map((contender) => [contender, new Series()]));
          const turn = { callers, turnMs: settings.quick ? Math.min(turnMs, 150) : turnMs, settings };
          for (const participant of participants) await runTurn(participant, turn, new Series());
          const limits = { seconds: settings.seconds / settings.concurrency.length, minRounds };
          await runRounds(participants, limits, async (participant) => {
            const series = all.get(participant.contender) ?? new Series();
            const { result: cycles, server } = await statistics.measure(participant.contender, () =>
              runTurn(participant, turn, series),
            );
            series.addServerWork(server, cycles);
          });
          const references = referencesOf(all);
          for (const contender of contenders)
            results.push(resultOf(contender, all, references, settings, callers));
        }
        return results;
      });
    },
  };
}

/** One entry per turn. */
class Series {
  readonly rates: number[] = [];
  readonly clientMicros: number[] = [];
  readonly serverMicros: number[] = [];
  readonly commandMicros: number[] = [];
  readonly errors: string[] = [];
  cycles = 0;

  addServerWork({ cpuMs, commandMs }: ServerWork, cycles: number): void {
    this.serverMicros.push((cpuMs * 1_000) / cycles);
    this.commandMicros.push((commandMs * 1_000) / cycles);
  }
}

/** @returns the number of cycles. */
async function runTurn(
  { contender, lockClient }: Participant,
  {
    callers,
    turnMs,
    settings,
  }: { readonly callers: number; readonly turnMs: number; readonly settings: RunSettings },
  series: Series,
): Promise<number> {
  let cycles = 0;
  let errors = 0;
  const violations: string[] = [];
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const endsAt = startedAt + turnMs;
  const runs = Array.from({ length: callers }, async (_, caller) => {
    const names = new LockNames(`bench:${contender.name}:${caller}`, settings.names, 1);
    let checker = new ExclusionChecker(violations);
    while (performance.now() < endsAt && errors < MAX_ERRORS) {
      try {
        const grant = await lockClient.acquire(names.next());
        // The fencing tokens of different names cannot be compared.
        if (settings.names === "new") checker = new ExclusionChecker(violations);
        checker.enter(grant.fence);
        checker.leave();
        await grant.release();
        cycles += 1;
      } catch (error) {
        errors += 1;
        series.errors.push(messageOf(error));
      }
    }
  });
  await withTimeout(Promise.all(runs), turnMs + END_TIMEOUT_MS);
  const elapsed = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  series.cycles += cycles;
  series.rates.push(cycles / (elapsed / 1_000));
  series.clientMicros.push((user + system) / cycles);
  series.errors.push(...violations);
  return cycles;
}

interface References {
  readonly fastestPeer: Series | undefined;
  readonly serverTime: Series | undefined;
}

function referencesOf(all: ReadonlyMap<Contender, Series>): References {
  const peersOnly = [...all].filter(([{ kind }]) => kind === "peer").map(([, series]) => series);
  const universal = SERVER_TIME_REFERENCES.map((contender) => all.get(contender)).filter(
    (series) => series !== undefined,
  );
  return {
    fastestPeer: peersOnly.toSorted((a, b) => median(b.rates) - median(a.rates))[0],
    serverTime: universal.toSorted((a, b) => median(a.serverMicros) - median(b.serverMicros))[0],
  };
}

function targetsOf(
  contender: Contender,
  { servers, callers }: { readonly servers: number; readonly callers: number },
  measured: { readonly toLibrary: number | undefined; readonly serverTime: number | undefined },
): readonly Target[] {
  if (contender.kind !== "ours") return [];
  const targets: Target[] = [];
  const library = LIBRARY_TARGETS.find((one) => one.callers === callers && one.servers === servers);
  if (library !== undefined && measured.toLibrary !== undefined)
    targets.push(
      atLeast(
        `× library, ${callers} callers`,
        measured.toLibrary,
        library.atLeast,
        "× the fastest other library",
      ),
    );
  const isServerTimeRow = callers === SERVER_TIME_TARGET.callers && servers === SERVER_TIME_TARGET.servers;
  if (isServerTimeRow && measured.serverTime !== undefined)
    targets.push(
      atMost(
        "server time",
        measured.serverTime,
        SERVER_TIME_TARGET.atMost,
        "× redlock-universal on node-redis",
      ),
    );
  return targets;
}

function resultOf(
  contender: Contender,
  all: ReadonlyMap<Contender, Series>,
  { fastestPeer, serverTime }: References,
  { servers: { length: servers }, names }: RunSettings,
  callers: number,
): Result {
  const own = all.get(contender) ?? new Series();
  const bare = contender === bareIoredis ? undefined : all.get(bareIoredis);
  const ratios = bare && compareTurns(own.rates, bare.rates);
  const isOurs = contender.kind === "ours";
  const toLibrary = isOurs && fastestPeer ? compareTurns(own.rates, fastestPeer.rates) : undefined;
  const serverRatio = serverTime && compareTurns(own.serverMicros, serverTime.serverMicros);
  const targets = targetsOf(
    contender,
    { servers, callers },
    { toLibrary: toLibrary?.median, serverTime: serverRatio?.median },
  );
  const rate = median(own.rates);
  const clientMicros = median(own.clientMicros.filter(Number.isFinite));
  const serverMicros = median(own.serverMicros.filter(Number.isFinite));
  const commandMicros = median(own.commandMicros.filter(Number.isFinite));
  return {
    cells: [
      String(servers),
      String(callers),
      names,
      contender.name,
      whole(rate),
      ...ratioCells(ratios),
      toLibrary ? ratio(toLibrary.median) : "",
      decimal(clientMicros),
      decimal(serverMicros),
      serverRatio && own !== serverTime ? ratio(serverRatio.median) : "",
      String(own.cycles),
      verdictOf(targets),
    ],
    figures: {
      servers,
      callers,
      names,
      contender: contender.name,
      rate,
      ratios,
      toLibrary,
      clientMicros,
      serverMicros,
      commandMicros,
      serverRatio,
      n: own.cycles,
    },
    targets,
    notes: countMessages(`${contender.name}, N=${servers}, ${callers} callers`, own.errors),
  };
}
