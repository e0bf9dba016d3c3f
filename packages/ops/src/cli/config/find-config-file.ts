import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { CommandError, EXIT } from "../command-error.ts";

/** The file of the option, of the environment, or the first one that exists. `undefined` if there is none. */
export function findConfigFile(
  option: string | undefined,
  { inPresentDirectory = true }: { readonly inPresentDirectory?: boolean } = {},
): string | undefined {
  const given = option ?? process.env.QUORUMLOCK_CONFIG;
  if (given !== undefined && given !== "") {
    if (existsSync(given)) return given;
    throw new CommandError(`${given}: the configuration file does not exist`, EXIT.missingFile);
  }
  const usual = [
    ...(inPresentDirectory ? ["quorumlock.yaml"] : []),
    join(homedir(), ".config", "quorumlock", "config.yaml"),
    "/etc/quorumlock/config.yaml",
  ];
  return usual.find((path) => existsSync(path));
}
