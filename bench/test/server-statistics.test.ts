import { once } from "node:events";
import { type RedisServers, startRedisServers } from "quorumlock/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contenders } from "../src/contenders/index.ts";
import { connectIoredis, disconnectIoredis } from "../src/contenders/ioredis-clients.ts";
import { ServerStatistics } from "../src/server-statistics.ts";

let servers: RedisServers;
beforeAll(async () => {
  servers = await startRedisServers(1);
});
afterAll(() => servers.stop());

const WITH_SERVERS = contenders.filter(({ isLocal }) => isLocal !== true);

test.each(WITH_SERVERS)("counts all commands that $name sends", async (contender) => {
  const [client] = await connectIoredis(servers);
  if (client === undefined) throw new Error("no client");
  const lockClient = await contender.connect(servers);
  const monitor = await client.monitor();
  await using statistics = await ServerStatistics.connect(servers);
  try {
    // The first cycle loads scripts, which later cycles do not.
    await (await lockClient.acquire("bench:warm-up")).release();
    const sent: string[] = [];
    monitor.on("monitor", (_time: string, [command = ""]: string[], source: string) => {
      if (source !== "lua") sent.push(command.toLowerCase());
    });
    // The monitor reports commands in order, so all commands before an echo are known after it.
    const echo = async (text: string): Promise<void> => {
      const reported = new Promise<void>((resolve) => {
        monitor.on("monitor", (_time: string, args: string[]) => void (args[1] === text && resolve()));
      });
      await client.echo(text);
      await reported;
    };
    await echo("begin");
    sent.length = 0;
    const { server } = await statistics.measure(contender, async () => {
      for (const name of ["bench:a", "bench:b"]) await (await lockClient.acquire(name)).release();
    });
    await echo("end");
    const own = sent.filter((command) => !["info", "echo"].includes(command));
    expect(own).toHaveLength(server.commands);
    expect(server.commands).toBeGreaterThanOrEqual(4);
    expect(server.commandMs).toBeGreaterThan(0);
    expect(server.cpuMs).toBeGreaterThan(0);
  } finally {
    monitor.disconnect();
    await once(monitor, "end");
    await lockClient[Symbol.asyncDispose]();
    disconnectIoredis([client]);
  }
});
