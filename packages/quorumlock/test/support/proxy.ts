import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server that can be cut without a word: packets then go nowhere, and nobody is told. */
export interface Proxy {
  readonly port: number;
  /** Bytes that clients sent and that the server answered. */
  readonly sent: number;
  readonly answered: number;
  /** Swallows everything on the connections that stand; new ones work. */
  cutSilently(): void;
  close(): void;
}

export async function startProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let swallowed = new WeakSet<Socket>();
  const passed = { sent: 0, answered: 0 };
  const server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    for (const [from, to, way] of [
      [near, far, "sent"],
      [far, near, "answered"],
    ] as const) {
      sockets.add(from);
      from.on("data", (data) => {
        passed[way] += data.length;
        if (!swallowed.has(from)) to.write(data);
      });
      from.on("close", () => swallowed.has(from) || to.destroy());
      from.on("error", () => undefined);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    get sent() {
      return passed.sent;
    },
    get answered() {
      return passed.answered;
    },
    cutSilently() {
      swallowed = new WeakSet(sockets);
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
