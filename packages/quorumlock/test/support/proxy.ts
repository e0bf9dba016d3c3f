import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A proxy in front of a server. A test can cut its connections silently: data is lost, but the sockets stay open. */
export interface Proxy {
  readonly port: number;
  /** Bytes from the clients to the server. */
  readonly sentBytes: number;
  /** Bytes from the server to the clients. */
  readonly receivedBytes: number;
  /** Drops all data on the open connections. New connections work. */
  cutSilently(): void;
  close(): void;
}

export async function startProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let silencedSockets = new WeakSet<Socket>();
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
        if (!silencedSockets.has(from)) to.write(data);
      });
      from.on("close", () => silencedSockets.has(from) || to.destroy());
      from.on("error", () => undefined);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    get sentBytes() {
      return passed.sent;
    },
    get receivedBytes() {
      return passed.answered;
    },
    cutSilently() {
      silencedSockets = new WeakSet(sockets);
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
