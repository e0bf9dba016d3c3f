import { ApiException, type CoordinationV1Api, type V1Lease, V1MicroTime } from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { KubernetesApi } from "../support/kubernetes-api/server.ts";
import { StatusError } from "../support/kubernetes-api/status.ts";

// The server of the other tests, as the real client sees it.

const namespace = "shop";

let api: KubernetesApi;
let coordination: CoordinationV1Api;
beforeEach(async () => {
  api = await KubernetesApi.start({ historyLimit: 20 });
  ({ coordination } = api.clients());
});
afterEach(() => api[Symbol.asyncDispose]());

const lease = (name: string, holderIdentity = "a", metadata: object = {}): V1Lease => ({
  metadata: { name, ...metadata },
  spec: { holderIdentity, leaseDurationSeconds: 10 },
});

/** A copy of a lease with other fields. */
const edited = (original: V1Lease, spec: object, metadata: object = {}): V1Lease => {
  const copy = structuredClone(original);
  Object.assign((copy.metadata ??= {}), metadata);
  Object.assign((copy.spec ??= {}), spec);
  return copy;
};

/** The status and the reason of a refused request. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => expect.fail("the request was accepted"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiException)) throw error;
  const { kind, reason, message } = JSON.parse(error.body as string) as Record<string, string>;
  expect(kind).toBe("Status");
  return `${error.code} ${reason}: ${message}`;
}

interface SeenEvent {
  readonly type: string;
  readonly name: string;
  readonly version: number;
  readonly object: { code?: number; reason?: string; metadata: { name?: string; resourceVersion?: string } };
}

interface Seen {
  readonly events: SeenEvent[];
  /** Waits until the watch has seen so many events. */
  count(count: number): Promise<string[]>;
  /** How the watch has ended: `null`, or the error. */
  readonly done: Promise<unknown>;
  stop(): void;
}

async function watchLeases(query: Record<string, string | number | boolean> = {}): Promise<Seen> {
  const events: SeenEvent[] = [];
  let wake = (): void => undefined;
  let end: (error: unknown) => void = () => undefined;
  const done = new Promise<unknown>((resolve) => (end = resolve));
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const onEvent = (type: string, object: SeenEvent["object"]): void => {
    const { name = "", resourceVersion } = object.metadata;
    events.push({ type, name, version: Number(resourceVersion), object });
    wake();
  };
  const controller = await api.clients().watch.watch(path, query, onEvent, end);
  const count = async (wanted: number): Promise<string[]> => {
    while (events.length < wanted) await new Promise<void>((resolve) => (wake = resolve));
    return events.map(({ type, name }) => `${type} ${name}`);
  };
  return { events, count, done, stop: () => controller.abort() };
}

