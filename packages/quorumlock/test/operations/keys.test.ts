import { createHash } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MUTEX_SCRIPT, SERVER_SCRIPT } from "../../src/generated/scripts.ts";
import { hashSlot, SLOTS, tagOfSlot } from "../../src/operations/hash-slot.ts";
import { checkKeyName, checkPrefix, keySpaceOf } from "../../src/operations/keys.ts";
import { type RedisCluster, startRedisCluster } from "../../src/testing/index.ts";

const NAMES = ["order:42", "{tenant}:orders", "{", "}", "{}", "a}b", "{}{x}", "x{y}z{w}", "한국어", "ä{ö}ü"];
const PREFIXES = ["lock:", "", "{app}:", "app:{x}", "schloß:", "}"];

function keysOf(prefix: string, name: string) {
  const keys = keySpaceOf(prefix);
  return { lock: keys.lock(name), fence: keys.fence(name), wake: keys.wake(name) };
}

describe("a server of a cluster", () => {
  let cluster: RedisCluster;
  let admin: Redis;
  beforeAll(async () => {
    cluster = await startRedisCluster();
    admin = new Redis(cluster.nodes[0]!.port);
  });
  afterAll(async () => {
    admin.disconnect();
    await cluster.stop();
  });

  const slotsOf = (keys: readonly string[]): Promise<readonly unknown[]> =>
    Promise.all(keys.map((key) => admin.call("CLUSTER", "KEYSLOT", key)));

  test("has all keys of a name in one slot, whatever braces it or the prefix has", async () => {
    for (const prefix of PREFIXES) {
      for (const name of NAMES) {
        const { lock, fence, wake } = keysOf(prefix, name);
        const slot = hashSlot(lock);
        expect(await slotsOf([lock, fence, wake]), `${prefix}${name}`).toEqual([slot, slot, slot]);
      }
    }
  });

  test("has the notes of the sets in the slot of the marker", async () => {
    for (const prefix of PREFIXES) {
      const { marker, notes } = keySpaceOf(prefix);
      const slot = hashSlot(marker);
      expect(await slotsOf([marker, notes]), `the prefix ${prefix}`).toEqual([slot, slot]);
    }
  });

  test("has each of the 16,384 counters in a slot of its own, with the sizes of its semaphores", async () => {
    const slots = keySpaceOf("lock:").allSlots();
    const expected = Array.from({ length: SLOTS }, (_, slot) => slot);
    expect(await slotsOf(slots.map(({ fence }) => fence))).toEqual(expected);
    expect(await slotsOf(slots.map(({ sizes }) => sizes))).toEqual(expected);
  });
});

test("all keys of a name begin with the prefix and differ", () => {
  for (const prefix of PREFIXES) {
    for (const name of NAMES) {
      const { lock, fence, wake } = keysOf(prefix, name);
      expect([lock, fence, wake].every((key) => key.startsWith(prefix))).toBe(true);
      expect(new Set([lock, fence, wake]).size).toBe(3);
    }
  }
});

test("two names never share a lock or a line, also with the empty prefix and braces", () => {
  const names = [...NAMES, "a", "{a}", "{{a}}", "a{a}", "{a}a"];
  for (const prefix of PREFIXES) {
    const keys = [...new Set(names)].flatMap((name) => {
      const { lock, wake } = keysOf(prefix, name);
      return [lock, wake];
    });
    expect(new Set(keys).size).toBe(keys.length);
  }
});

test("the keys are those that docs/protocol.md describes", () => {
  expect(keysOf("", "order:42").lock).toBe("order:42");
  const { lock, fence, wake } = keysOf("lock:", "order:42");
  const tag = tagOfSlot(hashSlot("lock:order:42"));
  expect([lock, fence, wake]).toEqual([
    "lock:order:42",
    `lock:~fence:{${tag}}`,
    `lock:~wake:{${tag}}order:42`,
  ]);
});

test("a slot's tag is short, and the same in every process", () => {
  const tags = Array.from({ length: SLOTS }, (_, slot) => tagOfSlot(slot));
  expect(Math.max(...tags.map((tag) => tag.length))).toBeLessThanOrEqual(4);
  // Every process must use the same counters, so these tags can never change.
  expect(createHash("sha1").update(tags.join(" ")).digest("hex")).toBe(
    "85445940e80992d8f7476285bb05d7572cce96eb",
  );
});

test("a prefix with a hash tag has one counter, any other one has a counter for each slot", () => {
  const slotOf = (prefix: string) => ({
    fence: keysOf(prefix, "x").fence,
    sizes: keySpaceOf(prefix).sizes("x"),
  });
  expect(keySpaceOf("{app}:").allSlots()).toEqual([slotOf("{app}:")]);
  const slots = keySpaceOf("lock:").allSlots();
  expect(new Set(slots.flatMap(({ fence, sizes }) => [fence, sizes])).size).toBe(2 * SLOTS);
  expect(slots).toContainEqual(slotOf("lock:"));
});

test("reserved names and prefixes that scatter keys are refused", () => {
  expect(() => checkKeyName("~fence:{1}")).toThrow(/^name: "~fence:\{1\}" begins with "~"/);
  for (const prefix of ["a{b", "{}", "{}{x}", "a}{b"]) {
    expect(() => checkPrefix(prefix)).toThrow(RangeError);
  }
  for (const prefix of PREFIXES) expect(() => checkPrefix(prefix)).not.toThrow();
});

test("slots are those of the cluster specification", () => {
  // CRC16 of "123456789" is 0x31C3: Redis Cluster specification, appendix A.
  expect(hashSlot("123456789")).toBe(0x31c3 % SLOTS);
  expect(hashSlot("{user1000}.following")).toBe(hashSlot("{user1000}.followers"));
});

test("the scripts' SHA-1s are those of their texts, and for clusters only the verb of the release messages and the start of counters differ", () => {
  for (const { single, cluster } of [MUTEX_SCRIPT, SERVER_SCRIPT]) {
    for (const { text, sha } of [single, cluster])
      expect(createHash("sha1").update(text).digest("hex")).toBe(sha);
    expect(cluster.text).not.toContain("'PUBLISH'");
    expect(cluster.text.replaceAll("'SPUBLISH'", "'PUBLISH'").replaceAll("not true", "not false")).toBe(
      single.text,
    );
  }
  expect(MUTEX_SCRIPT.cluster.text).toContain("'SPUBLISH'");
});
