/** A bug that can be planted in the library or in an example: a text that occurs once in one file, and its replacement. */
export interface Bug {
  /** What the code does wrong with it. */
  readonly name: string;
  /** The file, relative to packages/quorumlock/src, or to the root of the workspace if it begins with "examples/". */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** What must catch it: the simulator with one profile or with the usual mix, or tests of the library. */
  readonly caughtBy: { readonly profile?: string } | { readonly tests: string };
}

/** The path of the file, relative to the root of the workspace. */
export function pathOf({ file }: Bug): string {
  return file.startsWith("examples/") ? file : `packages/quorumlock/src/${file}`;
}
