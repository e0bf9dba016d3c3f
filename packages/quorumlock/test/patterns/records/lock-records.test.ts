import { describe, expect, test } from "vitest";
import { LockClosedError, LockLostError, type Redlock } from "../../../src/index.ts";
import { lockRecords } from "../../../src/patterns/records/lock-records.ts";
import { RecordStoreError } from "../../../src/patterns/index.ts";
import type { RecordStore } from "../../../src/patterns/records/record-store.ts";
import { MembersWorld } from "../../support/members-world.ts";
import { settle } from "../../support/virtual-clock.ts";
import { advanceDuring, world } from "../../support/world.ts";

const KEEP = 600_000;
/** Longer than a request may take, and than any quarantine. */
const LONG = 12_000;

function version(fence: number, number: number, body: string) {
  return { fence, version: number, body: JSON.stringify(body) };
}

/** A store, and `options` for a record that cannot have been written before this moment. */
function scene(count = 3) {
  const found = world(count);
  const records = lockRecords(found.redlock);
  const since = () => ({ createdAt: found.clock.wall(), keep: KEEP });
  return { ...found, records, since };
}

async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: Error) => error,
  );
}

describe.each([1, 3, 5])("on %i servers", (count) => {
  test("a record is what its newest holder wrote", async () => {
    const { clock, records, since } = scene(count);
    const options = since();
    expect(await records.get("job")).toBeUndefined();
    expect(await records.open("job", 5, options)).toEqual({ record: undefined, now: clock.wall() });
    await records.put("job", version(5, 1, "running"), options);
    await records.put("job", version(5, 2, "done"), options);
    expect(await records.get("job")).toEqual(version(5, 2, "done"));
    // A quorum has this very version, so it is not written again.
    expect((await records.open("job", 6, options)).record).toEqual(version(5, 2, "done"));
    await records.put("job", version(6, 1, "again"), options);
    expect(await records.get("job")).toEqual(version(6, 1, "again"));
    expect(await records.get("other")).toBeUndefined();
  });

  test("a holder that was followed by another one can neither open nor write", async () => {
    const { records, since } = scene(count);
    const options = since();
    await records.open("job", 5, options);
    await records.open("job", 6, options);
    for (const late of [
      () => records.open("job", 5, options),
      () => records.put("job", version(5, 1, "late"), options),
    ]) {
      const error = await errorOf(late());
      expect(error).toBeInstanceOf(LockLostError);
      expect(error.message).toContain("fencing token 6");
    }
    expect(await records.get("job")).toBeUndefined();
  });

  test("a version that is not the newest of its holder is refused", async () => {
    const { records, since } = scene(count);
    const options = since();
    await records.put("job", version(5, 2, "done"), options);
    expect(await errorOf(records.put("job", version(5, 1, "running"), options))).toBeInstanceOf(
      LockLostError,
    );
    await records.put("job", version(5, 2, "done"), options);
    const error = await errorOf(records.put("job", version(5, 2, "other"), options));
    expect(error).toBeInstanceOf(RecordStoreError);
    expect(error.message).toContain("has another body with the same fence and number");
    expect(await records.get("job")).toEqual(version(5, 2, "done"));
  });

  test("a record is kept for its time, which never gets shorter", async () => {
    const { clock, records, since } = scene(count);
    const options = since();
    await records.put("job", version(5, 1, "done"), { ...options, keep: 60_000 });
    await records.open("job", 6, { ...options, keep: 1_000 });
    await clock.advance(59_000);
    expect(await records.get("job")).toEqual(version(5, 1, "done"));
    await clock.advance(2_000);
    expect(await records.get("job")).toBeUndefined();
  });
});

test.each([1, 2])("of five servers, %i that hang do not delay anything", async (hanging) => {
  const { clock, records, since, instances } = scene(5);
  const options = since();
  await records.open("job", 5, options);
  for (const instance of instances.slice(0, hanging)) instance.pause();
  const before = clock.monotonic();
  await records.put("job", version(5, 1, "done"), options);
  expect(await records.get("job")).toEqual(version(5, 1, "done"));
  expect((await records.open("job", 6, options)).record).toEqual(version(5, 1, "done"));
  expect(clock.monotonic()).toBe(before);
});

test("without a quorum, nobody knows whether a record was written, and nothing is returned", async () => {
  const { clock, records, since, instances } = scene(3);
  const options = since();
  await records.open("job", 5, options);
  instances[1]!.kill();
  instances[2]!.kill();
  for (const call of [
    () => records.put("job", version(5, 1, "done"), options),
    () => records.open("job", 6, options),
    () => records.get("job"),
  ]) {
    const error = await errorOf(advanceDuring<unknown>(clock, LONG, call()));
    expect(error).toBeInstanceOf(RecordStoreError);
    expect(error).toMatchObject({ code: "RECORD_STORE", id: "job", cause: { code: "LOCK_NO_QUORUM" } });
    expect(error.message).toContain("2 of 3 are needed");
  }
});

/** One server has a version that no quorum wrote. The others have restarted, before the record could have been written. */
async function writeOnOne(count = 3) {
  const found = scene(count);
  const { clock, records, instances } = found;
  await records.get("job");
  for (const instance of instances.slice(1)) instance.kill();
  await errorOf(advanceDuring(clock, LONG, records.put("job", version(5, 1, "done"), found.since())));
  for (const instance of instances.slice(1)) instance.restart();
  await clock.advance(LONG);
  return { ...found, options: found.since() };
}

test("a version that no quorum wrote is not believed, but the next holder adopts it", async () => {
  const { records, instances, options } = await writeOnOne();
  expect(await records.get("job")).toBeUndefined();
  expect((await records.open("job", 6, options)).record).toEqual(version(6, 0, "done"));
  instances[0]!.kill();
  expect(await records.get("job")).toEqual(version(6, 0, "done"));
  expect((await records.open("job", 7, options)).record).toEqual(version(6, 0, "done"));
});

