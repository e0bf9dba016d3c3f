import { createClient } from "redis";
import type { Address } from "../contender.ts";

/** One connected client per server. */
export function connectNodeRedis(
  servers: readonly Address[],
  options: { readonly commandTimers?: boolean } = {},
): Promise<readonly NodeRedis[]> {
  return Promise.all(servers.map(({ url }) => connect(url, options.commandTimers ?? true)));
}

export type NodeRedis = Awaited<ReturnType<typeof connect>>;

/** @param commandTimers `false` turns off the timer that version 6 starts for each command; version 5 has none. */
async function connect(url: string, commandTimers: boolean) {
  const client = createClient({ url, ...(commandTimers ? {} : { commandOptions: NO_TIMER }) });
  // Without a listener a lost connection ends the process. With one, the commands reject.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

const NO_TIMER: object = { timeout: undefined };

export function disconnectNodeRedis(clients: readonly NodeRedis[]): void {
  for (const client of clients) client.destroy();
}
