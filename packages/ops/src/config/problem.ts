/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** Where: `["alerts", "rules", "long_wait", "above"]`. */
  readonly path: readonly (string | number)[];
  /** The field in backticks, the value, and what it must be. */
  readonly message: string;
}

/** A configuration is wrong. The message has all problems, one a line. */
export class ConfigError extends RangeError {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({ message }) => message).join("\n"));
    this.problems = problems;
  }
}

/** `alerts.email_to[1]` */
export function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`),
    "",
  );
}
