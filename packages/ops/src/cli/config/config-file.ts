import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isMap, isScalar, LineCounter, parseDocument, type Document, visit } from "yaml";
import { ConfigError, type ConfigProblem } from "../../config/problem.ts";
import { CommandError, EXIT } from "../command-error.ts";

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\}/g;

/** A configuration file that was read. `${VAR}` and `${VAR:-default}` in texts are replaced. */
export class ConfigFile {
  /** Relative paths in the file begin here. */
  readonly directory: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #document: Document;
  readonly #lines = new LineCounter();

  /** @throws CommandError with all problems at once. */
  constructor(path: string, environment: Readonly<Record<string, string | undefined>> = process.env) {
    this.#path = path;
    this.directory = dirname(resolve(path));
    this.#document = parseDocument(readText(path), { lineCounter: this.#lines, prettyErrors: false });
    const problems = this.#document.errors.map(({ message, pos: [offset] }) =>
      this.#at(offset, withoutText(message)),
    );
    visit(this.#document, {
      Alias: (_key, node) => {
        if (node.resolve(this.#document) !== undefined) return;
        const advice = 'write a text that begins with "*" in quotes';
        problems.push(this.#at(node.range?.[0] ?? 0, `there is no anchor for this alias; ${advice}`));
      },
      Scalar: (_key, node) => {
        if (typeof node.value !== "string") return;
        node.value = node.value.replace(VARIABLE, (all, name: string, _default, standard?: string) => {
          const value = environment[name];
          if (value !== undefined && (value !== "" || standard === undefined)) return value;
          if (standard !== undefined) return standard;
          const advice = `set it, or write \`\${${name}:-}\` to leave it empty`;
          problems.push(this.#at(node.range?.[0] ?? 0, `\`${all}\` is not set; ${advice}`));
          return "";
        });
      },
    });
    if (problems.length > 0) throw new CommandError(problems.join("\n"), EXIT.wrongConfig);
    const value = this.#toJs();
    this.value = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  }

  /** An error of the library can contain a part of the text, which can be a secret. */
  #toJs(): unknown {
    try {
      return this.#document.toJS();
    } catch {
      throw new CommandError(this.#at(0, "the aliases of this file cannot be resolved"), EXIT.wrongConfig);
    }
  }

  /** Runs a check. Its problems get their places in this file, and the order of these. */
  async check<Result>(run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const lines = error.problems
        .map(({ path, message }) => ({ offset: this.#offsetOf(path), message }))
        .toSorted((a, b) => a.offset - b.offset)
        .map(({ offset, message }) => this.#at(offset, message));
      throw new CommandError(lines.join("\n"), EXIT.wrongConfig);
    }
  }

  #at(offset: number, message: string): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#path}:${line}:${col}: ${message}`;
  }

  /** The place of the value, or of its key, or of what is around it. */
  #offsetOf(path: ConfigProblem["path"]): number {
    for (let length = path.length; length > 0; length -= 1) {
      const parent: unknown =
        length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, length - 1), true);
      const name = path[length - 1];
      if (isMap(parent)) {
        const pair = parent.items.find(({ key }) => isScalar(key) && key.value === name);
        if (isScalar(pair?.key) && pair.key.range) return pair.key.range[0];
      }
      const node = this.#document.getIn(path.slice(0, length), true) as
        | { range?: [number, number, number] }
        | undefined;
      if (node?.range) return node.range[0];
    }
    return 0;
  }
}

/** A message of the parser without the part of the file that some of them have at their end. */
function withoutText(message: string): string {
  return message.replace(/(?::| !|"(?!quote)).*$/s, "");
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new CommandError(
      `${path}: the configuration file cannot be read (${(error as NodeJS.ErrnoException).code})`,
      EXIT.missingFile,
    );
  }
}
