import fc from "fast-check";
import { expect, test } from "vitest";
import { scriptCallFor } from "../../../packages/quorumlock/src/instances/script-call.ts";
import { resourceKeys } from "../../../packages/quorumlock/src/operations/keys.ts";
import { mutex } from "../../../packages/quorumlock/src/operations/mutex.ts";
import { type Request, request } from "../../../packages/quorumlock/src/operations/request.ts";
import { readCall } from "../../src/world/read-call.ts";

const held = { withdrawn: false };
const keys = (name: string) => [resourceKeys("lock:", name)];

const some: fc.Arbitrary<Request> = fc.oneof(
  fc
    .tuple(fc.string(), fc.constantFrom(1_000, 2_000))
    .map(([name, ttl]) => mutex.acquire(keys(name), "t", ttl, held)),
  fc.string().map((name) => mutex.acquire(keys(name), "t", 1_000, held, "client-1")),
  fc.string().map((name) => mutex.take(keys(name), "t", "u", 1_000, held)),
  fc.constantFrom("", "client-1").map((client) => mutex.release(keys("a"), "t", client)),
  fc.string().map((name) => mutex.release([...keys(name), ...keys("z")], "t")),
  fc
    .integer({ min: 0, max: 3 })
    .map((count) => request("op", [], count, Array.from({ length: count }, String))),
);

const gist = ({ operation, keys: all, args }: Request) => ({ operation, keys: all, args });

test("whatever is packed together is unpacked the same, in the same order", () => {
  fc.assert(
    fc.property(fc.array(some, { minLength: 1, maxLength: 12 }), (requests) => {
      expect(readCall(scriptCallFor(requests).args).map(gist)).toEqual(requests.map(gist));
    }),
  );
});
