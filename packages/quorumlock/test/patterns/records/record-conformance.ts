import { expect } from "vitest";
import { LockLostError } from "../../../src/index.ts";
import { type OpenOptions, RecordStoreError, type RecordStore } from "../../../src/patterns/index.ts";
import { eventually, rejection } from "../../support/timing.ts";

/** A store for one case. Two calls of `connect` see the same records, like two processes. */
export interface RecordSubject {
  readonly connect: () => RecordStore;
  /** An id that no other case has. */
  readonly newId: () => string;
}

/** One case of the suite that every store of records passes. */
export interface RecordCase {
  readonly title: string;
  readonly run: (subject: RecordSubject) => Promise<void>;
}

const KEEP: OpenOptions = { createdAt: 0, keep: 60_000 };
const MAX_BYTES = 4_096;
/** As large as a fencing counter that begins with the time in microseconds. */
const FENCE = 1_790_000_000_000_000;

export const recordCases: readonly RecordCase[] = [
  {
    title: "a record that was never written is missing, and open tells the time of the store",
    run: async ({ connect, newId }) => {
      const [store, id] = [connect(), newId()];
      expect(await store.get(id)).toBeUndefined();
      const before = await store.open(id, 1, KEEP);
      expect(before.record).toBeUndefined();
      const { now } = await store.open(id, 2, KEEP);
      expect(Number.isSafeInteger(now)).toBe(true);
      expect(now).toBeGreaterThanOrEqual(before.now);
      expect(await store.get(id)).toBeUndefined();
    },
  },
  {
    title: "what was put is what every process gets, byte for byte",
    run: async ({ connect, newId }) => {
      const [store, other, id] = [connect(), connect(), newId()];
      await store.open(id, FENCE, KEEP);
      const body = JSON.stringify({ text: "ä€😀 \\ \"'$1 :x ?", list: [null, 1.5] });
      const record = { fence: FENCE, version: 1, body };
      await store.put(id, record, KEEP);
      expect(await other.get(id)).toEqual(record);
      expect((await other.open(id, FENCE + 1, KEEP)).record).toEqual(record);
      expect(await store.get(id)).toEqual(record);
    },
  },
  {
    title: "records of different ids do not touch each other, whatever characters the ids have",
    run: async ({ connect, newId }) => {
      const store = connect();
      const ids = ["'", '"', "{a}", "%", "ä", " ", "--", "/"].map((part) => `${newId()}${part}@1`);
      for (const [index, id] of ids.entries())
        await store.put(id, { fence: index + 1, version: 1, body: JSON.stringify(id) }, KEEP);
      for (const [index, id] of ids.entries())
        expect(await store.get(id)).toEqual({ fence: index + 1, version: 1, body: JSON.stringify(id) });
    },
  },
  {
    title: "a holder writes its own record again, with rising versions only",
    run: async ({ connect, newId }) => {
      const [store, id] = [connect(), newId()];
      await store.open(id, 7, KEEP);
      await store.put(id, { fence: 7, version: 1, body: "1" }, KEEP);
      await store.put(id, { fence: 7, version: 2, body: "2" }, KEEP);
      // A repetition of the same write, as after a lost answer.
      await store.put(id, { fence: 7, version: 2, body: "2" }, KEEP);
      const late = store.put(id, { fence: 7, version: 1, body: "1" }, KEEP);
      expect(await rejection(late)).toBeInstanceOf(LockLostError);
      expect(await store.get(id)).toEqual({ fence: 7, version: 2, body: "2" });
      expect((await store.open(id, 7, KEEP)).record).toEqual({ fence: 7, version: 2, body: "2" });
    },
  },
  {
    title: "a holder whose successor has only opened the record cannot write it",
    run: async ({ connect, newId }) => {
      const [paused, next, id] = [connect(), connect(), newId()];
      await paused.open(id, 7, KEEP);
      await next.open(id, 8, KEEP);
      const late = await rejection(paused.put(id, { fence: 7, version: 1, body: "late" }, KEEP));
      expect(late).toBeInstanceOf(LockLostError);
      expect(late).toMatchObject({ code: "LOCK_LOST", names: [id] });
      expect((late as Error).message).toMatch(/a later holder.*this one is 7/);
      expect(await next.get(id)).toBeUndefined();
    },
  },
  {
    title: "a holder whose successor has written the record cannot write or open it",
    run: async ({ connect, newId }) => {
      const [paused, next, id] = [connect(), connect(), newId()];
      await paused.open(id, 7, KEEP);
      await paused.put(id, { fence: 7, version: 1, body: "running" }, KEEP);
      await next.open(id, 8, KEEP);
      await next.put(id, { fence: 8, version: 1, body: "done" }, KEEP);
      for (const version of [1, 2, 99])
        expect(await rejection(paused.put(id, { fence: 7, version, body: "late" }, KEEP))).toBeInstanceOf(
          LockLostError,
        );
      expect(await rejection(paused.open(id, 7, KEEP))).toBeInstanceOf(LockLostError);
      expect(await paused.get(id)).toEqual({ fence: 8, version: 1, body: "done" });
    },
  },
  {
    title: "a successor that writes without opening also keeps its predecessor out",
    run: async ({ connect, newId }) => {
      const [store, id] = [connect(), newId()];
      await store.put(id, { fence: 8, version: 1, body: "new" }, KEEP);
      expect(await rejection(store.open(id, 7, KEEP))).toBeInstanceOf(LockLostError);
      expect(await rejection(store.put(id, { fence: 7, version: 9, body: "old" }, KEEP))).toBeInstanceOf(
        LockLostError,
      );
      expect((await store.open(id, 8, KEEP)).record).toEqual({ fence: 8, version: 1, body: "new" });
    },
  },
  {
    title: "fencing tokens that differ only in the last digit are told apart",
    run: async ({ connect, newId }) => {
      const [store, id] = [connect(), newId()];
      const largest = 9_000_000_000_000_000;
      await store.open(id, largest, KEEP);
      expect(await rejection(store.open(id, largest - 1, KEEP))).toBeInstanceOf(LockLostError);
      const record = { fence: largest, version: 1_000_000_000_000, body: "1" };
      await store.put(id, record, KEEP);
      expect(await store.get(id)).toEqual(record);
    },
  },
  {
    title: "40 holders that open, look and write at once agree on one result",
    run: async ({ connect, newId }) => {
      const id = newId();
      const stores = Array.from({ length: 4 }, connect);
      const results = await Promise.all(
        Array.from({ length: 40 }, async (_, index) => {
          const store = stores[index % stores.length]!;
          const fence = ((index * 17) % 40) + 1;
          try {
            const { record } = await store.open(id, fence, KEEP);
            const body = record?.body ?? `result of ${fence}`;
            await store.put(id, { fence, version: 1, body }, KEEP);
            return body;
          } catch (error) {
            expect(error).toBeInstanceOf(LockLostError);
            return undefined;
          }
        }),
      );
      const confirmed = new Set(results.filter((result) => result !== undefined));
      expect(confirmed.size).toBe(1);
      expect([(await stores[0]!.get(id))?.body]).toEqual([...confirmed]);
    },
  },
  {
    title: "a record ends when its time is over, and its promise with it",
    run: async ({ connect, newId }) => {
      const [store, id] = [connect(), newId()];
      await store.open(id, 9, { createdAt: 0, keep: 40 });
      await store.put(id, { fence: 9, version: 3, body: "short" }, { createdAt: 0, keep: 40 });
      await eventually("the record is gone", async () => (await store.get(id)) === undefined);
      expect((await store.open(id, 1, KEEP)).record).toBeUndefined();
      await store.put(id, { fence: 1, version: 1, body: "new" }, KEEP);
      expect(await store.get(id)).toEqual({ fence: 1, version: 1, body: "new" });
    },
  },
  {
    title: "a later call with a shorter time does not shorten what is kept",
    run: async ({ connect, newId }) => {
      const [store, id, witness] = [connect(), newId(), newId()];
      await store.put(id, { fence: 1, version: 1, body: "long" }, KEEP);
      await store.open(id, 2, { createdAt: 0, keep: 40 });
      await store.put(id, { fence: 2, version: 1, body: "longer" }, { createdAt: 0, keep: 40 });
      await store.put(witness, { fence: 1, version: 1, body: "short" }, { createdAt: 0, keep: 80 });
      await eventually("a record with a short time is gone", async () => !(await store.get(witness)));
      expect(await store.get(id)).toEqual({ fence: 2, version: 1, body: "longer" });
    },
  },
  {
    title: "a body has at most 4,096 bytes, and nothing is written otherwise",
    run: async ({ connect, newId }) => {
      const [store, id] = [connect(), newId()];
      const largest = JSON.stringify("ä".repeat((MAX_BYTES - 2) / 2));
      expect(Buffer.byteLength(largest)).toBe(MAX_BYTES);
      await store.put(id, { fence: 1, version: 1, body: largest }, KEEP);
      const tooLong = await rejection(store.put(id, { fence: 1, version: 2, body: `${largest} ` }, KEEP));
      expect(tooLong).toBeInstanceOf(RangeError);
      expect((tooLong as Error).message).toContain("4097 bytes");
      expect((await store.get(id))?.body).toBe(largest);
    },
  },
  {
    title: "bad arguments are refused before anything is sent",
    run: async ({ connect, newId }) => {
      const [store, id] = [connect(), newId()];
      for (const bad of [0, -1, 1.5, Number.NaN, Infinity, 2 ** 53])
        expect(await rejection(store.open(id, bad, KEEP))).toBeInstanceOf(RangeError);
      for (const keep of [0, Number.NaN, 1.5, 36 * 86_400_000])
        expect(await rejection(store.open(id, 1, { createdAt: 0, keep }))).toBeInstanceOf(RangeError);
      expect(await rejection(store.get(""))).toBeInstanceOf(RangeError);
      expect(await rejection(store.get(1 as never))).toBeInstanceOf(TypeError);
      expect(await rejection(store.put(id, { fence: 1, version: 0, body: "" }, KEEP))).toBeInstanceOf(
        RangeError,
      );
      expect(await rejection(store.put(id, { fence: 1, version: 1, body: 1 as never }, KEEP))).toBeInstanceOf(
        TypeError,
      );
      expect((await store.open(id, 1, KEEP)).record).toBeUndefined();
    },
  },
];

/** What a store does whose server cannot be reached. */
export async function failsWithCause(store: RecordStore): Promise<void> {
  const calls = [
    ["open", store.open("a", 1, KEEP)],
    ["put", store.put("a", { fence: 1, version: 1, body: "1" }, KEEP)],
    ["get", store.get("a")],
  ] as const;
  for (const [operation, call] of calls) {
    const error = await rejection(call);
    expect(error).toBeInstanceOf(RecordStoreError);
    expect(error).toMatchObject({ code: "RECORD_STORE", id: "a", operation });
    expect((error as Error).cause).toBeInstanceOf(Error);
  }
}
