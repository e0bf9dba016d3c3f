import { Redis } from "ioredis";
import type { Address } from "../contender.ts";

/** The options of ioredis that contenders choose. */
export interface IoredisOptions {
  readonly enableAutoPipelining?: boolean;
}

/** One connected client per server. */
export function connectIoredis(
  servers: readonly Address[],
  options: IoredisOptions = {},
): Promise<readonly Redis[]> {
  return Promise.all(
    servers.map(async ({ port }) => {
      const client = new Redis({ host: "127.0.0.1", port, lazyConnect: true, ...options });
      // Without a listener ioredis prints a message when a server stops at the end.
      client.on("error", () => undefined);
      await client.connect();
      return client;
    }),
  );
}

/** The fastest option for many callers: the commands of one tick are sent in one write. */
export const AUTO_PIPELINING: IoredisOptions = { enableAutoPipelining: true };

export function disconnectIoredis(clients: readonly Redis[]): void {
  for (const client of clients) client.disconnect();
}

/** The members of a command of ioredis that observers use. */
export interface ObservedCommand {
  readonly name: string;
  readonly args: readonly unknown[];
  /** The bytes that go to the server. */
  toWritable(socket: object): string | Buffer;
}

/** Calls `onCommand` for each later command of the client, before it is sent. */
export function observeCommands(client: Redis, onCommand: (command: ObservedCommand) => void): void {
  const send = client.sendCommand.bind(client);
  client.sendCommand = (command, stream) => {
    onCommand(command);
    return send(command, stream);
  };
}
