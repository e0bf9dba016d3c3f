import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("../support/closing-process.ts", import.meta.url));
const preloaded = fileURLToPath(new URL("../support/without-clients.mjs", import.meta.url));

/** A server without TLS that accepts connections. */
async function server(
  onConnection: (socket: Socket) => void,
): Promise<{ port: number; accepted: () => void }> {
  const handlers = { accepted: () => undefined as void };
  const sockets = new Set<Socket>();
  const listening = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    onConnection(socket);
    handlers.accepted();
  }).listen(0, "127.0.0.1");
  await once(listening, "listening");
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    listening.close();
  });
  const { port } = listening.address() as AddressInfo;
  return Object.assign(handlers, { port });
}

const silent = await server((socket) => socket.resume());
const resetting = await server((socket) => socket.once("data", () => socket.resetAndDestroy()));
const servers = { "never answers": silent, "resets the connection": resetting };

async function run(
  url: string,
  without: string,
  target: { accepted: () => void },
): Promise<readonly string[]> {
  // The warning about a connection error is wanted, but not here.
  const args = [
    "--no-warnings",
    "--import",
    "tsx",
    "--import",
    preloaded,
    "--conditions=@quorumlock/source",
    program,
    url,
  ];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, WITHOUT: without },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    timeout: 120_000,
  });
  target.accepted = () => void (child.connected && child.send("accepted", () => undefined));
  const texts = ["", ""];
  child.stdout!.on("data", (data) => (texts[0] += String(data)));
  child.stderr!.on("data", (data) => (texts[1] += String(data)));
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  return [...texts, String(code ?? signal)];
}

// Each case uses the other library only if the first is not installed.
const libraries = { ioredis: "redis", redis: "ioredis" };

describe.each(Object.entries(libraries))("a URL client of %s", (_library, without) => {
  describe.each(Object.entries(servers))("whose server %s", (_behaviour, target) => {
    test.each(["rediss", "redis"])(
      "%s: closes without an error on the console, and the process ends",
      async (scheme) => {
        expect(await run(`${scheme}://127.0.0.1:${target.port}`, without, target)).toEqual([
          "LOCK_CLOSED\n",
          "",
          "0",
        ]);
      },
    );
  });
});
