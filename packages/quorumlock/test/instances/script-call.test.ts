import { expect, test } from "vitest";
import { scriptCallFor } from "../../src/instances/script-call.ts";
import { SCRIPT } from "../../src/generated/scripts.ts";
import { resourceKeys } from "../../src/operations/keys.ts";
import { mutex } from "../../src/operations/mutex.ts";

const held = { withdrawn: false };
const keys = (name: string) => [resourceKeys("lock:", name)];

test("what neighbours share is sent once", () => {
  const requests = Array.from({ length: 100 }, (_, index) =>
    mutex.acquire(keys(`n${index}`), `t${index}`, 1_234, held),
  );
  const { args } = scriptCallFor(requests);
  expect(args.filter((arg) => arg === "1234")).toHaveLength(1);
  // A number of keys, two keys and a token for each, and the head of the one run.
  expect(args).toHaveLength(1 + 300 + 7);
});

test("the same requests are packed and encoded once, whoever sends them, and however many calls a tick has", () => {
  const parts = [0, 1, 2].map((part) => [
    mutex.release(keys(`a${part}`), "t"),
    mutex.release(keys(`b${part}`), "t"),
  ]);
  const calls = parts.map((requests) => scriptCallFor(requests));
  expect(parts.map((requests) => scriptCallFor([...requests]))).toEqual(calls);
  parts.forEach((requests, index) => expect(scriptCallFor([...requests])).toBe(calls[index]));
  expect(calls[0]!.encoded(SCRIPT.sha)).toBe(calls[0]!.encoded(SCRIPT.sha));
  expect(scriptCallFor([parts[0]![0]!])).not.toBe(calls[0]);
});

test("an encoded call is one command, its lengths in bytes", () => {
  const call = scriptCallFor([mutex.release(keys("grün"), "t")]);
  const lines = call.encoded(SCRIPT.sha).toString().split("\r\n");
  expect(lines.slice(0, 5)).toEqual(["*8", "$7", "EVALSHA", "$40", SCRIPT.sha]);
  expect(lines.slice(7, 9)).toEqual([`$${Buffer.byteLength("lock:grün")}`, "lock:grün"]);
});
