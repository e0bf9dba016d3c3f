/** Holds a lock that is held as long as a routine runs: resolves once it runs, which it then does for ever. */
export function holdInside(using: (routine: () => Promise<never>) => Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const held = using(() => {
      resolve(held);
      return new Promise<never>(() => undefined);
    });
    held.catch(reject);
  });
}
