import { afterAll, describe, expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { webLocks } from "../../src/web-locks/index.ts";
import { FRESH } from "../support/fresh.ts";
import { locksOn, testServers } from "../support/server-access.ts";
import { eventually } from "../support/timing.ts";
import type { Locks } from "./case-tools.ts";
import { cases } from "./cases.ts";

// The cases of the standard, in memory and on real servers.

const servers = await testServers(3);
const urls = servers.map(({ server }) => server.url);
const clients: Readonly<Record<string, Redlock>> = {
  "one instance in memory": Redlock.memory(),
  "three instances in memory": Redlock.memory({ instances: 3 }),
  "three servers": new Redlock(urls, { ...FRESH, requestTimeout: 5_000 }),
};
afterAll(() => Promise.all(Object.values(clients).map((redlock) => redlock.close())));

describe.each(Object.entries(clients))("%s", (_, redlock) => {
  const locks: Locks = webLocks(redlock);
  for (const [group, list] of Object.entries(cases)) {
    describe(group, () => {
      test.each(list.map((each) => [each.title, each] as const))("%s", async (title, each) => {
        await each.run(locks, `${group}: ${title}`);
        const { held, pending } = await locks.query();
        expect([held, pending]).toEqual([[], []]);
        // A server that was not needed for the majority may carry out a release later.
        const areFree = async (): Promise<boolean> =>
          (await Promise.all(servers.map(locksOn))).every((keys) => keys.length === 0);
        await eventually("no server has a lock", areFree);
      });
    });
  }
});
