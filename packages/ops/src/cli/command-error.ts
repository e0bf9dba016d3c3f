/** Exit codes of the commands, as in sysexits. */
export const EXIT = { wrongUsage: 64, missingFile: 66, noQuorum: 69, wrongConfig: 78 } as const;

/** An error whose message is all that the user needs. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}
