import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { SCRIPT, SHARDED_SCRIPT } from "../../src/generated/scripts.ts";
import { hashSlot, resourceKeys } from "../../src/operations/keys.ts";

test("siblings share the slot of their key, with and without a hash tag", () => {
  for (const name of ["order:42", "{tenant}:orders", "{", "x{y}z{w}", "한국어"]) {
    const { lock, fence, wake } = resourceKeys("lock:", name);
    expect([hashSlot(fence), hashSlot(wake)]).toEqual([hashSlot(lock), hashSlot(lock)]);
    expect(new Set([lock, fence, wake]).size).toBe(3);
  }
});

test("the key is the prefix and the name, as other Redlock libraries have it", () => {
  const { lock, fence, wake } = resourceKeys("", "order:42");
  expect([lock, fence, wake]).toEqual(["order:42", "{order:42}:fence", "{order:42}:wake"]);
  expect(resourceKeys("lock:", "{t}1").fence).toBe("lock:{t}1:fence");
});

test("slots are those of the cluster specification", () => {
  // CRC16 of "123456789" is 0x31C3: Redis Cluster specification, appendix A.
  expect(hashSlot("123456789")).toBe(0x31c3 % 16384);
  expect(hashSlot("{user1000}.following")).toBe(hashSlot("{user1000}.followers"));
});

test("the scripts' pinned SHAs are those of their texts, and only the verb of the wake messages differs", () => {
  for (const { text, sha } of [SCRIPT, SHARDED_SCRIPT]) {
    expect(createHash("sha1").update(text).digest("hex")).toBe(sha);
  }
  expect(SHARDED_SCRIPT.text).not.toContain("'PUBLISH'");
  expect(SHARDED_SCRIPT.text.replaceAll("'SPUBLISH'", "'PUBLISH'")).toBe(SCRIPT.text);
});
