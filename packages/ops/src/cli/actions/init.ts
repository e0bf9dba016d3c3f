import { writeFile } from "node:fs/promises";
import { shellQuote } from "../../diagnose/shell-quote.ts";
import { CommandError, EXIT } from "../command-error.ts";
import { configTemplate } from "../config/config-template.ts";
import { readSettings } from "../settings/settings.ts";

export interface InitOptions {
  readonly instances?: string;
}

const EXAMPLE_SERVERS = ["redis-a:6379", "redis-b:6379", "redis-c:6379"];
/** Only its owner can change it. It contains no password. */
const FILE_MODE = 0o644;

/** Writes a commented configuration file. */
export async function runInit(file: string, { instances }: InitOptions): Promise<void> {
  const servers = instances === undefined ? EXAMPLE_SERVERS : await checkedServers(instances);
  try {
    await writeFile(file, configTemplate(servers), { flag: "wx", mode: FILE_MODE });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === "EEXIST"
        ? "it is there already, and init never overwrites; give another name"
        : `it cannot be written (${code})`;
    throw new CommandError(`${file}: ${why}`, EXIT.cannotWrite);
  }
  console.log(`Wrote ${file}. Check it with: quorumlock health --config ${shellQuote(file)}`);
}

/** The URLs without passwords, because the file may be committed. */
async function checkedServers(instances: string): Promise<readonly string[]> {
  const none = { QUORUMLOCK_INSTANCES: instances };
  const { servers } = await readSettings({ instances, config: false }, none);
  return servers.map(({ url }) => url.replace(/^redis:\/\//, ""));
}
