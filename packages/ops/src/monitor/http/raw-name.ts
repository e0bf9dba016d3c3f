import type { Context } from "hono";
import type { HttpEnv } from "./http-env.ts";

/**
 * The name of a lock in the path, between a start and an end. It is taken from the path as it was sent, so that `%2F`, `%25` and `..`
 * stay what they are. `undefined` if it is not encoded well.
 */
export function nameInPath(context: Context<HttpEnv>, start: string, end: string): string | undefined {
  const [path = ""] = (context.env.incoming.url ?? "").split("?");
  if (!path.startsWith(start) || !path.endsWith(end)) return undefined;
  try {
    return decodeURIComponent(path.slice(start.length, path.length - end.length));
  } catch {
    return undefined;
  }
}
