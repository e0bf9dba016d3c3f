import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { type InstanceSource, type Lock, type QuorumError, Redlock } from "../../src/index.ts";
import { GlideInstance } from "../../src/instances/glide.ts";
import { lockRecords, processOnce } from "../../src/patterns/index.ts";
import { freePort } from "../../src/testing/free-port.ts";
import type { ClientKind } from "../support/clients.ts";
import { FRESH } from "../support/fresh.ts";
import { glideClusterKind, glideKind, loadGlide, restClient, restKinds } from "../support/further-clients.ts";
import { startProxy } from "../support/proxy.ts";
import { RequestCounter } from "../support/request-counter.ts";
import { type RestFront, startRestFront } from "../support/rest-front.ts";
import { locksOn, ports, type TestServer, testServers } from "../support/server-access.ts";
import { aborted, eventually, rejection } from "../support/timing.ts";

// Clients that report nothing about their connections: Valkey GLIDE, and REST clients.

const servers = await testServers(3);
const [first] = servers;
// Only a server that keeps every write has records.
const [durable] = await testServers(1, { args: ["--appendonly", "yes", "--appendfsync", "always"] });
const [node] = await testServers(1, { args: ["--cluster-enabled", "yes"] });
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const [restKind] = restKinds as readonly [ClientKind];
const kinds = [glideKind, restKind] as const;
/** Requests are not repeated, and locks are not extended. */
const CALM = { autoExtend: false, requestTimeout: 60_000, ttl: 120_000 };

async function sourcesOf(kind: ClientKind, list: readonly TestServer[]): Promise<readonly InstanceSource[]> {
  const clients = await Promise.all(ports(list).map((port) => kind.connect([port])));
  for (const { close } of clients) closers.push(close);
  return clients.map(({ source }) => source);
}

function redlockOf(sources: readonly InstanceSource[], options: object = {}): Redlock {
  const redlock = new Redlock(sources, { ...FRESH, ...options });
  closers.push(() => redlock.close());
  return redlock;
}

async function frontOf(port: number): Promise<RestFront> {
  const front = await startRestFront(port);
  closers.push(() => front.close());
  return front;
}

async function wakeChannels(): Promise<readonly string[]> {
  return (await first!.admin.pubsub("CHANNELS", "*wake*")) as string[];
}

