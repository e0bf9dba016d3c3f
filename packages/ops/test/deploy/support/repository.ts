import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const ROOT = fileURLToPath(new URL("../../../../../", import.meta.url));

export function read(path: string): string {
  return readFileSync(ROOT + path, "utf8");
}

/**
 * The path that a script of scripts/ensure-….mjs prints. `undefined` on a machine that has no such program and cannot install it: then
 * a message says what is not checked.
 */
export function ensure(program: string): string | undefined {
  const script = `${ROOT}scripts/ensure-${program}.mjs`;
  const { stdout, stderr } = spawnSync(process.execPath, [script, "--optional"], { encoding: "utf8" });
  if (stdout.trim() !== "") return stdout.trim();
  console.warn(`NOT CHECKED with ${program}: ${stderr}`);
  return undefined;
}

/** Makes the secrets of deploy/ in a directory that does not exist. */
export async function makeSecrets(directory: string): Promise<void> {
  await promisify(execFile)(`${ROOT}deploy/make-secrets.sh`, [directory]);
}
