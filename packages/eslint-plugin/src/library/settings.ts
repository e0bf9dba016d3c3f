import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { isRelative, relativePath } from "./modules.ts";

/** The part `settings.quorumlock` of the configuration, for one file. All rules share it. */
export interface Settings {
  /** Names of variables and properties that are a client, if nothing in the file says what they are. @default ["redlock"] */
  readonly receivers: readonly string[];
  /** Modules of the project that export clients or locks: paths from this file, or packages such as `"@acme/locks"`, with everything below them. @default [] */
  readonly modules: readonly string[];
  /** Whether rules about leaks and short times also look at tests. @default false */
  readonly tests: boolean;
}

const DEFAULTS: Settings = { receivers: ["redlock"], modules: [], tests: false };

/**
 * Reads `settings.quorumlock`. Relative paths in it begin at the directory in which ESLint runs.
 * @throws TypeError for an unknown field or a bad value, with the field and the value.
 */
export function readSettings(
  all: Readonly<Record<string, unknown>> | undefined,
  path: string,
  cwd: string,
): Settings {
  const given = all?.["quorumlock"];
  if (given === undefined) return DEFAULTS;
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new TypeError(`settings.quorumlock: ${JSON.stringify(given)} must be an object`);
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      const known = Object.keys(DEFAULTS).join(", ");
      throw new TypeError(`settings.quorumlock.${name}: unknown setting; known settings: ${known}`);
    }
    const isGood = name === "tests" ? typeof value === "boolean" : isListOfTexts(value);
    const wanted = name === "tests" ? "true or false" : "a list of strings";
    if (!isGood)
      throw new TypeError(`settings.quorumlock.${name}: ${JSON.stringify(value)} must be ${wanted}`);
  }
  const settings: Settings = { ...DEFAULTS, ...given };
  const directory = dirname(resolve(cwd, path));
  const modules = settings.modules.map((module) =>
    isRelative(module) || isAbsolute(module)
      ? relativePath(relative(directory, resolve(cwd, module)).replaceAll(sep, "/"))
      : module,
  );
  return { ...settings, modules };
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
