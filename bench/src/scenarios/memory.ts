import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Contender } from "../contender.ts";
import { bareIoredis, ours, peers } from "../contenders/index.ts";
import { connectIoredis, disconnectIoredis } from "../contenders/ioredis-clients.ts";
import { ratio, whole } from "../report/format.ts";
import { atMost, type Result, type Scenario, type Stage, verdictOf } from "../scenario.ts";
import { fieldOf } from "../turns.ts";
import { messageOf } from "../within.ts";
import { childExecArgv } from "../workers/exec-argv.ts";
import type { MemoryAnswer, MemoryTask } from "../workers/memory-task.ts";

const CONTENDERS = [bareIoredis, ...ours, ...peers];
const ENTRY = fileURLToPath(new URL("../workers/memory.ts", import.meta.url));

/** Longer than it takes: nothing is extended while it is counted. */
const TTL_MS = 600_000;
const FEW = 500;
/** How long a process may take to hold all of them. */
const PATIENCE_MS = 40_000;

const BYTES = 400;
const TIMERS = 1;

export interface MemoryOptions {
  /** Locks that every contender holds. */
  readonly locks?: number;
  /** Locks that this library holds, too; 0 for not. */
  readonly many?: number;
}

export function memory({ locks = 10_000, many = 100_000 }: MemoryOptions = {}): Scenario {
  return {
    name: "memory",
    about:
      "What one held lock that extends itself costs the process that holds it: bytes of heap after garbage collection, and timers that exist. " +
      `Each number of locks in a process of its own; timers are those that ${FEW} locks add. Bare ioredis keeps a name and a token, redlock 4 does not extend by itself. ` +
      `Target: at most ${BYTES} bytes for each lock, ${TIMERS} timer for all.`,
    columns: ["servers", "contender", "locks", "bytes a lock", "timers a lock", "timers added", "target"],
    servers: [3],
    quickServers: [3],
    leastServers: 1,
    seconds: 1,
    quickSeconds: 1,
    async run(stage) {
      const results: Result[] = [];
      for (const contender of fieldOf([...CONTENDERS], stage)) {
        if (contender.kind === "bare" && contender !== bareIoredis) continue;
        results.push(await measure(contender, stage.quick ? locks / 10 : locks, stage));
        if (contender.kind === "ours" && many > 0 && !stage.quick)
          results.push(await measure(contender, many, stage));
      }
      return results;
    },
  };
}

async function measure(contender: Contender, locks: number, stage: Stage): Promise<Result> {
  const servers = stage.servers.length;
  try {
    const [heap, timers] = await Promise.all([
      hold({ contender, locks, count: "heap" }, stage),
      hold({ contender, locks: Math.min(FEW, locks), count: "timers" }, stage),
    ]);
    const bytes = heap.cost / heap.locks;
    const targets =
      contender.kind === "ours"
        ? [
            atMost("bytes", bytes, BYTES, "bytes a lock"),
            atMost("timers", timers.cost, TIMERS, "timers added"),
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
    const targets = contender.kind === "ours" ? [atMost("bytes", Number.NaN, BYTES, "bytes a lock")] : [];
    return {
      cells: [String(servers), contender.name, String(locks), "–", "–", "–", verdictOf(targets)],
      figures: { servers, contender: contender.name, locks },
      targets,
      notes: [`${contender.name}, ${locks} locks: ${messageOf(error)}`],
    };
  } finally {
    // What was held would burden the servers for minutes.
    const clients = await connectIoredis(stage.servers);
    await Promise.all(clients.map((client) => client.flushall()));
    disconnectIoredis(clients);
  }
}

async function hold(
  { contender, ...rest }: { contender: Contender; locks: number; count: MemoryTask["count"] },
  { servers }: Stage,
): Promise<MemoryAnswer> {
  const task: MemoryTask = {
    ports: servers.map(({ port }) => port),
    contender: contender.name,
    ttlMs: TTL_MS,
    ...rest,
  };
  const child = fork(ENTRY, [JSON.stringify(task)], {
    execArgv: ["--expose-gc", ...childExecArgv()],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = once(child, "message", { signal }) as Promise<[MemoryAnswer]>;
    const died = ended.then(() => {
      throw new Error("the process ended before it had all locks");
    });
    died.catch(() => undefined);
    return (await Promise.race([answer, died]))[0];
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}
