import { type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "./browser.ts";
import { FakeMonitor } from "./fake-monitor.ts";
import { manyLocks, oneDown } from "./scenarios.ts";

const LOCKS = 10_000;
const EVENTS_PER_S = 1_000;
const EVENTS_PER_MESSAGE = 50;
const MEASURED_MS = 8_000;
/** On a quiet machine the longest task took 46 ms, and 20 ms without events. A slow machine makes both longer, so their ratio counts. */
const MAX_TIMES_IDLE = 5;

// oxlint-disable-next-line vitest/no-disabled-tests -- It is no test, but the function that declares them.
const it = test.runIf(hasBrowser);
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the wall clock, and of the thread. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string; readonly data?: { readonly documentLoaderURL?: string } };
}

/** The longest task of the page's main thread: by the wall clock, and by the time in which the thread ran. */
interface Longest {
  readonly wallMs: number;
  readonly threadMs: number;
  readonly tasks: number;
}

/** Traces what the page does meanwhile. The trace has the times of threads, so a busy machine does not falsify them. */
async function traceTasks(page: Page, work: () => Promise<void>): Promise<Longest> {
  await browser.startTracing(page, {
    categories: ["toplevel", "disabled-by-default-devtools.timeline", "devtools.timeline"],
  });
  await work();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const mainThreads = new Set(
    trace.traceEvents
      .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  const tasks = trace.traceEvents.filter(
    ({ name, ph, pid, tid }) => ph === "X" && name === "RunTask" && mainThreads.has(`${pid}/${tid}`),
  );
  const longest = (key: "dur" | "tdur"): number =>
    Math.max(0, ...tasks.map((task) => task[key] ?? 0)) / 1_000;
  return { wallMs: longest("dur"), threadMs: longest("tdur"), tasks: tasks.length };
}

it("has no long task with 10,000 locks and 1,000 events/s, also while it is scrolled", async () => {
  const monitor = await FakeMonitor.start({ ...oneDown(), locks: manyLocks(LOCKS), isMoving: true });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  try {
    await page.goto(`${monitor.url}/dashboard`);
    await page.locator(".row").first().waitFor();
    const idle = await traceTasks(page, () => page.waitForTimeout(2_000));
    let sent = 0;
    const timer = setInterval(
      () => {
        monitor.sendEvents(EVENTS_PER_MESSAGE);
        sent += EVENTS_PER_MESSAGE;
      },
      (1_000 * EVENTS_PER_MESSAGE) / EVENTS_PER_S,
    );
    const busy = await traceTasks(page, async () => {
      await page.locator(".scroller").hover();
      for (let steps = 0; steps < 20; steps += 1) {
        await page.mouse.wheel(0, steps < 12 ? 2_000 : -900);
        await page.waitForTimeout(MEASURED_MS / 20);
      }
    });
    clearInterval(timer);
    const text = ({ wallMs, threadMs, tasks }: Longest): string =>
      `longest task ${threadMs.toFixed(1)} ms of the thread, ${wallMs.toFixed(1)} ms of the clock, ${tasks} tasks`;
    console.log(`idle: ${text(idle)}\n${sent} events: ${text(busy)}`);
    expect(sent).toBeGreaterThan((EVENTS_PER_S * MEASURED_MS) / 1_000 / 2);
    expect(busy.tasks).toBeGreaterThan(100);
    expect(busy.threadMs).toBeGreaterThan(0);
    expect(busy.threadMs).toBeLessThanOrEqual(MAX_TIMES_IDLE * idle.threadMs);
    // The page kept up: the newest events are shown.
    await expect.poll(() => page.locator(".events .event").count()).toBe(40);
  } finally {
    await page.close();
    await monitor.stop();
  }
});
