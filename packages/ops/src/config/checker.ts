import { UNITS_MS } from "../format/units.ts";
import { nearestKey } from "./nearest-key.ts";
import { type ConfigProblem, formatPath } from "./problem.ts";

export type Path = readonly (string | number)[];

const MAX_SHOWN = 60;

/** How a checker differs from a usual one. */
export interface CheckerOptions {
  /** Where problems are collected. @default a list of its own */
  readonly problems?: ConfigProblem[];
  /** Whether no problem shows a value, because it can be a password. @default false */
  readonly hidesValues?: boolean;
  /** Whether only the form is checked: files with secrets are not read, and no module is loaded. @default false */
  readonly isFormOnly?: boolean;
}

/**
 * Checks values and collects all problems. A value that is not set is `undefined`; in a file, an empty one is `null` and counts the same.
 * Problems show the value, but for secrets.
 */
export class Checker {
  readonly problems: ConfigProblem[];
  readonly isFormOnly: boolean;
  readonly #hidesValues: boolean;

  constructor({ problems = [], hidesValues = false, isFormOnly = false }: CheckerOptions = {}) {
    this.problems = problems;
    this.#hidesValues = hidesValues;
    this.isFormOnly = isFormOnly;
  }

  /** A checker for values among which are passwords. It adds its problems to the same list, and shows no value. */
  get hiding(): Checker {
    return new Checker({ problems: this.problems, hidesValues: true, isFormOnly: this.isFormOnly });
  }

  add(path: Path, message: string): void {
    this.problems.push({ path, message: `\`${formatPath(path)}\`${message}` });
  }

  /** The members of an object that has only known keys. */
  object(path: Path, value: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
    if (isUnset(value)) return {};
    if (typeof value !== "object" || Array.isArray(value)) {
      this.#refuse(path, value, "must be an object");
      return {};
    }
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue;
      const nearest = nearestKey(key, known);
      const advice =
        nearest === undefined ? `the keys are ${known.join(", ")}` : `did you mean \`${nearest}\`?`;
      // `- redis://:password@redis-a: 6379` is an object whose key is the URL.
      if (nearest === undefined && (this.#hidesValues || !/^[\w.-]{1,40}$/.test(key)))
        this.add(path, ` has a key that is not known; ${advice}`);
      else this.add([...path, key], ` is not a known key; ${advice}`);
    }
    return value as Record<string, unknown>;
  }

  /** A whole number. */
  count(path: Path, value: unknown, min: number, max: number): number | undefined {
    if (typeof value !== "number" || Number.isInteger(value)) return this.number(path, value, min, max);
    this.#refuse(path, value, `must be a whole number from ${min} to ${max}`);
    return undefined;
  }

  number(path: Path, value: unknown, min: number, max: number): number | undefined {
    if (isUnset(value)) return undefined;
    if (typeof value === "number" && value >= min && value <= max) return value;
    this.#refuse(path, value, `must be a number from ${min} to ${max}`);
    return undefined;
  }

  /** Whole milliseconds, or a text with a unit: `500ms`, `30s`, `5m`, `2h`. */
  durationMs(path: Path, value: unknown, min: number, max: number): number | undefined {
    if (typeof value !== "string") return this.count(path, value, min, max);
    const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(value.trim()) ?? [];
    const factor = UNITS_MS.get(unit);
    if (factor === undefined) {
      this.#refuse(path, value, "must be milliseconds, or a duration such as 500ms, 30s or 5m");
      return undefined;
    }
    return this.number(path, Math.round(Number(digits) * factor), min, max);
  }

  boolean(path: Path, value: unknown): boolean | undefined {
    if (isUnset(value) || typeof value === "boolean") return value ?? undefined;
    this.#refuse(path, value, "must be true or false");
    return undefined;
  }

  text(path: Path, value: unknown): string | undefined {
    if (isUnset(value) || value === "") return undefined;
    if (typeof value === "string") return value;
    this.#refuse(path, value, "must be a text");
    return undefined;
  }

  /** A text that no problem shows. */
  secret(path: Path, value: unknown): string | undefined {
    if (isUnset(value) || value === "") return undefined;
    if (typeof value === "string") return value;
    this.add(path, " must be a text; write it in quotes");
    return undefined;
  }

  /** A text that may be empty. */
  anyText(path: Path, value: unknown): string | undefined {
    return value === "" ? "" : this.text(path, value);
  }

  oneOf<Value extends string>(path: Path, value: unknown, values: readonly Value[]): Value | undefined {
    if (isUnset(value)) return undefined;
    const found = values.find((each) => each === value);
    if (found === undefined) this.#refuse(path, value, `must be one of ${values.join(", ")}`);
    return found;
  }

  list(path: Path, value: unknown): readonly unknown[] {
    if (isUnset(value)) return [];
    if (Array.isArray(value)) return value as readonly unknown[];
    this.#refuse(path, value, "must be a list");
    return [];
  }

  texts(path: Path, value: unknown): readonly string[] | undefined {
    if (isUnset(value)) return undefined;
    return this.list(path, value).flatMap((each, index) => this.text([...path, index], each) ?? []);
  }

  /** A URL of `http:` or `https:`. It is a secret, so problems do not show it. */
  url(path: Path, value: unknown): string | undefined {
    const text = this.hiding.text(path, value);
    if (text === undefined) return undefined;
    const protocol = URL.canParse(text) ? new URL(text).protocol : "";
    if (protocol === "https:" || protocol === "http:") return text;
    this.add(path, ": the value must be a URL that begins with https:// or http://");
    return undefined;
  }

  #refuse(path: Path, value: unknown, must: string): void {
    this.add(path, `: ${this.#hidesValues ? kindOf(value) : shownValue(value)} ${must}`);
  }
}

/** Lists and objects are not shown, because any part of them can be a secret. Neither is a text that may be a URL with a password. */
function shownValue(value: unknown): string {
  if (typeof value === "object" || (typeof value === "string" && /:\/\/|@/.test(value))) return kindOf(value);
  return (JSON.stringify(value) ?? typeof value).slice(0, MAX_SHOWN);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "the text" : "the value";
}

function isUnset(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
