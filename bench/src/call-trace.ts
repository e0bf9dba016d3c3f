import { readdirSync, readFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { parseSync, Visitor } from "oxc-parser";

/** How the calls of functions are spread over the files of a package. */
export interface CallSummary {
  readonly calls: number;
  /** Files with at least one call. */
  readonly files: number;
  /** Calls into a file that was left before: the previous call was in another file, an earlier one in this file. */
  readonly returns: number;
}

/** The function that instrumented code calls with the index of its file. */
const HOOK = "__quorumlockBenchEnter";

type Hook = (file: number) => void;

/** A copy of a package's compiled code that records every call of a function. Disposing of it deletes the copy. */
export class CallTrace implements Disposable {
  readonly #directory: string;
  #calls: number[] = [];
  #isRecording = false;

  /** @param source the directory with the compiled code. It must not import other packages statically. */
  constructor(source: string) {
    this.#directory = mkdtempSync(join(tmpdir(), "quorumlock-bench-"));
    const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".js"),
    );
    writeFileSync(join(this.#directory, "package.json"), '{"type":"module"}');
    files.forEach((file, index) => {
      const copy = join(this.#directory, file);
      mkdirSync(dirname(copy), { recursive: true });
      writeFileSync(copy, instrument(readFileSync(join(source, file), "utf8"), index));
    });
    (globalThis as Record<string, unknown>)[HOOK] = ((file) => {
      if (this.#isRecording) this.#calls.push(file);
    }) satisfies Hook;
  }

  /** Imports a module of the copy. */
  async load(file: string): Promise<unknown> {
    const path = join(this.#directory, file);
    if (relative(this.#directory, path).startsWith(".."))
      throw new Error(`${file} is outside of the package`);
    const module: unknown = await import(pathToFileURL(path).href);
    return module;
  }

  /** The calls until the promise of `work` resolves. */
  async record(work: () => Promise<unknown> | undefined): Promise<CallSummary> {
    this.#calls = [];
    this.#isRecording = true;
    try {
      await work();
    } finally {
      this.#isRecording = false;
    }
    return summarizeCalls(this.#calls);
  }

  [Symbol.dispose](): void {
    // Timers of the copy may still run, so the hook stays.
    (globalThis as Record<string, unknown>)[HOOK] = () => undefined;
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** @param calls the file of each call, in order. */
export function summarizeCalls(calls: readonly number[]): CallSummary {
  const visited = new Set<number>();
  let current: number | undefined;
  let returns = 0;
  for (const file of calls) {
    if (file !== current && visited.has(file)) returns += 1;
    visited.add(file);
    current = file;
  }
  return { calls: calls.length, files: visited.size, returns };
}

interface FunctionBody {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** The same code with a call of the hook at the start of each function. */
export function instrument(source: string, file: number): string {
  const call = `globalThis.${HOOK}(${file})`;
  const inserts: { readonly at: number; readonly text: string }[] = [];
  const addTo = ({ body }: { readonly body: FunctionBody | null }): void => {
    if (body === null) return;
    if (body.type === "BlockStatement" || body.type === "FunctionBody") {
      inserts.push({ at: body.start + 1, text: `${call};` });
      return;
    }
    // The body of an arrow function that is a single expression.
    inserts.push({ at: body.start, text: `(${call},(` }, { at: body.end, text: "))" });
  };
  const { program, errors } = parseSync("module.js", source);
  if (errors[0] !== undefined) throw new Error(`the code cannot be parsed: ${errors[0].message}`);
  new Visitor({
    FunctionDeclaration: addTo,
    FunctionExpression: addTo,
    ArrowFunctionExpression: addTo,
  }).visit(program);
  let result = source;
  // From the end, so that earlier positions stay valid. At one position the insert that was added last comes first.
  const ordered = inserts.map((insert, index) => ({ ...insert, index }));
  for (const { at, text } of ordered.toSorted((a, b) => b.at - a.at || b.index - a.index))
    result = result.slice(0, at) + text + result.slice(at);
  // The source map belongs to the original.
  return result.replace(/^\/\/# sourceMappingURL=.*$/m, "");
}
