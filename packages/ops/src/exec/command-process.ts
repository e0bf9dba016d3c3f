import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { safeMessage } from "../format/safe-message.ts";
import { keyOf, listProcesses, membersOf, type ProcessRow, startOf } from "./process-table.ts";

/** How a command ended: with a code, or by a signal. */
export type CommandEnd =
  | { readonly exitCode: number; readonly signal: undefined }
  | { readonly exitCode: undefined; readonly signal: NodeJS.Signals };

export interface CommandOptions {
  readonly env: NodeJS.ProcessEnv;
  /** True: the command shares the process group and the terminal of exec. False: the command leads a session of its own. */
  readonly isForeground: boolean;
  readonly onStarted: (pid: number) => void;
  /** Lists all processes of the machine, which can take long. @default `listProcesses` */
  readonly list?: typeof listProcesses | undefined;
}

/** The exit code if a file is there but cannot be run, and if it is not there, as in shells. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

/** How often processes that have got KILL are looked for again: some may have been started meanwhile. */
const KILL_ROUNDS = 200;
const KILL_PAUSE_MS = 10;
/** How often processes that have got STOP are looked at: others may have been started meanwhile. One that waits for a disk stops later. */
const STOP_ROUNDS = 20;
const STOP_PAUSE_MS = 5;

/** The command could not be started. */
export class StartError extends Error {
  readonly exitCode: number;

  constructor(cause: NodeJS.ErrnoException) {
    super(safeMessage(cause), { cause });
    this.exitCode = cause.code === "ENOENT" ? NOT_FOUND : NOT_EXECUTABLE;
  }
}

/** The command, and all processes that belong to it. */
export class CommandProcess {
  readonly pid: number;
  /** Resolves when the command itself has ended. */
  readonly ended: Promise<CommandEnd>;
  /** When it started. `undefined` if the system does not show it. */
  readonly #start: string | undefined;
  readonly #isForeground: boolean;
  readonly #list: typeof listProcesses;
  /** Those that `stop` has stopped. */
  #stopped: readonly ProcessRow[] = [];
  /** All members that were seen, also those that have ended. */
  readonly #known = new Set<string>();
  #hasEnded = false;

  private constructor(
    child: ChildProcess,
    pid: number,
    { isForeground, list = listProcesses }: CommandOptions,
  ) {
    this.pid = pid;
    this.#start = startOf(pid);
    this.#isForeground = isForeground;
    this.#list = list;
    this.ended = new Promise((resolve) => {
      child.once("exit", (exitCode, signal) => {
        this.#hasEnded = true;
        if (signal === null) resolve({ exitCode: exitCode ?? 0, signal: undefined });
        else resolve({ exitCode: undefined, signal });
      });
    });
  }

  /**
   * Starts the command without a shell. It inherits stdin, stdout and stderr.
   * @param onStarted called before this function returns, when the process runs the command: the system call waits for that.
   * @throws StartError
   */
  static async start(
    command: string,
    args: readonly string[],
    options: CommandOptions,
  ): Promise<CommandProcess> {
    const { env, isForeground, onStarted } = options;
    let child: ChildProcess;
    try {
      child = spawn(command, args, { stdio: "inherit", detached: !isForeground, env });
    } catch (error) {
      throw new StartError(error as NodeJS.ErrnoException);
    }
    const { pid } = child;
    if (pid === undefined) {
      const [error] = (await once(child, "error")) as [NodeJS.ErrnoException];
      throw new StartError(error);
    }
    // Without a listener, an error of a later signal would end this process.
    child.on("error", () => undefined);
    onStarted(pid);
    return new CommandProcess(child, pid, options);
  }

  /** Whether the command itself has ended. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Passes on a signal that exec got. In the foreground to the command only, because exec is in its group. */
  forward(signal: NodeJS.Signals): void {
    if (this.#hasEnded) {
      // What it has left behind is being ended.
      this.#signalSession(signal).catch(() => undefined);
      return;
    }
    send(this.#isForeground ? this.pid : -this.pid, signal);
  }

  /**
   * Asks all processes of the command's session to end. Those that are stopped continue, because otherwise they could not. All are found
   * before the first one gets the signal: without its parent, a process with a session of its own could not be found any more.
   */
  async terminate(): Promise<void> {
    await this.#signalSession("SIGTERM");
    await this.#signalSession("SIGCONT");
  }

  /** Stops all processes that belong to the command, also nested commands, which would go on without the lock. */
  async stop(): Promise<void> {
    const stopped = new Map<string, ProcessRow>();
    for (let round = 0; round < STOP_ROUNDS; round += 1) {
      const running = (await this.members()).filter(({ isStopped }) => !isStopped);
      if (running.length === 0) break;
      for (const row of running) {
        stopped.set(keyOf(row), row);
        send(row.pid, "SIGSTOP");
      }
      await sleep(STOP_PAUSE_MS);
    }
    this.#stopped = [...this.#stopped, ...stopped.values()];
  }

  /** Continues the session of the command, and all that `stop` has stopped. */
  async resume(): Promise<void> {
    const stopped = new Set(this.#stopped.map(keyOf));
    this.#stopped = [];
    // First the session, in which a nested exec looks at its own lock.
    await this.#signalSession("SIGCONT");
    for (const row of await this.members()) if (stopped.has(keyOf(row))) send(row.pid, "SIGCONT");
  }

  /** Ends all processes that belong to the command, and those that they start meanwhile. Returns whether all have ended. */
  async kill(): Promise<boolean> {
    // After its end, the number can be that of another group.
    if (!this.#isForeground && !this.#hasEnded) send(-this.pid, "SIGKILL");
    for (let round = 0; round < KILL_ROUNDS; round += 1) {
      const members = await this.members();
      if (members.length === 0) return true;
      for (const { pid } of members) send(pid, "SIGKILL");
      await sleep(KILL_PAUSE_MS);
    }
    return false;
  }

  /** The processes that belong to the command and have not ended. */
  async members(): Promise<readonly ProcessRow[]> {
    const rows = await this.#list();
    // The number of a command that has ended is used again only if its session has no members any more.
    const own = rows.find(({ pid }) => pid === this.pid);
    const isOwn =
      own !== undefined && !this.#hasEnded && (this.#start === undefined || own.start === this.#start);
    if (isOwn) this.#known.add(keyOf(own));
    const isReused = own !== undefined && !this.#known.has(keyOf(own));
    return membersOf(this.#isForeground || isReused ? undefined : this.pid, rows, this.#known);
  }

  /** Nested commands get signals from their own exec, so only the session of this command gets them from here. */
  async #signalSession(signal: NodeJS.Signals): Promise<void> {
    const members = await this.members();
    const session = members.find(({ pid }) => pid === this.pid)?.session ?? this.pid;
    for (const row of members) if (row.session === session) send(row.pid, signal);
  }
}

/** A process that has just ended, or that belongs to another user, gets no signal. */
function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch {
    // It has ended.
  }
}
