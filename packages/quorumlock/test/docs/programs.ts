import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { CodeBlock } from "./blocks.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const workspace = fileURLToPath(new URL("../../../../", import.meta.url));
const TIMEOUT_MS = 120_000;

/** The packages of the workspace that the docs use. */
const FOLDERS = ["quorumlock", "ops", "nestjs"];

/** The packages of others that they and the docs use. */
const foreignPackages = FOLDERS.flatMap((name) => {
  const manifest = readFileSync(join(workspace, "packages", name, "package.json"), "utf8");
  const { dependencies, devDependencies } = JSON.parse(manifest) as Record<string, object | undefined>;
  return Object.keys({ ...dependencies, ...devDependencies }).filter((each) => each !== "quorumlock");
});

/** What the docs import of this workspace, and its sources: the entries of these packages. */
const PARTS: Readonly<Record<string, string>> = Object.fromEntries(
  FOLDERS.flatMap((folder) => {
    const manifest = readFileSync(join(workspace, "packages", folder, "package.json"), "utf8");
    const { name, exports } = JSON.parse(manifest) as {
      readonly name: string;
      readonly exports: Readonly<Record<string, string | { readonly "@quorumlock/source": string }>>;
    };
    return Object.entries(exports).flatMap(([subpath, entry]) =>
      typeof entry === "string"
        ? []
        : [[name + subpath.slice(1), join(workspace, "packages", folder, entry["@quorumlock/source"])]],
    );
  }),
);

/** What context.ts exports. It is not imported here, because it connects to its servers. */
const contextNames = [
  ...readFileSync(join(here, "context.ts"), "utf8").matchAll(
    /^export (?:const )?[[{](.*?)[\]}]|^export const (\w+)/gm,
  ),
]
  .flatMap(([, list, name = ""]) => list?.split(",") ?? [name])
  .map((name) => name.trim());

/** Programs made from blocks, in a directory inside of the package, so that the names of packages resolve. */
export class Programs implements Disposable {
  readonly #directory = mkdtempSync(join(here, "generated-"));
  readonly #urls: readonly string[];
  #count = 0;
  #library: Promise<void> | undefined;

  /** @param urls the servers that take the place of localhost:6379 and the following ports, and one more. */
  constructor(urls: readonly string[]) {
    this.#urls = urls;
    // Decorators of Nest. The bundler reads this as well.
    const compilerOptions = {
      experimentalDecorators: true,
      erasableSyntaxOnly: false,
      noUnusedLocals: false,
      noImplicitReturns: false,
    };
    const lib = ["es2023", "esnext.disposable", "dom"];
    this.write(
      "tsconfig.json",
      JSON.stringify({
        extends: join(workspace, "tsconfig.json"),
        compilerOptions: {
          ...compilerOptions,
          noUnusedParameters: false,
          lib,
          rootDir: workspace,
          types: ["node"],
        },
        include: ["*.ts"],
      }),
    );
  }

