import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { processWide } from "../base/process-wide.ts";

/**
 * Ports are drawn from below the range of outgoing connections (Linux uses ports from 32768, macOS from 49152). Inside that
 * range, a client that reconnects to a killed server may get the server's port as its own. It then connects to itself, and
 * the server cannot restart on its port.
 */
const FIRST_PORT = 11_000;
const LAST_PORT = 32_767;

/** A cluster node listens for other nodes on its port plus this offset. */
const BUS_PORT_OFFSET = 10_000;

const MAX_DRAWS = 200;

const usedPorts = processWide("usedPorts", () => new Set<number>());

/**
 * Finds a loopback port on which no process listens. Returns each port only once in this process.
 *
 * Another process may bind the port first. In that case, the caller must call this function again.
 *
 * @param withBusPort whether the port plus 10,000 must also be free. @default false
 * @throws Error if 200 random ports are all in use.
 */
export async function freePort({ withBusPort = false } = {}): Promise<number> {
  const offsets = withBusPort ? [0, BUS_PORT_OFFSET] : [0];
  const end = LAST_PORT + 1 - Math.max(...offsets);
  for (let draw = 0; draw < MAX_DRAWS; draw += 1) {
    const port = randomInt(FIRST_PORT, end);
    const candidates = offsets.map((offset) => port + offset);
    if (candidates.some((candidate) => usedPorts.has(candidate))) continue;
    // The ports are recorded before the first await, so that a parallel caller does not draw them.
    for (const candidate of candidates) usedPorts.add(candidate);
    const areFree = await Promise.all(candidates.map(canListen));
    if (areFree.every(Boolean)) return port;
  }
  throw new Error(
    `no free loopback port: ${MAX_DRAWS} random ports from ${FIRST_PORT} to ${end - 1} are in use`,
  );
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
