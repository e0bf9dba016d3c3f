import { expect, test } from "vitest";
import { MemoryInstance, Redlock } from "../../src/index.ts";
import { Detour } from "../support/detour.ts";

for (const count of [2, 3, 5]) {
  test(`${count} contenders that get one vote each of ${count} instances resolve within their wait`, async () => {
    const instances = Array.from({ length: count }, (_, index) => new MemoryInstance({ label: `m${index}` }));
    // Contender i is near instance i and far from all others.
    const contenders = instances.map(
      (_, i) => new Redlock(instances.map((instance, j) => new Detour(instance, i === j ? 0 : 5))),
    );
    await Promise.all(contenders.map((redlock) => redlock.using("warm", () => undefined)));
    let inside = 0;
    let most = 0;
    const attempts: number[] = [];
    for (const redlock of contenders)
      redlock.on("lock:acquire:succeeded", (event) => attempts.push(event.attempts));
    for (let turn = 0; turn < 30; turn++) {
      await Promise.all(
        contenders.map((redlock) =>
          // Of a name that it had just now, and others wait for, one would let the others go first.
          redlock.using(`split-${turn}`, async () => {
            inside += 1;
            most = Math.max(most, inside);
            await new Promise((resolve) => setImmediate(resolve));
            inside -= 1;
          }),
        ),
      );
    }
    expect([attempts.length, most]).toEqual([30 * count, 1]);
    // The votes were split indeed: nobody won at the first attempt while all were asking.
    expect(Math.min(...attempts)).toBeGreaterThan(1);
    for (const instance of instances)
      expect(instance.keys().filter((key) => !key.endsWith(":fence"))).toEqual([]);
    await Promise.all(contenders.map((redlock) => redlock.close()));
  });
}
