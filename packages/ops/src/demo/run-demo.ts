import { findRedisServer } from "quorumlock/testing";
import type { Environment } from "./environment.ts";
import { createMemoryEnvironment } from "./memory-environment.ts";
import { formatCount } from "./numbers.ts";
import { type DemoOptions, READ_TO_WRITE_MS, SERVERS } from "./options.ts";
import { createProcessEnvironment } from "./process-environment.ts";
import { Sale, scheduleFaults } from "./sale.ts";
import type { Screen } from "./screen.ts";
import { describeUnlocked, formatSummary } from "./summary.ts";

/** How long the sale with the lock may take. */
const LOCKED_TIMEOUT_MS = { base: 45_000, perItem: 20 };

/** When the sale without the lock is stopped. Lost updates increase the stock again, so this sale may not end by itself. */
const UNLOCKED_TIMEOUT_MS = 8_000;

interface EnvironmentChoice {
  readonly environment: Environment;
  /** Why the environment is in memory. `undefined` if it is not. */
  readonly memoryReason?: string;
}

/**
 * Sells the same number of items without and with the lock. Stops everything that it started.
 * @returns whether the sale with the lock sold each item exactly once, without a violation.
 * @throws the reason of `signal` when it aborts. Error if a worker or a server fails and the demo did not cause it.
 */
export async function runDemo(options: DemoOptions, screen: Screen, signal: AbortSignal): Promise<boolean> {
  const { items, workers } = options;
  screen.printLines([[], [["  quorumlock demo", "bold"]], []]);
  const { environment, memoryReason } = await createEnvironment(options.memory, signal);
  await using _ = environment;
  printIntroduction(options, memoryReason, screen);
  const unlocked = await runSale(environment, options, false, screen, signal);
  printMiddle(unlocked, memoryReason, screen);
  const locked = await runSale(environment, options, true, screen, signal);
  screen.printLines([...formatSummary(locked, unlocked, screen.width), []]);
  if (locked.isExact) {
    const text = `The lock works: ${workers} workers sold exactly ${formatCount(items)} items, although one worker and two servers failed.`;
    screen.printText(text, "green");
  } else {
    screen.printText(
      `The lock FAILED: the workers did not sell each of ${formatCount(items)} items exactly once.`,
      "red",
    );
  }
  return locked.isExact;
}

async function createEnvironment(memory: boolean, signal: AbortSignal): Promise<EnvironmentChoice> {
  if (memory) return { environment: createMemoryEnvironment(), memoryReason: "--memory is set" };
  if (findRedisServer() === undefined) {
    return {
      environment: createMemoryEnvironment(),
      memoryReason: "there is no redis-server or valkey-server",
    };
  }
  try {
    return { environment: await createProcessEnvironment(signal) };
  } catch (error) {
    signal.throwIfAborted();
    const [reason] = String(error instanceof Error ? error.message : error).split("\n", 1);
    return {
      environment: createMemoryEnvironment(),
      memoryReason: `no server could be started (${reason})`,
    };
  }
}

function printIntroduction(
  { items, workers }: DemoOptions,
  memoryReason: string | undefined,
  screen: Screen,
): void {
  const workerKind = memoryReason === undefined ? "worker processes" : "asynchronous workers";
  screen.printText(
    `${workers} ${workerKind} sell ${formatCount(items)} items. The stock is one unprotected number. ` +
      `To sell an item, a worker reads the number, waits ${READ_TO_WRITE_MS} ms, and writes it back, reduced by one. ` +
      "First they do this without a lock.",
  );
  if (memoryReason !== undefined) {
    screen.printLines([[]]);
    screen.printText(
      `The demo runs in memory, in one process, because ${memoryReason}. The lock is the real one, but there is no ` +
        "network, and workers and servers do not really crash.",
      "yellow",
    );
  }
  screen.printLines([[]]);
}

/** Says what went wrong without the lock, and what the sale with the lock will show. */
function printMiddle(unlocked: Sale, memoryReason: string | undefined, screen: Screen): void {
  const serverKind = memoryReason === undefined ? "Redis servers" : "in-memory instances";
  const reason =
    unlocked.oversold > 0
      ? ". Several workers read the same number, so several sales reduced it only once."
      : ". Usually it is too many.";
  screen.printText(
    `Without a lock the workers ${describeUnlocked(unlocked)}${reason}`,
    unlocked.oversold > 0 ? "red" : "plain",
  );
  screen.printLines([[]]);
  screen.printText(
    `Now a lock on ${SERVERS} ${serverKind} protects the steps. During the sale one server hangs, a worker that holds the ` +
      "lock is killed, and another server is killed. Each lock has a fencing token, a number that grows from holder to " +
      "holder, so that a database can reject a late write. The demo counts the tokens, and checks that each is larger " +
      "than the one before.",
  );
  screen.printLines([[]]);
}

/** Runs one sale: starts the workers, sells, and stops the workers. */
async function runSale(
  environment: Environment,
  options: DemoOptions,
  isLocked: boolean,
  screen: Screen,
  signal: AbortSignal,
): Promise<Sale> {
  const { items } = options;
  const sale = new Sale(items, options.workers);
  await using workers = environment.startWorkers(options.workers, isLocked, sale);
  if (isLocked) scheduleFaults(sale, environment, workers);
  sale.onFault = (fault) => screen.reportFault(fault);
  const title = isLocked ? "With the lock" : "Without the lock";
  const servers = isLocked ? environment.servers : [];
  let hasEnded = false;
  using _ = screen.showSale(() => ({ title, sale, workers: workers.all, servers, isLocked, hasEnded }));
  const timeoutMs = isLocked
    ? LOCKED_TIMEOUT_MS.base + items * LOCKED_TIMEOUT_MS.perItem
    : UNLOCKED_TIMEOUT_MS;
  const isSoldOut = await sale.run(workers, timeoutMs, signal);
  if (isLocked && !isSoldOut) throw new Error(`the sale timed out after ${formatCount(timeoutMs)} ms`);
  hasEnded = true;
  return sale;
}
