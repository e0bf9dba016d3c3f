import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Registry } from "prom-client";
import { describe, expect, onTestFinished, test } from "vitest";
import { CircuitBreaker, Redlock } from "../../src/index.ts";
import { LockStats } from "../../src/observe/index.ts";
import { exposeMetrics } from "../../src/observe/prometheus/index.ts";
import { settle } from "../support/virtual-clock.ts";
import { testServers } from "../support/server-access.ts";
import { world } from "../support/world.ts";

function exposedWorld() {
  const scene = world(3, { wait: 1_000 });
  const register = new Registry();
  return { ...scene, register, metrics: exposeMetrics(scene.redlock, { register }) };
}

/** The lines of a metric, without comments. */
async function lines(register: Registry, name: string): Promise<readonly string[]> {
  const text = await register.metrics();
  return text.split("\n").filter((line) => line.startsWith(name) && !line.startsWith("#"));
}

/** Each metric with its type and its labels, as docs/observability.md lists them. */
const CATALOGUE = `
acquisition_cancelled_total counter reason resource
acquisition_total counter resource status
active_locks gauge resource
build_info gauge version
classes gauge
extension_total counter resource status
handover_total counter resource
hold_duration_seconds histogram le resource
instance_abstaining_seconds gauge server
instance_clock_offset_seconds gauge server
instance_memory_limit_bytes gauge
instance_memory_used_bytes gauge
instance_restarts_total counter server
instance_unsafe gauge cause server
instance_up gauge server
instance_voting gauge server
instances_configured gauge
longest_hold_seconds gauge resource
lost_total counter cause resource
oldest_waiter_seconds gauge resource
quorum_required gauge
quorum_size gauge resource
release_total counter confirmed resource
request_duration_seconds histogram le server
wait_duration_seconds histogram le resource
waiters gauge resource
`.trim();

test("the metrics have exactly these names, types and labels", async () => {
  const { redlock, register } = exposedWorld();
  await (await redlock.acquire("order:1")).release();
  const json = (await register.getMetricsAsJSON()) as unknown as readonly {
    readonly name: string;
    readonly type: string;
    readonly help: string;
    readonly values: readonly { readonly labels: object }[];
  }[];
  const found = json.map(({ name, type, values }) => {
    const labels = new Set(values.flatMap((value) => Object.keys(value.labels)));
    return [name.replace(/^redlock_/, ""), type, ...[...labels].toSorted()].join(" ");
  });
  expect(found.toSorted().join("\n")).toBe(CATALOGUE);
});

test("a class and an instance have as many series as docs/observability.md says", async () => {
  const { redlock, register, clock } = exposedWorld();
  await (await redlock.acquire("order:1")).release();
  const reading = register.metrics();
  await clock.advance(100);
  const text = await reading;
  const count = (label: string): number => text.split("\n").filter((line) => line.includes(label)).length;
  // Instances in memory have neither of the two metrics of memory.
  const [ofClass, ofInstance] = [count('resource="order:*"'), count('server="m0"') + 2];
  const docs = readFileSync(new URL("../../../../docs/observability.md", import.meta.url), "utf8");
  expect(docs).toContain(`at most ${ofClass} series for each class and ${ofInstance} for each instance`);
});

