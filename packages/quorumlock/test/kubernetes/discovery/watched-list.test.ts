import { beforeEach, describe, expect, it } from "vitest";
import type { ApiObject, ListRequest, WatchFunction } from "../../../src/kubernetes/discovery/api.ts";
import type { DiscoveryError } from "../../../src/kubernetes/discovery/errors.ts";
import { WatchedList } from "../../../src/kubernetes/discovery/watched-list.ts";
import { settle, VirtualClock } from "../../support/virtual-clock.ts";

// The loop of a list and its watch, in virtual time.

interface Watch {
  readonly query: Readonly<Record<string, unknown>>;
  readonly at: number;
  event(type: string, object: object): void;
  end(error?: unknown): void;
  isAborted: boolean;
}

class Bed {
  readonly clock = new VirtualClock();
  readonly lists: (ListRequest & { readonly at: number })[] = [];
  readonly watches: Watch[] = [];
  readonly changes: string[] = [];
  /** How many lists were interrupted. */
  interrupted = 0;
  readonly problems: (DiscoveryError | undefined)[] = [];
  /** What a list and a watch do next. */
  onList: (request: ListRequest) => Promise<{ items: ApiObject[]; metadata: object }> = () =>
    Promise.resolve({ items: [object("a", 10)], metadata: { resourceVersion: "10" } });
  onWatch: (watch: Watch) => void = () => undefined;
  /** A watch never opens. */
  isStuck = false;

  start(): WatchedList<ApiObject> {
    const watch: WatchFunction = async (_, query, event, end) => {
      const call: Watch = { query, at: this.clock.monotonic(), event, end, isAborted: false };
      this.watches.push(call);
      this.onWatch(call);
      if (this.isStuck) await new Promise(() => undefined);
      return { abort: () => (call.isAborted = true) };
    };
    return new WatchedList({
      clock: this.clock,
      namespace: "shop",
      labelSelector: "app=redis",
      resource: "services",
      path: "/api/v1/namespaces/shop/services",
      list: (request, signal) => {
        signal.addEventListener("abort", () => (this.interrupted += 1));
        this.lists.push({ ...request, at: this.clock.monotonic() });
        return this.onList(request);
      },
      watch,
      onChange: (objects) => this.changes.push([...objects.keys()].join(" ")),
      onProblem: (error) => this.problems.push(error),
    });
  }

  get watch(): Watch {
    return this.watches.at(-1)!;
  }
}

const object = (name: string, version: number): ApiObject => ({
  metadata: { name, resourceVersion: `${version}` },
});

let bed: Bed;
beforeEach(() => {
  bed = new Bed();
});

describe("a watch", () => {
  it("begins at the version of the list, with bookmarks and an end of its own", async () => {
    bed.start();
    await settle();
    expect(bed.watch.query).toEqual({
      labelSelector: "app=redis",
      resourceVersion: "10",
      allowWatchBookmarks: true,
      timeoutSeconds: 270,
    });
  });

  it("changes one object with each event", async () => {
    bed.start();
    await settle();
    bed.watch.event("ADDED", object("b", 11));
    bed.watch.event("MODIFIED", object("b", 12));
    bed.watch.event("BOOKMARK", { metadata: { resourceVersion: "20" } });
    bed.watch.event("DELETED", object("a", 21));
    expect(bed.changes).toEqual(["a", "a b", "a b", "b"]);
  });

  it("continues at the latest version after its regular end, also that of a bookmark", async () => {
    bed.start();
    await settle();
    bed.watch.event("ADDED", object("b", 11));
    bed.watch.event("BOOKMARK", { metadata: { resourceVersion: "30" } });
    await bed.clock.advance(270_000);
    bed.watch.end(null);
    await bed.clock.advance(200);
    expect(bed.watches).toHaveLength(2);
    expect(bed.watch.query["resourceVersion"]).toBe("30");
    expect(bed.lists).toHaveLength(1);
    expect(bed.problems.every((problem) => problem === undefined)).toBe(true);
  });

  it("ignores what comes after its end", async () => {
    bed.start();
    await settle();
    const [first] = bed.watches;
    first!.end(new Error("cut"));
    await bed.clock.advance(1_000);
    first!.event("ADDED", object("late", 99));
    first!.end(new Error("again"));
    expect(bed.changes).toEqual(["a"]);
    expect(bed.watches).toHaveLength(2);
  });
});

