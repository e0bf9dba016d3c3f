import fc from "fast-check";
import { expect, test } from "vitest";
import { counters, mutexKind, type Request, scriptCallFor } from "../../src/library.ts";
import { readCall } from "../../src/world/read-call.ts";

const owner = { token: "t", prefix: "lock:", fence: 7, isWithdrawn: false };
const waiter = fc.constantFrom(undefined, "client-1");
const ttlMs = fc.constantFrom(1_000, 2_000);
const names = fc.constantFrom(["a"], ["b"], ["a", "z"]);

const anyRequest: fc.Arbitrary<Request> = fc.oneof(
  fc
    .tuple(names, ttlMs, waiter)
    .map(([target, ttl, client]) => mutexKind.acquire(target, owner, ttl, client)),
  fc
    .tuple(names, ttlMs, waiter)
    .map(([target, ttl, client]) => mutexKind.takeOver!(target, owner, "u", ttl, client)),
  fc.tuple(names, ttlMs).map(([target, ttl]) => mutexKind.extend(target, owner, ttl)),
  fc.tuple(names, fc.integer({ min: 1 })).map(([target, fence]) => mutexKind.commit(target, owner, fence)),
  fc
    .tuple(names, fc.constantFrom("", "client-1"))
    .map(([target, client]) => mutexKind.release(target, owner, client)),
  fc.integer({ min: 0, max: 3 }).map((count) =>
    counters.raise(
      Array.from({ length: count }, (_, index) => ({
        keys: { fence: `k${index}`, sizes: `s${index}` },
        fence: 5,
        sizes: new Map([["pool", { stamp: 6, total: 7 }]]),
      })),
    ),
  ),
);

const contentOf = ({ operation, keys, args }: Request) => ({ operation: operation.name, keys, args });

test("decodes the requests of a script call in their order", () => {
  fc.assert(
    fc.property(fc.array(anyRequest, { minLength: 1, maxLength: 12 }), (requests) => {
      expect(readCall(scriptCallFor(requests, false).args).map(contentOf)).toEqual(requests.map(contentOf));
    }),
  );
});
