import { afterEach } from "vitest";
import { Redlock, type RedlockOptions } from "../../src/index.ts";
import type { Instance } from "../../src/instances/port.ts";
import { toInstances } from "../../src/instances/sources.ts";
import { FRESH } from "./fresh.ts";
import { ScriptedServer } from "./scripted-server.ts";
import type { UserClient, UserClientKind } from "./user-clients.ts";

/** What a test has opened. It is closed after the test. */
export interface ScriptedBed {
  server(): Promise<ScriptedServer>;
  /** Makes a client that is not connected. */
  client(kind: UserClientKind, server: ScriptedServer, options?: object): UserClient;
  redlock(client: UserClient, options?: RedlockOptions): Redlock;
  /** A server, a connected client, and a Redlock whose requests are answered or lost, but never time out. */
  open(kind: UserClientKind, options?: RedlockOptions): Promise<Opened>;
  afterTest(close: () => unknown): void;
}

export interface Opened {
  readonly server: ScriptedServer;
  readonly client: UserClient;
  readonly redlock: Redlock;
}

/** A time limit that no test reaches. */
export const NEVER_MS = 50_000;

export function instanceOf({ source }: UserClient): Instance {
  return toInstances([source])[0]!;
}

/** Call it once in a test file. */
export function scriptedBed(): ScriptedBed {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });
  const bed: ScriptedBed = {
    async server() {
      const server = await ScriptedServer.start();
      closers.push(() => server.stop());
      return server;
    },
    client(kind, server, options) {
      const client = kind.create(server.port, options);
      closers.push(() => client.end());
      return client;
    },
    redlock(client, options) {
      const redlock = new Redlock([client.source], {
        ...FRESH,
        ttl: NEVER_MS,
        requestTimeout: NEVER_MS / 2,
        ...options,
      });
      // The client ends first, so that the Redlock does not wait for replies.
      closers.push(() => {
        client.end();
        return redlock.close();
      });
      return redlock;
    },
    async open(kind, options) {
      const server = await bed.server();
      const client = bed.client(kind, server);
      await client.connect();
      return { server, client, redlock: bed.redlock(client, options) };
    },
    afterTest: (close) => void closers.push(close),
  };
  return bed;
}
