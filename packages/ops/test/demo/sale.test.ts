import { expect, it } from "vitest";
import { createMemoryEnvironment } from "../../src/demo/memory-environment.ts";
import { Sale, scheduleFaults } from "../../src/demo/sale.ts";
import { formatSummary } from "../../src/demo/summary.ts";

const neverAborted = new AbortController().signal;

it("is not exact after a lost update, and the summary shows the violation", () => {
  const sale = new Sale(2, 2);
  sale.read(0, 1);
  sale.read(1, 2);
  sale.write(0, 1);
  sale.write(1, 1);
  sale.read(0, 3);
  sale.write(0, 0);
  expect(sale).toMatchObject({ stock: 0, oversold: 1, isExact: false, soldBy: [2, 1] });
  const text = textOf(sale, new Sale(2, 2));
  expect(text).toContain("sold NOT exactly 3 of 2 items, violations 2");
  expect(text).toContain("worker 1 read the stock before worker 0 wrote it");
});

it("is not exact if two workers are inside at once, even with the right count", () => {
  const sale = new Sale(1, 2);
  sale.read(0, 1);
  sale.read(1, 2);
  sale.write(0, 0);
  sale.leave(1);
  expect(sale).toMatchObject({ stock: 0, oversold: 0, isExact: false });
});

it("is not exact if items are left", () => {
  const sale = new Sale(2, 1);
  sale.read(0, 1);
  sale.write(0, 1);
  expect(sale.isExact).toBe(false);
});

it("injects each fault at its planned share, and does not answer the killed worker", async () => {
  await using environment = createMemoryEnvironment();
  await using workers = environment.startWorkers(4, true, new Sale(0, 4));
  const sale = new Sale(20, 4);
  scheduleFaults(sale, environment, workers);
  const answers: (number | undefined)[] = [];
  let fence = 0;
  for (let worker = 0; sale.stock > 0; worker = (worker + 1) % 4) {
    const stock = sale.read(worker, (fence += 1));
    answers.push(stock);
    if (stock !== undefined) sale.write(worker, stock - 1);
  }
  expect(sale.faults.map(({ title }) => title)).toEqual(["server paused", "worker killed", "server killed"]);
  expect(environment.servers.map(({ state }) => state)).toEqual(["up", "paused", "up", "killed", "up"]);
  expect(workers.all.filter(({ state }) => state === "killed")).toHaveLength(1);
  // The worker is killed after 9 of 20 items, so it is the tenth reader.
  expect(answers.indexOf(undefined)).toBe(9);
  expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
  expect(sale.isExact).toBe(true);
});

it("rejects with the reason of its signal", async () => {
  await using environment = createMemoryEnvironment();
  const sale = new Sale(100_000, 2);
  await using workers = environment.startWorkers(2, true, sale);
  const controller = new AbortController();
  const running = sale.run(workers, 60_000, controller.signal);
  controller.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
});

it("returns false if it times out", async () => {
  await using environment = createMemoryEnvironment();
  const sale = new Sale(100_000, 2);
  await using workers = environment.startWorkers(2, true, sale);
  expect(await sale.run(workers, 1, neverAborted)).toBe(false);
});

function textOf(locked: Sale, unlocked: Sale): string {
  return formatSummary(locked, unlocked, 80)
    .map((line) => line.map(([text]) => text).join(""))
    .join("\n");
}
