import { performance } from "node:perf_hooks";
import { readFencingCounters, readHolds } from "quorumlock/operator";
import { formatPlural } from "../../format/count.ts";
import { CallCost } from "../../monitor/locks/call-cost.ts";
import { pauseAfter } from "../../monitor/locks/paced.ts";
import { BACKUP_VERSION, backupHoldOf } from "../backup/backup-format.ts";
import { BackupWriter } from "../backup/backup-writer.ts";
import { CommandError, EXIT } from "../command-error.ts";
import { connect, type Connection } from "../connect.ts";
import type { GlobalOptions } from "../global-options.ts";
import { exitCodeOf, interruption } from "../interruption.ts";
import { LockScan, SCAN_PAUSE_FACTOR } from "../locks/lock-scan.ts";
import { Output } from "../output/output.ts";
import { readSettings } from "../settings/settings.ts";

export interface BackupOptions extends GlobalOptions {
  readonly force: boolean;
}

/** How many names one call reads. A server takes less than a millisecond for them. */
const NAMES_A_CALL = 40;
/** The part of a reading in which one server works. The rest is the network and this process. */
const SERVER_PART = 0.4;

/** Writes the holds of all locks and the fencing counters to a file. */
export async function backup(path: string, options: BackupOptions): Promise<void> {
  const output = new Output(options);
  if (path === "-")
    throw new CommandError(
      "A backup has the tokens of all locks, so it is written to a file that only its owner can read, never to the output",
      EXIT.wrongUsage,
    );
  const settings = await readSettings(options);
  using interrupted = interruption();
  const { signal } = interrupted;
  await using connection = await connect(settings);
  const health = await connection.redlock.health();
  const answering = health.instances.filter(({ silentMs }) => silentMs === undefined);
  if (answering.length < connection.quorum) throw tooFew(answering.length, connection);
  const writer = await BackupWriter.open(path, options.force);
  try {
    await writer.write([
      {
        backup: "quorumlock",
        version: BACKUP_VERSION,
        createdAt: Date.now(),
        prefix: settings.prefix,
        servers: connection.servers.map(({ label }, index) => ({
          label,
          runId: health.instances[index]?.runId,
        })),
      },
    ]);
    const holds = await writeHolds(writer, connection, settings.prefix, signal);
    const { counters, isComplete: areCountersComplete } = await readFencingCounters(connection.redlock);
    await writer.write(counters.map((counter) => ({ kind: "counter", ...counter })));
    signal.throwIfAborted();
    await writer.finish({ holds, counters: counters.length, areCountersComplete });
    if (output.isJson)
      output.printJson({ file: path, holds, counters: counters.length, areCountersComplete });
    else
      output.print(
        `${formatPlural(holds, "hold")} and ${formatPlural(counters.length, "counter")} written to ${path}`,
      );
    if (!areCountersComplete)
      output.problem(
        "▲ Too few servers have all their fencing counters, so the counters in the file can be too small. They are never lowered.",
      );
  } catch (error) {
    await writer.abandon();
    const exitCode = exitCodeOf(error);
    if (exitCode === undefined) throw error;
    output.note("Interrupted. No file was written.");
    process.exitCode = exitCode;
  }
}

/** @returns how many holds there are. */
async function writeHolds(
  writer: BackupWriter,
  connection: Connection,
  prefix: string,
  signal: AbortSignal,
): Promise<number> {
  const scan = new LockScan(connection, { prefix, signal });
  const cost = new CallCost(SERVER_PART);
  let count = 0;
  for await (const found of scan.names()) {
    for (let at = 0; at < found.length; at += NAMES_A_CALL) {
      const names = found.slice(at, at + NAMES_A_CALL);
      const startedAt = performance.now();
      const { instances, holds } = await readHolds(connection.redlock, names);
      const answered = instances.filter(({ timeMs }) => timeMs !== undefined).length;
      if (answered < connection.quorum) throw tooFew(answered, connection);
      // A server that is silent does not work, so its time limit says nothing about the load.
      if (answered === instances.length) cost.record(performance.now() - startedAt, names.length);
      const times = { times: instances.map(({ timeMs }) => timeMs ?? null) };
      await writer.write([times, ...holds.map(backupHoldOf)]);
      count += holds.length;
      await pauseAfter(cost.serverMs(names.length), signal, 0, SCAN_PAUSE_FACTOR);
      signal.throwIfAborted();
    }
  }
  if (scan.isTruncated)
    throw new CommandError(
      "There are more than 1,000,000 locks under the prefix; no file was written",
      EXIT.internal,
    );
  if (!scan.isComplete) throw tooFew(scan.scanned.length, connection, scan.needed);
  return count;
}

function tooFew(answered: number, { servers, quorum }: Connection, needed = quorum): CommandError {
  return new CommandError(
    `${answered} of ${servers.length} servers answered, ${needed} are needed. No file was written.`,
    EXIT.noQuorum,
  );
}
