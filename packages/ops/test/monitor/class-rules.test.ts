import { LockStats, report } from "quorumlock/observe";
import { expect, test } from "vitest";
import { inspectName } from "../../src/cli/inspection/inspect-name.ts";
import { observedBy } from "../../src/cli/monitor-server.ts";
import { readSettings } from "../../src/cli/settings/settings.ts";
import type { ClassFigures, LocksPage } from "../../src/monitor/api.ts";
import { startMonitor } from "../../src/monitor/index.ts";
import { startCommandBed } from "../cli/support/command-bed.ts";
import { configFile } from "../cli/support/run-command.ts";
import { until } from "./support/monitor-bed.ts";

test("names have the class of the first rule that matches, otherwise the default one", async () => {
  const rules = [
    { match: "^order:", class: "orders" },
    { match: "^(order|tenant)", class: "others" },
  ];
  const config = configFile(JSON.stringify({ monitoring: { class_rules: rules } }));
  const { classOf } = (await readSettings({ config }, {})).monitoring;
  const names = ["order:42", "order", "tenant/9", "invoice:7"];
  // Twice, because a regular expression can keep its place.
  for (let round = 0; round < 2; round += 1)
    expect(names.map(classOf)).toEqual(["orders", "others", "others", "invoice:*"]);
});

test("the monitor shows a lock in the class of the rules, with its figures, and keeps as many classes as are set", async () => {
  await using bed = await startCommandBed();
  const redlock = bed.client({ owner: "billing-7:3121" });
  const stats = new LockStats(redlock, { classOf: (name) => (name.startsWith("order:") ? "orders" : name) });
  await using _reporter = report(redlock, stats, { interval: 1_000 });
  const monitoring = { classes: 1, class_rules: [{ match: "^order:", class: "orders" }] };
  const config = configFile(
    JSON.stringify({
      redis_instances: bed.instances.split(","),
      client: { restart_guard: false },
      monitoring,
    }),
  );
  const settings = await readSettings({ config }, {});
  await using monitor = await startMonitor({
    ...observedBy(settings),
    listen: "127.0.0.1:0",
    log: () => undefined,
  });
  const json = async <T>(path: string): Promise<T> => (await (await fetch(monitor.url + path)).json()) as T;
  await redlock.acquire("order:42", { ttl: 60_000 });
  const figures = await until(async () => {
    const found = await json<ClassFigures>("/stats/orders");
    return found.granted > 0 && found;
  }, 30_000);
  expect(figures).toMatchObject({ class: "orders", granted: 1 });
  // The class of a name leads to the same figures.
  expect(await json<ClassFigures>("/stats/order%3A42")).toMatchObject({ class: "orders", granted: 1 });
  const [row] = await until(async () => {
    const { locks } = await json<LocksPage>("/api/locks");
    return locks.length > 0 && locks;
  }, 30_000);
  expect(row).toMatchObject({ name: "order:42", class: "orders" });
  // There is no room for a second class.
  await redlock.using("job", () => undefined);
  const other = await until(async () => {
    const found = await json<Partial<ClassFigures>>("/stats/other");
    return (found.granted ?? 0) > 0 && found;
  }, 30_000);
  expect(other).toMatchObject({ class: "other", granted: 1 });

  const connection = await bed.connect();
  const { classOf } = settings.monitoring;
  expect((await inspectName(connection, "order:42", "lock:", classOf)).class).toBe("orders");
});
