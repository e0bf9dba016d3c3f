/** A bug that can be planted in the library: a text that occurs once in one file, and its replacement. */
export interface Bug {
  /** What the library does wrong with it. */
  readonly name: string;
  /** The file, relative to packages/quorumlock/src. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** What must catch it: the simulator with one profile or with the usual mix, or tests of the library. */
  readonly caughtBy: { readonly profile?: string } | { readonly tests: string };
}
