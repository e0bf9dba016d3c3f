import { lockNameOf, releaseForOperator } from "quorumlock/operator";
import { safeMessage } from "../../format/safe-message.ts";
import { describeNoQuorum, NOT_RELEASED_FREE, NOT_RELEASED_ONLY_NOW } from "../../release/release-texts.ts";
import { CommandError, EXIT } from "../command-error.ts";
import { connect, type Connection } from "../connect.ts";
import type { GlobalOptions } from "../global-options.ts";
import { exitCodeOf, interruption } from "../interruption.ts";
import { FleetReports } from "../locks/fleet-reports.ts";
import { readLock } from "../locks/lock-reading.ts";
import { Output } from "../output/output.ts";
import { readSettings } from "../settings/settings.ts";
import { actorOf } from "../unlock/actor.ts";
import { UnlockAttempt } from "../unlock/attempt.ts";
import { choose } from "../unlock/choose.ts";
import { confirm, MAX_REASON_LENGTH } from "../unlock/confirm.ts";
import { type Candidate, candidatesIn } from "../unlock/candidates.ts";
import { describeActivity, describeHolder, describeLock, describeMode } from "../unlock/describe.ts";
import { isRefusal, NOT_HELD, type Refusal } from "../unlock/refusal.ts";

export interface UnlockOptions extends GlobalOptions {
  readonly now: boolean;
  readonly token?: string;
  readonly reason?: string;
  readonly as?: string;
  readonly yes: boolean;
}

const ONLY_NOW: Refusal = { exitCode: EXIT.refused, why: "only-now", message: NOT_RELEASED_ONLY_NOW };
const MAX_NAME_LENGTH = 1_024;

/** Ends the lock of another process, after a look at it and a confirmation. */
export async function unlock(name: string, options: UnlockOptions): Promise<void> {
  const output = new Output(options);
  checkUsage(name, options);
  const actor = actorOf(options.as);
  const settings = await readSettings(options);
  using interrupted = interruption();
  await using connection = await connect(settings);
  const attempt = new UnlockAttempt(
    {
      name,
      mode: options.now ? "now" : "drain",
      actor,
      reason: options.reason,
      classOf: settings.monitoring.classOf,
    },
    connection,
    settings.prefix,
    output,
  );
  try {
    await run(attempt, { name, options, actor, connection, output, signal: interrupted.signal });
  } catch (error) {
    const exitCode = exitCodeOf(error);
    if (exitCode === undefined) throw error;
    output.note("Interrupted. Nothing was changed.");
    process.exitCode = exitCode;
  }
}

interface Run {
  readonly name: string;
  readonly options: UnlockOptions;
  readonly actor: string;
  readonly connection: Connection;
  readonly output: Output;
  readonly signal: AbortSignal;
}

async function run(attempt: UnlockAttempt, parts: Run): Promise<void> {
  const { name, options, connection, output, signal } = parts;
  const reports = await FleetReports.read(connection.redlock);
  const reading = await readLock(connection, name, reports);
  attempt.reading = reading;
  const chosen = choose(reading, options.token, connection.quorum);
  if (isRefusal(chosen)) return attempt.refuse(chosen);
  attempt.chosen = chosen;
  const report = reports.context(connection.quorum).reported(chosen.id);
  attempt.fence = report?.fence;
  if (!options.now && !chosen.canDrain) return attempt.refuse(ONLY_NOW);
  const oldest = reports.blocked(name)?.oldestWaitMs;
  const lines = [
    ...describeLock(reading, chosen, report, oldest === 0 ? undefined : oldest),
    ...(report === undefined ? [] : [describeActivity(report)]),
    ...describeMode(options.now, chosen),
  ];
  if (options.yes) for (const line of lines) output.note(line);
  else {
    for (const line of lines) output.problem(line);
    const confirmation = await confirm(
      { name, id: chosen.id, reason: options.reason, text: (each) => output.plain(each) },
      signal,
    );
    if (isRefusal(confirmation)) return attempt.refuse(confirmation);
    attempt.reason = confirmation.reason;
  }
  signal.throwIfAborted();
  await release(attempt, chosen, parts);
}

function checkUsage(name: string, { yes, token, reason }: UnlockOptions): void {
  if (name.length > MAX_NAME_LENGTH)
    throw new CommandError(`The name has more than ${MAX_NAME_LENGTH} characters`, EXIT.wrongUsage);
  // The key of such a name could be one of the library's own, such as the marker of a server.
  if (lockNameOf(name, "") === undefined)
    throw new CommandError(`${JSON.stringify(name)} is no name of a lock`, EXIT.wrongUsage);
  if (yes && token === undefined)
    throw new CommandError(
      "--yes needs --token with the id of the holder, so that no other holder is released; `quorumlock inspect` shows it",
      EXIT.wrongUsage,
    );
  if (reason !== undefined && reason.length > MAX_REASON_LENGTH)
    throw new CommandError(`--reason: it may have ${MAX_REASON_LENGTH} characters`, EXIT.wrongUsage);
}

async function release(
  attempt: UnlockAttempt,
  chosen: Candidate,
  { name, options, actor, connection }: Run,
): Promise<void> {
  const { redlock, quorum, servers } = connection;
  const mode = options.now ? "now" : "drain";
  try {
    const result = await releaseForOperator(redlock, {
      name,
      token: chosen.token,
      mode,
      operator: `operator:${actor}`,
    });
    if (result.released) return await attempt.succeed(result);
    switch (result.why) {
      case "only-now":
        return await attempt.refuse(ONLY_NOW);
      case "free":
        return await attempt.refuse({ exitCode: NOT_HELD, why: "free", message: NOT_RELEASED_FREE });
      case "holder-changed":
        return await attempt.refuse({
          exitCode: EXIT.refused,
          why: "holder-changed",
          message: await describeChange(name, connection),
        });
      default:
        return await attempt.refuse({
          exitCode: EXIT.noQuorum,
          why: "no-quorum",
          message: describeNoQuorum(result, servers.length, quorum),
        });
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const message = `Not released, or only on a part of the servers: ${safeMessage(error)}. Look again.`;
    return attempt.refuse({ exitCode: EXIT.noQuorum, why: "failed", message });
  }
}

/** "Not released: the holder changed. api-2:118 (id 9f3c11ab) holds it now. Look again." */
async function describeChange(name: string, connection: Connection): Promise<string> {
  const reading = await readLock(connection, name, new FleetReports([]));
  const [present] = candidatesIn(reading, connection.quorum);
  const now = present === undefined ? "" : ` ${describeHolder(present)} holds it now.`;
  return `Not released: the holder changed.${now} Look again.`;
}
