import { describe, expect, it } from "vitest";
import { leaseLock, leaseNameOf, type CoordinationApi } from "../../../src/kubernetes/index.ts";
import { LeaseWorld } from "../../support/lease-world.ts";

const never = (): Promise<never> => Promise.reject(new Error("no request is expected"));
const client: CoordinationApi = {
  readNamespacedLease: never,
  createNamespacedLease: never,
  replaceNamespacedLease: never,
};
const target = { namespace: "jobs", name: "nightly" };

describe("a bad argument", () => {
  it.each(["Nightly", "order:42", "", "-a", "a-", "a..b", "a_b", "ä", "a".repeat(254)])(
    "%j is no name of a Lease",
    (name) => {
      expect(() => leaseLock(client, { namespace: "jobs", name })).toThrow(
        /^name: .* must be a DNS subdomain: .*leaseNameOf\(name\)/,
      );
    },
  );

  it.each(["Jobs", "a.b", "", "a".repeat(64)])("%j is no name of a namespace", (namespace) => {
    expect(() => leaseLock(client, { namespace, name: "a" })).toThrow(/^namespace: .* must be a DNS label/);
  });

  it.each([
    [
      () => leaseLock({} as never, target),
      "client: an object (Object) must be a CoordinationV1Api, but it has no method readNamespacedLease",
    ],
    [
      () => leaseLock(client, "nightly" as never),
      'target: "nightly" must be an object; use { namespace, name }',
    ],
    [
      () => leaseLock(client, target, { ttl: 10 }),
      "ttl: 10 ms must be at least 1000, because a Lease has whole seconds; if seconds are meant, use 10000",
    ],
    [() => leaseLock(client, target, { ttl: -1 }), "ttl: -1 ms must be at least 1000"],
    [() => leaseLock(client, target, { ttl: 1000.5 }), "ttl: 1000.5 must be a whole number"],
    [
      () => leaseLock(client, target, { pollInterval: 1 }),
      "pollInterval: 1 must be a whole number from 50 to 60000",
    ],
    [() => leaseLock(client, target, { prefix: "a" } as never), "prefix: there is no such option"],
    [() => leaseLock(client, target, { requestTimeout: 0 }), "requestTimeout: 0 must be a finite number"],
  ])("%s is refused with its field and its value", (call, message) => {
    expect(call).toThrow(message);
  });

  it("is refused by a call, before a request", async () => {
    const lockable = leaseLock(client, target);
    await expect(lockable.acquire({ ttl: 999 })).rejects.toThrow("ttl: 999 ms must be at least 1000");
    await expect(lockable.acquire({ wait: -1 })).rejects.toThrow("wait: -1");
    await expect(lockable.using(5 as never)).rejects.toThrow("options: 5 must be an object");
    const world = new LeaseWorld();
    const acquiring = world.process("a").acquire();
    await world.clock.advance(100);
    const lock = await acquiring;
    await expect(lock.extend(10)).rejects.toThrow("ttl: 10 ms must be at least 1000");
    expect(lock.isHeld).toBe(true);
  });
});

describe("leaseNameOf", () => {
  it("makes a name that Kubernetes accepts of any text, and another one for every other text", () => {
    const texts = [
      "order:42",
      "Order:42",
      "order-42",
      " ",
      "ä",
      "a/b/c",
      "x".repeat(1_000),
      "-",
      "..",
      "日本",
    ];
    const names = texts.map((text) => leaseNameOf(text));
    expect(new Set(names).size).toBe(texts.length);
    for (const name of names) expect(() => leaseLock(client, { namespace: "jobs", name })).not.toThrow();
    expect(leaseNameOf("order:42")).toMatch(/^order-42-[0-9a-f]{32}$/);
    expect(leaseNameOf("日本")).toMatch(/^lease-[0-9a-f]{32}$/);
    expect(() => leaseNameOf("")).toThrow('name: "" must not be empty');
    expect(() => leaseNameOf(42 as never)).toThrow("name: 42 must be a string");
  });
});
