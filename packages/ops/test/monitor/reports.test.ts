import { describe, expect, test } from "vitest";
import { LockStats, type ProcessReport, report } from "quorumlock/observe";
import type { ClassFigures, LockDetail, Snapshot } from "../../src/monitor/index.ts";
import { blockedBehind } from "../../src/monitor/reports/blocked-behind.ts";
import { startBed, until } from "./support/monitor-bed.ts";

describe("the reports of processes", () => {
  test("give callers, ages, fences, figures of classes and losses", async () => {
    await using bed = await startBed();
    const one = bed.client({ owner: "billing-7:3121", ttl: 6_000 });
    const two = bed.client({ owner: "web-2:991" });
    await using _one = report(one, new LockStats(one), { interval: 1_000 });
    await using _two = report(two, new LockStats(two), { interval: 1_000 });
    const lock = await one.acquire("order:42");
    const controller = new AbortController();
    const waits = [1, 2, 3].map(() =>
      two.acquire("order:42", { signal: controller.signal, wait: 60_000 }).catch(() => undefined),
    );
    const detail = await until(async () => {
      const found = await bed.json<LockDetail>("/api/locks/order%3A42");
      return found.lock?.callers === 3 && found.lock.fence !== undefined && found;
    });
    expect(detail.lock).toMatchObject({
      ageSource: "report",
      fence: lock.fence,
      ttlMs: 6_000,
      blocked: 3,
      waiting: 1,
    });
    expect(detail.line).toMatchObject([{ owner: "web-2:991", callers: 3, isNext: true }]);
    expect(detail.reportedMsAgo).toBeGreaterThanOrEqual(0);

    // An extension brings a key back that was deleted, but it takes nothing from another holder.
    for (const redis of bed.plain) await redis.set("lock:order:42", `${"0".repeat(32)}@other:1`, "PX", 5_000);
    const snapshot = await until(async () => {
      const found = await bed.json<Snapshot>("/api/snapshot");
      return found.figures.lostLastHour === 1 && found.figures.lastLostAt !== undefined && found;
    });
    expect(snapshot.figures.processes).toEqual({ reporting: 2, known: 2 });
    expect(snapshot.events.find(({ type }) => type === "lost")).toMatchObject({
      level: "bad",
      name: "order:42",
      owner: "billing-7:3121",
    });
    controller.abort();
    await Promise.all(waits);
    for (let index = 0; index < 30; index += 1) await two.using(`job:${index}`, () => undefined);
    const figures = await until(async () => {
      const found = await bed.json<ClassFigures>("/stats/job%3A1");
      return found.granted === 30 && found;
    });
    expect(figures).toMatchObject({ class: "job:*", timedOut: 0, lost: 0, success: 1 });
    expect(figures.holdP50Ms).toBeGreaterThan(0);
    const { points } = await until(async () => {
      const found = await bed.json<Snapshot>("/api/snapshot");
      return found.points.some(({ grantedPerS }) => grantedPerS > 0) && found;
    });
    expect(points.length).toBeLessThanOrEqual(300);
  });
});

describe("who is blocked behind whom", () => {
  const reportOf = (
    owner: string,
    holds: readonly [name: string, durationMs: number][],
    waits: readonly [name: string, durationMs: number][],
  ): { report: ProcessReport; ageMs: number } => ({
    ageMs: 0,
    report: {
      process: { owner },
      holds: holds.map(([name, durationMs]) => ({ names: [name], durationMs })),
      waits: waits.map(([name, durationMs]) => ({ names: [name], durationMs })),
    } as unknown as ProcessReport,
  });

  test("follows chains", () => {
    const found = blockedBehind([
      reportOf("a", [["A", 9_000]], []),
      reportOf("b", [["B", 8_000]], [["A", 5_000]]),
      reportOf(
        "c",
        [],
        [
          ["B", 4_000],
          ["B", 100],
        ],
      ),
    ]);
    expect(found.get("A")).toMatchObject({
      callers: 1,
      oldestWaitMs: 5_000,
      blocked: 3,
      deadlock: undefined,
    });
    expect(found.get("B")).toMatchObject({
      callers: 2,
      oldestWaitMs: 4_000,
      blocked: 2,
      deadlock: undefined,
    });
  });

  test("finds circles, and no circle where the lock was acquired during the wait", () => {
    const circle = [
      reportOf("a", [["A", 9_000]], [["B", 5_000]]),
      reportOf("b", [["B", 9_000]], [["A", 5_000]]),
    ];
    const found = blockedBehind(circle);
    expect(found.get("A")?.deadlock).toBe("A → B → A");
    expect(found.get("A")?.blocked).toBe(2);
    const later = blockedBehind([
      reportOf("a", [["A", 3_000]], [["B", 5_000]]),
      reportOf("b", [["B", 9_000]], [["A", 5_000]]),
    ]);
    expect(later.get("A")?.deadlock).toBeUndefined();
  });

  test("ends after eight steps", () => {
    const chain = Array.from({ length: 20 }, (_, index) =>
      reportOf(`p${index}`, [[`n${index}`, 9_000]], index === 0 ? [] : [[`n${index - 1}`, 5_000]]),
    );
    expect(blockedBehind(chain).get("n0")?.blocked).toBe(8);
  });
});
