import type { Contender } from "../contender.ts";
import { quorumlockReadWrite } from "../contenders/index.ts";
import { countMessages } from "../exclusion-checker.ts";
import { countConflicts, countHolders } from "../holders.ts";
import { LoadRun, type LoadTurn } from "../load-run.ts";
import { decimal, micros, millis, whole } from "../report/format.ts";
import { rotate, selectContenders } from "../rounds.ts";
import { atMost, type Result, type RunSettings, type Scenario, verdictOf } from "../scenario.ts";
import { median, percentile } from "../statistics.ts";
import type { CallerGroup, LoadCall } from "../workers/messages.ts";

const CONTENDERS: readonly Contender[] = [quorumlockReadWrite];

const PROCESSES = 4;
const READERS = 200;
const WRITERS = 2;
const HOLD_MS = 10;
const MAX_WRITER_WAIT_MS = 400;
/** Callers that all begin at once are not measured. */
const WARM_UP_MS = 500;

export interface ReadersAndWritersOptions {
  readonly processes?: number;
  readonly readers?: number;
  readonly writers?: number;
  readonly turnMs?: number;
  readonly rounds?: number;
}

/** The calls of one turn after its warm-up. */
interface Turn extends Pick<LoadTurn, "errors" | "server"> {
  readonly grants: number;
  readonly seconds: number;
  readonly reads: readonly LoadCall[];
  readonly writes: readonly LoadCall[];
  /** Readers at a time, on average. */
  readonly readersAtOnce: number;
  readonly conflicts: number;
}

export function readersAndWriters(options: ReadersAndWritersOptions = {}): Scenario {
  const { processes = PROCESSES, readers = READERS, writers = WRITERS, turnMs = 3_500, rounds = 2 } = options;
  return {
    name: "readers-and-writers",
    docsBlock: "kinds",
    about:
      `${readers} readers and ${writers} writers in ${processes} processes acquire one read/write lock without a pause, hold it for ${HOLD_MS} ms, ` +
      `and acquire it again, in turns of ${turnMs / 1_000} s: the time that writers and readers wait, and readers that hold it at the same time, on average. ` +
      "A violation is a writer that holds the lock beside another holder. " +
      `Target: no writer waits longer than ${MAX_WRITER_WAIT_MS} ms.`,
    columns: [
      "servers",
      "contender",
      "writes/s",
      "reads/s",
      "writer p50 ms",
      "p99",
      "longest",
      "reader p50 ms",
      "longest",
      "readers at once",
      "commands/grant",
      "server µs/grant",
      "failed",
      "violations",
      "target",
    ],
    servers: [1, 3],
    quickServers: [3],
    minServers: 1,
    seconds: 1,
    quickSeconds: 1,
    async run(settings) {
      const contenders = selectContenders(CONTENDERS, settings).filter((one) => CONTENDERS.includes(one));
      const groups = spread(processes, readers, writers);
      await using run = await LoadRun.start(settings, { processes, contenders });
      const turns = new Map<Contender, Turn[]>(contenders.map((contender) => [contender, []]));
      const timeMs = settings.quick ? turnMs / 2 : turnMs;
      for (let round = 0; round < (settings.quick ? 1 : rounds); round++) {
        for (const contender of rotate(contenders, round))
          turns.get(contender)?.push(summarize(await run.turn(contender, groups, timeMs), timeMs));
      }
      return contenders.map((contender) => resultOf(contender, turns.get(contender) ?? [], settings));
    },
  };
}

/** Readers are spread over all processes. Each writer has a process of its own, as far as there are enough. */
function spread(processes: number, readers: number, writers: number): readonly (readonly CallerGroup[])[] {
  const share = (all: number, index: number): number =>
    Math.floor(all / processes) + (index < all % processes ? 1 : 0);
  return Array.from({ length: processes }, (_, index) => [
    { callers: share(readers, index), holdMs: HOLD_MS, shared: true },
    { callers: share(writers, index), holdMs: HOLD_MS },
  ]);
}

function summarize({ calls: [reads = [], writes = []], errors, server }: LoadTurn, turnMs: number): Turn {
  const startedAt = Math.min(
    ...reads.map(({ calledAt }) => calledAt),
    ...writes.map(({ calledAt }) => calledAt),
  );
  const warmUpMs = Math.min(WARM_UP_MS, turnMs / 4);
  const [from, to] = [startedAt + warmUpMs, startedAt + turnMs];
  const isMeasured = ({ calledAt, grantedAt }: LoadCall): boolean => calledAt >= from && grantedAt <= to;
  return {
    seconds: (to - from) / 1_000,
    reads: reads.filter(isMeasured),
    writes: writes.filter(isMeasured),
    readersAtOnce: countHolders(reads, { from, to, limit: Infinity }).average,
    conflicts: countConflicts(writes, reads),
    errors,
    grants: reads.length + writes.length,
    server,
  };
}

function resultOf(
  contender: Contender,
  turns: readonly Turn[],
  { servers: { length: servers } }: RunSettings,
): Result {
  const seconds = turns.reduce((sum, turn) => sum + turn.seconds, 0);
  const writes = turns.flatMap((turn) => turn.writes);
  const reads = turns.flatMap((turn) => turn.reads);
  const errors = turns.flatMap((turn) => turn.errors);
  const violations = turns.reduce((sum, { conflicts }) => sum + conflicts, 0);
  const [writeWaits, readWaits] = [writes, reads].map((calls) =>
    calls.map(({ calledAt, grantedAt }) => grantedAt - calledAt),
  ) as [number[], number[]];
  const writer = waitsOf(writeWaits);
  const reader = waitsOf(readWaits);
  const readersAtOnce = median(turns.map((turn) => turn.readersAtOnce));
  const commands = median(turns.map(({ server, grants }) => server.commands / grants));
  const serverMs = median(turns.map(({ server, grants }) => server.cpuMs / grants));
  const targets = [
    atMost("writer's wait", writer.longest, MAX_WRITER_WAIT_MS, "ms"),
    atMost("failed", errors.length, 0, "failed acquisitions"),
    atMost("violations", violations, 0, "violations"),
  ];
  const rates = { writes: writes.length / seconds, reads: reads.length / seconds };
  return {
    cells: [
      String(servers),
      contender.name,
      whole(rates.writes),
      whole(rates.reads),
      millis(writer.p50),
      millis(writer.p99),
      millis(writer.longest),
      millis(reader.p50),
      millis(reader.longest),
      decimal(readersAtOnce),
      decimal(commands),
      micros(serverMs),
      String(errors.length),
      String(violations),
      verdictOf(targets),
    ],
    figures: {
      servers,
      contender: contender.name,
      rates,
      writer,
      reader,
      readersAtOnce,
      commands,
      serverMs,
      failed: errors.length,
      violations,
    },
    targets,
    notes: countMessages(`${contender.name}, N=${servers}`, errors),
  };
}

function waitsOf(waits: readonly number[]): {
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
} {
  return { p50: median(waits), p99: percentile(waits, 0.99), longest: percentile(waits, 1) };
}
