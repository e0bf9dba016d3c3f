/**
 * For libraries that hold a lock while a routine runs. Resolves when the routine starts; the routine never ends. The library's
 * own timer keeps the lock's objects in memory.
 */
export function holdForever(using: (routine: () => Promise<never>) => Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    using(() => {
      resolve();
      return new Promise<never>(() => undefined);
    }).catch(reject);
  });
}
