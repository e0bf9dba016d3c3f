import type { Attempt, Grant } from "./grant.ts";

/** The clock reads do not count as instructions, so a history is the same with a trace and without. */
export function remaining({ host, lock }: Grant): string {
  return host.observe(() => lock.remaining()).toFixed(1);
}

export function callerOf({ client, worker, names }: Attempt): string {
  return `client ${client}, worker ${worker} (${names.join(", ")})`;
}

export function shorten(text: string): string {
  return text.replaceAll(/[0-9a-f]{28}(?=[0-9a-f]{4}@)/g, "…");
}
