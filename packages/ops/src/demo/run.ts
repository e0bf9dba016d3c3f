import { findRedisServer } from "quorumlock/testing";
import { memoryStage } from "./memory-stage.ts";
import { count } from "./numbers.ts";
import { type DemoOptions, SERVERS, THINK_MS } from "./options.ts";
import { processStage } from "./process-stage.ts";
import { arm, Sale } from "./sale.ts";
import type { Screen } from "./screen.ts";
import type { Stage } from "./stage.ts";
import { summary } from "./summary.ts";

/** A bound for what cannot be bounded otherwise: a sale that does not come to its end. */
const LOCKED_LIMIT_MS = { base: 45_000, perItem: 20 };

/** Without the lock the stock goes up again whenever an old number is written: where that takes long, it has been seen. */
const UNLOCKED_LIMIT_MS = 8_000;

/** A stage, and why it is in memory, if it is. */
interface Setting {
  readonly stage: Stage;
  readonly memoryBecause?: string;
}

/**
 * Sells the same items with and without the lock. Whatever happens, all that it started is stopped at its end.
 *
 * @returns whether the locked sale sold exactly the items there were, with no violation.
 * @throws the reason of `signal` once it is aborted; Error when a worker or a server fails without being asked to.
 */
export async function runDemo(options: DemoOptions, screen: Screen, signal: AbortSignal): Promise<boolean> {
  const { items, workers } = options;
  screen.print([[], [["  quorumlock demo", "bold"]], []]);
  const { stage, memoryBecause } = await setUp(options.memory, signal);
  await using _ = stage;
  introduce(options, memoryBecause, screen);
  const locked = await hold(stage, options, true, screen, signal);
  const unlocked = await hold(stage, options, false, screen, signal);
  screen.print([...summary(locked, unlocked, screen.width), []]);
  if (locked.exact) {
    const end = `The lock held: ${workers} workers sold exactly ${count(items)} items while one of them and two servers failed.`;
    screen.say(end, "green");
  } else {
    screen.say(`The lock FAILED: ${count(items)} items were there to sell, once each.`, "red");
  }
  return locked.exact;
}

async function setUp(memory: boolean, signal: AbortSignal): Promise<Setting> {
  if (memory) return { stage: memoryStage(), memoryBecause: "--memory asks for it" };
  if (findRedisServer() === undefined) {
    return { stage: memoryStage(), memoryBecause: "no redis-server or valkey-server was found" };
  }
  try {
    return { stage: await processStage(signal) };
  } catch (error) {
    signal.throwIfAborted();
    const [reason] = String(error instanceof Error ? error.message : error).split("\n", 1);
    return { stage: memoryStage(), memoryBecause: `no server could be started (${reason})` };
  }
}

function introduce({ items, workers }: DemoOptions, memoryBecause: string | undefined, screen: Screen): void {
  const [who, where] =
    memoryBecause === undefined
      ? ["worker processes", "Redis servers"]
      : ["asynchronous workers", "in-memory instances"];
  screen.say(
    `${workers} ${who} sell ${count(items)} items out of one unprotected number: each reads it, thinks for ${THINK_MS} ms ` +
      `and writes back one less, under a lock on ${SERVERS} ${where}. On the way one server hangs, another is killed, ` +
      "and so is a worker that holds the lock.",
  );
  if (memoryBecause !== undefined) {
    screen.print([[]]);
    screen.say(
      `This runs in memory, in one process, because ${memoryBecause}: the locking is the real one, but there is no ` +
        "network, no separate process and no real crash.",
      "yellow",
    );
  }
  screen.print([[]]);
}

/** Holds one sale from the hiring of the workers to the end of the last. */
async function hold(
  stage: Stage,
  { items, workers }: DemoOptions,
  locked: boolean,
  screen: Screen,
  signal: AbortSignal,
): Promise<Sale> {
  const sale = new Sale(items, workers);
  await using crew = stage.hire(workers, locked, sale);
  if (locked) arm(sale, stage, crew);
  sale.onFault = (fault) => screen.tell(fault);
  const title = locked ? "With the lock" : "Without the lock";
  const servers = locked ? stage.servers : [];
  let over = false;
  using _ = screen.watch(() => ({ title, sale, workers: crew.workers, servers, locked, over }));
  const limitMs = locked ? LOCKED_LIMIT_MS.base + items * LOCKED_LIMIT_MS.perItem : UNLOCKED_LIMIT_MS;
  const finished = await sale.run(crew, limitMs, signal);
  if (locked && !finished) throw new Error(`the sale did not end in ${count(limitMs)} ms`);
  over = true;
  return sale;
}
