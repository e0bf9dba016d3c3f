import type { Settings } from "./settings.ts";

/** Other lock libraries. Their clients are often called `redlock` too, but their calls mean other things. */
const OTHER_LIBRARIES = [
  "redlock",
  "@sesamecare-oss/redlock",
  "redis-semaphore",
  "redlock-universal",
  "live-mutex",
];

/** Whether a module is this library, a package of it, or a module that the settings name. */
export function isLibrary(module: string, { modules }: Settings): boolean {
  return [...modules, "quorumlock", "@quorumlock"].some(
    (name) => module === name || module.startsWith(`${name}/`),
  );
}

export function isOtherLibrary(module: string): boolean {
  return OTHER_LIBRARIES.includes(module);
}

/** Whether a module is a package and no file of the project. Aliases of paths begin with these signs. */
export function isPackage(module: string): boolean {
  return !/^[./~#]|^@\//.test(module);
}
