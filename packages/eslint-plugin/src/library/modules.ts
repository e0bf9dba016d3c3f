import { posix } from "node:path";
import type { Settings } from "./settings.ts";

/** Other lock libraries. Their clients are often called `redlock` too, but their calls mean other things. */
const OTHER_LIBRARIES = [
  "redlock",
  "@sesamecare-oss/redlock",
  "redis-semaphore",
  "redlock-universal",
  "live-mutex",
];

/** Files of the project are meant with any of these ends, or without one. */
const FILE_END = /(?:\/index)?\.[cm]?[jt]sx?$/;

/** Whether a module is this library, a package of it, or a module that the settings name. */
export function isLibrary(module: string, { modules }: Settings): boolean {
  const wanted = isRelative(module) ? relativePath(module) : module;
  return [...modules, "quorumlock", "@quorumlock"].some(
    (name) =>
      wanted === name ||
      // `../../locks.js` is not below `..`.
      (wanted.startsWith(`${name}/`) && !wanted.startsWith("../", name.length + 1)) ||
      (isRelative(wanted) && wanted.replace(FILE_END, "") === name.replace(FILE_END, "")),
  );
}

export function isRelative(module: string): boolean {
  return /^\.{1,2}(?:\/|$)/.test(module);
}

/** A relative path in its shortest form, which begins with a dot. */
export function relativePath(path: string): string {
  const shortest = posix.normalize(path);
  return isRelative(shortest) ? shortest : `./${shortest}`;
}

export function isOtherLibrary(module: string): boolean {
  return OTHER_LIBRARIES.some((name) => module === name || module.startsWith(`${name}/`));
}

/** Whether a module is a package and no file of the project. Aliases of paths begin with these signs. */
export function isPackage(module: string): boolean {
  return !/^[./~#]|^@\//.test(module);
}
