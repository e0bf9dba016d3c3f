import { describe, expect, test } from "vitest";
import { LockLostError } from "../../../src/index.ts";
import { memoryRecords, type RecordStore } from "../../../src/patterns/index.ts";
import { checkRecordStore } from "../../../src/patterns/records/check-record.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { recordCases, type RecordSubject } from "./record-conformance.ts";

function subjectOf(store: RecordStore): RecordSubject {
  let count = 0;
  return { connect: () => store, newId: () => `id-${(count += 1)}` };
}

describe("records in memory", () => {
  test.each(recordCases)("$title", ({ run }) => run(subjectOf(memoryRecords())));

  test("expire in virtual time", async () => {
    const clock = new VirtualClock();
    const store = memoryRecords({ clock });
    await store.put("a", { fence: 1, version: 1, body: "1" }, { createdAt: 0, keep: 1_000 });
    await clock.advance(999);
    expect(await store.get("a")).toBeDefined();
    await clock.advance(2);
    expect(await store.get("a")).toBeUndefined();
    expect((await store.open("a", 1, { createdAt: 0, keep: 1_000 })).now).toBe(clock.wall());
  });

  test("refuse unknown options", () => {
    expect(() => memoryRecords({ ttl: 1 } as never)).toThrow(TypeError);
  });
});

type StoredRecord = NonNullable<Awaited<ReturnType<RecordStore["get"]>>>;

/** Stores with a mistake that a store of a user could have. */
const planted: Readonly<Record<string, () => RecordStore>> = {
  "that only gets and sets": () => {
    const map = new Map<string, StoredRecord>();
    return {
      open: async (id) => ({ record: map.get(id), now: 1 }),
      put: async (id, record) => void map.set(id, record),
      get: async (id) => map.get(id),
    };
  },
  "without the promise of open": () => {
    const store = memoryRecords();
    const map = new Map<string, StoredRecord>();
    return {
      open: async (id, fence, options) => {
        if ((map.get(id)?.fence ?? 0) > fence) throw new LockLostError([id], "later");
        return { record: map.get(id), now: (await store.open("time", 1, options)).now };
      },
      put: async (id, record) => {
        const known = map.get(id);
        const isNewer =
          known === undefined ||
          known.fence < record.fence ||
          (known.fence === record.fence && known.version <= record.version);
        if (!isNewer) throw new LockLostError([id], "later");
        map.set(id, record);
      },
      get: async (id) => map.get(id),
    };
  },
  "that compares outside of the write": () => {
    const store = memoryRecords();
    const map = new Map<string, StoredRecord>();
    return {
      open: store.open.bind(store),
      put: async (id, record) => {
        const known = map.get(id);
        await new Promise<void>((resolve) => setImmediate(resolve));
        if ((known?.fence ?? 0) > record.fence) throw new LockLostError([id], "later");
        map.set(id, record);
      },
      get: async (id) => map.get(id),
    };
  },
};

describe("the suite finds a store", () => {
  test.each(Object.keys(planted))("%s", async (name) => {
    const results = await Promise.allSettled(
      recordCases
        .filter(({ title }) => !title.includes("time"))
        .map(({ run }) => run(subjectOf(planted[name]!()))),
    );
    const found = results.filter(({ status }) => status === "rejected");
    expect(found.length).toBeGreaterThan(0);
  });
});

describe("what is no store of records", () => {
  test.each([new Map(), { get: () => 1, set: () => 1 }])("a store that can only get and set", (store) => {
    expect(() => checkRecordStore("records", store)).toThrow(TypeError);
    expect(() => checkRecordStore("records", store)).toThrow(
      /records: .* must be a RecordStore, but it has no method open; a store that can only get and set cannot refuse/,
    );
  });

  test.each([undefined, null, 1, "redis://localhost", {}])("%s", (store) => {
    expect(() => checkRecordStore("records", store)).toThrow(/must be a RecordStore.*use redisRecords/);
  });
});
