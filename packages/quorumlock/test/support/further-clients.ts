import type * as Glide from "@valkey/valkey-glide";
import { Redis } from "@upstash/redis";
import type { ClientKind, Credentials } from "./clients.ts";
import { type RestFront, startRestFront } from "./rest-front.ts";

// Clients that report nothing about their connections. They are no part of `singleKinds`, whose tests connect them again themselves.

/** Loads the native part of GLIDE. It writes no log, because tests provoke errors. */
export async function loadGlide(): Promise<typeof Glide> {
  const glide = await import("@valkey/valkey-glide");
  glide.Logger.setLoggerConfig("off");
  return glide;
}

function optionsOf(ports: readonly number[], user?: Credentials): Glide.BaseClientConfiguration {
  return {
    addresses: ports.map((port) => ({ host: "127.0.0.1", port })),
    // A machine under load can be slow. Tests of hung servers set their own.
    requestTimeout: 10_000,
    connectionBackoff: { numberOfRetries: 3, factor: 10, exponentBase: 2 },
    ...(user !== undefined && { credentials: user }),
  };
}

export const glideKind: ClientKind = {
  name: "GLIDE 2",
  async connect(ports, user) {
    const { GlideClient } = await loadGlide();
    const client = await GlideClient.createClient(optionsOf(ports, user));
    return { source: client, close: () => client.close() };
  },
};

export const glideClusterKind: ClientKind = {
  name: "GLIDE 2 cluster",
  async connect(ports, user) {
    const { GlideClusterClient } = await loadGlide();
    const client = await GlideClusterClient.createClient(optionsOf(ports, user));
    return { source: client, close: () => client.close() };
  },
};

/** A client of a front. It tries each request once, as docs/clients.md recommends. */
export function restClient({ url, token }: RestFront, options: object = {}): Redis {
  return new Redis({ url, token, retry: { retries: 0 }, enableTelemetry: false, ...options });
}

function restKindWith(name: string, options: object): ClientKind {
  return {
    name,
    async connect([port = 0], user) {
      const front = await startRestFront(port, { user });
      return { source: restClient(front, options), close: () => front.close() };
    },
  };
}

/** The settings that change what a client sends, or how it reads replies. */
export const restKinds: readonly ClientKind[] = [
  restKindWith("@upstash/redis 1", { retry: undefined }),
  restKindWith("@upstash/redis 1 without base64", { responseEncoding: false, enableAutoPipelining: false }),
  restKindWith("@upstash/redis 1 without deserialization", { automaticDeserialization: false }),
];
