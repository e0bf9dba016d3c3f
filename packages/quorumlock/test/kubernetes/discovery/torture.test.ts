import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Lock } from "../../../src/index.ts";
import { DiscoveryBed, untilState } from "../../support/discovery-bed.ts";
import { testServers } from "../../support/server-access.ts";
import { eventually } from "../../support/timing.ts";

// Locks under load, while pods move, servers lose their memory, the size changes and the API server is down.

const servers = await testServers(7);

let bed: DiscoveryBed;
beforeEach(async () => {
  bed = await DiscoveryBed.start(servers);
});
afterEach(() => bed.api[Symbol.asyncDispose]());

describe("all of it together", () => {
  it("lets grants exclude each other, with increasing fencing tokens", { timeout: 120_000 }, async () => {
    await bed.deploy(5, 3);
    const options = { ttl: 1_000, restartGuard: 1_500, requestTimeout: 1_000 };
    const processes = [
      await bed.startProcess(options),
      await bed.startProcess(options),
      await bed.startProcess(options),
    ];
    const state = { isRunning: true };
    const failures: unknown[] = [];
    const inside = new Set<Lock>();
    const fences: number[] = [];
    const loops = processes.flatMap(({ redlock }) =>
      [1, 2].map(async () => {
        while (state.isRunning && failures.length === 0) {
          const lock = await redlock.acquire("load", { wait: Infinity });
          // A lock can be lost on a slow machine. Then it excludes nobody any more.
          if (lock.isHeld) {
            const holders = [...inside].filter((other) => other.isHeld);
            inside.add(lock);
            if (lock.isHeld && holders.some((other) => other.isHeld))
              throw new Error(`${holders.length + 1} locks are held`);
            fences.push(lock.fence);
            await new Promise((resolve) => setTimeout(resolve, 1));
            inside.delete(lock);
          }
          await lock.release();
        }
      }),
    );
    const work = loops.map((loop) => loop.catch((error: unknown) => failures.push(error)));
    const progress = async (what: string): Promise<void> => {
      const before = fences.length;
      const isThere = (): boolean => fences.length > before + 20 || failures.length > 0;
      await eventually(`locks are granted: ${what}`, isThere);
      if (failures.length > 0) throw failures[0];
    };
    const all = async (name: string, members: number): Promise<void> => {
      for (const { discovery } of processes) await untilState(discovery, name, members);
    };
    try {
      await progress("three members");
      await servers[5]!.server.restart();
      await bed.pods.set(1, { port: bed.portOf(5) });
      await progress("a pod has moved");
      await bed.pods.annotate({ "quorumlock/next-size": "5" });
      for (let round = 0; round < 10; round += 1)
        await bed.pods.set(2, { port: bed.portOf(2), ready: round % 2 === 1 });
      await all("joint", 5);
      await progress("both sets");
      await bed.api.beginOutage();
      await progress("an outage of the API server");
      await bed.api.endOutage();
      bed.api.compact();
      await bed.pods.annotate({ "quorumlock/size": "5", "quorumlock/next-size": undefined });
      await all("stable", 5);
      await servers[4]!.server.restart();
      await progress("five members, one has lost its memory");
      await servers[6]!.server.restart();
      await bed.pods.remove(3);
      await bed.pods.set(3, { port: bed.portOf(6) });
      await progress("another pod has moved");
      await bed.pods.annotate({ "quorumlock/next-size": "3" });
      await all("joint", 5);
      await bed.pods.annotate({ "quorumlock/size": "3", "quorumlock/next-size": undefined });
      await all("stable", 3);
      await progress("three members again");
    } finally {
      state.isRunning = false;
      await Promise.all(work);
    }
    expect(failures).toEqual([]);
    expect(fences).toEqual(fences.toSorted((a, b) => a - b));
    expect(new Set(fences).size).toBe(fences.length);
  });
});
