import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server that can be cut without a word: packets then go nowhere, and nobody is told. */
export interface Proxy {
  readonly port: number;
  /** Swallows everything on the connections that stand; new ones work. */
  cutSilently(): void;
  close(): void;
}

export async function startProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let swallowed = new WeakSet<Socket>();
  const server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (data) => swallowed.has(from) || to.write(data));
      from.on("close", () => swallowed.has(from) || to.destroy());
      from.on("error", () => undefined);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    cutSilently() {
      swallowed = new WeakSet(sockets);
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
