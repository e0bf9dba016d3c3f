import { Command, InvalidArgumentError } from "commander";
import type { ExecCommandOptions } from "../actions/exec.ts";
import { parseDuration } from "../duration.ts";
import { withGlobalOptions } from "../global-options.ts";
import { parseWholeNumber } from "../whole-number.ts";

const DAY_MS = 86_400_000;
const MAX_TTL_MS = 30 * DAY_MS;
/** Timers of Node end at once above 2^31 ms, which is 24.8 days. */
const MAX_TIMER_MS = 24 * DAY_MS;
const MIN_TTL_MS = 3_000;
const MAX_EXIT_CODE = 255;
const MAX_PERMITS = 10_000;
const MAX_PRIORITY = 1_000;

const HELP = `
The command leads a session of its own and gets HUP, INT, QUIT, TERM, USR1, USR2, WINCH and CONT. If the
standard input is a terminal, it shares the terminal instead. The exit code is that of the command, or:
  64   wrong usage, or the name is already held by this process tree
  69   too few servers voted; 77 if they refuse the password or the user
  75   not acquired in time (--busy-code)
  79   the lock was lost, and the command was ended within the lease (--lost-code)
  124  --max-run was over; 125 the guard was not started; 126, 127 the command cannot run, or was not found
  128+n  ended by signal n, while waiting or while running

Examples:
  quorumlock exec report -- /usr/local/bin/report --daily
  quorumlock exec --wait 0 --busy-code 0 --max-run 4m report -- /usr/local/bin/report`;

/** `quorumlock exec NAME [options] -- COMMAND…`. */
export function execCommand(): Command {
  const command = new Command("exec")
    .description("Run a command under a lock, and end it before the lease ends if the lock is lost")
    .argument("<name>", "the name of the lock")
    .argument("<command...>", "the command and its arguments, after --")
    .option(
      "--ttl <duration>",
      "how long the lock lasts if exec dies (default: 30s)",
      duration(MIN_TTL_MS, MAX_TTL_MS),
    )
    .option("--wait <duration>", "how long to wait for the lock: 10s, 0 or forever (default: 10s)", parseWait)
    .option(
      "--grace <duration>",
      "time between TERM and KILL, at most ttl / 3 (default: 5s)",
      duration(0, DAY_MS),
    )
    .option("--max-run <duration>", "end the command after this time", duration(1, MAX_TIMER_MS))
    .option("--at-least <duration>", "keep the lock for at least this time", duration(0, MAX_TIMER_MS))
    .option("--also <name>", "lock this name too, all or none; can be repeated", append)
    .option("--shared", "share the lock with other commands that use --shared")
    .option("--permits <n>", "let n commands run at the same time", parseWholeNumber(1, MAX_PERMITS))
    .option("--priority <n>", "wait in line, higher priorities first", parsePriority)
    .option("--busy-code <code>", "exit code if the lock was not acquired in time (default: 75)", exitCode())
    .option("--lost-code <code>", "exit code if the lock was lost (default: 79)", exitCode())
    .option("--report <file>", "write how it ended, as JSON")
    .option("--record", "keep the last run for 30 days, for `quorumlock inspect`")
    .option("--inherit", "run under the lock of an exec around this one, if it has the name")
    .option("--foreground", "share the process group, as if the standard input were a terminal")
    .addHelpText("after", HELP);
  return withGlobalOptions(command).action(
    async (name: string, words: readonly string[], options: ExecCommandOptions) => {
      const { runExec } = await import("../actions/exec.ts");
      await runExec(name, words, options);
    },
  );
}

function duration(minMs: number, maxMs: number): (text: string) => number {
  return parseDuration(minMs, maxMs);
}

function parseWait(text: string): number {
  return text === "forever" ? Infinity : parseDuration(0, MAX_TTL_MS)(text);
}

function exitCode(): (text: string) => number {
  return parseWholeNumber(0, MAX_EXIT_CODE);
}

function parsePriority(text: string): number {
  const value = Number(text);
  if (/^[-+]?\d+$/.test(text) && Math.abs(value) <= MAX_PRIORITY) return value;
  throw new InvalidArgumentError(`It must be a whole number from -${MAX_PRIORITY} to ${MAX_PRIORITY}.`);
}

function append(text: string, list: readonly string[] = []): readonly string[] {
  return [...list, text];
}