describe("a server that does not answer", () => {
  it("gets few watches, because a client cannot interrupt one before it is open, and lists instead", async () => {
    bed.isStuck = true;
    const list = bed.start();
    await bed.clock.advance(3_600_000);
    expect(bed.watches).toHaveLength(3);
    expect(bed.lists.length).toBeGreaterThan(100);
    expect(bed.lists.length).toBeLessThan(300);
    list.close();
  });

  it("gets one list at a time, and each one that is late is interrupted", async () => {
    bed.onList = () => new Promise(() => undefined);
    const list = bed.start();
    await bed.clock.advance(600_000);
    expect(bed.interrupted).toBeGreaterThan(5);
    expect(bed.lists.length - bed.interrupted).toBeLessThanOrEqual(1);
    list.close();
  });
});

describe("410 Gone", () => {
  const gone = { kind: "Status", code: 410, reason: "Expired", message: "too old resource version" };

  it("leads to a new list, as an event", async () => {
    bed.start();
    await settle();
    bed.onList = () => Promise.resolve({ items: [object("c", 50)], metadata: { resourceVersion: "50" } });
    bed.watch.event("ERROR", gone);
    await bed.clock.advance(1_000);
    expect(bed.changes).toEqual(["a", "c"]);
    expect(bed.watch.query["resourceVersion"]).toBe("50");
    expect(bed.watches[0]!.isAborted).toBe(true);
  });

  it("leads to a new list, as a status", async () => {
    bed.start();
    await settle();
    bed.watch.end(Object.assign(new Error("Gone"), { statusCode: 410 }));
    await bed.clock.advance(1_000);
    expect(bed.lists).toHaveLength(2);
    expect(bed.problems).toEqual([undefined, undefined]);
  });

  it("in the middle of the pages begins at the first page again", async () => {
    let isFirst = true;
    bed.onList = async ({ _continue }) => {
      if (_continue === undefined)
        return { items: [object("a", 10)], metadata: { resourceVersion: "10", _continue: "next" } };
      if (!isFirst) return { items: [object("b", 10)], metadata: { resourceVersion: "10" } };
      isFirst = false;
      throw Object.assign(new Error("Gone"), { code: 410 });
    };
    bed.start();
    await bed.clock.advance(1_000);
    expect(bed.lists.map(({ _continue }) => _continue)).toEqual([undefined, "next", undefined, "next"]);
    expect(bed.changes).toEqual(["a b"]);
  });

  it("again and again is a problem, with longer and longer pauses", async () => {
    bed.onWatch = (watch) => watch.event("ERROR", gone);
    bed.start();
    await bed.clock.advance(60_000);
    expect(bed.problems.at(-1)?.message).toContain(
      'watch services in the namespace "shop" failed: 410 too old',
    );
    expect(bed.lists.length).toBeLessThan(15);
  });
});

