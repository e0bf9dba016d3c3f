import { afterEach, describe, expect, test } from "vitest";
import { lockRecords } from "../../src/patterns/index.ts";
import { ClusterNode } from "../support/cluster-node.ts";
import { MembersWorld } from "../support/members-world.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { advanceDuring } from "../support/world.ts";

// `complete()` carries the records to the next set.

const LONG_MS = 11_000;

let world = new MembersWorld();
afterEach(() => {
  world = new MembersWorld();
});

function done(fence: number, number = 1) {
  return { fence, version: number, body: '"done"' };
}

const since = () => ({ createdAt: world.clock.wall(), keep: 600_000 });

describe("complete()", () => {
  test.each(["abd", "ade", "def"])("lets %s find what abc had", async (next) => {
    const redlock = world.client("abc");
    const records = lockRecords(redlock);
    const options = since();
    await records.open("empty", 7, options);
    await records.put("job", done(5), options);
    const change = await redlock.reconfigure(world.set(next));
    await records.put("other", done(6), options);
    await advanceDuring(world.clock, LONG_MS, change.complete());
    // A copy is no vote, so it is certain only after a holder has opened the record.
    expect(await records.get("job")).toEqual(next === "abd" ? done(5) : undefined);
    expect(await records.get("other")).toEqual(done(6));
    expect(await rejection(records.open("empty", 6, options))).toMatchObject({ code: "LOCK_LOST" });
    const { record } = await records.open("job", 8, options);
    expect(record?.body).toBe('"done"');
    expect((await records.get("job"))?.body).toBe('"done"');
  });

  test("carries what a majority has, whichever member hangs", async () => {
    for (const hanging of "abc") {
      world = new MembersWorld();
      const redlock = world.client("abc");
      const records = lockRecords(redlock);
      const options = since();
      await records.get("job");
      world.one(hanging === "a" ? "b" : "a").disconnect();
      await settle();
      await records.put("job", done(5), options);
      world.one(hanging === "a" ? "b" : "a").reconnect();
      await settle();
      const change = await redlock.reconfigure(world.set("def"));
      world.one(hanging).pause();
      await advanceDuring(world.clock, LONG_MS, change.complete());
      expect((await records.open("job", 8, options)).record?.body).toBe('"done"');
      world.one(hanging).resume();
      await redlock.close();
    }
  });

  test("does not make a minority's version certain", async () => {
    const redlock = world.client("abc");
    const records = lockRecords(redlock);
    const options = since();
    await records.get("job");
    for (const away of "bc") world.one(away).disconnect();
    await settle();
    await rejection(advanceDuring(world.clock, 1_000, records.put("job", done(5), options)));
    for (const away of "bc") world.one(away).reconnect();
    await settle();
    const change = await redlock.reconfigure(world.set("def"));
    // A later holder does not see it, because another majority answers.
    world.one("a").pause();
    expect((await advanceDuring(world.clock, 1_000, records.open("job", 6, options))).record).toBeUndefined();
    world.one("a").resume();
    await settle();
    world.one("b").pause();
    await advanceDuring(world.clock, LONG_MS, change.complete());
    expect(await records.get("job")).toBeUndefined();
    await records.put("job", { fence: 6, version: 1, body: '"failed"' }, options);
    expect(await records.get("job")).toEqual({ fence: 6, version: 1, body: '"failed"' });
  });

  test("rejects if a majority of the next set does not get the records, and both sets still decide", async () => {
    const redlock = world.client("abc");
    const records = lockRecords(redlock);
    const options = since();
    await records.put("job", done(5), options);
    const change = await redlock.reconfigure(world.set("def"));
    for (const label of "de") world.one(label).delayOf = (name) => (name === "record.copy" ? 60_000 : 0);
    const failed = rejection(change.complete());
    await world.clock.advance(2_000);
    const error = await failed;
    expect(error).toMatchObject({ code: "LOCK_NO_QUORUM", failures: { length: 2 } });
    expect((error as Error).message).toContain("records were not carried over");
    for (const label of "de") world.one(label).delayOf = () => 0;
    await world.clock.advance(60_000);
    await advanceDuring(world.clock, LONG_MS, change.complete());
    expect((await records.open("job", 8, options)).record?.body).toBe('"done"');
  });

  test("notes since when the members know all records, if those that were read do not know that of all", async () => {
    const redlock = world.client("abc");
    const records = lockRecords(redlock);
    const old = since();
    await records.get("job");
    world.one("c").disconnect();
    await settle();
    await world.clock.advance(1_000);
    await records.put("job", done(5), old);
    world.one("c").reconnect();
    world.one("b").restart();
    await world.clock.advance(2 * LONG_MS);
    const young = since();
    await records.put("young", done(6), young);
    world.one("a").pause();
    const change = await redlock.reconfigure(world.set("cdef".slice(0, 3)));
    await advanceDuring(world.clock, LONG_MS, change.complete());
    world.one("a").resume();
    const error = await rejection(advanceDuring(world.clock, 1_000, records.open("job", 8, old)));
    expect(error).toMatchObject({ code: "RECORD_STORE" });
    expect((await records.open("young", 8, young)).record?.body).toBe('"done"');
    // For another process as well.
    const other = lockRecords(world.client("cde"));
    expect(await rejection(advanceDuring(world.clock, 1_000, other.open("job", 9, old)))).toMatchObject({
      code: "RECORD_STORE",
    });
  });
});

