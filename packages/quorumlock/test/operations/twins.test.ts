import fc from "fast-check";
import { expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { IoredisInstance } from "../../src/instances/ioredis.ts";
import { MemoryInstance } from "../../src/index.ts";
import { resourceKeys } from "../../src/operations/keys.ts";
import { mutex } from "../../src/operations/mutex.ts";
import type { Reply, Request } from "../../src/operations/request.ts";
import { testServers } from "../support/server-access.ts";

const [server] = await testServers(1);
const held = { withdrawn: false };
const LONG_MS = 1_000_000;

type Step = {
  readonly kind: "acquire" | "extend" | "settle" | "raise" | "release";
  readonly names: readonly string[];
  readonly token: string;
  readonly ahead: number;
  /** Whether it travels with another request: alone it takes another way through the script. */
  readonly accompanied: boolean;
};

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("acquire", "extend", "settle", "raise", "release"),
  names: fc.subarray(["a", "b", "c"], { minLength: 1 }),
  token: fc.constantFrom("t1", "t2", "t3"),
  ahead: fc.integer({ min: -3, max: 3 }),
  accompanied: fc.boolean(),
});

/** The fencing tokens start at each instance's own time: what is compared is how far they are from the first. */
class Trace {
  #base: number | undefined;
  readonly #latest = new Map<string, number>();

  request({ kind, names, token, ahead }: Step, prefix: string): Request {
    const keys = names.map((name) => resourceKeys(prefix, name));
    const fence = (this.#latest.get(token) ?? this.#base ?? 0) + ahead;
    if (kind === "acquire") return mutex.acquire(keys, token, LONG_MS, held);
    if (kind === "release") return mutex.release(keys, token);
    if (kind === "settle") return mutex.extend(keys, token, LONG_MS, fence, held, true);
    return mutex[kind](keys, token, LONG_MS, fence, held);
  }

  see({ kind, names, token }: Step, reply: Reply): readonly unknown[] {
    if (kind === "acquire" && reply[0] === 1) {
      const fence = Number(reply[1]);
      this.#base ??= fence;
      this.#latest.set(token, fence);
      return [1, fence - this.#base];
    }
    // Remaining times differ by the moments of asking, and with them which of several holders lasts longest.
    return reply[0] === 0
      ? [0, Number(reply[1] ?? 0) > 0, names.length === 1 ? reply[2] : "one of them"]
      : reply;
  }
}

test("Lua and TypeScript reply alike and leave the same holders, whatever the history", async () => {
  const redis = new IoredisInstance(server!.admin);
  let operations = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const prefix = `${systemClock.randomToken()}:`;
      const memory = new MemoryInstance();
      // All names are touched once first, so that no counter starts in the middle of a history.
      const first: Step = {
        kind: "acquire",
        names: ["a", "b", "c"],
        token: "t0",
        ahead: 0,
        accompanied: false,
      };
      const history: readonly Step[] = [first, { ...first, kind: "release" }, ...steps];
      const [lua, twin] = [new Trace(), new Trace()];
      for (const one of history) {
        const company = one.accompanied ? [mutex.release([resourceKeys(prefix, "other")], "nobody")] : [];
        const [fromLua] = await redis.run([lua.request(one, prefix), ...company]);
        const [fromTwin] = await memory.run([twin.request(one, prefix), ...company]);
        expect(twin.see(one, fromTwin!)).toEqual(lua.see(one, fromLua!));
        operations += 1;
      }
      for (const name of ["a", "b", "c"]) {
        const { lock } = resourceKeys(prefix, name);
        expect(memory.get(lock) ?? null).toBe(await server!.admin.get(lock));
      }
    }),
    { numRuns: 60 },
  );
  expect(operations).toBeGreaterThan(600);
});
