import { expect, it } from "vitest";
import { memoryStage } from "../../src/demo/memory-stage.ts";
import { arm, Sale } from "../../src/demo/sale.ts";
import { summary } from "../../src/demo/summary.ts";

const never = new AbortController().signal;

it("is not exact when a sale was lost, and the summary says so", () => {
  const sale = new Sale(2, 2);
  sale.read(0, 1);
  sale.read(1, 2);
  sale.write(0, 1);
  sale.write(1, 1);
  sale.read(0, 3);
  sale.write(0, 0);
  expect(sale).toMatchObject({ stock: 0, oversold: 1, exact: false, soldBy: [2, 1] });
  const text = textOf(sale, new Sale(2, 2));
  expect(text).toContain("sold NOT exactly 3 of 2 items, violations 2");
  expect(text).toContain("worker 1 came in while inside was: 0");
});

it("is not exact with the right count but two workers inside at once", () => {
  const sale = new Sale(1, 2);
  sale.read(0, 1);
  sale.read(1, 2);
  sale.write(0, 0);
  sale.leave(1);
  expect(sale).toMatchObject({ stock: 0, oversold: 0, exact: false });
});

it("is not exact while items are left", () => {
  const sale = new Sale(2, 1);
  sale.read(0, 1);
  sale.write(0, 1);
  expect(sale.exact).toBe(false);
});

it("strikes at the planned moments, and gives the killed worker no answer", async () => {
  await using stage = memoryStage();
  await using crew = stage.hire(4, true, new Sale(0, 4));
  const sale = new Sale(20, 4);
  arm(sale, stage, crew);
  const answers: (number | undefined)[] = [];
  let fence = 0;
  for (let worker = 0; sale.stock > 0; worker = (worker + 1) % 4) {
    const stock = sale.read(worker, (fence += 1));
    answers.push(stock);
    if (stock !== undefined) sale.write(worker, stock - 1);
  }
  expect(sale.faults.map(({ title }) => title)).toEqual(["server paused", "worker killed", "server killed"]);
  expect(stage.servers.map(({ state }) => state)).toEqual(["up", "paused", "up", "killed", "up"]);
  expect(crew.workers.filter(({ state }) => state === "killed")).toHaveLength(1);
  // 9 of 20 were sold when the worker was struck: the tenth reader.
  expect(answers.indexOf(undefined)).toBe(9);
  expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
  expect(sale.exact).toBe(true);
});

it("ends with the reason of its signal", async () => {
  await using stage = memoryStage();
  const sale = new Sale(100_000, 2);
  await using crew = stage.hire(2, true, sale);
  const controller = new AbortController();
  const running = sale.run(crew, 60_000, controller.signal);
  controller.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
});

it("gives up when its limit is over", async () => {
  await using stage = memoryStage();
  const sale = new Sale(100_000, 2);
  await using crew = stage.hire(2, true, sale);
  expect(await sale.run(crew, 1, never)).toBe(false);
});

function textOf(locked: Sale, unlocked: Sale): string {
  return summary(locked, unlocked, 80)
    .map((line) => line.map(([text]) => text).join(""))
    .join("\n");
}
