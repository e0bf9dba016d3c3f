import { raiseFencingCounters, readHolds, restoreHolds, type SlotCounter } from "quorumlock/operator";
import { formatWholeSeconds } from "../../format/duration.ts";
import type { BackupHold, BackupServer } from "../backup/backup-format.ts";
import {
  type CheckedBackup,
  checkBackup,
  isCounter,
  isHold,
  isTimes,
  readBackup,
} from "../backup/backup-reader.ts";
import { RestoreCounts } from "../backup/restore-counts.ts";
import { elapsedByServer, elapsedMs, planHold, type SavedTimes } from "../backup/restore-plan.ts";
import { matchServers, type ServerMatch } from "../backup/same-servers.ts";
import { CommandError, EXIT } from "../command-error.ts";
import { connect, type Connection } from "../connect.ts";
import type { GlobalOptions } from "../global-options.ts";
import { exitCodeOf, interruption } from "../interruption.ts";
import { Output } from "../output/output.ts";
import { readSettings } from "../settings/settings.ts";

export interface RestoreOptions extends GlobalOptions {
  readonly apply: boolean;
  readonly force: boolean;
}

/** `restore --apply`: some holds are only on a minority. */
const NOT_ALL = 1;
/** A server takes less than a millisecond for so many. */
const HOLDS_A_CALL = 40;
const COUNTERS_A_CALL = 1_024;
/** Clocks of servers that differ by more since the backup have stepped. */
const MAX_CLOCK_STEP_MS = 1_000;

/** Looks at what a backup could restore, and restores it with `--apply`. */
export async function restore(path: string, options: RestoreOptions): Promise<void> {
  const output = new Output(options);
  const settings = await readSettings(options);
  const backup = await checkBackup(path);
  if (backup.header.prefix !== settings.prefix)
    throw new CommandError(
      `The backup is of the prefix ${JSON.stringify(backup.header.prefix)}, and not of ${JSON.stringify(settings.prefix)}; set --prefix`,
      EXIT.refused,
    );
  using interrupted = interruption();
  await using connection = await connect(settings);
  const servers = await presentServers(connection);
  const match = matchServers(backup.header.servers, servers);
  if (!match.areEqual && !options.force) throw otherServers(backup, connection);
  const restoring = new Restoring({
    path,
    backup,
    match,
    servers,
    connection,
    isApplied: options.apply,
    restoresReleased: options.force,
  });
  try {
    await restoring.run(interrupted.signal);
  } catch (error) {
    const exitCode = exitCodeOf(error);
    if (exitCode === undefined) throw error;
    print(restoring, { output, options, path });
    output.note("Interrupted. What was restored ends by itself.");
    process.exitCode = exitCode;
    return;
  }
  print(restoring, { output, options, path });
  const { counts } = restoring;
  if (counts.by.unknown > 0) process.exitCode = EXIT.noQuorum;
  else if (counts.partly > 0) process.exitCode = NOT_ALL;
}

interface PresentServer extends BackupServer {
  /** The label in the results of the library, which does not know the names of the configuration. */
  readonly instance: string | undefined;
}

/** @throws CommandError if fewer than a quorum answer. */
async function presentServers({ redlock, servers, quorum }: Connection): Promise<readonly PresentServer[]> {
  const [{ instances }, health] = await Promise.all([readHolds(redlock, []), redlock.health()]);
  const answered = instances.filter(({ timeMs }) => timeMs !== undefined).length;
  if (answered < quorum)
    throw new CommandError(
      `${answered} of ${servers.length} servers answered, ${quorum} are needed. Nothing was changed.`,
      EXIT.noQuorum,
    );
  return servers.map(({ label }, index) => ({
    label,
    runId: health.instances[index]?.runId,
    instance: instances[index]?.label,
  }));
}

function otherServers({ header }: CheckedBackup, { servers }: Connection): CommandError {
  const list = (labels: readonly { readonly label: string }[]): string =>
    labels.map(({ label }) => label).join(", ");
  return new CommandError(
    `The backup is of other servers: of ${list(header.servers)}, and not of ${list(servers)}. Use --force if these have taken their place`,
    EXIT.refused,
  );
}

