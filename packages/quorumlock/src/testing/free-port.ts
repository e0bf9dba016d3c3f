import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Ports are drawn from below the range that operating systems hand to outgoing connections (Linux from 32768,
 * macOS from 49152). Inside that range, a client that keeps reconnecting to a killed server can be given the
 * server's own port as its source and so connect to itself, and the server could not come back on its port.
 */
const FIRST_PORT = 11_000;
const LAST_PORT = 32_767;

/** A cluster node listens for its peers on its port plus this. */
const BUS_PORT_OFFSET = 10_000;

const MAX_DRAWS = 200;

const handedOut = new Set<number>();

/**
 * A loopback port on which nothing listens now, never the same one twice in this process.
 *
 * Another process may still take it first, so a caller has to be ready to ask again.
 *
 * @param withBusPort also demand that the port plus 10,000 is free and not handed out.
 * @throws Error when a bounded number of draws finds none.
 */
export async function freePort({ withBusPort = false } = {}): Promise<number> {
  const offsets = withBusPort ? [0, BUS_PORT_OFFSET] : [0];
  const end = LAST_PORT + 1 - Math.max(...offsets);
  for (let draw = 0; draw < MAX_DRAWS; draw += 1) {
    const port = randomInt(FIRST_PORT, end);
    const wanted = offsets.map((offset) => port + offset);
    if (wanted.some((candidate) => handedOut.has(candidate))) continue;
    // Claimed before the first await: parallel callers in this process must not draw it too.
    for (const candidate of wanted) handedOut.add(candidate);
    const free = await Promise.all(wanted.map(canListen));
    if (free.every(Boolean)) return port;
  }
  throw new Error(`No free loopback port found in ${MAX_DRAWS} draws from ${FIRST_PORT} to ${end - 1}`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