test("a read does not believe one server, if the others remember that they have nothing", async () => {
  const members = new MembersWorld();
  const records = lockRecords(members.client("abc"));
  await records.get("job");
  for (const label of "bc") members.one(label).disconnect();
  await settle();
  const options = { createdAt: members.clock.wall(), keep: KEEP };
  await errorOf(advanceDuring(members.clock, LONG, records.put("job", version(5, 1, "done"), options)));
  for (const label of "bc") members.one(label).reconnect();
  await settle();
  expect(await records.get("job")).toBeUndefined();
});

test("a holder that finds its own version on a minority completes it", async () => {
  const { records, instances, options } = await writeOnOne();
  expect((await records.open("job", 5, options)).record).toEqual(version(5, 1, "done"));
  instances[0]!.kill();
  expect(await records.get("job")).toEqual(version(5, 1, "done"));
});

test("a version that no quorum wrote, and that an opener did not see, is overwritten", async () => {
  const { records, instances, options, clock } = await writeOnOne();
  instances[0]!.pause();
  expect((await records.open("job", 6, options)).record).toBeUndefined();
  await records.put("job", version(6, 1, "failed"), options);
  await clock.advance(LONG);
  instances[0]!.resume();
  expect(await records.get("job")).toEqual(version(6, 1, "failed"));
  expect((await records.open("job", 7, options)).record?.body).toBe('"failed"');
});

describe("a server that restarted without its memory", () => {
  async function restarted() {
    const found = scene(3);
    const { clock, records, instances } = found;
    const options = found.since();
    await clock.advance(1_000);
    await records.put("job", version(5, 1, "done"), options);
    instances[1]!.restart();
    await clock.advance(LONG);
    return { ...found, options };
  }

  test("does not count for a record that can be older", async () => {
    const { clock, records, instances, options } = await restarted();
    instances[0]!.kill();
    for (const call of [
      () => records.open("job", 6, options),
      () => records.put("job", version(6, 1, "other"), options),
    ]) {
      const error = await errorOf(advanceDuring<unknown>(clock, LONG, call()));
      expect(error).toBeInstanceOf(RecordStoreError);
      expect(error.message).toContain("the server may have lost data in the last");
    }
    instances[0]!.restart();
  });

  test("does not count for a get either, although it has got the record since", async () => {
    const { clock, records, instances, options } = await restarted();
    expect((await records.open("job", 6, options)).record).toEqual(version(5, 1, "done"));
    await records.put("job", version(6, 1, "done"), options);
    instances[0]!.kill();
    expect(await advanceDuring(clock, LONG, records.get("job"))).toBeUndefined();
    instances[2]!.kill();
  });

  test("counts for a younger record", async () => {
    const { records, instances, since } = await restarted();
    const younger = since();
    instances[0]!.kill();
    expect((await records.open("job@2", 6, younger)).record).toBeUndefined();
    await records.put("job@2", version(6, 1, "done"), younger);
    expect(await records.get("job@2")).toEqual(version(6, 1, "done"));
  });
});

test("a server that lost all data without a restart does not count for older records, for any client", async () => {
  const { clock, instances, records, since, redlock } = scene(3);
  const options = since();
  await clock.advance(1_000);
  await records.put("job", version(5, 1, "done"), options);
  for (const key of instances[1]!.keys()) instances[1]!.delete(key);
  expect((await records.open("job", 6, options)).record).toEqual(version(5, 1, "done"));
  // Its counters are recovered, so it votes for locks again.
  await clock.advance(2 * LONG);
  await (await redlock.acquire("other")).release();
  const later = new (redlock.constructor as typeof Redlock)(instances, { clock });
  instances[0]!.kill();
  for (const client of [records, lockRecords(later)]) {
    const error = await errorOf(advanceDuring(clock, LONG, client.open("job", 7, options)));
    expect(error.message).toContain("the server may have lost data in the last");
  }
});

describe("bad input", () => {
  const { records, since } = scene(1);
  const options = since();
  const CASES: readonly (readonly [what: string, call: () => Promise<unknown>, message: string])[] = [
    ["id", () => records.open("", 5, options), 'id: "" must not be empty'],
    ["fence", () => records.open("a", 1.5, options), "fence: 1.5 must be a whole number"],
    ["fence 0", () => records.put("a", version(0, 1, ""), options), "fence: 0 must be a whole number"],
    ["version", () => records.put("a", version(1, 0, ""), options), "version: 0 must be a whole number"],
    [
      "body",
      () => records.put("a", { fence: 1, version: 1, body: "é".repeat(2_049) }, options),
      "body: 4098 bytes are too many for lock servers",
    ],
    ["keep", () => records.open("a", 1, { ...options, keep: 0 }), "keep: 0 must be a whole number"],
    ["createdAt", () => records.open("a", 1, { keep: 1, createdAt: NaN }), "createdAt: NaN must be a time"],
  ];
  test.each(CASES)("%s", async (_, call, message) => {
    expect((await errorOf(call())).message).toContain(message);
  });

  test("something else than a client", () => {
    expect(() => lockRecords({} as Redlock)).toThrow("must be a Redlock");
  });
});

test("a client that is closed keeps no records", async () => {
  const { records, redlock, since } = scene(1);
  await redlock.close();
  const calls: readonly ((store: RecordStore) => Promise<unknown>)[] = [
    (store) => store.open("a", 1, since()),
    (store) => store.put("a", version(1, 1, ""), since()),
    (store) => store.get("a"),
  ];
  for (const call of calls) expect(await errorOf(call(records))).toBeInstanceOf(LockClosedError);
});
