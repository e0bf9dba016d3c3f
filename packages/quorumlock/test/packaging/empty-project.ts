import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const library = fileURLToPath(new URL("../../", import.meta.url));
const workspace = fileURLToPath(new URL("../../../../", import.meta.url));
/** Below the time limit of a test, so that the error names the command. */
const TIMEOUT_MS = 150_000;

/** Runs a command, and returns what it prints. @throws Error with its whole output if it fails. */
async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, {
      cwd,
      timeout: TIMEOUT_MS,
      killSignal: "SIGKILL",
      maxBuffer: 2 ** 26,
    });
    return stdout.trim();
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`, { cause: error });
  }
}

/** What `npm publish` would upload. */
export interface Tarball {
  readonly path: string;
  readonly files: readonly string[];
}

/** Packs the library. The build must be up to date. */
export async function packLibrary(directory: string): Promise<Tarball> {
  for (const entry of ["index.js", "cjs/index.js"]) {
    if (!existsSync(join(library, "dist", entry)))
      throw new Error(`dist/${entry} is missing; run \`npm run build\` first`);
  }
  return packPackage(library, directory);
}

/** What `npm publish` would upload of a package. Its build must be up to date. */
export async function packPackage(source: string, directory: string): Promise<Tarball> {
  const output = await run("npm", ["pack", "--json", "--pack-destination", directory], source);
  const [packed] = JSON.parse(output) as [{ filename: string; files: { path: string }[] }];
  return { path: join(directory, packed.filename), files: packed.files.map(({ path }) => path) };
}

/** A project outside the workspace, in which nothing is installed. Its path has a space. */
export class EmptyProject implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "quorumlock package-"));

  constructor(type: "module" | "commonjs" = "module") {
    this.write("package.json", JSON.stringify({ name: "project", private: true, type }));
  }

  /** Installs a tarball. It has no dependencies, so no registry is needed. */
  async installTarball(tarball: string): Promise<void> {
    await this.run("npm", "install", "--offline", "--no-audit", "--no-fund", tarball);
  }

  /** Installs packages from the registry. */
  async install(...packages: readonly string[]): Promise<void> {
    await this.run("npm", "install", "--no-audit", "--no-fund", "--no-save", ...packages);
  }

  /** Makes a package available that is installed in the workspace, or in another directory. */
  link(name: string, from = workspace): void {
    const path = join(this.path, "node_modules", name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(from, "node_modules", name), path);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), text);
  }

  run(command: string, ...args: readonly string[]): Promise<string> {
    return run(command, args, this.path);
  }

  /** Runs a program with this Node. */
  node(...args: readonly string[]): Promise<string> {
    return this.run(process.execPath, ...args);
  }

  /** Compiles with a TypeScript that is installed in the project. */
  async compile(options: Readonly<Record<string, unknown>>, ...files: readonly string[]): Promise<void> {
    const compilerOptions = { strict: true, types: ["node"], outDir: "out", rootDir: ".", ...options };
    this.write("tsconfig.json", JSON.stringify({ compilerOptions, files }));
    await this.node("node_modules/typescript/bin/tsc", "-p", "tsconfig.json");
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
