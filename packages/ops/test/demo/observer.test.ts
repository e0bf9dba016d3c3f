import { describe, expect, it } from "vitest";
import { Observer } from "../../src/demo/observer.ts";

describe("the observer", () => {
  it("counts sales that follow one another, and finds nothing wrong with them", () => {
    const observer = new Observer();
    observer.read(0, 7, 10);
    expect([...observer.inside]).toEqual([0]);
    observer.wrote(0, 3, 2, 11);
    observer.read(1, 8, 13);
    observer.wrote(1, 2, 1, 14);
    observer.read(1, 12, 15);
    observer.wrote(1, 1, 0, 17);
    observer.read(0, 13, 18);
    observer.left(0);
    expect(observer).toMatchObject({ sold: 3, violations: 0, fence: 13, salesAt: [11, 14, 17] });
    expect(observer.inside.size).toBe(0);
  });

  it("sees two workers inside at once, although no sale was lost", () => {
    const observer = new Observer();
    observer.read(0, 1, 0);
    observer.read(1, 2, 1);
    observer.wrote(0, 5, 4, 2);
    observer.wrote(1, 4, 3, 3);
    expect(observer.violations).toBe(1);
    expect(observer.examples).toMatchObject([{ kind: "overlap", what: expect.stringContaining("worker 1") }]);
  });

  it.each([
    ["going backwards", 4],
    ["standing still", 5],
  ])("sees a fence %s", (_, fence) => {
    const observer = new Observer();
    observer.read(0, 5, 0);
    observer.wrote(0, 2, 1, 1);
    observer.read(1, fence, 2);
    observer.wrote(1, 1, 0, 3);
    expect(observer).toMatchObject({ violations: 1, fence: 5, examples: [{ kind: "fence" }] });
  });

  it("sees a lost sale: a write over one that it knew nothing of", () => {
    const observer = new Observer();
    observer.read(0, undefined, 0);
    observer.left(0);
    observer.read(1, undefined, 1);
    observer.wrote(1, 5, 4, 2);
    observer.wrote(0, 4, 4, 3);
    expect(observer).toMatchObject({ sold: 2, violations: 1, examples: [{ kind: "lost update" }] });
  });

  it("does not count the unfinished sale of a worker that died, but counts it when the write arrives after all", () => {
    const observer = new Observer();
    observer.read(0, 1, 0);
    observer.left(0);
    observer.read(1, 2, 5);
    observer.wrote(1, 9, 8, 6);
    expect(observer).toMatchObject({ sold: 1, violations: 0 });
    observer.wrote(0, 8, 8, 7);
    expect(observer).toMatchObject({ sold: 2, violations: 1 });
  });

  it("times hand-overs between different workers only, and none from a worker that died", () => {
    const observer = new Observer();
    const sale = (worker: number, fromMs: number, toMs: number): void => {
      observer.read(worker, undefined, fromMs);
      observer.wrote(worker, 1, 0, toMs);
    };
    sale(0, 0, 10);
    sale(0, 12, 20);
    sale(1, 23, 30);
    observer.read(2, undefined, 34);
    observer.left(2);
    sale(0, 1_500, 1_501);
    expect(observer.handOversMs).toEqual([3, 4]);
  });

  it("counts all violations, and keeps the first of them in words", () => {
    const observer = new Observer();
    for (let time = 0; time < 100; time += 1) observer.read(time, undefined, time);
    expect(observer.violations).toBe(99);
    expect(observer.examples).toHaveLength(20);
  });
});
