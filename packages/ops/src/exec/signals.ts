import { constants } from "node:os";

/** Signals that end a wait, and that are forwarded to a command. */
const ENDING = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;
/** Signals that are only forwarded. */
const OTHERS = ["SIGUSR1", "SIGUSR2", "SIGWINCH"] as const;
/** A terminal sends these to the whole group, so the command has got them too if it is in that group. */
const BY_TERMINAL: readonly string[] = ["SIGINT", "SIGQUIT", "SIGWINCH"];

export type EndingSignal = (typeof ENDING)[number];

/** What gets the signals while a command runs. */
export interface SignalTarget {
  /** Whether the terminal sends its signals to the command as well, and stops and continues it together with exec. */
  readonly isOnTerminal: boolean;
  /** Whether the terminal sent its signals to the command when exec got those that arrive now. */
  hasGotSignalsOfTerminal(): boolean;
  forward(signal: NodeJS.Signals): void;
  /** Ctrl-Z, or TSTP. Stops the command first, and then exec. With `isOnTerminal`, exec stops itself after this call. */
  onStop(): void;
  /** exec continues after it was stopped. */
  onContinue(): void;
}

/** The reason with which `interrupted` aborts. */
export class SignalReason extends Error {
  readonly signal: EndingSignal;

  constructor(signal: EndingSignal) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}

/**
 * The signals that exec gets. Without a target, those that end a program abort `interrupted`. With a target, all of them are forwarded.
 */
export class Signals implements Disposable {
  readonly #interrupted = new AbortController();
  readonly #told = new AbortController();
  readonly #listeners = new Map<NodeJS.Signals, () => void>();
  #target: SignalTarget | undefined;
  /** Whether the command is on the terminal, or was before it ended. */
  #isOnTerminal = false;

  constructor() {
    for (const signal of ENDING) this.#listen(signal, () => this.#onEnding(signal));
    for (const signal of OTHERS) this.#listen(signal, () => this.#forward(signal));
    this.#listen("SIGCONT", () => this.#target?.onContinue());
    // From the start: a command that has just been started must not go on while exec is stopped.
    this.#listen("SIGTSTP", () => this.#onStop());
  }

  /** Aborts with a `SignalReason`. */
  get interrupted(): AbortSignal {
    return this.#interrupted.signal;
  }

  /** Aborts at the first signal that ends a program, also if it is forwarded to a command. */
  get told(): AbortSignal {
    return this.#told.signal;
  }

  /** Sends the signals to the command from now on. `undefined`: the command has ended. */
  set target(target: SignalTarget | undefined) {
    this.#target = target;
    this.#isOnTerminal ||= target?.isOnTerminal === true;
  }

  [Symbol.dispose](): void {
    for (const signal of this.#listeners.keys()) this.#unlisten(signal);
  }

  #onEnding(signal: EndingSignal): void {
    const reason = new SignalReason(signal);
    this.#told.abort(reason);
    if (this.#target === undefined) this.#interrupted.abort(reason);
    else this.#forward(signal);
  }

  #onStop(): void {
    this.#target?.onStop();
    if (this.#isOnTerminal) this.#stopAsByTerminal();
    else if (this.#target === undefined) process.kill(process.pid, "SIGSTOP");
  }

  /**
   * Stops this process as the terminal does with a program without a listener. The listener is there until then: if it were removed when the
   * command starts, a signal that has arrived but was not delivered yet would be lost, and the terminal would have stopped only the command.
   */
  #stopAsByTerminal(): void {
    this.#unlisten("SIGTSTP");
    // Returns when the process continues. Not STOP: where no shell could continue the process, TSTP does nothing.
    process.kill(process.pid, "SIGTSTP");
    this.#listen("SIGTSTP", () => this.#onStop());
  }

  #forward(signal: NodeJS.Signals): void {
    if (this.#target === undefined) return;
    if (BY_TERMINAL.includes(signal) && this.#target.hasGotSignalsOfTerminal()) return;
    this.#target.forward(signal);
  }

  #listen(signal: NodeJS.Signals, listener: () => void): void {
    this.#listeners.set(signal, listener);
    process.on(signal, listener);
  }

  #unlisten(signal: NodeJS.Signals): void {
    const listener = this.#listeners.get(signal);
    if (listener !== undefined) process.off(signal, listener);
    this.#listeners.delete(signal);
  }
}

/** Signals that write a core dump of the process that gets them. One of exec would say nothing about the command. */
const DUMPING: readonly NodeJS.Signals[] = [
  "SIGABRT",
  "SIGBUS",
  "SIGFPE",
  "SIGILL",
  "SIGSEGV",
  "SIGSYS",
  "SIGTRAP",
  "SIGXCPU",
  "SIGXFSZ",
];
const RAISE_TIMEOUT_MS = 200;

/**
 * Ends this process by a signal, as the command has ended, so that shells and supervisors see the same. Call it when all listeners are
 * removed. Process 1 of a container ignores signals without a listener, and then ends with 128 + n.
 */
export function endBySignal(signal: NodeJS.Signals): void {
  const exitCode = exitCodeOf(signal);
  if (DUMPING.includes(signal)) process.exit(exitCode);
  process.kill(process.pid, signal);
  setTimeout(() => process.exit(exitCode), RAISE_TIMEOUT_MS);
}

export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