describe("objects", () => {
  it("creates once: ten racers have one winner and nine get 409 AlreadyExists", async () => {
    const creations = Array.from({ length: 10 }, (_, index) =>
      coordination.createNamespacedLease({ namespace, body: lease("job", `racer-${index}`) }),
    );
    const outcomes = await Promise.allSettled(creations);
    const losers = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(losers).toHaveLength(9);
    expect(losers.every(({ reason }) => (reason as ApiException<unknown>).code === 409)).toBe(true);
    const again = coordination.createNamespacedLease({ namespace, body: lease("job") });
    expect(await refusal(again)).toBe('409 AlreadyExists: leases.coordination.k8s.io "job" already exists');
  });

  it("gives an object its uid, version and time of creation", async () => {
    const created = await coordination.createNamespacedLease({ namespace, body: lease("job") });
    const read = await coordination.readNamespacedLease({ namespace, name: "job" });
    expect(read).toEqual(created);
    expect(read.metadata?.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(read.metadata?.creationTimestamp).toBeInstanceOf(Date);
    expect(Number(read.metadata?.resourceVersion)).toBeGreaterThan(1);
  });

  it("replies 404 NotFound for what is not there", async () => {
    const name = "none";
    const text = '404 NotFound: leases.coordination.k8s.io "none" not found';
    expect(await refusal(coordination.readNamespacedLease({ namespace, name }))).toBe(text);
    expect(await refusal(coordination.deleteNamespacedLease({ namespace, name }))).toBe(text);
    expect(await refusal(coordination.patchNamespacedLease({ namespace, name, body: [] }))).toBe(text);
  });

  it("refuses a replacement of another version with 409 Conflict", async () => {
    const first = await coordination.createNamespacedLease({ namespace, body: lease("job") });
    const second = await coordination.replaceNamespacedLease({
      namespace,
      name: "job",
      body: edited(first, { holderIdentity: "b" }),
    });
    expect(Number(second.metadata?.resourceVersion)).toBeGreaterThan(Number(first.metadata?.resourceVersion));
    const stale = coordination.replaceNamespacedLease({ namespace, name: "job", body: first });
    expect(await refusal(stale)).toContain("409 Conflict: Operation cannot be fulfilled on leases");
  });

  it("lets one of ten replacements of the same version win", async () => {
    const first = await coordination.createNamespacedLease({ namespace, body: lease("job") });
    const replacements = Array.from({ length: 10 }, (_, index) =>
      coordination.replaceNamespacedLease({
        namespace,
        name: "job",
        body: edited(first, { holderIdentity: `racer-${index}` }),
      }),
    );
    const outcomes = await Promise.allSettled(replacements);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("replaces a service without a version unconditionally, and refuses that of a lease", async () => {
    const { core } = api.clients();
    const service = { metadata: { name: "redis" }, spec: { ports: [{ port: 6379 }] } };
    await core.createNamespacedService({ namespace, body: service });
    const body = { ...service, spec: { ports: [{ port: 6380 }] } };
    const replaced = await core.replaceNamespacedService({ namespace, name: "redis", body });
    expect(replaced.spec?.ports?.[0]?.port).toBe(6380);
    await coordination.createNamespacedLease({ namespace, body: lease("job") });
    const blind = coordination.replaceNamespacedLease({ namespace, name: "job", body: lease("job", "b") });
    expect(await refusal(blind)).toMatch(/^422 Invalid: .*resourceVersion.*must be specified for an update/);
  });

  it("creates a lease by a replacement, but not if the replacement knows the uid of a deleted one", async () => {
    const first = await coordination.replaceNamespacedLease({ namespace, name: "job", body: lease("job") });
    await coordination.deleteNamespacedLease({ namespace, name: "job" });
    const late = coordination.replaceNamespacedLease({ namespace, name: "job", body: first });
    expect(await refusal(late)).toContain("409 Conflict");
    const withoutUid = lease("job", "late", { resourceVersion: first.metadata?.resourceVersion });
    const created = await coordination.replaceNamespacedLease({ namespace, name: "job", body: withoutUid });
    expect(created.metadata?.uid).not.toBe(first.metadata?.uid);
  });

  it("gives no new version to a replacement that changes nothing", async () => {
    const first = await coordination.createNamespacedLease({ namespace, body: lease("job") });
    const same = await coordination.replaceNamespacedLease({ namespace, name: "job", body: first });
    expect(same.metadata?.resourceVersion).toBe(first.metadata?.resourceVersion);
  });

  it("patches, and refuses a patch that names another version", async () => {
    const first = await coordination.createNamespacedLease({ namespace, body: lease("job") });
    const body = [{ op: "replace", path: "/spec/holderIdentity", value: "b" }];
    const patched = await coordination.patchNamespacedLease({ namespace, name: "job", body });
    expect(patched.spec?.holderIdentity).toBe("b");
    const version = first.metadata?.resourceVersion;
    const stale = [{ op: "replace", path: "/metadata/resourceVersion", value: version }, ...body];
    expect(
      await refusal(coordination.patchNamespacedLease({ namespace, name: "job", body: stale })),
    ).toContain("409 Conflict");
  });

  it("checks the preconditions of a deletion", async () => {
    const first = await coordination.createNamespacedLease({ namespace, body: lease("job") });
    const { uid = "", resourceVersion = "" } = first.metadata ?? {};
    const preconditions = { uid, resourceVersion: String(Number(resourceVersion) + 1) };
    const stale = coordination.deleteNamespacedLease({ namespace, name: "job", body: { preconditions } });
    expect(await refusal(stale)).toContain("409 Conflict");
    const body = { preconditions: { uid, resourceVersion } };
    const status = await coordination.deleteNamespacedLease({ namespace, name: "job", body });
    expect(status.status).toBe("Success");
  });

  it("checks the fields of a lease as the API server does", async () => {
    const create = (spec: object): Promise<V1Lease> =>
      coordination.createNamespacedLease({ namespace, body: { metadata: { name: "job" }, spec } });
    expect(await refusal(create({ leaseDurationSeconds: 0 }))).toContain("must be greater than 0");
    expect(await refusal(create({ leaseDurationSeconds: 1.5 }))).toContain("400 BadRequest");
    expect(await refusal(create({ renewTime: new Date(0) }))).toContain("parsing time");
    const created = await create({ renewTime: new V1MicroTime(0), leaseDurationSeconds: 1 });
    expect(new Date(created.spec?.renewTime ?? 1).getTime()).toBe(0);
  });
});

describe("lists", () => {
  it("selects by labels and fields, in one namespace", async () => {
    const labels = [{ app: "redis", tier: "a" }, { app: "redis", tier: "b" }, { app: "web" }];
    for (const [index, value] of labels.entries())
      await coordination.createNamespacedLease({
        namespace,
        body: lease(`l${index}`, "a", { labels: value }),
      });
    await coordination.createNamespacedLease({
      namespace: "other",
      body: lease("l9", "a", { labels: labels[0] }),
    });
    const names = async (labelSelector?: string, fieldSelector?: string): Promise<unknown[]> => {
      const selectors = { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) };
      const { items } = await coordination.listNamespacedLease({ namespace, ...selectors });
      return items.map(({ metadata }) => metadata?.name);
    };
    expect(await names()).toEqual(["l0", "l1", "l2"]);
    expect(await names("app=redis")).toEqual(["l0", "l1"]);
    expect(await names("app==redis,tier!=b")).toEqual(["l0"]);
    expect(await names("app in (web, redis),tier notin (a)")).toEqual(["l1", "l2"]);
    expect(await names("tier")).toEqual(["l0", "l1"]);
    expect(await names("!tier")).toEqual(["l2"]);
    expect(await names(undefined, "metadata.name=l1")).toEqual(["l1"]);
    expect(await refusal(names("a b"))).toContain("400 BadRequest: unable to parse requirement");
  });

  it("goes through pages of one version, and refuses the next page after a cut of the history", async () => {
    for (const name of ["a", "b", "c"])
      await coordination.createNamespacedLease({ namespace, body: lease(name) });
    const first = await coordination.listNamespacedLease({ namespace, limit: 2 });
    expect(first.items).toHaveLength(2);
    const _continue = first.metadata?._continue ?? "";
    const second = await coordination.listNamespacedLease({ namespace, limit: 2, _continue });
    expect(second.items.map(({ metadata }) => metadata?.name)).toEqual(["c"]);
    expect(second.metadata?.resourceVersion).toBe(first.metadata?.resourceVersion);
    api.compact();
    expect(await refusal(coordination.listNamespacedLease({ namespace, limit: 2, _continue }))).toContain(
      "410 Expired",
    );
  });

  it("refuses a version from the future", async () => {
    const future = coordination.listNamespacedLease({ namespace, resourceVersion: "999999" });
    expect(await refusal(future)).toContain("504 Timeout: Timeout: Too large resource version");
  });
});

describe("watches", () => {
  it("begins at the version of a list and sees each change after it once", async () => {
    await coordination.createNamespacedLease({ namespace, body: lease("a") });
    const { metadata } = await coordination.listNamespacedLease({ namespace });
    const second = await coordination.createNamespacedLease({ namespace, body: lease("b") });
    const seen = await watchLeases({ resourceVersion: metadata?.resourceVersion ?? "" });
    await coordination.replaceNamespacedLease({
      namespace,
      name: "b",
      body: edited(second, { holderIdentity: "c" }),
    });
    await coordination.deleteNamespacedLease({ namespace, name: "b" });
    await coordination.createNamespacedLease({ namespace: "other", body: lease("c") });
    await coordination.createNamespacedLease({ namespace, body: lease("d") });
    expect(await seen.count(4)).toEqual(["ADDED b", "MODIFIED b", "DELETED b", "ADDED d"]);
    const versions = seen.events.map(({ version }) => version);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    seen.stop();
  });

  it("begins with all objects of now if no version is given", async () => {
    await coordination.createNamespacedLease({ namespace, body: lease("a") });
    const seen = await watchLeases();
    expect(await seen.count(1)).toEqual(["ADDED a"]);
    seen.stop();
  });

  it("shows an object that begins or ceases to match a selector as ADDED and DELETED", async () => {
    const seen = await watchLeases({ labelSelector: "app=redis" });
    const first = await coordination.createNamespacedLease({ namespace, body: lease("a") });
    const matching = edited(first, {}, { labels: { app: "redis" } });
    const second = await coordination.replaceNamespacedLease({ namespace, name: "a", body: matching });
    const without = edited(second, {}, { labels: {} });
    await coordination.replaceNamespacedLease({ namespace, name: "a", body: without });
    expect(await seen.count(2)).toEqual(["ADDED a", "DELETED a"]);
    seen.stop();
  });

  it("sends bookmarks to the clients that allow them", async () => {
    const [with_, without] = [await watchLeases({ allowWatchBookmarks: true }), await watchLeases()];
    api.store.advance();
    api.sendBookmarks();
    await coordination.createNamespacedLease({ namespace, body: lease("a") });
    expect(await with_.count(2)).toEqual(["BOOKMARK ", "ADDED a"]);
    expect(with_.events[0]?.version).toBe(101);
    expect(await without.count(1)).toEqual(["ADDED a"]);
    with_.stop();
    without.stop();
  });

  it("ends after timeoutSeconds without an error", async () => {
    const seen = await watchLeases({ timeoutSeconds: 0.05 });
    expect(await seen.done).toBeNull();
  });

  it("shows a version that is too old as an ERROR event, or by the status 410", async () => {
    for (let index = 0; index < 25; index += 1)
      await coordination.createNamespacedLease({ namespace, body: lease(`l${index}`) });
    const event = await watchLeases({ resourceVersion: "101" });
    expect(await event.count(1)).toEqual(["ERROR "]);
    expect(event.events[0]?.object).toMatchObject({ kind: "Status", code: 410, reason: "Expired" });
    expect(await event.done).toBeNull();
    api.addFault({ verb: "watch", effect: { kind: "gone" } });
    const status = await watchLeases({ resourceVersion: "101" });
    expect(await status.done).toMatchObject({ statusCode: 410 });
  });

  it("ends all watches: in the regular way, by a cut, by an error", async () => {
    const seen = [await watchLeases(), await watchLeases(), await watchLeases()] as const;
    api.endWatches("regular");
    for (const { done } of seen) expect(await done).toBeNull();
    await api.until(({ watchCount }) => watchCount === 0);
    const cut = await watchLeases();
    api.endWatches("cut");
    await cut.done;
    const failed = await watchLeases();
    api.endWatches(new StatusError(500, "InternalError", "etcd is gone"));
    expect(await failed.count(1)).toEqual(["ERROR "]);
  });
});

describe("faults", () => {
  it("knows only its own token, and refuses with 401 and 403", async () => {
    const { CoordinationV1Api } = await import("@kubernetes/client-node");
    const stranger = api.kubeConfig({ token: "another" }).makeApiClient(CoordinationV1Api);
    await expect(stranger.listNamespacedLease({ namespace })).rejects.toMatchObject({ code: 401 });
    const remove = api.addFault({
      resource: "leases",
      verb: "list",
      effect: { kind: "status", status: 403 },
    });
    expect(await refusal(coordination.listNamespacedLease({ namespace }))).toContain(
      'cannot list resource "leases" in API group "coordination.k8s.io" in the namespace "shop"',
    );
    remove();
    await coordination.listNamespacedLease({ namespace });
  });

  it("applies a request whose reply is lost, and not one that is lost itself", async () => {
    for (const kind of ["lost request", "lost reply"] as const) {
      api.addFault({ verb: "create", times: 1, effect: { kind } });
      await expect(
        coordination.createNamespacedLease({ namespace, body: lease(kind.slice(5)) }),
      ).rejects.toThrow("socket hang up");
    }
    const { items } = await coordination.listNamespacedLease({ namespace });
    expect(items.map(({ metadata }) => metadata?.name)).toEqual(["reply"]);
  });

  it("holds replies and requests back", async () => {
    for (const kind of ["late request", "late reply"] as const) {
      let release = (): void => undefined;
      const until = new Promise<void>((resolve) => (release = resolve));
      api.addFault({ verb: "create", times: 1, effect: { kind, until } });
      const name = kind.slice(5);
      const creation = coordination.createNamespacedLease({ namespace, body: lease(name) });
      await api.until(
        ({ requests }) =>
          requests.filter(({ verb }) => verb === "create").length > (kind === "late request" ? 0 : 1),
      );
      const { items } = await coordination.listNamespacedLease({ namespace });
      const isApplied = items.some(({ metadata }) => metadata?.name === name);
      expect(isApplied).toBe(kind === "late reply");
      release();
      await creation;
    }
  });

  it("keeps its objects over an outage, and cuts the watches", async () => {
    await coordination.createNamespacedLease({ namespace, body: lease("a") });
    const seen = await watchLeases();
    await api.beginOutage();
    await seen.done;
    await expect(coordination.listNamespacedLease({ namespace })).rejects.toThrow("ECONNREFUSED");
    await api.endOutage();
    const { items } = await coordination.listNamespacedLease({ namespace });
    expect(items).toHaveLength(1);
  });

  it("hangs: a request is accepted and gets its reply later", async () => {
    api.hang(true);
    const list = coordination.listNamespacedLease({ namespace });
    await api.until(({ requests }) => requests.length === 1);
    api.hang(false);
    expect((await list).items).toEqual([]);
  });
});
