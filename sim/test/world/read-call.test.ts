import fc from "fast-check";
import { expect, test } from "vitest";
import { mutex, type Request, request, resourceKeys, scriptCallFor } from "../../src/library.ts";
import { readCall } from "../../src/world/read-call.ts";

const notWithdrawn = { withdrawn: false };
const keys = (name: string) => [resourceKeys("lock:", name)];

const anyRequest: fc.Arbitrary<Request> = fc.oneof(
  fc
    .tuple(fc.string(), fc.constantFrom(1_000, 2_000))
    .map(([name, ttl]) => mutex.acquire(keys(name), "t", ttl, notWithdrawn)),
  fc.string().map((name) => mutex.acquire(keys(name), "t", 1_000, notWithdrawn, "client-1")),
  fc.string().map((name) => mutex.take(keys(name), "t", "u", 1_000, notWithdrawn)),
  fc.constantFrom("", "client-1").map((client) => mutex.release(keys("a"), "t", client)),
  fc.string().map((name) => mutex.release([...keys(name), ...keys("z")], "t")),
  fc
    .integer({ min: 0, max: 3 })
    .map((count) => request("op", [], count, Array.from({ length: count }, String))),
);

const withoutMeta = ({ operation, keys: all, args }: Request) => ({ operation, keys: all, args });

test("decodes the requests of a script call in their order", () => {
  fc.assert(
    fc.property(fc.array(anyRequest, { minLength: 1, maxLength: 12 }), (requests) => {
      expect(readCall(scriptCallFor(requests).args).map(withoutMeta)).toEqual(requests.map(withoutMeta));
    }),
  );
});
