import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { FRESH } from "../support/fresh.ts";
import { testServers } from "../support/server-access.ts";
import { eventually } from "../support/timing.ts";
import { withoutCounters } from "../support/lock-keys.ts";

// The rights that docs/protocol.md names for a user of the default prefix.

const [server] = await testServers(1);
const { admin } = server!;
const RIGHTS = ["~lock:*", "&lock:*", "-@all"];
const COMMANDS =
  "eval evalsha info time config|get subscribe unsubscribe publish get mget set incr decr del pttl pexpire".split(
    " ",
  );
const clients: Redis[] = [];

beforeAll(async () => {
  const commands = COMMANDS.map((command) => `+${command}`);
  await admin.call("ACL", "SETUSER", "locker", "reset", "on", ">secret", ...RIGHTS, ...commands);
});
afterAll(() => clients.forEach((client) => client.disconnect()));

function connect(username = "locker"): Redis {
  const client = new Redis({ port: server!.server.port, username, password: "secret" });
  client.on("error", () => undefined);
  clients.push(client);
  return client;
}

test("a user that sees only the prefix acquires, hands over, queries, waits, extends, is woken and releases", async () => {
  const [one, two] = [new Redlock([connect()], { ...FRESH, ttl: 60_000 }), new Redlock([connect()], FRESH)];
  const failures: unknown[] = [];
  for (const redlock of [one, two]) redlock.on("instance:wake:lost", (event) => failures.push(event));
  for (const names of ["order:42", ["order:42", "{tenant}:orders", "a}b"]]) {
    const held = await one.attach(await (await one.acquire(names)).detach());
    await held.extend();
    const waiting = two.acquire(names, { wait: 30_000 });
    await eventually(
      "the second client is in line",
      async () => (await admin.keys("lock:~wake:*")).length > 0,
    );
    expect(await two.query(names)).toMatchObject({
      isHeld: true,
      waiters: 1,
      holders: [{ token: held.token }],
    });
    const releasedAt = performance.now();
    await held.release();
    await (await waiting).release();
    expect(performance.now() - releasedAt).toBeLessThan(5_000);
  }
  expect(failures).toEqual([]);
  const log = (await admin.call("ACL", "LOG")) as readonly (readonly string[])[];
  const denied = log.map((entry) => `${entry[5]} ${entry[7]}`);
  // The client sends this command to newer servers, and ignores the refusal.
  expect(denied.filter((entry) => entry !== "toplevel client|setinfo")).toEqual([]);
  expect(withoutCounters(await admin.keys("*"))).toEqual([]);
  await Promise.all([one.close(), two.close()]);
});

test("a user that may not write the notes of sets locks all the same", async () => {
  const keys = ["~lock:order:*", "~lock:~fence:*", "~lock:~wake:*", "~lock:~server"];
  const commands = COMMANDS.map((command) => `+${command}`);
  await admin.call(
    "ACL",
    "SETUSER",
    "noteless",
    "reset",
    "on",
    ">secret",
    ...keys,
    "&lock:*",
    "-@all",
    ...commands,
  );
  await admin.call("ACL", "LOG", "RESET");
  const redlock = new Redlock([connect("noteless")], FRESH);
  const failures: unknown[] = [];
  redlock.on("instance:down", (event) => failures.push(event));
  redlock.on("lock:acquire:failed", (event) => failures.push(event));
  for (let turn = 0; turn < 3; turn++) await redlock.using("order:42", () => undefined);
  const log = (await admin.call("ACL", "LOG")) as readonly (readonly string[])[];
  expect(log.map((entry) => entry[7])).toContain(keySpaceOf("lock:").notes);
  expect(failures).toEqual([]);
  await redlock.close();
});
