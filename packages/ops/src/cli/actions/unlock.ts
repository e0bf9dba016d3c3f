import { lockNameOf, releaseForOperator } from "quorumlock/operator";
import { displayName, fullName } from "../../format/name.ts";
import { safeMessage } from "../../format/safe-message.ts";
import { answerCount, canBeHeld } from "../../monitor/locks/lock-entry.ts";
import { describeNext } from "../../monitor/locks/next-text.ts";
import {
  describeNoQuorum,
  describeTooFew,
  NOT_RELEASED_FREE,
  NOT_RELEASED_ONLY_NOW,
} from "../../release/release-texts.ts";
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
import { type Candidate, candidatesIn, chosenBy } from "../unlock/candidates.ts";
import {
  describeActivity,
  describeHolder,
  describeLock,
  describeMode,
  listHolders,
} from "../unlock/describe.ts";
import { Prompt } from "../unlock/prompt.ts";

export interface UnlockOptions extends GlobalOptions {
  readonly now: boolean;
  readonly token?: string;
  readonly reason?: string;
  readonly as?: string;
  readonly yes: boolean;
}

/** `unlock`: nobody holds the lock. */
const NOT_HELD = 1;
const MAX_NAME_LENGTH = 1_024;
const MAX_REASON_LENGTH = 500;

/** Ends the lock of another process, after a look at it and a confirmation. */
export async function unlock(name: string, options: UnlockOptions): Promise<void> {
  const output = new Output(options);
  checkUsage(name, options);
  const actor = actorOf(options.as);
  const settings = await readSettings(options);
  using interrupted = interruption();
  await using connection = await connect(settings);
  const attempt = new UnlockAttempt(
    { name, mode: options.now ? "now" : "drain", actor, reason: options.reason },
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
  const chosen = await choose(attempt, parts);
  if (chosen === undefined) return;
  attempt.chosen = chosen;
  const report = reports.context(connection.quorum).reported(chosen.id);
  attempt.fence = report?.fence;
  if (!options.now && !chosen.canDrain)
    return attempt.refuse(EXIT.refused, "only-now", NOT_RELEASED_ONLY_NOW);
  const oldest = reports.blocked(name)?.oldestWaitMs;
  const lines = [
    ...describeLock(reading, chosen, report, oldest === 0 ? undefined : oldest),
    ...(report === undefined ? [] : [describeActivity(report)]),
    ...describeMode(options.now, chosen),
  ];
  if (options.yes) for (const line of lines) output.note(line);
  else {
    for (const line of lines) output.problem(line);
    if (!(await isConfirmed(attempt, chosen, parts))) return;
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

/** The holder to release. `undefined` after a refusal. */
async function choose(
  attempt: UnlockAttempt,
  { options: { token }, connection: { quorum } }: Run,
): Promise<Candidate | undefined> {
  const { reading } = attempt;
  if (reading === undefined) return undefined;
  const { entry, figures } = reading;
  const answered = answerCount(entry);
  const of = entry.answers.length;
  if (answered < quorum) {
    const message = describeTooFew(`${answered} of ${of} servers answered`, quorum, "Nothing was changed.");
    return void (await attempt.refuse(EXIT.noQuorum, "no-quorum", message));
  }
  const candidates = candidatesIn(reading, quorum);
  if (candidates.length === 0) {
    const next = describeNext(entry, figures, quorum);
    const message = `Not released: ${next.charAt(0).toLowerCase()}${next.slice(1)}`;
    return void (await (canBeHeld(entry, quorum)
      ? attempt.refuse(EXIT.noQuorum, "no-quorum", message)
      : attempt.refuse(NOT_HELD, "free", message)));
  }
  const chosen = chosenBy(token, candidates);
  const [first] = chosen;
  if (first === undefined) {
    const message = `Not released: no holder has the token that --token names. The holders are:\n${listHolders(candidates)}`;
    return void (await attempt.refuse(EXIT.refused, "holder-changed", message));
  }
  if (chosen.length === 1) return first;
  const message =
    token === undefined
      ? `Not released: ${candidates.length} tokens hold it. Choose one:\n${listHolders(chosen)}`
      : "Not released: two holders have this id. Give the whole token.";
  return void (await attempt.refuse(EXIT.refused, "ambiguous", message));
}

/** Asks for the reason and the name. Returns false after a refusal. */
async function isConfirmed(
  attempt: UnlockAttempt,
  chosen: Candidate,
  { name, output, signal }: Run,
): Promise<boolean> {
  const refuse = async (message: string): Promise<false> => {
    await attempt.refuse(EXIT.refused, "not-confirmed", message);
    return false;
  };
  if (!Prompt.isPossible)
    return refuse(
      `Not released: there is no terminal to confirm it. In a script, use --yes --token ${chosen.id}`,
    );
  using prompt = new Prompt(signal);
  if (attempt.reason === undefined) {
    const reason = await prompt.ask("Reason (kept in the audit): ");
    if (reason === undefined) return refuse("Not released: the input was closed.");
    if (reason.trim() === "") return refuse("Not released: a reason is needed.");
    attempt.reason = reason.trim().slice(0, MAX_REASON_LENGTH);
  }
  const shown = displayName(name);
  const typed = await prompt.ask(output.plain(`Type the name to confirm (${shown}): `));
  if (typed === undefined) return refuse("Not released: the input was closed.");
  // Some characters of a name cannot be typed.
  if (typed !== name && typed !== fullName(name)) return refuse("Not released: the name is not the same.");
  return true;
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
        return await attempt.refuse(EXIT.refused, "only-now", NOT_RELEASED_ONLY_NOW);
      case "free":
        return await attempt.refuse(NOT_HELD, "free", NOT_RELEASED_FREE);
      case "holder-changed":
        return await attempt.refuse(EXIT.refused, "holder-changed", await describeChange(name, connection));
      default:
        return await attempt.refuse(
          EXIT.noQuorum,
          "no-quorum",
          describeNoQuorum(result, servers.length, quorum),
        );
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const message = `Not released, or only on a part of the servers: ${safeMessage(error)}. Look again.`;
    return attempt.refuse(EXIT.noQuorum, "failed", message);
  }
}

/** "Not released: the holder changed. api-2:118 (id 9f3c11ab) holds it now. Look again." */
async function describeChange(name: string, connection: Connection): Promise<string> {
  const reading = await readLock(connection, name, new FleetReports([]));
  const [present] = candidatesIn(reading, connection.quorum);
  const now = present === undefined ? "" : ` ${describeHolder(present)} holds it now.`;
  return `Not released: the holder changed.${now} Look again.`;
}
