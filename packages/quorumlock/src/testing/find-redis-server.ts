import { accessSync, constants, statSync } from "node:fs";
import { delimiter, resolve } from "node:path";

/**
 * Names of a server binary, preferred first. Every test in this repository speaks only what both understand.
 */
const SERVER_NAMES = ["redis-server", "valkey-server"] as const;

/** Where package managers put servers, for shells whose PATH leaves these out. */
const USUAL_DIRECTORIES = [
  "/usr/local/bin",
  "/usr/bin",
  "/usr/local/sbin",
  "/usr/sbin",
  "/opt/homebrew/bin",
  "/opt/local/bin",
] as const;

/**
 * The absolute path of a Redis or Valkey server binary on this machine, or `undefined` when there is none.
 *
 * Looks at the environment variable `QUORUMLOCK_REDIS_SERVER` (a path), then for `redis-server` and then for
 * `valkey-server`, each on `PATH` and in the usual directories of package managers.
 *
 * @throws Error when `QUORUMLOCK_REDIS_SERVER` is set to something that cannot be executed.
 */
export function findRedisServer(): string | undefined {
  const chosen = process.env["QUORUMLOCK_REDIS_SERVER"];
  if (chosen) {
    if (isExecutable(chosen)) return resolve(chosen);
    throw new Error(`QUORUMLOCK_REDIS_SERVER is "${chosen}", which is not an executable file`);
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
