import { expect, test } from "vitest";
import { MemoryInstance, Redlock } from "../../src/index.ts";
import type { Reply, Request } from "../../src/operations/request.ts";
import { fenceKey } from "../support/lock-keys.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";

/** One client's connection to a server. It holds back the operations that the test names, and all that comes behind them. */
class LateConnection extends MemoryInstance {
  readonly #server: MemoryInstance;
  readonly #held: (() => void)[] = [];
  late: readonly string[] = [];

  constructor(server: MemoryInstance, clock: VirtualClock) {
    super({ clock, label: server.label });
    this.#server = server;
  }

  override run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const isLate = requests.some(({ operation }) => this.late.includes(operation.name));
    if (!isLate && this.#held.length === 0) return this.#server.run(requests);
    return new Promise((resolve) => this.#held.push(() => void this.#server.run(requests).then(resolve)));
  }

  /** Delivers the message that was held back first. */
  async deliver(): Promise<void> {
    this.#held.shift()?.();
    await settle();
  }
}

test("an acknowledgement counts only from an instance whose own vote counted and was not larger", async () => {
  // The history of docs/protocol.md §6, "Why rule 4".
  const clock = new VirtualClock();
  const servers = [9, 6, 9].map((counter, index) => {
    const server = new MemoryInstance({ clock, label: `m${index + 1}` });
    server.set(fenceKey("x"), String(counter));
    return server;
  });
  const options = { clock, ttl: 60_000, requestTimeout: 30_000, restartGuard: false };
  const connections = servers.map((server) => new LateConnection(server, clock));
  const a = new Redlock(connections, options);
  const b = new Redlock(servers, options);
  for (const redlock of [a, b]) await redlock.using("warm", () => undefined);

  connections[1]!.late = ["mutex.commit"];
  connections[2]!.late = ["mutex.acquire", "mutex.commit"];
  const attempt = a.tryAcquire("x").catch(() => null);
  await settle();
  expect(servers.map((server) => server.get(fenceKey("x")))).toEqual(["10", "7", "9"]);

  servers[1]!.delete("lock:x");
  const lock = await b.acquire("x");
  expect(lock.fence).toBe(10);
  await lock.release();

  // The late vote, then both late commit rounds.
  await connections[2]!.deliver();
  expect(servers[2]!.get(fenceKey("x"))).toBe("11");
  await connections[1]!.deliver();
  await connections[2]!.deliver();
  expect(await attempt).toBeNull();
});