describe("of a class", () => {
  test("all statuses start at 0, and the label is the class, never a name", async () => {
    const { redlock, register } = exposedWorld();
    await (await redlock.acquire("order:4711")).release();
    expect(await lines(register, "redlock_acquisition_total")).toEqual([
      'redlock_acquisition_total{resource="order:*",status="success"} 1',
      'redlock_acquisition_total{resource="order:*",status="failure"} 0',
      'redlock_acquisition_total{resource="order:*",status="timeout"} 0',
      'redlock_acquisition_total{resource="order:*",status="network_error"} 0',
    ]);
    expect(await lines(register, "redlock_lost_total")).toEqual([
      'redlock_lost_total{resource="order:*",cause="expired"} 0',
      'redlock_lost_total{resource="order:*",cause="taken"} 0',
    ]);
    expect(await register.metrics()).not.toContain("4711");
  });

  test("a held lock that is contended, waited for, and given up shows in every metric", async () => {
    const { redlock, clock, register, metrics } = exposedWorld();
    const lock = await redlock.acquire("job");
    await redlock.tryAcquire("job");
    const late = redlock.acquire("job").catch(() => undefined);
    await clock.advance(400);
    expect(await lines(register, "redlock_waiters")).toEqual(['redlock_waiters{resource="job"} 1']);
    expect(await lines(register, "redlock_oldest_waiter")).toEqual([
      'redlock_oldest_waiter_seconds{resource="job"} 0.4',
    ]);
    expect(await lines(register, "redlock_longest_hold")).toEqual([
      'redlock_longest_hold_seconds{resource="job"} 0.4',
    ]);
    await clock.advance(700);
    await late;
    await lock.release();
    const text = await register.metrics();
    for (const line of [
      'redlock_acquisition_total{resource="job",status="failure"} 1',
      'redlock_acquisition_total{resource="job",status="timeout"} 1',
      'redlock_wait_duration_seconds_bucket{le="0.001",resource="job"} 1',
      'redlock_wait_duration_seconds_bucket{le="0.5",resource="job"} 1',
      'redlock_wait_duration_seconds_bucket{le="5",resource="job"} 2',
      'redlock_wait_duration_seconds_bucket{le="+Inf",resource="job"} 2',
      'redlock_wait_duration_seconds_count{resource="job"} 2',
      'redlock_hold_duration_seconds_bucket{le="1",resource="job"} 0',
      'redlock_hold_duration_seconds_bucket{le="5",resource="job"} 1',
      'redlock_hold_duration_seconds_sum{resource="job"} 1.1',
      'redlock_release_total{resource="job",confirmed="true"} 1',

      "redlock_quorum_required 2",
      "redlock_instances_configured 3",
      "redlock_classes 1",
    ])
      expect(text.split("\n")).toContain(line);
    expect(text).toMatch(/^redlock_quorum_size\{resource="job"\} [23]$/m);
    expect(metrics.stats.statistics("job")).toMatchObject({ timeouts: 1, failed_acquisitions: 2 });
  });
});

describe("of instances", () => {
  test("one that is killed is down, and does not vote; the others do", async () => {
    const { redlock, clock, register, instances } = exposedWorld();
    await (await redlock.acquire("job")).release();
    instances[2]!.kill();
    await clock.advance(0);
    expect(await lines(register, "redlock_instance_up")).toEqual([
      'redlock_instance_up{server="m0"} 1',
      'redlock_instance_up{server="m1"} 1',
      'redlock_instance_up{server="m2"} 0',
    ]);
    expect(await lines(register, "redlock_instance_voting")).toContain(
      'redlock_instance_voting{server="m2"} 0',
    );
  });

  test("a server that hangs delays a scrape by its time limit, and the result before counts", async () => {
    const { redlock, clock, instances } = world(3, { requestTimeout: 5_000, ttl: 60_000 });
    const register = new Registry();
    exposeMetrics(redlock, { register, timeout: 1_000 });
    await (await redlock.acquire("job")).release();
    expect(await lines(register, "redlock_instance_up")).toContain('redlock_instance_up{server="m2"} 1');
    instances[2]!.pause();
    let text: string | undefined;
    void register.metrics().then((scraped) => (text = scraped));
    await clock.advance(990);
    expect(text).toBeUndefined();
    await clock.advance(10);
    expect(text).toContain('redlock_instance_up{server="m2"} 1');
    expect(text).toContain("redlock_quorum_required 2");
    // The check that was under way has found it out meanwhile.
    await clock.advance(4_100);
    void register.metrics().then((scraped) => (text = scraped));
    await clock.advance(1_000);
    expect(text).toContain('redlock_instance_up{server="m2"} 0');
  });

  test("of a client that is closed there are none, and the scrape succeeds", async () => {
    const { redlock, register } = exposedWorld();
    await redlock.acquire("job");
    await redlock.close();
    expect(await lines(register, "redlock_instance_up")).toEqual([]);
    expect(await lines(register, "redlock_active_locks")).toEqual(['redlock_active_locks{resource="job"} 0']);
  });
});

test("a circuit breaker has 1 for its present state", async () => {
  const { redlock } = world();
  const register = new Registry();
  exposeMetrics(redlock, { register, breakers: { main: new CircuitBreaker() } });
  expect(await lines(register, "redlock_breaker_state")).toEqual([
    'redlock_breaker_state{breaker="main",state="closed"} 1',
    'redlock_breaker_state{breaker="main",state="open"} 0',
    'redlock_breaker_state{breaker="main",state="half-open"} 0',
  ]);
});

