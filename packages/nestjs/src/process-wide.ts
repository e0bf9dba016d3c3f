/**
 * A value that all copies of this package in the process share. An application can load the ES modules and the CommonJS build side by
 * side: it is of one format itself, and a module that it installs is of the other.
 *
 * @param name names the value for ever, because a copy of another version may be loaded, too.
 */
export function processWide<T extends object>(name: string, make: () => T): T {
  const values = globalThis as { [key: symbol]: T | undefined };
  return (values[Symbol.for(`quorumlock.nestjs.${name}`)] ??= make());
}
