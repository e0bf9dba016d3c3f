import { afterEach, beforeEach, expect, it } from "vitest";
import { LockAbortedError, QuorumError } from "../../../src/index.ts";
import { leaseLock, type LeaseLockable, type LeaseLockOptions } from "../../../src/kubernetes/index.ts";
import { KubernetesApi } from "../../support/kubernetes-api/server.ts";
import { rejection } from "../../support/timing.ts";

// What only the server of the tests can do: lose requests and replies, hang, and refuse.

let api: KubernetesApi;
beforeEach(async () => {
  api = await KubernetesApi.start();
});
afterEach(() => api[Symbol.asyncDispose]());

const target = { namespace: "jobs", name: "nightly" };

function lockable(options: LeaseLockOptions = {}): LeaseLockable {
  return leaseLock(api.clients().coordination, target, options);
}

const updates = (): number => api.requests.filter(({ verb }) => verb === "update").length;

it("reads back whether it has the Lease if the reply of the write was lost", async () => {
  api.addFault({ verb: "update", times: 1, effect: { kind: "lost reply" } });
  const lock = await lockable().acquire();
  expect(updates()).toBe(2);
  const lease = await api.clients().coordination.readNamespacedLease(target);
  expect(lease.spec).toMatchObject({ holderIdentity: lock.token, leaseTransitions: lock.fence });
  expect(await lock.release()).toBe(true);
});

it("writes again if the request was lost", async () => {
  api.addFault({ verb: "update", times: 1, effect: { kind: "lost request" } });
  const lock = await lockable().tryAcquire();
  expect(lock?.isHeld).toBe(true);
});

it("does not become the holder by a write that arrives after others had the Lease", async () => {
  await lockable().using(() => undefined);
  let arrive = (): void => undefined;
  const until = new Promise<void>((resolve) => (arrive = resolve));
  api.addFault({ verb: "update", times: 1, effect: { kind: "late request", until } });
  const before = updates();
  const abort = new AbortController();
  const refused = rejection(lockable().acquire({ signal: abort.signal }));
  await api.until(() => updates() > before);
  abort.abort();
  expect(await refused).toBeInstanceOf(LockAbortedError);
  const other = lockable();
  const held = await other.acquire();
  arrive();
  await held.extend();
  expect((await other.query()).holders).toMatchObject([{ token: held.token }]);
  expect(await held.release()).toBe(true);
});

it("ends a request that hangs at its time limit, and the client closes the connection", async () => {
  const hanging = lockable({ requestTimeout: 200 });
  api.hang(true);
  await expect(hanging.tryAcquire()).rejects.toThrow(
    "did not answer the request to get the Lease within 200 ms",
  );
  await api.until(({ connectionCount }) => connectionCount === 0);
  api.hang(false);
  const lock = await hanging.acquire();
  expect(lock.isHeld).toBe(true);
});

it.each(["get", "create", "update"] as const)(
  "names the missing right to %s Leases, at once",
  async (verb) => {
    api.addFault({ verb, effect: { kind: "status", status: 403 } });
    const error: unknown = await lockable({ wait: 600_000 })
      .acquire()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(QuorumError);
    expect(String(error)).toContain(`the role needs the verb "${verb}" on leases of coordination.k8s.io`);
    // Neither the token of the client nor the headers of the reply.
    expect(JSON.stringify((error as QuorumError).toJSON())).not.toMatch(/token-of-the-tests|headers/i);
  },
);

it("says why it could not lock when the wait is over: wrong credentials, and no server", async () => {
  const stranger = api.kubeConfig({ token: "wrong" });
  const { CoordinationV1Api } = await import("@kubernetes/client-node");
  const refused = leaseLock(stranger.makeApiClient(CoordinationV1Api), target, { wait: 500 });
  await expect(refused.acquire()).rejects.toThrow(
    /refused to get the Lease jobs\/nightly with status 401.*check the credentials/,
  );
  const away = lockable({ wait: 500 });
  await api[Symbol.asyncDispose]();
  await expect(away.acquire()).rejects.toThrow(
    /the API server did not answer within \d+ ms\n  the API server: cannot be reached: .*ECONNREFUSED/,
  );
});