  /**
   * Writes the program of a block, and returns its path. A block without an import of the library is a fragment: it runs in a
   * function, with the names of context.ts.
   * @param more code behind the block.
   */
  add(block: CodeBlock, more = ""): string {
    const code = this.#substitute(block.code);
    const extension = block.language === "ts" ? "ts" : /\brequire\(/.test(code) ? "cjs" : "mjs";
    const text = isFragment(block) ? fragmentProgram(code) : `${code}\n${more}`;
    return this.write(`${(this.#count += 1)}.${extension}`, text);
  }

  write(name: string, text: string): string {
    const path = join(this.#directory, name);
    writeFileSync(path, text);
    return path;
  }

  /**
   * The command that runs a program. TypeScript runs on the sources of the library, in one file for each part of the package,
   * because loading each source takes seconds. JavaScript runs as users run it, on the built package.
   */
  async command(
    program: string,
  ): Promise<{ readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv }> {
    const env = { ...process.env, DOCS_URLS: this.#urls.join(" ") };
    if (!program.endsWith(".ts")) return { args: [program], env };
    // Diagnostics tell frames of the library from those of its callers by their files.
    if (readFileSync(program, "utf8").includes("diagnostics: true"))
      return { args: ["--import", "tsx", "--conditions=@quorumlock/source", program], env };
    await (this.#library ??= this.#bundle(PARTS, "library"));
    await this.#bundle({ [basename(program, ".ts")]: program }, ".");
    return { args: [program.replace(/ts$/, "mjs")], env };
  }

  async #bundle(entryPoints: Readonly<Record<string, string>>, directory: string): Promise<void> {
    const library = join(this.#directory, "library");
    const isLibrary = entryPoints === PARTS;
    await build({
      entryPoints,
      outdir: join(this.#directory, directory),
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting: true,
      platform: "node",
      format: "esm",
      target: "node20",
      keepNames: true,
      sourcemap: "inline",
      conditions: ["@quorumlock/source"],
      external: [
        ...foreignPackages.flatMap((name) => [name, `${name}/*`]),
        ...(isLibrary ? [] : [`${library}/*`]),
      ],
      alias: isLibrary
        ? {}
        : Object.fromEntries(Object.keys(PARTS).map((part) => [part, join(library, `${part}.mjs`)])),
      tsconfig: join(this.#directory, "tsconfig.json"),
      logLevel: "silent",
    });
  }

  /**
   * Runs a program. `warnings`: the process warnings that it must cause, none by default.
   * @returns what it prints. @throws Error with its output if it fails.
   */
  async run(program: string, warnings = /^$/): Promise<string> {
    const { args, env } = await this.command(program);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
      env,
      timeout: TIMEOUT_MS,
    });
    if (!warnings.test(stderr)) throw new Error(`unexpected warnings:\n${stderr}`);
    return stdout;
  }

  /** Runs a file of tests with Vitest. */
  async runVitest(program: string): Promise<string> {
    const config = this.write(
      "vitest.config.mjs",
      `export default { test: { include: ["*.ts"] }, resolve: { conditions: ["@quorumlock/source"] },
         ssr: { resolve: { conditions: ["@quorumlock/source"] } } };`,
    );
    const vitest = fileURLToPath(new URL("../vitest.mjs", import.meta.resolve("vitest")));
    const args = [
      vitest,
      "run",
      "--config",
      config,
      "--root",
      this.#directory,
      "--reporter=verbose",
      program,
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: TIMEOUT_MS });
    return stdout;
  }

  /** Checks the syntax of a JavaScript program, which does not run. */
  async checkSyntax(program: string): Promise<void> {
    await promisify(execFile)(process.execPath, ["--check", program]);
  }

  /** Compiles all TypeScript programs. @throws Error with what the compiler reports. */
  async compile(): Promise<void> {
    const tsc = fileURLToPath(new URL("../bin/tsc", import.meta.resolve("typescript")));
    try {
      await promisify(execFile)(process.execPath, [tsc, "--noEmit", "-p", this.#directory], {
        timeout: TIMEOUT_MS,
      });
    } catch (error) {
      throw new Error((error as { stdout: string }).stdout, { cause: error });
    }
  }

  #substitute(code: string): string {
    const text = code.replaceAll(
      /redis:\/\/localhost:(\d+)/g,
      (_, port: string) => this.#urls[Number(port) - 6379] ?? "?",
    );
    if (/localhost:63/.test(text)) throw new Error(`a server is not replaced:\n${text}`);
    return text;
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

export function isFragment({ code }: CodeBlock): boolean {
  if (code.includes("\nexport default ")) return false;
  return (
    !/from "(?:quorumlock|@quorumlock\/nestjs)"|require\("quorumlock"\)/.test(code) ||
    !/(?:new|extends) Redlock|Redlock\.memory|QuorumlockModule\.forRoot/.test(code)
  );
}

/** The imports of the fragment come first. It can contain a `return`, so it is the body of a function. */
function fragmentProgram(code: string): string {
  const importPattern = /^import .*\n/gm;
  const imports = code.match(importPattern) ?? [];
  const body = code.replaceAll(importPattern, "");
  const names = contextNames.filter(
    (name) => new RegExp(`\\b${name}\\b`).test(body) && !imports.some((line) => line.includes(name)),
  );
  return `${imports.join("")}import { ${[...names, "end as endOfFragment"].join(", ")} } from "../context.ts";
async function fragment() {
${body}
}
await fragment();
await endOfFragment();
`;
}
