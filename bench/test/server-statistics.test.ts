import { once } from "node:events";
import { type RedisServers, startRedisServers } from "quorumlock/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CommandCounts } from "../src/command-counts.ts";
import { contenders } from "../src/contenders/index.ts";
import { connectIoredis, disconnectIoredis } from "../src/contenders/ioredis-clients.ts";

let servers: RedisServers;
beforeAll(async () => {
  servers = await startRedisServers(1);
});
afterAll(() => servers.stop());

test.each(contenders)("what $name is said to send is what the server sees", async (contender) => {
  const [client] = await connectIoredis(servers);
  if (client === undefined) throw new Error("no client");
  const lockClient = await contender.connect(servers);
  const monitor = await client.monitor();
  await using counts = await CommandCounts.of(servers);
  try {
    // Connections, scripts, and what is asked once are over with the first.
    await (await lockClient.acquire("bench:warm-up")).release();
    const sent: string[] = [];
    monitor.on("monitor", (_time: string, [command = ""]: string[], source: string) => {
      if (source !== "lua") sent.push(command.toLowerCase());
    });
    // The monitor tells in order: what came before an echo has been told when that is.
    const marked = async (text: string): Promise<void> => {
      const told = new Promise<void>((resolve) => {
        monitor.on("monitor", (_time: string, args: string[]) => void (args[1] === text && resolve()));
      });
      await client.echo(text);
      await told;
    };
    await marked("begin");
    sent.length = 0;
    const { traffic } = await counts.during(contender, async () => {
      for (const name of ["bench:a", "bench:b"]) await (await lockClient.acquire(name)).release();
    });
    await marked("end");
    const own = sent.filter((command) => !["info", "echo"].includes(command));
    expect(own).toHaveLength(traffic.commands);
    expect(traffic.commands).toBeGreaterThanOrEqual(4);
  } finally {
    monitor.disconnect();
    await once(monitor, "end");
    await lockClient[Symbol.asyncDispose]();
    disconnectIoredis([client]);
  }
});
