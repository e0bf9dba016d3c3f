import { expect, test } from "vitest";
import { scriptCallFor } from "../../src/instances/script-call.ts";
import { MUTEX_SCRIPT } from "../../src/generated/scripts.ts";
import { mutexKind } from "../../src/operations/mutex.ts";
import type { Request } from "../../src/operations/request.ts";

function ownerOf(token: string) {
  return { token, prefix: "lock:", fence: 0, isWithdrawn: false };
}

function release(name: string): Request {
  return mutexKind.release([name], ownerOf("t"), "");
}

test("arguments that neighbours share are sent once", () => {
  const requests = Array.from({ length: 100 }, (_, index) =>
    mutexKind.acquire([`n${index}`], ownerOf(`t${index}`), 1_234, undefined),
  );
  const { args } = scriptCallFor(requests, false);
  expect(args.filter((arg) => arg === "1234")).toHaveLength(1);
  // The number of keys; two keys and a token for each request; the head of the run and the two shared arguments.
  expect(args).toHaveLength(1 + 300 + 5 + 2);
});

test("the same requests are packed and encoded once for all instances, however many calls a tick has", () => {
  const parts = [0, 1, 2].map((part) => [release(`a${part}`), release(`b${part}`)]);
  const calls = parts.map((requests) => scriptCallFor(requests, false));
  parts.forEach((requests, index) => expect(scriptCallFor([...requests], false)).toBe(calls[index]));
  expect(calls[0]!.encoded).toBe(calls[0]!.encoded);
  expect(scriptCallFor([parts[0]![0]!], false)).not.toBe(calls[0]);
});

test("a cluster gets the script that announces on sharded channels", () => {
  const requests = [release("a")];
  expect(scriptCallFor(requests, false).script).toBe(MUTEX_SCRIPT.single);
  expect(scriptCallFor(requests, true).script).toBe(MUTEX_SCRIPT.cluster);
});

test("an encoded call is one command, its lengths in bytes", () => {
  const call = scriptCallFor([release("grün")], false);
  const { sha } = MUTEX_SCRIPT.single;
  const lines = call.encoded.toString().split("\r\n");
  expect(lines.slice(0, 5)).toEqual([`*${call.args.length + 2}`, "$7", "EVALSHA", "$40", sha]);
  expect(lines.slice(7, 9)).toEqual([`$${Buffer.byteLength("lock:grün")}`, "lock:grün"]);
});
