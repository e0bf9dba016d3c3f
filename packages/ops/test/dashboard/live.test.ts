// The page with the real monitor, real servers and a real client.
import { LockStats, report } from "quorumlock/observe";
import { type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AlertRules, type Monitor } from "../../src/monitor/index.ts";
import { type MonitorBed, RELEASE_TOKEN, startBed } from "../monitor/support/monitor-bed.ts";
import { hasBrowser, launchBrowser } from "./browser.ts";

/** Catches a hang, and nothing else. */
const SOON = { timeout: 60_000 };

// oxlint-disable-next-line vitest/no-disabled-tests -- It is no test, but the function that declares them.
const it = test.runIf(hasBrowser);
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

/** Fires if a server does not vote. */
const alerts: AlertRules = {
  evaluate: ({ servers }) =>
    servers
      .filter(({ votes }) => !votes)
      .map(({ label, sinceAt }) => ({
        rule: "ServerDown",
        severity: "warning",
        state: "firing",
        text: `▲ ${label} does not vote.`,
        sinceAt,
        remedy: `Start ${label}.`,
      })),
};

async function openPage(monitor: Monitor, path = "dashboard"): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on("pageerror", (error) => {
    throw error;
  });
  await page.goto(`${monitor.url}/${path}`);
  await page.locator(".banner").waitFor();
  return page;
}

async function startWithReports(): Promise<MonitorBed> {
  const bed = await startBed({ alerts });
  const reporter = report(bed.redlock, new LockStats(bed.redlock), { interval: 1_000 });
  const dispose = bed[Symbol.asyncDispose].bind(bed);
  return Object.assign(bed, {
    async [Symbol.asyncDispose]() {
      await reporter.stop();
      await dispose();
    },
  });
}

it("changes live when a lock is taken, a server dies, and an alert fires", async () => {
  await using bed = await startWithReports();
  await using page = await openPage(bed.monitor);
  await page.getByText("3 of 3 servers vote").first().waitFor(SOON);
  await page.getByText("No locks yet.").waitFor(SOON);

  const lock = await bed.redlock.acquire("order:42", { ttl: 10_000 });
  const row = page.locator(".row", { hasText: "order:42" });
  await row.getByText("Held").waitFor(SOON);
  await expect.poll(() => page.locator(".tile-value").first().innerText(), SOON).toBe("1");

  await bed.servers[2]?.kill();
  await page.getByText("2 of 3 servers vote").first().waitFor(SOON);
  await page.locator(".server").nth(2).getByText("No answer").waitFor(SOON);
  await page.locator(".alerts").getByText("does not vote").waitFor(SOON);
  await expect.poll(() => row.locator(".votes .bad").count(), SOON).toBe(1);

  await lock.release();
  await expect.poll(() => row.count(), SOON).toBe(0);
});

it("releases a lock with the keyboard alone", async () => {
  await using bed = await startWithReports();
  const lock = await bed.redlock.acquire("order:42", { ttl: 9_000, autoExtend: true });
  await using page = await openPage(bed.monitor, "dashboard/locks/order%3A42");
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const pressUntilFocused = async (name: RegExp): Promise<void> => {
    const button = page.getByRole("button", { name });
    await button.waitFor(SOON);
    for (let steps = 0; steps < 40; steps += 1) {
      if (await button.evaluate((element) => element === document.activeElement)) return;
      await press("Tab");
    }
    throw new Error(`Tab does not reach the button ${name}`);
  };
  await pressUntilFocused(/^Sign in to release/);
  await press("Enter");
  await page.keyboard.type(RELEASE_TOKEN);
  await press("Enter");
  await pressUntilFocused(/^Release order:42/);
  await press("Enter");
  await page.getByText("When its lease ends").waitFor(SOON);
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Cancel");
  await press("Shift+Tab", "Shift+Tab");
  await page.keyboard.type("a test");
  await press("Tab");
  await page.keyboard.type("order:42");
  await press("Tab", "Tab", "Enter");
  await page.locator("dialog").getByText("Released.").waitFor(SOON);
  await expect.poll(() => lock.signal.aborted, SOON).toBe(true);
  expect(bed.log.some((line) => line.includes('"result":"released"') && line.includes('"anna"'))).toBe(true);
});

it("shows what is wrong with a prefix that nobody uses", async () => {
  await using bed = await startBed({
    prefix: "other:",
    prepare: (redlock) => redlock.acquire("order:42", { ttl: 60_000 }),
  });
  await using page = await openPage(bed.monitor);
  await page.locator(".locks").getByText("Is `prefix` right?").waitFor(SOON);
});

it("comes back after the monitor was started again", async () => {
  await using bed = await startBed({});
  const { port } = new URL(bed.monitor.url);
  await using page = await openPage(bed.monitor);
  await bed.monitor.close();
  await bed.redlock.acquire("order:42", { ttl: 60_000 });
  const { startMonitor } = await import("../../src/monitor/index.ts");
  await using again = await startMonitor({
    instances: bed.servers.map(({ url }) => url),
    listen: `127.0.0.1:${port}`,
    redlock: { restartGuard: false },
    title: "again",
    log: () => undefined,
  });
  expect(again.url).toBe(bed.monitor.url);
  await page.locator(".brand-title", { hasText: "again" }).waitFor(SOON);
  await page.locator(".row", { hasText: "order:42" }).waitFor(SOON);
});
