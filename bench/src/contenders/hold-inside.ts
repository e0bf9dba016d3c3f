/**
 * Holds a lock that is held as long as a routine runs: resolves once it runs, which it then does for ever. What the library
 * needs for that is kept alive by its timer.
 */
export function holdInside(using: (routine: () => Promise<never>) => Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    using(() => {
      resolve();
      return new Promise<never>(() => undefined);
    }).catch(reject);
  });
}
