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

/** Whether a module has the calls of `redlock` 5: the duration is the second argument. */
export function isCompatible(module: string): boolean {
  return module === "quorumlock/compat/redlock";
}

export function isOtherLibrary(module: string): boolean {
  return OTHER_LIBRARIES.includes(module);
}

/** Whether a module is a package and no file of the project. Aliases of paths begin with these signs. */
export function isPackage(module: string): boolean {
  return !/^[./~#]|^@\//.test(module);
}
