// A worker process. The controller sends it commands. It writes to the controller's store, and exits with the controller.
import { Redis } from "ioredis";
import { Redlock } from "quorumlock";
import { contestOf } from "../contest/contest.ts";
import type { Assignment, FromWorker, ToWorker, WorkerTask } from "../processes/messages.ts";
import { SeededRandom } from "../seeded-random.ts";
import { Journal, openJournal } from "./journal.ts";
import { StoreClient } from "./store-client.ts";
import { Worker } from "./worker.ts";

process.once("disconnect", () => process.exit(1));
if (!process.connected) process.exit(1);

const task = JSON.parse(process.argv[2] ?? "") as WorkerTask;
const journalFile = openJournal(task.journal);
const store = new StoreClient(send);
const connections = new Map<number, Redis>();
/** The progress report that the controller waits for. `missing` has the workers without a new lock. */
let progressReport: { readonly round: number; readonly missing: Set<number> } | undefined;
let operations = 0;
let workController: AbortController | undefined;
let working: Promise<unknown> = Promise.resolve();

const workers = Array.from({ length: task.workersPerProcess }, (_, index) => {
  const journal = new Journal(journalFile, `${process.pid}.${index}`);
  const worker = new Worker({
    ttlMs: task.ttlMs,
    random: new SeededRandom(task.seed + 1_000 * task.id + index),
    journal,
    writeToStore: (write) => store.write(write),
    nextOperationId: () => (operations += 1),
    onAcquired: () => reportProgress(index),
    onHolding: (isLongHold) => send({ kind: "holding", isLongHold }),
  });
  return { worker, journal };
});

process.on("message", (message) => onMessage(message as ToWorker));
send({ kind: "ready" });

function onMessage(message: ToWorker): void {
  switch (message.kind) {
    case "work":
      working = work(message.assignment);
      break;
    case "report-progress":
      progressReport = { round: message.round, missing: new Set(workers.keys()) };
      break;
    case "end-work":
      workController?.abort();
      void working.then(() => send({ kind: "work-ended" }));
      break;
    case "write-result":
      store.onWriteResult(message.id, message.isAccepted);
      break;
  }
}

async function work({ ports, prefix }: Assignment): Promise<void> {
  const { ttlMs: ttl, restartGuard } = task;
  const { signal } = (workController = new AbortController());
  const redlock = new Redlock(ports.map(connectionTo), { ttl, restartGuard });
  const contest = contestOf(redlock, prefix);
  await Promise.all(
    workers.map(({ worker, journal }) =>
      worker.work(contest, signal).catch((error: unknown) => {
        const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
        journal.write({ event: "unexpected-error", message });
      }),
    ),
  );
  await redlock.close();
}

/** Returns the connection to a server, with default settings. The process keeps it until it exits. */
function connectionTo(port: number): Redis {
  const connection = connections.get(port) ?? new Redis(port, "127.0.0.1");
  connections.set(port, connection);
  return connection;
}

function reportProgress(worker: number): void {
  if (progressReport === undefined) return;
  const { round, missing } = progressReport;
  if (missing.delete(worker) && missing.size === 0) send({ kind: "progressed", round });
}

function send(message: FromWorker): void {
  process.send?.(message, (error: Error | null) => {
    if (error !== null) process.exit(1);
  });
}