describe("failures", () => {
  it("pause twice as long each time, up to 30 s, with jitter", async () => {
    bed.clock.nextRandom = 1;
    bed.onList = () => Promise.reject(new Error("connect ECONNREFUSED"));
    bed.start();
    await bed.clock.advance(300_000);
    const pauses = bed.lists.slice(1).map(({ at }, index) => at - bed.lists[index]!.at);
    expect(pauses.slice(0, 10)).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
    expect(bed.problems[0]).toMatchObject({ code: "API" });
    const other = new Bed();
    other.onList = bed.onList;
    other.clock.nextRandom = 0;
    other.start();
    await other.clock.advance(1_000);
    expect(other.lists[1]!.at - other.lists[0]!.at).toBe(100);
  });

  it("of one broken connection are no problem, and repeated ones list again", async () => {
    bed.start();
    await settle();
    bed.watch.end(new Error("cut"));
    await bed.clock.advance(1_000);
    expect(bed.problems.filter(Boolean)).toEqual([]);
    expect(bed.lists).toHaveLength(1);
    bed.watch.end(new Error("cut"));
    await bed.clock.advance(1_000);
    bed.watch.end(new Error("cut"));
    await bed.clock.advance(2_000);
    expect(bed.problems.filter(Boolean)).toHaveLength(1);
    expect(bed.lists).toHaveLength(2);
    expect(bed.problems.at(-1)).toBeUndefined();
  });

  it("pause also if the server ends each watch at once", async () => {
    bed.onWatch = (watch) => watch.end(null);
    bed.start();
    await bed.clock.advance(60_000);
    expect(bed.watches.length).toBeLessThan(12);
  });

  it("begin with short pauses again after an event, and after a watch that lasted", async () => {
    bed.onList = () => Promise.reject(new Error("down"));
    bed.start();
    await bed.clock.advance(100_000);
    bed.onList = () => Promise.resolve({ items: [], metadata: { resourceVersion: "10" } });
    await bed.clock.advance(30_000);
    bed.watch.event("ADDED", object("b", 11));
    bed.watch.end(new Error("cut"));
    const before = bed.watches.length;
    await bed.clock.advance(300);
    expect(bed.watches).toHaveLength(before + 1);
  });

  it.each([
    ["a list without an answer", 30_000],
    ["a watch that does not open", 30_000],
    ["a watch whose connection is dead", 300_000],
  ])("include %s", async (what, limitMs) => {
    if (what.startsWith("a list")) bed.onList = () => new Promise(() => undefined);
    bed.isStuck = what.endsWith("open");
    bed.start();
    await settle();
    const before = bed.lists.length + bed.watches.length;
    await bed.clock.advance(limitMs - 1);
    expect(bed.lists.length + bed.watches.length).toBe(before);
    await bed.clock.advance(1_000);
    expect(bed.lists.length + bed.watches.length).toBe(before + 1);
  });

  it("have no password of the URL of the API server", async () => {
    bed.onList = () => Promise.reject(new Error("request to http://user:s3cret@10.0.0.1/api failed"));
    bed.start();
    await settle();
    expect(bed.problems[0]?.message).toContain("http://***@10.0.0.1/api");
    expect(JSON.stringify(bed.problems[0])).not.toContain("s3cret");
  });

  it("name the verb, the resource and the manifest if they are refusals", async () => {
    bed.onList = () => Promise.reject(Object.assign(new Error("HTTP-Code: 403"), { code: 403 }));
    bed.start();
    await settle();
    expect(bed.problems[0]).toMatchObject({ code: "FORBIDDEN" });
    expect(bed.problems[0]?.message).toContain("to list services in the namespace");
  });
});

describe("close", () => {
  it.each(["list", "pause", "watch", "opening"])("ends a %s and leaves no timer", async (phase) => {
    if (phase === "list") bed.onList = () => new Promise(() => undefined);
    if (phase === "pause") bed.onList = () => Promise.reject(new Error("down"));
    bed.isStuck = phase === "opening";
    const list = bed.start();
    await settle();
    expect(bed.clock.pending).toBe(1);
    expect(bed.clock.keepAliveTimers).toBe(0);
    list.close();
    await bed.clock.advance(100_000);
    expect(bed.clock.pending).toBe(0);
    expect(bed.lists).toHaveLength(1);
    expect(bed.watches.length).toBeLessThanOrEqual(1);
    expect(bed.interrupted).toBe(phase === "list" ? 1 : 0);
    const isOpen = phase === "watch";
    expect(bed.watches.some(({ isAborted }) => isAborted)).toBe(isOpen);
  });
});