describe.each(kinds)("$name", (kind) => {
  test("excludes others in this process and in other clients, and counts fencing tokens up", async () => {
    const redlocks = [
      redlockOf(await sourcesOf(kind, servers)),
      redlockOf(await sourcesOf(kind, servers)),
      redlockOf(servers.map(({ server }) => server.url)),
    ];
    let holders = 0;
    const fences: number[] = [];
    const work = async ({ fence }: { readonly fence: number }): Promise<void> => {
      holders += 1;
      expect(holders).toBe(1);
      fences.push(fence);
      await new Promise<void>((resolve) => setImmediate(resolve));
      holders -= 1;
    };
    const callers = Array.from({ length: 15 }, (_, index) => redlocks[index % 3]!);
    await Promise.all(callers.map((redlock) => redlock.using(`x:${kind.name}`, { wait: 60_000 }, work)));
    expect(fences).toHaveLength(15);
    expect(fences).toEqual([...fences].toSorted((a, b) => a - b));
  });

  test("sends the requests of one tick together, and one script call for each of them later", async () => {
    const redlock = redlockOf(await sourcesOf(kind, [first!]), CALM);
    await redlock.using("warm-up", () => undefined);
    await using counter = await RequestCounter.start([first!]);
    const names = Array.from({ length: 100 }, (_, index) => `tick:${index}`);
    const sent = await counter.during([redlock], async () => {
      const locks = await Promise.all(names.map((name) => redlock.acquire(name)));
      await Promise.all(locks.map((lock) => lock.release()));
    });
    expect(sent.map(({ calls }) => calls)).toEqual([2]);
  });

  test("locks while one of three servers is down, and uses it again after its restart", async () => {
    const redlock = redlockOf(await sourcesOf(kind, servers), { requestTimeout: 1_000 });
    const events: string[] = [];
    redlock.on("instance:restarted", () => events.push("restarted"));
    const downs: string[] = [];
    redlock.on("instance:down", ({ instance }) => downs.push(instance));
    await redlock.using("before", () => undefined);
    await first!.server.kill();
    const locks: Lock[] = [];
    for (const name of ["a", "b"]) locks.push(await redlock.acquire(name));
    await eventually("the server is noticed to be down", () => downs.length > 0);
    const { instance } = (await redlock.health()).instances[0]!;
    await first!.server.restart();
    // Nothing is sent meanwhile except PING.
    await eventually("the server is used again", () => events.includes("restarted"));
    await Promise.all(locks.map((lock) => lock.release()));
    await redlock.using("after", () => undefined);
    await eventually("the server votes", async () => (await redlock.health()).voting === 3);
    expect(downs.filter((down) => down === instance)).toHaveLength(1);
  });

  test("identifies a server that was restarted between two requests, before it votes", async () => {
    const redlock = redlockOf(await sourcesOf(kind, [first!]));
    let restarts = 0;
    redlock.on("instance:restarted", () => (restarts += 1));
    const before = await redlock.acquire("r");
    await before.release();
    await first!.server.restart();
    const after = await redlock.acquire("r", { wait: 30_000 });
    expect(restarts).toBe(1);
    expect(after.fence).toBeGreaterThan(before.fence);
    await after.release();
  });

  test("with the restart guard, servers that have just started abstain", async () => {
    const redlock = redlockOf(await sourcesOf(kind, servers), { restartGuard: 600_000, wait: 0 });
    const causes: string[] = [];
    redlock.on("instance:unsafe", ({ cause }) => causes.push(cause));
    expect(await rejection(redlock.acquire("g"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(causes).toEqual(["restart", "restart", "restart"]);
  });

  test("reports a lost lock", async () => {
    const redlock = redlockOf(await sourcesOf(kind, [first!]), { ttl: 300 });
    const lock = await redlock.acquire("lost");
    for (const key of await locksOn(first!)) await first!.admin.set(key, "somebody else");
    await aborted(lock.signal);
    expect(lock.signal.reason).toMatchObject({ code: "LOCK_LOST" });
  });
});

describe("GLIDE", () => {
  async function glideOf(port: number, options: object = {}) {
    const { GlideClient } = await loadGlide();
    const client = await GlideClient.createClient({ addresses: [{ host: "127.0.0.1", port }], ...options });
    closers.push(() => client.close());
    return client;
  }

  test("a waiter is woken by a message, and sends nothing meanwhile", async () => {
    const holder = redlockOf([first!.server.url], { ttl: 60_000 });
    const proxy = await startProxy(first!.server.port);
    closers.push(() => proxy.close());
    const waiter = redlockOf([await glideOf(proxy.port)]);
    const front = await frontOf(first!.server.port);
    const poller = redlockOf([restClient(front)]);
    const [lock, other] = [await holder.acquire("w"), await holder.acquire("polled")];
    const waiting = waiter.acquire("w", { wait: 60_000 });
    await eventually("it has subscribed", async () => (await wakeChannels()).length > 0);
    // The polls of another waiter are the clock of this test.
    const polling = poller.acquire("polled", { wait: 60_000 });
    await eventually("the other waiter has asked twice", () => front.requests.length >= 3);
    const [bytes, requests] = [proxy.sentBytes, front.requests.length];
    await eventually("the other waiter has polled", () => front.requests.length >= requests + 8);
    expect(proxy.sentBytes).toBe(bytes);
    await Promise.all([lock.release(), other.release()]);
    for (const each of [waiting, polling]) await (await each).release();
  });

  test("a waiter asks again when its broken subscription works again, because messages were lost", async () => {
    const holder = redlockOf([first!.server.url], { ttl: 600_000, autoExtend: false });
    const waiter = redlockOf([await glideOf(first!.server.port)]);
    await holder.acquire("s");
    const waiting = waiter.acquire("s", { wait: 60_000 });
    await eventually("it has subscribed", async () => (await wakeChannels()).length > 0);
    // Without a message, like one that was lost.
    await first!.admin.del("lock:s");
    await first!.admin.call("CLIENT", "KILL", "TYPE", "pubsub");
    await (await waiting).release();
  });

  test("reports each break of the subscription once it is restored, and no break without one", async () => {
    const instance = new GlideInstance(await glideOf(first!.server.port));
    const messages: string[] = [];
    let restorations = 0;
    const subscription = instance.openSubscription({
      onMessage: (channel, message) => messages.push(`${channel} ${message}`),
      onRestored: () => (restorations += 1),
      onLost: () => undefined,
    });
    closers.push(() => subscription.close());
    await Promise.all(["a", "b", "c"].map((channel) => subscription.subscribe(channel)));
    subscription.unsubscribe("b");
    await subscription.subscribe("d");
    await first!.admin.publish("a", "1");
    await eventually("the message arrives", () => messages.length === 1);
    expect(restorations).toBe(0);
    await first!.admin.call("CLIENT", "KILL", "TYPE", "pubsub");
    await eventually("the subscription is restored", () => restorations > 0);
    for (const channel of ["b", "c", "d"]) await first!.admin.publish(channel, "2");
    await eventually("the messages arrive", () => messages.length === 3);
    expect(messages).toEqual(["a 1", "c 2", "d 2"]);
    await first!.server.restart();
    const before = restorations;
    await eventually("the subscription is restored on the new server", () => restorations > before);
  });

  test("without the right to subscribe, waiters poll, and nothing is repeated without a pause", async () => {
    await first!.admin.call("ACL", "SETUSER", "deaf", "on", ">secret", "~*", "resetchannels", "+@all");
    await first!.admin.call("ACL", "LOG", "RESET");
    const credentials = { username: "deaf", password: "secret" };
    const redlock = redlockOf([await glideOf(first!.server.port, { credentials })]);
    const lost: string[] = [];
    redlock.on("instance:wake:lost", ({ error }) => lost.push(error.message));
    const lock = await redlock.acquire("deaf");
    const other = redlockOf([await glideOf(first!.server.port, { credentials })]);
    other.on("instance:wake:lost", ({ error }) => lost.push(error.message));
    const waiting = other.acquire("deaf", { wait: 60_000 });
    await eventually("the refusal is reported", () => lost.length > 0);
    expect(lost[0]).toContain("has not confirmed the subscription within 2000 ms");
    await lock.release();
    await (await waiting).release();
    const log = (await first!.admin.call("ACL", "LOG")) as (string | number)[][];
    const refusals = log.filter((entry) => entry[3] === "toplevel" && entry[5] !== "client|setinfo");
    expect(refusals.reduce((sum, entry) => sum + Number(entry[1]), 0)).toBeLessThan(20);
  });

  test("a hung server gets one request and PINGs, however often locks are acquired", async () => {
    const client = await glideOf(first!.server.port, { requestTimeout: 1_000 });
    const redlock = redlockOf([client], { wait: 0, requestTimeout: 2_000 });
    // A request that a pause of this machine has delayed is repeated.
    await redlock.using("h", { wait: 30_000 }, () => undefined);
    await using counter = await RequestCounter.start([first!]);
    first!.server.pause();
    const errors: QuorumError[] = [];
    try {
      for (let attempt = 0; attempt < 5; attempt += 1)
        errors.push((await rejection(redlock.acquire("h"))) as QuorumError);
    } finally {
      first!.server.resume();
    }
    expect(errors[0]!.failures[0]?.error).toMatchObject({ code: "INSTANCE_TIMEOUT" });
    expect(errors[0]!.failures[0]?.error.message).toContain("requestTimeout of the client");
    await redlock.using("h", { wait: 30_000 }, () => undefined);
    // The request that was given up. The server is identified before it gets another one.
    const [operations] = counter.allOperations();
    expect(operations).toContain("identify");
    expect(operations!.length).toBeLessThanOrEqual(6);
    expect(operations!.slice(0, operations!.indexOf("identify"))).toEqual(["mutex.acquire"]);
  });

  test("a hung server does not keep a majority from voting, and votes again later", async () => {
    const redlock = redlockOf(await sourcesOf(glideKind, servers), { requestTimeout: 1_000 });
    await redlock.using("m", () => undefined);
    first!.server.pause();
    const hung = `127.0.0.1:${first!.server.port}`;
    const downs: string[] = [];
    redlock.on("instance:down", ({ instance, error }) => instance === hung && downs.push(error.code));
    try {
      await redlock.using("m", () => undefined);
      await eventually("the hung server is noticed", () => downs.length > 0);
      await redlock.using("m", () => undefined);
    } finally {
      first!.server.resume();
    }
    expect(downs).toEqual(["INSTANCE_TIMEOUT"]);
    await eventually("the server votes", async () => (await redlock.health()).voting === 3);
  });

  test("a wrong password ends an acquisition at once, and appears nowhere", async () => {
    await first!.admin.call("ACL", "SETUSER", "strict", "on", ">right", "~*", "&*", "+@all");
    const secret = "wr0ng-s3cret";
    const credentials = { username: "strict", password: secret };
    const redlock = redlockOf([await glideOf(first!.server.port, { credentials, lazyConnect: true })]);
    const error = (await rejection(redlock.acquire("p", { wait: 60_000 }))) as QuorumError;
    expect(error).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(error.failures[0]?.error).toMatchObject({ isPermanent: true });
    expect(error.message).toContain("WRONGPASS");
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(secret);
  });

  test("an unreachable server is reported, without a request that waits for it", async () => {
    const options = { lazyConnect: true, advancedConfiguration: { connectionTimeout: 1_000 } };
    const redlock = redlockOf([await glideOf(await freePort(), options)], { wait: 0 });
    expect(await rejection(redlock.acquire("p"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
  });

  test("a node of a cluster that was restarted is identified again before the cluster votes", async () => {
    const { admin, server } = node!;
    await admin.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    const { source, close } = await glideClusterKind.connect([server.port]);
    closers.push(close);
    const redlock = redlockOf([source]);
    let restarts = 0;
    redlock.on("instance:restarted", () => (restarts += 1));
    await redlock.using("c", { wait: 60_000 }, () => undefined);
    await server.restart();
    await redlock.using("c", { wait: 60_000 }, () => expect(restarts).toBe(1));
  });

  test("a closed client is reported with what to do", async () => {
    const client = await glideOf(first!.server.port);
    const redlock = redlockOf([client]);
    await redlock.using("c", () => undefined);
    client.close();
    const error = (await rejection(redlock.acquire("c", { wait: 0 }))) as QuorumError;
    expect(error.message).toContain("the client is closed; make a new one");
  });

  test("a client that cannot subscribe is used, and its waiters poll", async () => {
    const { ProtocolVersion } = await loadGlide();
    const options = { protocol: ProtocolVersion.RESP2 };
    const redlocks = [0, 1].map(async () => redlockOf([await glideOf(first!.server.port, options)]));
    const [holder, waiter] = await Promise.all(redlocks);
    const lost: string[] = [];
    waiter!.on("instance:wake:lost", ({ error }) => lost.push(error.message));
    const lock = await holder!.acquire("resp2");
    const waiting = waiter!.acquire("resp2", { wait: 60_000 });
    await eventually("it says so", () => lost.length === 1);
    await lock.release();
    await (await waiting).release();
    expect(lost).toEqual(["the client library cannot subscribe, so waiters poll every 50 to 150 ms"]);
  });
});

describe("a REST client", () => {
  test("a server that does not report its run id counts as just started", async () => {
    const user = { username: "uninformed", password: "secret" };
    await first!.admin.call("ACL", "SETUSER", user.username, "on", ">secret", "~*", "&*", "+@all", "-info");
    const front = await startRestFront(first!.server.port, { user });
    closers.push(() => front.close());
    const redlock = redlockOf([restClient(front)]);
    await redlock.using("u", () => undefined);
    expect((await redlock.health()).instances[0]).toMatchObject({ runId: undefined, isVoting: true });
    const guarded = redlockOf([restClient(front)], { restartGuard: 600_000, wait: 0 });
    const error = (await rejection(guarded.acquire("u"))) as QuorumError;
    expect(error.failures[0]?.error.message).toContain("the server does not report its uptime");
  });

  test("its waiters poll, say so once, and one of them asks for each process", async () => {
    const front = await frontOf(first!.server.port);
    const holder = redlockOf([first!.server.url]);
    const waiter = redlockOf([restClient(front)]);
    const lost: string[] = [];
    waiter.on("instance:wake:lost", ({ error }) => lost.push(error.message));
    const lock = await holder.acquire("polled", { ttl: 60_000 });
    const waiting = Array.from({ length: 3 }, () => waiter.acquire("polled", { wait: 60_000 }));
    await eventually("it polls", () => front.requests.length >= 5);
    const [before, from] = [front.requests.length, performance.now()];
    await eventually("it polls on", () => front.requests.length >= before + 20);
    // Every 50 to 150 ms. A slow machine polls less often.
    const elapsedMs = performance.now() - from;
    expect(front.requests.length - before).toBeLessThanOrEqual(elapsedMs / 50 + 1);
    await lock.release();
    for (const each of waiting) await (await each).release();
    expect(lost).toEqual(["the client library cannot subscribe, so waiters poll every 50 to 150 ms"]);
    expect(front.requests.slice(1).every((request) => /^(EVAL|EVALSHA|CONFIG)$/.test(request))).toBe(true);
  });

  test("a request that the client repeats after a lost answer grants once", async () => {
    const front = await frontOf(first!.server.port);
    const redlock = redlockOf([restClient(front, { retry: { retries: 2, backoff: () => 0 } })]);
    const before = await redlock.acquire("again");
    await before.release();
    front.faults.push("drop the answer");
    const lock = await redlock.acquire("again");
    expect(lock.fence).toBe(before.fence + 1);
    // The second try finds the lock gone.
    front.faults.push("drop the answer");
    expect(await lock.release()).toBe(false);
    expect(await locksOn(first!)).toEqual([]);
  });

  test("fair locks and semaphores work with polls", async () => {
    const fronts = await Promise.all(ports(servers).map(frontOf));
    const redlocks = [0, 1].map(() => redlockOf(fronts.map((front) => restClient(front))));
    let holders = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, (holders += 1));
      await new Promise<void>((resolve) => setImmediate(resolve));
      holders -= 1;
    };
    const six = Array.from({ length: 6 }, (_, index) => redlocks[index % 2]!);
    await Promise.all(six.map((redlock) => redlock.fair("window").using({ wait: 60_000 }, work)));
    expect(most).toBe(1);
    const pool = { permits: 2 };
    await Promise.all(six.map((redlock) => redlock.semaphore("pool", pool).using({ wait: 60_000 }, work)));
    expect(most).toBeLessThanOrEqual(2);
  });

  test.each(["drop the answer", "drop the request", "answer with HTML"] as const)(
    "with one try, it asks again after a fault: %s",
    async (fault) => {
      const front = await frontOf(first!.server.port);
      const redlock = redlockOf([restClient(front)]);
      await redlock.using("fault", () => undefined);
      front.faults.push(fault);
      const lock = await redlock.acquire("fault", { wait: 60_000 });
      await lock.release();
      expect(front.requests).toContain("PING");
      await eventually("nothing is left", async () => (await locksOn(first!)).length === 0);
    },
  );

  test("a hanging server does not keep a majority from voting", async () => {
    const fronts = await Promise.all(ports(servers).map(frontOf));
    const redlock = redlockOf(
      fronts.map((front) => restClient(front)),
      { requestTimeout: 1_000 },
    );
    await redlock.using("hang", () => undefined);
    const hanging = new URL(fronts[0]!.url).host;
    const downs: string[] = [];
    redlock.on("instance:down", ({ instance, error }) => instance === hanging && downs.push(error.code));
    fronts[0]!.faults.push("hang");
    const scripts = (): number => fronts[0]!.requests.filter((request) => request !== "PING").length;
    const before = scripts();
    for (let round = 0; round < 5; round += 1) await redlock.using("hang", () => undefined);
    await eventually("the hanging server is noticed", () => downs.length > 0);
    expect(downs).toEqual(["INSTANCE_TIMEOUT"]);
    expect(scripts() - before).toBe(1);
    fronts[0]!.resume();
    await eventually("the server votes", async () => (await redlock.health()).voting === 3);
    await eventually("nothing is left", async () => (await locksOn(first!)).length === 0);
  });

  test("a record comes back as it was written, although the client parses JSON in replies", async () => {
    const front = await frontOf(durable!.server.port);
    const redlock = redlockOf([restClient(front)]);
    const result = {
      text: '"quoted"',
      number: "0012",
      list: "[1, 2]",
      nothing: "null",
      nested: { 2: "b", 1: "a" },
    };
    const options = { records: lockRecords(redlock), runFor: 10_000 };
    await processOnce(redlock, "job", options, () => result);
    const again = await processOnce(redlock, "job", options, () => ({ ...result, text: "another" }));
    expect(again).toMatchObject({ outcome: "done", replayed: true, value: result });
    expect(JSON.stringify(again.outcome === "done" && again.value)).toBe(JSON.stringify(result));
  });

  test("an aborted request is no answer", async () => {
    const front = await frontOf(first!.server.port);
    const abort = new AbortController();
    const redlock = redlockOf([restClient(front, { signal: abort.signal })], { wait: 0 });
    await redlock.using("signal", () => undefined);
    const before = front.requests.length;
    abort.abort("Aborted");
    const error = (await rejection(redlock.acquire("signal"))) as QuorumError;
    expect(error.failures[0]?.error.message).toBe("the answer is not one of the server");
    expect(front.requests).toHaveLength(before);
  });

  test("a `signal` function ends a request that hangs, long before the limit of the library", async () => {
    const front = await frontOf(first!.server.port);
    const aborts: AbortController[] = [];
    const signal = (): AbortSignal => {
      const abort = new AbortController();
      aborts.push(abort);
      return abort.signal;
    };
    const redlock = redlockOf([restClient(front, { signal })], { requestTimeout: 60_000 });
    await redlock.using("signal", () => undefined);
    front.faults.push("hang");
    const downs: string[] = [];
    redlock.on("instance:down", ({ error }) => downs.push(error.message));
    const before = front.requests.length;
    const acquiring = redlock.acquire("signal", { wait: 60_000 });
    await eventually("the request hangs", () => front.requests.length > before);
    aborts.at(-1)!.abort();
    await (await acquiring).release();
    expect(downs).toEqual([expect.stringContaining("aborted")]);
    expect(front.requests[before + 1]).toBe("PING");
  });

  test("a wrong token ends an acquisition at once, and neither it nor a command appears", async () => {
    const front = await frontOf(first!.server.port);
    const secret = "wr0ng-t0ken";
    const redlock = redlockOf([restClient({ ...front, token: secret })]);
    const error = (await rejection(redlock.acquire("private-name", { wait: 60_000 }))) as QuorumError;
    expect(error).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(error.failures[0]?.error).toMatchObject({ code: "INSTANCE_REPLY", isPermanent: true });
    const text = inspect(error.failures, { depth: 20, showHidden: true });
    for (const hidden of [secret, "EVAL", "local function"]) expect(text).not.toContain(hidden);
  });

  test("an unreachable server is reported with its address", async () => {
    const port = await freePort();
    const redlock = redlockOf([restClient({ url: `http://127.0.0.1:${port}`, token: "t" } as RestFront)], {
      wait: 0,
    });
    const error = (await rejection(redlock.acquire("p"))) as QuorumError;
    expect(error.message).toContain(`127.0.0.1:${port}`);
    expect(error.message).toContain("ECONNREFUSED");
  });

  test("writes nothing about locks to the console, also with its latency log", async () => {
    const front = await frontOf(first!.server.port);
    const lines: string[] = [];
    const { log } = console;
    console.log = (...parts: unknown[]) => void lines.push(parts.join(" "));
    try {
      const redlock = redlockOf([restClient(front, { latencyLogging: true })]);
      await redlock.using("private-name", () => undefined);
    } finally {
      console.log = log;
    }
    expect(lines.join("\n")).toContain("EVAL");
    expect(lines.join("\n")).not.toContain("private-name");
  });
});
