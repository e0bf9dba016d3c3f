/**
 * Returns a value that all copies of this library in the process share. A process can load the ES modules and the CommonJS
 * build side by side.
 *
 * @param name names the value for ever: a copy of another version may be loaded, too.
 */
export function processWide<T extends object>(name: string, make: () => T): T {
  const values = globalThis as { [key: symbol]: T | undefined };
  return (values[Symbol.for(`quorumlock.${name}`)] ??= make());
}
