import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where a command is, or why it cannot run, with the exit code of shells for that. */
export type FoundCommand =
  | { readonly path: string; readonly exitCode?: undefined }
  | { readonly path?: undefined; readonly exitCode: 126 | 127; readonly why: string };

/** Looks for a command as shells do, so that a spelling mistake does not wait for a lock. */
export function findCommand(command: string, path: string | undefined): FoundCommand {
  const candidates = command.includes("/")
    ? [command]
    : (path ?? "/usr/local/bin:/usr/bin:/bin")
        .split(delimiter)
        .map((directory) => join(directory || ".", command));
  let isThere = false;
  for (const candidate of command === "" ? [] : candidates) {
    const state = stateOf(candidate);
    if (state === "executable") return { path: command };
    isThere ||= state === "not executable";
  }
  return isThere
    ? { exitCode: 126, why: "permission denied, or it is a directory" }
    : { exitCode: 127, why: "command not found" };
}

function stateOf(path: string): "executable" | "not executable" | "missing" {
  try {
    if (statSync(path).isDirectory()) return "not executable";
    accessSync(path, constants.X_OK);
    return "executable";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EACCES" ? "not executable" : "missing";
  }
}
