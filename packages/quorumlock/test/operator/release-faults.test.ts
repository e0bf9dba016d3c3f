import { expect, test } from "vitest";
import { MemoryInstance, type MutexRedlock, Redlock } from "../../src/index.ts";
import type { ConnectionListener, Subscription, SubscriptionListener } from "../../src/instances/port.ts";
import type { Reply, Request } from "../../src/operations/request.ts";
import { inspectLocks, type OperatorRelease, releaseForOperator } from "../../src/operator/index.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";
import { advanceDuring } from "../support/world.ts";

// Releases by an operator while requests and replies of one client are lost.

/** The connection of one client to a server, which can lose calls. */
class Connection extends MemoryInstance {
  readonly #server: MemoryInstance;
  readonly operations: string[] = [];
  /** Whether a call with this operation never reaches the server. */
  loses: (operation: string) => boolean = () => false;
  /** Called before a call reaches the server. */
  before: (operations: readonly string[]) => Promise<void> = () => Promise.resolve();

  constructor(server: MemoryInstance, clock: VirtualClock) {
    super({ label: server.label, clock });
    this.#server = server;
  }

  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const names = requests.map(({ operation }) => operation.name);
    this.operations.push(...names);
    await this.before(names);
    if (names.some((name) => this.loses(name))) throw new Error("lost");
    return this.#server.run(requests);
  }

  override observe(listener: ConnectionListener): () => void {
    return this.#server.observe(listener);
  }

  override openSubscription(listener: SubscriptionListener): Subscription {
    return this.#server.openSubscription(listener);
  }
}

interface Process {
  readonly redlock: Redlock;
  readonly connections: readonly Connection[];
}

async function scene(): Promise<{
  readonly clock: VirtualClock;
  readonly servers: readonly MemoryInstance[];
  readonly holder: Process;
  readonly operator: Process;
  readonly other: Process;
}> {
  const clock = new VirtualClock();
  const servers = Array.from({ length: 3 }, (_, index) => new MemoryInstance({ clock, label: `m${index}` }));
  const start = async (owner: string): Promise<Process> => {
    const connections = servers.map((server) => new Connection(server, clock));
    const redlock = new Redlock(connections, { clock, ttl: 10_000, restartGuard: false, owner });
    await redlock.using("warm", () => undefined);
    return { redlock, connections };
  };
  const [holder, operator, other] = [await start("holder"), await start("operator"), await start("other")];
  await settle();
  return { clock, servers, holder, operator, other };
}

const release = (
  redlock: MutexRedlock,
  token: string,
  mode: OperatorRelease["mode"] = "drain",
): ReturnType<typeof releaseForOperator> =>
  releaseForOperator(redlock, { name: "a", token, mode, operator: "operator:anna" });

test("a holder cannot extend a drained lock, whatever servers its last extension has missed", async () => {
  const { clock, holder, operator, other } = await scene();
  const lock = await holder.redlock.acquire("a", { autoExtend: false });
  await clock.advance(5_000);
  holder.connections[2]!.loses = (operation) => operation.includes("extend");
  await advanceDuring(clock, 1_500, lock.extend());
  holder.connections[2]!.loses = () => false;
  operator.connections[1]!.loses = (operation) => operation.startsWith("operator");
  const result = await advanceDuring(clock, 1_500, release(operator.redlock, lock.token));
  expect(result).toMatchObject({ released: true, votes: 2 });
  // The operator's keys last as long as the longest one of the holder, so nobody else comes before.
  expect(result.freeInMs).toBeGreaterThanOrEqual(lock.remaining());
  await clock.advance(lock.remaining() - 500);
  expect(await other.redlock.tryAcquire("a")).toBeNull();
  await expect(lock.extend(60_000)).rejects.toMatchObject({ code: "LOCK_LOST" });
  await clock.advance(result.freeInMs!);
  const next = await other.redlock.tryAcquire("a");
  expect(next?.fence).toBeGreaterThan(result.newFence!);
});

