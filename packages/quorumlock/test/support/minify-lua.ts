import { fileURLToPath } from "node:url";

const minifier = fileURLToPath(new URL("../../../../scripts/minify-lua.mjs", import.meta.url));
const { minify } = (await import(minifier)) as { minify: (lua: string) => string };

/** A piece of Lua from operations/*.lua, as it is in the generated scripts. */
export function minifyLua(lua: string): string {
  return minify(lua);
}
