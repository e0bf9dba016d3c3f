import { expect, test } from "vitest";
import { MemoryInstance, Redlock } from "../../src/index.ts";
import { DelayedInstance } from "../support/detour.ts";
import { withoutCounters } from "../support/lock-keys.ts";

for (const count of [2, 3, 5]) {
  test(`${count} clients that split the votes of ${count} instances all acquire within their wait`, async () => {
    const instances = Array.from({ length: count }, (_, index) => new MemoryInstance({ label: `m${index}` }));
    // Client i is near instance i and far from all others, so that each client gets one vote.
    const clients = instances.map(
      (_, i) => new Redlock(instances.map((instance, j) => new DelayedInstance(instance, i === j ? 0 : 5))),
    );
    await Promise.all(clients.map((redlock) => redlock.using("warm", () => undefined)));
    let inside = 0;
    let maxInside = 0;
    const attempts: number[] = [];
    for (const redlock of clients)
      redlock.on("lock:acquire:succeeded", (event) => attempts.push(event.attempts));
    for (let turn = 0; turn < 30; turn++) {
      await Promise.all(
        clients.map((redlock) =>
          // Each turn uses a new name, because a client yields a name that it has just released.
          redlock.using(`split-${turn}`, async () => {
            inside += 1;
            maxInside = Math.max(maxInside, inside);
            await new Promise((resolve) => setImmediate(resolve));
            inside -= 1;
          }),
        ),
      );
    }
    expect([attempts.length, maxInside]).toEqual([30 * count, 1]);
    // The votes were really split: no client acquired at its first attempt.
    expect(Math.min(...attempts)).toBeGreaterThan(1);
    for (const instance of instances) expect(withoutCounters(instance.keys())).toEqual([]);
    await Promise.all(clients.map((redlock) => redlock.close()));
  });
}
