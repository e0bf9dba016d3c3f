import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, test } from "vitest";
import type { Redlock } from "../../src/index.ts";
import { bundledProgram } from "../support/bundled-program.ts";
import { clientsOn } from "../support/real-clients.ts";
import { ports, testServers } from "../support/server-access.ts";
import { exitsOf } from "../support/test-processes.ts";
import { eventually, rejection } from "../support/timing.ts";

// Fair locks on real servers.

const all = await testServers(3);
const startCallers = await bundledProgram(new URL("../support/fair-callers.ts", import.meta.url));

/** A caller that called so much earlier has its place before the other one calls, also on a busy machine. */
const SLACK_MS = 1_000;

interface Served {
  readonly name: string;
  readonly calledAt: number;
  readonly servedAt: number;
  readonly fence: number;
}

describe.each([1, 3])("on %i servers", (count) => {
  const servers = all.slice(0, count);
  const { admin } = servers[0]!;
  const client = clientsOn(servers);

  function start(name: string, callers: number, turns: number): ChildProcess {
    return startCallers([name, String(callers), String(turns), ...ports(servers).map(String)]);
  }

  async function served(): Promise<readonly Served[]> {
    return (await admin.lrange("served", 0, -1)).map((text) => JSON.parse(text) as Served);
  }

  afterEach(() => admin.del("served", "inside", "violations"));

  test("callers of four processes are served in the order of their calls", async () => {
    const children = ["a", "b", "c", "d"].map((name) => start(name, 6, 5));
    const exits = await exitsOf(children);
    expect(exits).toEqual([0, 0, 0, 0]);
    const turns = await served();
    expect(turns).toHaveLength(4 * 6 * 5);
    expect(await admin.get("violations")).toBeNull();
    const fences = turns.map(({ fence }) => fence);
    expect(fences).toEqual(fences.toSorted((a, b) => a - b));
    const passes = turns.filter((turn, index) =>
      turns.slice(index + 1).some((later) => later.calledAt + SLACK_MS < turn.calledAt),
    );
    expect(passes).toEqual([]);
  });

  test("a process that is killed or stopped in line does not stop the others", async () => {
    const [first, second] = [client(), client()];
    const held = await first.fair("ticket window").acquire();
    const children = ["killed", "stopped"].map((name) => start(name, 3, 1));
    await eventually("both wait", async () => (await first.fair("ticket window").position()).waiting === 6);
    const last = second.fair("ticket window").acquire({ wait: 30_000 });
    await eventually("all wait", async () => (await first.fair("ticket window").position()).waiting === 7);
    children[0]!.kill("SIGKILL");
    children[1]!.kill("SIGSTOP");
    const startedAt = performance.now();
    await held.release();
    await (await last).release();
    // Two processes, each about 60 ms or until the next attempt of a waiter after a second. Their locks would end after 20 s.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    children[1]!.kill("SIGCONT");
    await once(children[1]!, "exit");
    expect((await served()).map(({ name }) => name)).toEqual(["stopped", "stopped", "stopped"]);
  });

  test("priorities, a caller that gives up, and positions", async () => {
    const [one, two] = [client(), client()];
    const order: string[] = [];
    const held = await one.fair("doc").acquire();
    const call = async (who: string, redlock: Redlock, priority: number): Promise<void> => {
      const lockable = redlock.fair("doc", { priority, ageing: 60_000 });
      const before = (await lockable.position()).waiting;
      void lockable.using({ wait: 30_000 }, () => void order.push(who));
      await eventually(who, async () => (await one.fair("doc").position()).waiting === before + 1);
    };
    await call("low", one, -1);
    await call("normal", two, 0);
    const controller = new AbortController();
    const aborted = rejection(
      two.fair("doc", { priority: 2, ageing: 60_000 }).acquire({ signal: controller.signal }),
    );
    await eventually("the next one", async () => (await one.fair("doc").position()).waiting === 3);
    await call("high", two, 1);
    expect(await one.fair("doc", { priority: 1, ageing: 60_000 }).position()).toMatchObject({ ahead: 2 });
    controller.abort();
    await aborted;
    await eventually("it leaves", async () => (await one.fair("doc").position()).waiting === 3);
    await held.release();
    await eventually("all are served", () => order.length === 3);
    expect(order).toEqual(["high", "normal", "low"]);
  });
});
