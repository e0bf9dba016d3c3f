import { spawnSync } from "node:child_process";
import { isatty } from "node:tty";

/** `stty` of a process that is not in the foreground would be stopped by the terminal. */
const STTY_TIMEOUT_MS = 500;

/** The settings of the terminal, as they were before a command that may be killed while it has changed them. */
export interface KeptTerminal {
  restore(): void;
}

/** Remembers the settings of the terminal on stdin. `undefined` if it is none. */
export function keepTerminal(): KeptTerminal | undefined {
  if (!isatty(0)) return undefined;
  const settings = stty("-g")?.trim();
  if (settings === undefined || settings === "") return undefined;
  return { restore: () => void stty(settings) };
}

function stty(argument: string): string | undefined {
  const { status, stdout } = spawnSync("stty", [argument], {
    stdio: ["inherit", "pipe", "ignore"],
    encoding: "utf8",
    timeout: STTY_TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  return status === 0 ? stdout : undefined;
}