function print(
  { counts, match, raised, clockStepMs, elapsed }: Restoring,
  {
    output,
    options,
    path,
  }: { readonly output: Output; readonly options: RestoreOptions; readonly path: string },
): void {
  const { apply } = options;
  if (output.isJson) {
    const counters = raised && { raisedOn: raised.instances, notRaisedOn: raised.failures };
    output.printJson({
      file: path,
      applied: apply,
      setEqual: match.areEqual,
      restarted: match.restarted,
      elapsedMs: elapsed,
      clockStepMs,
      ...counts.toJson(apply),
      counters,
    });
    return;
  }
  const set = match.areEqual ? "set of servers equal" : "set of servers different";
  output.print(`${counts.describe(apply)}, ${set}`);
  for (const line of [counts.describePartly(), counts.describeReleased()])
    if (line !== undefined) output.print(line);
  for (const { label, why } of raised?.failures ?? [])
    output.note(`The fencing counters of ${label} were not raised: ${why}`);
  if (clockStepMs > MAX_CLOCK_STEP_MS)
    output.problem(
      `▲ Since the backup, the clocks of the servers went apart by ${formatWholeSeconds(clockStepMs)}. The slowest one counts.`,
    );
  if (match.restarted.length === 0 && counts.by.restorable > 0)
    output.problem(
      "▲ No server was restarted since the backup. What is missing there was released, unless somebody has deleted it.",
    );
  if (!apply) output.note("Nothing was changed. With --apply they are restored.");
}

interface RestoringOptions {
  readonly path: string;
  readonly backup: CheckedBackup;
  readonly match: ServerMatch;
  readonly servers: readonly PresentServer[];
  readonly connection: Connection;
  readonly isApplied: boolean;
  readonly restoresReleased: boolean;
}

/** One restore, from the first group of holds to the last. */
class Restoring {
  readonly counts = new RestoreCounts();
  readonly match: ServerMatch;
  readonly #options: RestoringOptions;
  /** Where the fencing counters were raised. `undefined` without `--apply`. */
  raised:
    | {
        readonly instances: readonly string[];
        readonly failures: readonly { readonly label: string; readonly why: string }[];
      }
    | undefined;
  /** By how much the clocks of the servers went apart since the backup. */
  clockStepMs = 0;
  /** How much time has passed since the backup, by the clocks of the servers. */
  elapsed = 0;

  constructor(options: RestoringOptions) {
    this.#options = options;
    this.match = options.match;
  }

  async run(signal: AbortSignal): Promise<void> {
    // Before the locks: the next holder of a restored lock must get a larger fencing token.
    if (this.#options.isApplied) await this.#raiseCounters();
    let times: readonly (number | null)[] = [];
    let group: BackupHold[] = [];
    const end = async (): Promise<void> => {
      if (group.length > 0) await this.#restore(group, times);
      group = [];
      signal.throwIfAborted();
    };
    for await (const line of readBackup(this.#options.path)) {
      if (isTimes(line)) {
        await end();
        ({ times } = line);
      } else if (isHold(line) && group.push(line) >= HOLDS_A_CALL) await end();
    }
    await end();
  }

  async #raiseCounters(): Promise<void> {
    const { path, connection, servers } = this.#options;
    const failures = new Map<string, string>();
    let group: SlotCounter[] = [];
    const raise = async (): Promise<void> => {
      const { failures: failed } = await raiseFencingCounters(connection.redlock, group);
      for (const { instance, error } of failed) failures.set(instance, error.message);
      group = [];
    };
    for await (const line of readBackup(path)) {
      if (!isCounter(line)) continue;
      const { slot, fence, sizes } = line;
      if (group.push({ slot, fence, sizes }) >= COUNTERS_A_CALL) await raise();
    }
    await raise();
    const outcomes = servers.map(({ label, instance = "" }) => ({ label, why: failures.get(instance) }));
    this.raised = {
      instances: outcomes.flatMap(({ label, why }) => (why === undefined ? [label] : [])),
      failures: outcomes.flatMap(({ label, why }) => (why === undefined ? [] : [{ label, why }])),
    };
  }

  async #restore(group: readonly BackupHold[], times: readonly (number | null)[]): Promise<void> {
    const { backup, match, connection, isApplied, restoresReleased } = this.#options;
    const { redlock, quorum } = connection;
    const { indexes, isRunning } = match;
    const saved: SavedTimes = { times, indexes, isRunning, createdAt: backup.header.createdAt };
    const present = await readHolds(redlock, [...new Set(group.map(({ name }) => name))]);
    const passed = elapsedByServer(saved, present.instances);
    if (passed.length > 0)
      this.clockStepMs = Math.max(this.clockStepMs, Math.max(...passed) - Math.min(...passed));
    const elapsed = elapsedMs(saved, present.instances, Date.now());
    this.elapsed = elapsed;
    const plans = group.map((hold) => planHold(hold, saved, { elapsed, present, quorum, restoresReleased }));
    const wanted = plans.flatMap(({ hold }) => hold ?? []);
    const results = isApplied && wanted.length > 0 ? await restoreHolds(redlock, wanted) : [];
    let at = 0;
    for (const { state, name, hold } of plans) {
      const result = hold === undefined ? undefined : results[at++];
      if (result === undefined || result.restored.length >= quorum) this.counts.add(state, name);
      else if (result.restored.length > 0) this.counts.addPartly(name);
      else this.counts.add(result.refused.length > 0 ? "taken" : "unknown", name);
    }
  }
}
