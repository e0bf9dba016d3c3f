import { type Request, request, YES } from "./request.ts";
import type { Twin } from "./store.ts";

/** Asks which server process answers. What it replies stands in identify.lua. */
export function identify(prefix: string): Request {
  return request("identify", [`${prefix}{identity}`], []);
}

export const identifyTwins: Readonly<Record<string, Twin>> = {
  identify: (store) => [YES, store.runId, store.uptime()],
};
