import { createHash } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, expect, test } from "vitest";
import { MemoryInstance } from "../../src/index.ts";
import { SERVER_SCRIPT } from "../../src/generated/scripts.ts";
import { IoredisInstance } from "../../src/instances/ioredis.ts";
import { mutexKind } from "../../src/operations/mutex.ts";
import { type Operation, request } from "../../src/operations/request.ts";
import { noteFirstUse } from "../../src/testing/conformance-bed.ts";
import { minifyLua } from "../support/minify-lua.ts";
import { testServers } from "../support/server-access.ts";

// An operation is complete in itself: a test can bring its own, with its own Lua.

const [server] = await testServers(1);
const client = new Redis(server!.server.port);
afterAll(() => client.disconnect());

const LUA = `
operations['test.append'] = function(keys, args)
  redis.call('APPEND', keys[1], args[1])
  return {1, redis.call('GET', keys[1])}
end`;
const END = "\nreturn operations\nend";
const text = SERVER_SCRIPT.single.text.replace(minifyLua(END), () => minifyLua(LUA + END));
const script = { text, sha: createHash("sha1").update(text).digest("hex") };

const APPEND: Operation = {
  name: "test.append",
  script: { single: script, cluster: script },
  ownArgs: 1,
  isGrant: false,
  isUndo: false,
  twin(store, [key = ""], [suffix = ""]) {
    const value = (store.get(key) ?? "") + suffix;
    store.set(key, value, Infinity);
    return [1, value];
  },
};

test.each([
  ["a server", () => new IoredisInstance(client)],
  ["a store of this process", () => new MemoryInstance()],
])("%s carries out an operation of one's own, between those of the library", async (_, open) => {
  const instance = open();
  const owner = { token: "t", prefix: "lock:", fence: 0, isWithdrawn: false };
  const append = (suffix: string) => request(APPEND, ["own"], [suffix]);
  await noteFirstUse(instance, "lock:");
  for (const before of ["", "abc"]) {
    const replies = await instance.run([
      append("a"),
      append("b"),
      mutexKind.acquire(["x"], owner, 10_000, undefined),
      append("c"),
      mutexKind.release(["x"], owner, ""),
    ]);
    expect(replies).toEqual([
      [1, `${before}a`],
      [1, `${before}ab`],
      expect.any(Number),
      [1, `${before}abc`],
      1,
    ]);
  }
});