test("the time until it is free is known although no server answers the second look", async () => {
  const { clock, holder, operator } = await scene();
  const lock = await holder.redlock.acquire("a", { autoExtend: false });
  await settle();
  const before = lock.remaining();
  let isReplaced = false;
  for (const connection of operator.connections.slice(0, 2)) {
    connection.loses = (operation) => isReplaced && operation.includes("query");
    connection.before = async (operations) =>
      void (isReplaced ||= operations.some((operation) => operation.startsWith("operator")));
  }
  const result = await advanceDuring(clock, 3_000, release(operator.redlock, lock.token));
  expect(result.released ? result.freeInMs : before).toBeGreaterThanOrEqual(before);
});

test("a release now whose own release fails does not say that the lock is free", async () => {
  const { clock, holder, operator, other } = await scene();
  const lock = await holder.redlock.acquire("a", { ttl: 60_000, autoExtend: false });
  await settle();
  for (const connection of operator.connections.slice(1))
    connection.loses = (operation) => operation.includes("release");
  const result = await advanceDuring(clock, 5_000, release(operator.redlock, lock.token, "now"));
  expect(result).toMatchObject({ released: true });
  expect(result.freeInMs).toBeGreaterThan(50_000);
  expect(result.failures.length).toBeGreaterThan(0);
  expect(await other.redlock.tryAcquire("a")).toBeNull();
});

test("a token that is left on a minority is told apart from the present holder", async () => {
  const { servers, operator, other } = await scene();
  const old = `${"f".repeat(32)}@old`;
  servers[0]!.set("lock:a", old, 8_000);
  const present = await other.redlock.acquire("a");
  await settle();
  expect(await release(operator.redlock, old)).toMatchObject({ released: false, why: "holder-changed" });
  expect(servers[0]!.get("lock:a")).toBe(old);
  await present.extend();
});

test("a shared hold that has ended meanwhile is not released, and other holders stay", async () => {
  const { holder, operator, other } = await scene();
  const lock = await holder.redlock.readWrite("a").read.acquire({ autoExtend: false });
  const kept = await other.redlock.readWrite("a").read.acquire({ autoExtend: false });
  await settle();
  let ending: Promise<unknown> | undefined;
  for (const connection of operator.connections)
    connection.before = async (operations) => {
      if (operations.some((operation) => operation.includes("release"))) await (ending ??= lock.release());
    };
  expect(await release(operator.redlock, lock.token, "now")).toMatchObject({ released: false, votes: 0 });
  await kept.extend();
});

test("a shared hold that ends on fewer servers than a quorum says on how many", async () => {
  const { clock, holder, operator } = await scene();
  const lock = await holder.redlock.readWrite("a").read.acquire({ ttl: 60_000, autoExtend: false });
  await settle();
  for (const connection of operator.connections.slice(1))
    connection.loses = (operation) => operation.includes("release");
  const result = await advanceDuring(clock, 3_000, release(operator.redlock, lock.token, "now"));
  expect(result).toMatchObject({ released: false, why: "no-quorum", votes: 1 });
});

test("an instance that does not say who has permits is no instance without holders", async () => {
  const { clock, holder, operator } = await scene();
  await holder.redlock.semaphore("s", { permits: 2 }).acquire({ ttl: 60_000, autoExtend: false });
  await settle();
  operator.connections[0]!.loses = (operation) => operation.startsWith("slots");
  const [found] = await advanceDuring(clock, 2_000, inspectLocks(operator.redlock, ["s"]));
  expect(found!.instances.map(({ state }) => state)).toEqual(["no-answer", "answered", "answered"]);
});

test("during a change of the servers, both sets must confirm", async () => {
  const clock = new VirtualClock();
  const instances = Array.from(
    { length: 6 },
    (_, index) => new MemoryInstance({ clock, label: `m${index}` }),
  );
  const sets = { current: instances.slice(0, 3), next: instances.slice(3) };
  const options = { clock, restartGuard: false, ttl: 60_000 } as const;
  const [holder, operator] = [new Redlock(sets, options), new Redlock(sets, options)];
  await operator.using("warm", () => undefined);
  const lock = await holder.readWrite("a").read.acquire({ autoExtend: false });
  await settle();
  for (const instance of sets.current) instance.pause();
  const result = await advanceDuring(clock, 5_000, release(operator, lock.token, "now"));
  expect(result).toMatchObject({ released: false, why: "no-quorum" });
});
