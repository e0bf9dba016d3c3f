/** The URL above `/dashboard`, also if a proxy has a path in front of it. The page's script is two directories below. */
export const BASE = new URL("../../", import.meta.url).href;