test("servers that have just started take the place of all others, and know the older records", async () => {
  const redlock = world.client("abc");
  const records = lockRecords(redlock);
  const options = since();
  await world.clock.advance(1_000);
  await records.put("job", done(5), options);
  for (const label of "def") world.one(label).restart();
  const change = await advanceDuring(world.clock, LONG_MS, redlock.reconfigure(world.set("def")));
  expect((await records.open("job", 6, options)).record?.body).toBe('"done"');
  await records.open("other", 6, options);
  await advanceDuring(world.clock, LONG_MS, change.complete());
  for (const client of [records, lockRecords(world.client("def"))])
    expect((await client.open("job", 7, options)).record?.body).toBe('"done"');
  world.one("d").restart();
  await world.clock.advance(LONG_MS);
  world.one("e").kill();
  expect(await rejection(advanceDuring(world.clock, LONG_MS, records.open("job", 8, options)))).toMatchObject(
    { code: "RECORD_STORE" },
  );
});

describe("clusters", () => {
  const clusters = () => ["g", "h", "i"].map((label) => new ClusterNode({ clock: world.clock, label }));

  test("a change from clusters is refused to a client that keeps records", async () => {
    const redlock = world.client("abc");
    await (await redlock.reconfigure(clusters())).complete();
    const records = lockRecords(redlock);
    await records.put("job", done(5), since());
    expect(await records.get("job")).toEqual(done(5));
    const change = await redlock.reconfigure(world.set("def"));
    const error = await rejection(advanceDuring(world.clock, LONG_MS, change.complete()));
    expect(error).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect((error as Error).message).toContain("the records of a cluster cannot be listed");
  });

  test("a change to clusters is refused if there are records", async () => {
    const redlock = world.client("abc");
    await lockRecords(redlock).put("job", done(5), since());
    const change = await redlock.reconfigure(clusters());
    const error = await rejection(advanceDuring(world.clock, LONG_MS, change.complete()));
    expect((error as Error).message).toContain("a cluster cannot say which records it lacks");
  });

  test("a client without records changes from clusters and to clusters", async () => {
    const redlock = world.client("abc");
    await advanceDuring(world.clock, LONG_MS, (await redlock.reconfigure(clusters())).complete());
    const change = await redlock.reconfigure(world.set("def"));
    await advanceDuring(world.clock, LONG_MS, change.complete());
    await redlock.using("a", () => undefined);
  });
});
