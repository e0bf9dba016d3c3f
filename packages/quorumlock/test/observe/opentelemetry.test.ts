import * as api from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Redlock } from "../../src/index.ts";
import { LockStats } from "../../src/observe/index.ts";
import { meterLocks, traceLocks } from "../../src/observe/opentelemetry/index.ts";
import { advanceDuring, world } from "../support/world.ts";

const spans = new InMemorySpanExporter();
const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 2 ** 30 });
api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
api.trace.setGlobalTracerProvider(
  new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }),
);
api.metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
afterAll(() => {
  api.context.disable();
  api.trace.disable();
  api.metrics.disable();
});
beforeEach(() => {
  spans.reset();
  metrics.reset();
});

const named = (name: string): readonly ReadableSpan[] =>
  spans.getFinishedSpans().filter((span) => span.name === name);

describe("spans", () => {
  test("of an acquisition and its hold: children of the caller's span, linked, with their attributes", async () => {
    const { redlock, clock } = world();
    const stop = traceLocks(redlock, { api });
    const tracer = api.trace.getTracer("test");
    await tracer.startActiveSpan("request", async (request) => {
      const lock = await redlock.acquire("order:42");
      expect(named("lock.acquire")).toHaveLength(1);
      expect(named("lock.hold")).toHaveLength(0);
      await clock.advance(250);
      await lock.extend();
      await lock.release();
      request.end();
      const [acquire, hold] = [named("lock.acquire")[0]!, named("lock.hold")[0]!];
      for (const span of [acquire, hold]) {
        expect(span.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
        expect(span.kind).toBe(api.SpanKind.CLIENT);
        expect(span.status.code).toBe(api.SpanStatusCode.UNSET);
        expect(span.attributes).toMatchObject({
          "redlock.names": ["order:42"],
          "redlock.kind": "mutex",
          "redlock.mode": "exclusive",
          "redlock.ttl_ms": 10_000,
          "redlock.fence": lock.fence,
        });
      }
      expect(acquire.attributes).toMatchObject({
        "redlock.outcome": "acquired",
        "redlock.rounds": 1,
        "redlock.attempts": 1,
        "redlock.waited_ms": 0,
        "redlock.wait_limit_ms": 10_000,
      });
      expect(acquire.attributes["redlock.votes"]).toBeGreaterThanOrEqual(2);
      expect(hold.links.map(({ context }) => context.spanId)).toEqual([acquire.spanContext().spanId]);
      expect(hold.attributes).toMatchObject({
        "redlock.outcome": "released",
        "redlock.held_ms": 250,
        "redlock.release.confirmed": true,
        "redlock.token_id": lock.token.slice(0, 8),
      });
      expect(hold.events.map(({ name }) => name)).toEqual(["lock.extended"]);
      expect(JSON.stringify(hold.attributes)).not.toContain(lock.token);
    });
    stop();
  });

  test("have the parent of the caller who waited, not of the holder who woke it", async () => {
    const { redlock, clock } = world();
    traceLocks(redlock, { api });
    const tracer = api.trace.getTracer("test");
    const call = (name: string) =>
      tracer.startActiveSpan(name, async (span) => {
        const lock = await redlock.acquire("job");
        await new Promise<void>((resolve) => clock.setTimer(100, resolve, false));
        await lock.release();
        span.end();
        return span.spanContext().spanId;
      });
    const ids = await advanceDuring(clock, 1_000, Promise.all([call("a"), call("b")]));
    expect(named("lock.acquire").map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(ids);
    expect(named("lock.hold").map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(ids);
    expect(named("lock.acquire")[1]!.events.map(({ name }) => name)).toEqual([
      "lock.wait.started",
      "lock.wait.ended",
    ]);
  });

  test("that fail say why; a single attempt that finds the lock held is no error", async () => {
    const { redlock, clock } = world(3, { wait: 500 });
    traceLocks(redlock, { api });
    await redlock.acquire("job");
    await redlock.tryAcquire("job");
    await advanceDuring(
      clock,
      600,
      redlock.acquire("job").catch(() => undefined),
    );
    const [, once, late] = named("lock.acquire");
    expect(once).toMatchObject({ status: { code: 0 }, attributes: { "redlock.outcome": "contended" } });
    expect(late).toMatchObject({
      status: { code: api.SpanStatusCode.ERROR },
      attributes: { "redlock.outcome": "contended", "error.type": "LOCK_TIMEOUT" },
    });
  });

  test("have no whole token in a status or an event, although errors name the other holder", async () => {
    const { redlock, clock, instances } = world(3, { wait: 500 });
    traceLocks(redlock, { api });
    const token = `${"f".repeat(32)}@other`;
    for (const instance of instances) instance.set("lock:job", token, 60_000);
    await advanceDuring(
      clock,
      600,
      redlock.acquire("job").catch(() => undefined),
    );
    const lock = await redlock.acquire("mine", { autoExtend: false });
    for (const instance of instances) instance.set("lock:mine", token, 60_000);
    await advanceDuring(
      clock,
      600,
      lock.extend().catch(() => undefined),
    );
    const texts = JSON.stringify(
      spans.getFinishedSpans().map(({ attributes, events, status }) => ({ attributes, events, status })),
    );
    expect(texts).toContain("ffffffff…@other");
    expect(texts).not.toContain("f".repeat(9));
  });

  test("of a lock that is lost have an error, of a detached one none, and an attached one has a span", async () => {
    const { redlock, clock, instances } = world(3, { autoExtend: false });
    traceLocks(redlock, { api });
    await redlock.acquire("lost");
    const passed = await redlock.acquire("passed");
    const attached = await redlock.attach(await passed.detach());
    await attached.release();
    for (const instance of instances) instance.kill();
    await clock.advance(20_000);
    const byOutcome = Object.fromEntries(
      named("lock.hold").map((span) => [span.attributes["redlock.outcome"], span]),
    );
    expect(Object.keys(byOutcome).toSorted()).toEqual(["detached", "lost", "released"]);
    expect(byOutcome["lost"]).toMatchObject({
      status: { code: api.SpanStatusCode.ERROR },
      attributes: { "redlock.names": ["lost"], "redlock.loss.cause": "expired", "error.type": "LOCK_LOST" },
    });
    expect(byOutcome["detached"]!.status.code).toBe(api.SpanStatusCode.UNSET);
    expect(byOutcome["released"]!.links).toEqual([]);
  });

  test("that are open end with stop(), and none begins after it", async () => {
    const { redlock } = world();
    const stop = traceLocks(redlock, { api });
    const lock = await redlock.acquire("job");
    redlock.acquire("job").catch(() => undefined);
    stop();
    expect([named("lock.acquire").length, named("lock.hold").length]).toEqual([2, 1]);
    await lock.release();
    await (await redlock.acquire("other")).release();
    expect(spans.getFinishedSpans()).toHaveLength(3);
  });
});

describe("metrics", () => {
  /** The latest data points of each metric. */
  async function collect(): Promise<Readonly<Record<string, { unit: string; points: readonly unknown[] }>>> {
    metrics.reset();
    await reader.forceFlush();
    const all = metrics
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((each) => each.metrics));
    return Object.fromEntries(
      all.map(({ descriptor, dataPoints }) => [
        descriptor.name,
        {
          unit: descriptor.unit,
          points: dataPoints.map(({ attributes, value }) => ({ ...attributes, value: value as unknown })),
        },
      ]),
    );
  }

  test("have the names, the units and the classes, never a name", async () => {
    const { redlock, clock } = world(3, { wait: 500 });
    using meters = meterLocks(redlock, { api });
    const lock = await redlock.acquire("order:4711");
    await redlock.tryAcquire("order:4711");
    await advanceDuring(
      clock,
      2_000,
      redlock.acquire("order:4711").catch(() => undefined),
    );
    await lock.release();
    await redlock.acquire("order:4712");
    const found = await collect();
    const at = { "redlock.resource": "order:*" };
    expect(found["redlock.acquisitions"]).toEqual({
      unit: "{acquisition}",
      points: [
        { ...at, "redlock.status": "success", value: 2 },
        { ...at, "redlock.status": "failure", value: 1 },
        { ...at, "redlock.status": "timeout", value: 1 },
        { ...at, "redlock.status": "network_error", value: 0 },
      ],
    });
    expect(found["redlock.locks.active"]!.points).toEqual([{ ...at, value: 1 }]);
    expect(found["redlock.wait.duration"]!.unit).toBe("s");
    expect(found["redlock.wait.duration"]!.points).toMatchObject([
      {
        ...at,
        value: { count: 3, buckets: { boundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] } },
      },
    ]);
    expect(found["redlock.hold.duration"]!.points).toMatchObject([{ ...at, value: { count: 1, sum: 2 } }]);
    expect(found["redlock.instance.up"]!.points).toEqual(
      ["m0", "m1", "m2"].map((label) => ({ "redlock.server": label, value: 1 })),
    );
    expect(Object.keys(found).toSorted()).toEqual([
      "redlock.acquisitions",
      "redlock.acquisitions.cancelled",
      "redlock.extensions",
      "redlock.handovers",
      "redlock.hold.duration",
      "redlock.hold.longest",
      "redlock.instance.up",
      "redlock.instance.voting",
      "redlock.instances.configured",
      "redlock.locks.active",
      "redlock.losses",
      "redlock.quorum.required",
      "redlock.quorum.size",
      "redlock.releases",
      "redlock.wait.duration",
      "redlock.wait.oldest",
      "redlock.waiters",
    ]);
    expect(JSON.stringify(found)).not.toContain("4711");
    expect(meters.stats.statistics("order:1")).toMatchObject({ timeouts: 1 });
  });

  test("end with stop(); given figures go on", async () => {
    const { redlock } = world();
    const stats = new LockStats(redlock);
    const meters = meterLocks(stats, { api });
    await redlock.acquire("kept:1");
    meters.stop();
    await redlock.acquire("kept:2");
    expect(stats.statistics("kept:1")).toMatchObject({ acquisition_count: 2 });
    expect(JSON.stringify((await collect())["redlock.locks.active"] ?? {})).not.toContain("kept");
  });
});

test("bad options are errors that name the field and the value", () => {
  const { redlock } = world();
  for (const make of [traceLocks, meterLocks] as readonly ((client: Redlock, options: object) => unknown)[]) {
    expect(() => make(redlock, { api: {} })).toThrow(
      "api: an object (Object) must be the module @opentelemetry/api",
    );
    expect(() => make(redlock, { api, apii: 1 })).toThrow("`api` is probably meant");
    expect(() => make({} as Redlock, { api })).toThrow("must be a Redlock or a MutexRedlock");
  }
  expect(() => meterLocks(redlock, { api, timeout: 0 })).toThrow("timeout: 0 must be a number of at least 1");
});