test("stop() removes the metrics, and its own figures; given figures go on", async () => {
  const { redlock } = world();
  const register = new Registry();
  const stats = new LockStats(redlock);
  const first = exposeMetrics(stats, { register, prefix: "app_locks" });
  const second = exposeMetrics(redlock, { register });
  expect((await lines(register, "app_locks_build_info")).length).toBe(1);
  first.stop();
  second.stop();
  expect(await register.metrics()).toBe("\n");
  await redlock.acquire("job");
  await settle();
  expect(stats.classes).toEqual(["job"]);
  expect(second.stats.classes).toEqual([]);
  expect(() => exposeMetrics(stats, { register })).not.toThrow();
});

test("a name that the registry has already is an error, and nothing stays registered", async () => {
  const { redlock } = world();
  const register = new Registry();
  const first = exposeMetrics(redlock, { register });
  register.removeSingleMetric("redlock_acquisition_total");
  expect(() => exposeMetrics(redlock, { register })).toThrow("has already been registered");
  expect(register.getSingleMetric("redlock_acquisition_total")).toBeUndefined();
  first.stop();
});

test("bad options are errors that name the field and the value", () => {
  const { redlock } = world();
  const register = new Registry();
  const wrong = (options: object) => () => exposeMetrics(redlock, { register, ...options });
  expect(wrong({ register: {} })).toThrow("register: an object (Object) must be a registry of prom-client");
  expect(wrong({ prefix: "a-b" })).toThrow('prefix: "a-b" must be letters');
  expect(wrong({ timeout: 0 })).toThrow("timeout: 0 must be a number of at least 1");
  expect(wrong({ breakers: { main: 1 } })).toThrow("breakers.main: 1 must be a CircuitBreaker");
  expect(wrong({ prefx: "a" })).toThrow("`prefix` is probably meant");
  expect(() => exposeMetrics(new LockStats(redlock), { register, classOf: String })).toThrow("classOf");
});

test("OpenMetrics: counters keep their names", async () => {
  const { redlock } = world();
  const register = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>();
  register.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  exposeMetrics(redlock, { register });
  await redlock.acquire("job");
  const text = await register.metrics();
  expect(text).toContain('redlock_acquisition_total{resource="job",status="success"} 1');
  expect(text).not.toContain("_total_total");
  expect(text).toMatch(/# EOF\n$/);
});

describe("a scrape of a process that works on real servers", async () => {
  const servers = await testServers(3);

  test("has no fault that promtool finds, and right figures", async () => {
    const redlock = new Redlock(
      servers.map(({ server }) => server.url),
      { restartGuard: false },
    );
    onTestFinished(() => redlock.close());
    const register = new Registry();
    exposeMetrics(redlock, { register, breakers: { main: new CircuitBreaker() } });
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => redlock.using(`order:${index % 10}`, () => Promise.resolve())),
    );
    const lock = await redlock.acquire('it\'s "odd"\n\\name');
    await redlock.tryAcquire(lock.names[0]!);
    const text = await register.metrics();
    await lock.release();
    expect(text).toContain('redlock_acquisition_total{resource="order:*",status="success"} 50');
    expect(text.match(/^redlock_instance_up\{server="[^"]*"\} 1$/gm)).toHaveLength(3);
    expect(text.match(/^redlock_instance_memory_used_bytes\{.*\} \d+$/gm)).toHaveLength(3);
    expect(text).toContain('_instance_unsafe{server="');
    const promtool = findPromtool();
    if (promtool === undefined) return;
    const { status, stdout, stderr } = spawnSync(promtool, ["check", "metrics"], {
      input: text,
      encoding: "utf8",
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  test("promtool finds faults, so the check above can fail", ({ skip }) => {
    const promtool = findPromtool();
    if (promtool === undefined) return skip("promtool is missing");
    const { status, stderr } = spawnSync(promtool, ["check", "metrics"], {
      input: "# TYPE a_total gauge\na_total 1\n",
      encoding: "utf8",
    });
    expect(status).not.toBe(0);
    expect(stderr).toContain("no help text");
  });
});

/** `undefined` on a machine that has no promtool and cannot install it. Then only this check is left out. */
function findPromtool(): string | undefined {
  const script = fileURLToPath(new URL("../../../../scripts/ensure-promtool.mjs", import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, [script, "--optional"], { encoding: "utf8" });
  const path = stdout.trim();
  if (path !== "") return path;
  console.warn(`NOT CHECKED with promtool: ${stderr}`);
  return undefined;
}
