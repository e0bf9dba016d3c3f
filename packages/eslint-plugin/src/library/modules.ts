import { isAbsolute, resolve, sep } from "node:path";
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
export function isLibrary(module: string, { modules, directory }: Settings): boolean {
  // The settings have whole paths.
  const wanted = wholePath(directory, module);
  return [...modules, "quorumlock", "@quorumlock"].some(
    (name) =>
      wanted === name ||
      wanted.startsWith(`${name}/`) ||
      (isAbsolute(wanted) && wanted.replace(FILE_END, "") === name.replace(FILE_END, "")),
  );
}

/** A relative or whole path as a whole one, with `/` on each platform. The name of a package stays as it is. */
export function wholePath(directory: string, module: string): string {
  const isPath = /^\.{1,2}(?:\/|$)/.test(module) || isAbsolute(module);
  return isPath ? resolve(directory, module).replaceAll(sep, "/") : module;
}

export function isOtherLibrary(module: string): boolean {
  return OTHER_LIBRARIES.some((name) => module === name || module.startsWith(`${name}/`));
}

/** Whether a module is a package and no file of the project. Aliases of paths begin with these signs. */
export function isPackage(module: string): boolean {
  return !/^[./~#]|^@\//.test(module);
}
