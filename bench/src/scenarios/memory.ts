import { runChildTask } from "../child-task.ts";
import type { Contender } from "../contender.ts";
import { bareIoredis, defaultPeers, ours } from "../contenders/index.ts";
import { connectIoredis, disconnectIoredis } from "../contenders/ioredis-clients.ts";
import { ratio, whole } from "../report/format.ts";
import { atMost, type Result, type Scenario, type RunSettings, verdictOf } from "../scenario.ts";
import { isMeasured, selectContenders } from "../rounds.ts";
import { messageOf } from "../with-timeout.ts";
import type { MemoryAnswer, MemoryTask } from "../workers/memory-task.ts";

const CONTENDERS = [bareIoredis, ...ours, ...defaultPeers];

/** Longer than the measurement, so that no lock is extended meanwhile. */
const TTL_MS = 600_000;
/** Locks whose timers are counted. */
const TIMER_LOCKS = 500;
/** How long a process may take to acquire all locks. */
const TIMEOUT_MS = 40_000;

/** Bytes per lock, and timers for all locks. */
const MAX_BYTES = 600;
const MAX_TIMERS = 1;

export interface MemoryOptions {
  /** Locks of every contender. */
  readonly locks?: number;
  /** Locks of a second measurement of this library. 0 for no second measurement. */
  readonly many?: number;
}

export function memory({ locks = 10_000, many = 100_000 }: MemoryOptions = {}): Scenario {
  return {
    name: "memory",
    about:
      "Cost of one held lock with automatic extension in the process that holds it: bytes of heap after garbage collection, and timers. " +
      `Each number of locks has its own process. Timers: the number that ${TIMER_LOCKS} locks add. Bare ioredis keeps a name and a token. Redlock 4 has no automatic extension. ` +
      `Target: at most ${MAX_BYTES} bytes per lock, and ${MAX_TIMERS} timer for all locks.`,
    columns: ["servers", "contender", "locks", "bytes/lock", "timers/lock", "timers added", "target"],
    servers: [3],
    quickServers: [3],
    minServers: 1,
    seconds: 1,
    quickSeconds: 1,
    async run(settings) {
      const results: Result[] = [];
      for (const contender of selectContenders(CONTENDERS, settings).filter(isMeasured(settings))) {
        if (contender.kind === "bare" && contender !== bareIoredis) continue;
        results.push(await measure(contender, settings.quick ? locks / 10 : locks, settings));
        if (contender.kind === "ours" && many > 0 && !settings.quick)
          results.push(await measure(contender, many, settings));
      }
      return results;
    },
  };
}

async function measure(contender: Contender, locks: number, settings: RunSettings): Promise<Result> {
  const servers = settings.servers.length;
  try {
    const [heap, timers] = await Promise.all([
      hold({ contender, locks, count: "heap" }, settings),
      hold({ contender, locks: Math.min(TIMER_LOCKS, locks), count: "timers" }, settings),
    ]);
    const bytes = heap.cost / heap.locks;
    const targets =
      contender.kind === "ours"
        ? [
            atMost("bytes", bytes, MAX_BYTES, "bytes per lock"),
            atMost("timers", timers.cost, MAX_TIMERS, "timers added"),
          ]
        : [];
    return {
      cells: [
        String(servers),
        contender.name,
        String(locks),
        whole(bytes),
        ratio(timers.cost / timers.locks),
        String(timers.cost),
        verdictOf(targets),
      ],
      figures: {
        servers,
        contender: contender.name,
        locks,
        bytes,
        timers: timers.cost,
        timersOver: timers.locks,
      },
      targets,
      notes: [],
    };
  } catch (error) {
    const targets =
      contender.kind === "ours" ? [atMost("bytes", Number.NaN, MAX_BYTES, "bytes per lock")] : [];
    return {
      cells: [String(servers), contender.name, String(locks), "–", "–", "–", verdictOf(targets)],
      figures: { servers, contender: contender.name, locks },
      targets,
      notes: [`${contender.name}, ${locks} locks: ${messageOf(error)}`],
    };
  } finally {
    // The locks stay on the servers until their ttl is over, and would slow down the next measurement.
    const clients = await connectIoredis(settings.servers);
    await Promise.all(clients.map((client) => client.flushall()));
    disconnectIoredis(clients);
  }
}

function hold(
  { contender, ...rest }: { contender: Contender; locks: number; count: MemoryTask["count"] },
  { servers }: RunSettings,
): Promise<MemoryAnswer> {
  const task: MemoryTask = {
    ports: servers.map(({ port }) => port),
    contenders: [contender.name],
    ttlMs: TTL_MS,
    ...rest,
  };
  return runChildTask("memory", task, { timeoutMs: TIMEOUT_MS });
}
