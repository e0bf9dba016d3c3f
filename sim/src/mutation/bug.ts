/** A bug to be planted in the library: one piece of text that stands in one file once, and what takes its place. */
export interface Bug {
  /** What is wrong with it. */
  readonly name: string;
  /** Below packages/quorumlock/src. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** What has to notice it: the simulator with one profile or the usual mix, or tests of the library. */
  readonly caughtBy: { readonly profile?: string } | { readonly tests: string };
}
