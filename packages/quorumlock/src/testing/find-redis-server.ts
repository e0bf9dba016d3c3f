import { accessSync, constants, statSync } from "node:fs";
import { delimiter, resolve } from "node:path";

/** Names of the server binaries, in the order of the search. The tests use only commands that both support. */
const SERVER_NAMES = ["redis-server", "valkey-server"] as const;

/** Directories in which package managers install servers. The PATH of a shell may not contain them. */
const USUAL_DIRECTORIES = [
  "/usr/local/bin",
  "/usr/bin",
  "/usr/local/sbin",
  "/usr/sbin",
  "/opt/homebrew/bin",
  "/opt/local/bin",
] as const;

/**
 * Finds a Redis or Valkey server binary on this machine. Returns its absolute path, or `undefined` if there is none.
 *
 * The search order:
 *
 * 1. the path in the environment variable `QUORUMLOCK_REDIS_SERVER`;
 * 2. `redis-server`, on `PATH` and then in the usual directories of package managers;
 * 3. `valkey-server`, likewise.
 *
 * @throws Error if `QUORUMLOCK_REDIS_SERVER` is not the path of an executable file.
 */
export function findRedisServer(): string | undefined {
  const configured = process.env["QUORUMLOCK_REDIS_SERVER"];
  if (configured) {
    if (isExecutable(configured)) return resolve(configured);
    throw new Error(`QUORUMLOCK_REDIS_SERVER: "${configured}" must be the path of an executable file`);
  }
  const onPath = (process.env["PATH"] ?? "").split(delimiter).filter((directory) => directory !== "");
  const directories = [...onPath, ...USUAL_DIRECTORIES];
  for (const name of SERVER_NAMES) {
    const found = directories.map((directory) => resolve(directory, name)).find(isExecutable);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
