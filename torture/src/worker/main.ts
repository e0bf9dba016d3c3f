// A worker process. It is told what to do by the controller, writes to the controller's store, and ends with it.
import { Redis } from "ioredis";
import { Redlock } from "quorumlock";
import type { Assignment, FromWorker, ToWorker, WorkerTask } from "../messages.ts";
import { SeededRandom } from "../seeded-random.ts";
import { Hand } from "./hand.ts";
import { Journal, openJournal } from "./journal.ts";
import { StoreClient } from "./store-client.ts";

process.once("disconnect", () => process.exit(1));
if (!process.connected) process.exit(1);

const task = JSON.parse(process.argv[2] ?? "") as WorkerTask;
const journalFile = openJournal(task.journal);
const store = new StoreClient(say);
const clients = new Map<number, Redis>();
/** The proof that is asked for, and the hands that still owe it. */
let proof: { readonly round: number; readonly owing: Set<number> } | undefined;
let ops = 0;
let callOff: AbortController | undefined;
let working: Promise<unknown> = Promise.resolve();

const hands = Array.from({ length: task.hands }, (_, index) => {
  const journal = new Journal(journalFile, `${process.pid}.${index}`);
  const hand = new Hand({
    ttlMs: task.ttlMs,
    random: new SeededRandom(task.seed + 1_000 * task.id + index),
    journal,
    store: (write) => store.write(write),
    nextOp: () => (ops += 1),
    onAcquired: () => prove(index),
    onChecked: (lingers) => say({ kind: "checked", lingers }),
  });
  return { hand, journal };
});

process.on("message", (message) => hear(message as ToWorker));
say({ kind: "ready" });

function hear(message: ToWorker): void {
  switch (message.kind) {
    case "work":
      working = work(message.assignment);
      break;
    case "prove":
      proof = { round: message.round, owing: new Set(hands.keys()) };
      break;
    case "rest":
      callOff?.abort();
      void working.then(() => say({ kind: "resting" }));
      break;
    case "stored":
      store.stored(message.id, message.accepted);
      break;
  }
}

async function work({ ports, resources }: Assignment): Promise<void> {
  const { ttlMs: ttl, restartGuard } = task;
  const { signal } = (callOff = new AbortController());
  const redlock = new Redlock(ports.map(connection), { ttl, restartGuard });
  await Promise.all(
    hands.map(({ hand, journal }) =>
      hand.work(redlock, resources, signal).catch((error: unknown) => {
        const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
        journal.write({ event: "broken", message });
      }),
    ),
  );
  await redlock.close();
}

/** One connection to each server for the life of the process, with the settings that users have. */
function connection(port: number): Redis {
  const known = clients.get(port) ?? new Redis(port, "127.0.0.1");
  clients.set(port, known);
  return known;
}

function prove(hand: number): void {
  if (proof === undefined || !proof.owing.delete(hand) || proof.owing.size > 0) return;
  say({ kind: "proved", round: proof.round });
}

function say(message: FromWorker): void {
  process.send?.(message, (error: Error | null) => {
    if (error !== null) process.exit(1);
  });
}
