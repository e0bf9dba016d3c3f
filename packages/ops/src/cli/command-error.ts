/**
 * Exit codes that several commands use, as in sysexits.h where it has one. `health`, `diagnose`, `inspect`, `unlock` and `exec` document
 * further ones of their own.
 */
export const EXIT = {
  wrongUsage: 64,
  wrongData: 65,
  missingFile: 66,
  noQuorum: 69,
  internal: 70,
  cannotWrite: 73,
  busy: 75,
  refused: 77,
  wrongConfig: 78,
} as const;

/** An error whose message is all that the user needs. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Makes something of the settings. @throws CommandError for values that the library does not accept together. */
export function fromSettings<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    throw new CommandError(`The configuration cannot be used: ${error.message}`, EXIT.wrongConfig);
  }
}
