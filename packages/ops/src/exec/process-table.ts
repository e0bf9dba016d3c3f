import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** A process that has not ended. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  /** The session. On systems without /proc the process group, which is the same for processes that have not made a group. */
  readonly session: number;
  /** When it started, in a unit of the system. Together with `pid` it names a process for ever, because numbers are used again. */
  readonly start: string;
  /** Whether it was stopped by a signal. */
  readonly isStopped: boolean;
}

const run = promisify(execFile);

/** How many files of /proc are open at a time. A machine can have more processes than a process may open files. */
const FILES_AT_ONCE = 32;

/** Lists all processes that have not ended. */
export async function listProcesses(): Promise<readonly ProcessRow[]> {
  const entries = await readdir("/proc").catch(() => []);
  const numbers = entries.filter((entry) => /^\d+$/.test(entry));
  if (numbers.length === 0) return listWithPs();
  const rows: ProcessRow[] = [];
  for (let at = 0; at < numbers.length; at += FILES_AT_ONCE) {
    const group = numbers.slice(at, at + FILES_AT_ONCE);
    const found = await Promise.all(
      group.map((number) => readFile(`/proc/${number}/stat`, "utf8").then(parseStat, () => undefined)),
    );
    rows.push(...found.filter((row) => row !== undefined));
  }
  return rows;
}

/** Reads /proc/N/stat. The name of the program is in parentheses and can have every character. */
export function parseStat(stat: string): ProcessRow | undefined {
  const pid = Number.parseInt(stat, 10);
  const [state, parent, , session, ...more] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (state === undefined || state === "Z" || state === "X" || !(pid > 0)) return undefined;
  return {
    pid,
    parent: Number(parent),
    session: Number(session),
    start: more[15] ?? "",
    isStopped: isStop(state),
  };
}

/** T: stopped by a signal. t: by a debugger. */
function isStop(state: string): boolean {
  return state === "T" || state === "t";
}

/** When a process started, as in `ProcessRow`. `undefined` without /proc. */
export function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

async function listWithPs(): Promise<readonly ProcessRow[]> {
  const { stdout } = await run("ps", ["-A", "-o", "pid=", "-o", "ppid=", "-o", "pgid=", "-o", "stat="]);
  return [...stdout.matchAll(/^ *(\d+) +(\d+) +(\d+) +([^Z ]\S*)/gm)].map(
    ([, pid, parent, group, state = ""]) => ({
      pid: Number(pid),
      parent: Number(parent),
      session: Number(group),
      start: "",
      isStopped: isStop(state.slice(0, 1)),
    }),
  );
}

/**
 * The process, what it has started, and their sessions, without those that have ended. A process leaves it only if it makes a session of
 * its own and its parent has ended.
 *
 * @param leader the number of a session whose processes are members.
 * @param known the process, and members that were found before. Their parents may have ended since. What is found is added.
 */
export function membersOf(
  leader: number | undefined,
  rows: readonly ProcessRow[],
  known: Set<string>,
): readonly ProcessRow[] {
  const members = new Map<number, ProcessRow>();
  const join = (row: ProcessRow): void => {
    members.set(row.pid, row);
    known.add(keyOf(row));
  };
  for (const row of rows) if (known.has(keyOf(row))) join(row);
  for (let before = -1; before !== members.size;) {
    before = members.size;
    for (const row of rows) {
      if (members.has(row.pid)) continue;
      if (members.has(row.parent) || members.has(row.session) || row.session === leader) join(row);
    }
  }
  return [...members.values()];
}

export function keyOf({ pid, start }: ProcessRow): string {
  return `${pid}:${start}`;
}
