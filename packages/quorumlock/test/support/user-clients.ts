import type { EventEmitter } from "node:events";
import { Redis } from "ioredis";
import { Redis as Redis5 } from "ioredis5";
import { createClient } from "redis";
import { createClient as createClient5 } from "redis5";
import type { InstanceSource } from "../../src/index.ts";

/** The client of a user for a single server, with the few members that all client libraries have. */
export interface UserClient {
  readonly source: InstanceSource;
  readonly emitter: EventEmitter;
  /** Replaces the method that copies the client, to get hold of the copies. */
  onDuplicate(listener: (copy: EventEmitter) => void): void;
  connect(): Promise<unknown>;
  /** Whether a command works now. */
  ping(): Promise<unknown>;
  /** The ways in which a user closes the client. */
  readonly ways: Readonly<Record<string, () => unknown>>;
  /** Closes the client, whatever its state. */
  end(): void;
}

export interface UserClientKind {
  readonly name: string;
  readonly isIoredis: boolean;
  /** The option with which the client rejects commands while it is not connected. */
  readonly withoutQueue: object;
  /** Makes a client that is not connected. `options`: further options of the client library. */
  create(port: number, options?: object): UserClient;
}

/** The pause before each reconnection. */
const RETRY_MS = 5;

function ignore(): void {}

interface Duplicable {
  duplicate: (...args: never[]) => EventEmitter;
}

function duplicates(client: Duplicable): UserClient["onDuplicate"] {
  return (listener) => {
    const duplicate = client.duplicate.bind(client);
    client.duplicate = (...args) => {
      const copy = duplicate(...args);
      listener(copy);
      return copy;
    };
  };
}

function ioredis(Client: typeof Redis): UserClientKind["create"] {
  return (port, options) => {
    const client = new Client(port, "127.0.0.1", {
      lazyConnect: true,
      retryStrategy: () => RETRY_MS,
      ...options,
    });
    client.on("error", ignore);
    return {
      source: client,
      emitter: client,
      onDuplicate: duplicates(client),
      connect: () => client.connect(),
      ping: () => client.ping(),
      ways: { disconnect: () => client.disconnect(), quit: () => client.quit() },
      end: () => client.disconnect(),
    };
  };
}

function nodeRedis(create: typeof createClient): UserClientKind["create"] {
  return (port, options) => {
    const client = create({
      socket: { host: "127.0.0.1", port, reconnectStrategy: () => RETRY_MS },
      ...options,
    });
    client.on("error", ignore);
    return {
      source: client,
      emitter: client,
      onDuplicate: duplicates(client),
      connect: () => client.connect(),
      ping: () => client.ping(),
      ways: { close: () => client.close(), destroy: () => client.destroy() },
      end() {
        if (client.isOpen) client.destroy();
      },
    };
  };
}

const ioredisKind = { isIoredis: true, withoutQueue: { enableOfflineQueue: false } };
const nodeRedisKind = { isIoredis: false, withoutQueue: { disableOfflineQueue: true } };

/** Every supported client library and version. */
export const userClients: readonly UserClientKind[] = [
  { name: "ioredis 5", ...ioredisKind, create: ioredis(Redis5 as never) },
  { name: "ioredis 6", ...ioredisKind, create: ioredis(Redis) },
  { name: "node-redis 5", ...nodeRedisKind, create: nodeRedis(createClient5 as never) },
  { name: "node-redis 6", ...nodeRedisKind, create: nodeRedis(createClient) },
];
