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

/** A command with which the statistics are read. */
const READING = "a reading";
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
    monitor.on("monitor", (_time: string, [command = "", first]: string[], source: string) => {
      if (source !== "lua") sent.push(first === "commandstats" ? READING : command.toLowerCase());
    });
    const { server } = await statistics.measure(contender, async () => {
      for (const name of ["bench:a", "bench:b"]) await (await lockClient.acquire(name)).release();
    });
    // The monitor reports commands in order, so all commands before an echo are known after it.
    const reported = new Promise<void>((resolve) => {
      monitor.on("monitor", (_time: string, [, text]: string[]) => void (text === "end" && resolve()));
    });
    await client.echo("end");
    await reported;
    // What a client sends for itself can come before or after both readings.
    const own = sent.slice(sent.indexOf(READING) + 1, sent.lastIndexOf(READING));
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
