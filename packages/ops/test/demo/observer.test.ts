import { describe, expect, it } from "vitest";
import { Observer } from "../../src/demo/observer.ts";

describe("Observer", () => {
  it("counts sales that follow each other, and finds no violation", () => {
    const observer = new Observer();
    observer.onRead(0, 7, 10);
    expect([...observer.workersInside]).toEqual([0]);
    observer.onWrite(0, 3, 2, 11);
    observer.onRead(1, 8, 13);
    observer.onWrite(1, 2, 1, 14);
    observer.onRead(1, 12, 15);
    observer.onWrite(1, 1, 0, 17);
    observer.onRead(0, 13, 18);
    observer.onLeave(0);
    expect(observer).toMatchObject({ sold: 3, violations: 0, highestFence: 13, salesAt: [11, 14, 17] });
    expect(observer.workersInside.size).toBe(0);
  });

  it("finds two workers inside at once, even without a lost update", () => {
    const observer = new Observer();
    observer.onRead(0, 1, 0);
    observer.onRead(1, 2, 1);
    observer.onWrite(0, 5, 4, 2);
    observer.onWrite(1, 4, 3, 3);
    expect(observer.violations).toBe(1);
    expect(observer.examples).toMatchObject([
      { kind: "overlap", message: expect.stringContaining("worker 1") },
    ]);
  });

  it.each([
    ["decreases", 4],
    ["repeats", 5],
  ])("finds a fencing token that %s", (_, fence) => {
    const observer = new Observer();
    observer.onRead(0, 5, 0);
    observer.onWrite(0, 2, 1, 1);
    observer.onRead(1, fence, 2);
    observer.onWrite(1, 1, 0, 3);
    expect(observer).toMatchObject({ violations: 1, fenceViolations: 1, fences: 2, highestFence: 5 });
    expect(observer.examples).toMatchObject([{ kind: "fence" }]);
  });

  it("finds a lost update: a write that undoes the sale of another worker", () => {
    const observer = new Observer();
    observer.onRead(0, undefined, 0);
    observer.onLeave(0);
    observer.onRead(1, undefined, 1);
    observer.onWrite(1, 5, 4, 2);
    observer.onWrite(0, 4, 4, 3);
    expect(observer).toMatchObject({ sold: 2, violations: 1, examples: [{ kind: "lost update" }] });
  });

  it("ignores the unfinished sale of a killed worker, and counts its write if it arrives late", () => {
    const observer = new Observer();
    observer.onRead(0, 1, 0);
    observer.onLeave(0);
    observer.onRead(1, 2, 5);
    observer.onWrite(1, 9, 8, 6);
    expect(observer).toMatchObject({ sold: 1, violations: 0 });
    observer.onWrite(0, 8, 8, 7);
    expect(observer).toMatchObject({ sold: 2, violations: 1 });
  });

  it("measures hand-overs between different workers, but not from a killed worker", () => {
    const observer = new Observer();
    const sell = (worker: number, readAtMs: number, writtenAtMs: number): void => {
      observer.onRead(worker, undefined, readAtMs);
      observer.onWrite(worker, 1, 0, writtenAtMs);
    };
    sell(0, 0, 10);
    sell(0, 12, 20);
    sell(1, 23, 30);
    observer.onRead(2, undefined, 34);
    observer.onLeave(2);
    sell(0, 1_500, 1_501);
    expect(observer.handOversMs).toEqual([3, 4]);
  });

  it("counts all violations, and keeps the first ones", () => {
    const observer = new Observer();
    for (let time = 0; time < 100; time += 1) observer.onRead(time, undefined, time);
    expect(observer.violations).toBe(99);
    expect(observer.examples).toHaveLength(20);
  });
});
