import { type Page } from "playwright-core";
import { type FakeMonitor } from "./fake-monitor.ts";
import {
  belowQuorum,
  firstRun,
  healthy,
  nastyNames,
  oneDown,
  type Scenario,
  scanning,
  wrongPrefix,
} from "./scenarios.ts";

/** A state of the page that was designed, and how to reach it. */
export interface PageState {
  readonly name: string;
  readonly scenario: () => Scenario;
  readonly prepare: (page: Page, monitor: FakeMonitor) => Promise<void>;
}

async function overview(page: Page, monitor: FakeMonitor): Promise<void> {
  await page.goto(`${monitor.url}/dashboard`);
  await page.locator(".banner").waitFor();
  await page.locator(".row, .locks .empty").first().waitFor();
}

function onLock(name: string): PageState["prepare"] {
  return async (page, monitor) => {
    await page.goto(`${monitor.url}/dashboard/locks/${encodeURIComponent(name)}`);
    await page.locator(".lock-state").waitFor();
  };
}

/** The clock of the page can be moved on, so no test waits for 15 s. */
async function afterSilence(page: Page, monitor: FakeMonitor, ms: number): Promise<void> {
  await page.clock.install();
  await overview(page, monitor);
  monitor.isSilent = true;
  await page.clock.fastForward(ms);
}

/** A lock whose job has run. */
function lastRun(): Scenario {
  const scenario = oneDown();
  const now = Date.now();
  scenario.details.set("order:42", {
    ...scenario.details.get("order:42"),
    lastRun: {
      scheduledAt: now - 3 * 3_600_000,
      state: "failed",
      startedAt: now - 3 * 3_600_000,
      durationMs: 252_000,
      by: "batch-1:77",
      error: "exit code 3",
    },
  });
  return scenario;
}

export const STATES: readonly PageState[] = [
  { name: "lock-last-run", scenario: lastRun, prepare: onLock("order:42") },
  { name: "overview-one-down", scenario: oneDown, prepare: overview },
  { name: "overview-healthy", scenario: healthy, prepare: overview },
  { name: "overview-below-quorum", scenario: belowQuorum, prepare: overview },
  { name: "overview-first-run", scenario: firstRun, prepare: overview },
  { name: "overview-wrong-prefix", scenario: wrongPrefix, prepare: overview },
  { name: "overview-scanning", scenario: scanning, prepare: overview },
  { name: "overview-nasty-names", scenario: nastyNames, prepare: overview },
  {
    name: "overview-not-found",
    scenario: oneDown,
    prepare: async (page, monitor) => {
      await page.goto(`${monitor.url}/dashboard?q=ordr%3A42`);
      await page.getByText("look alike").waitFor();
    },
  },
  {
    name: "overview-tables",
    scenario: oneDown,
    prepare: async (page, monitor) => {
      await overview(page, monitor);
      for (const button of await page.getByRole("button", { name: "Table" }).all()) await button.click();
    },
  },
  {
    name: "overview-stale",
    scenario: oneDown,
    prepare: (page, monitor) => afterSilence(page, monitor, 9_000),
  },
  {
    name: "overview-disconnected",
    scenario: oneDown,
    prepare: async (page, monitor) => {
      await afterSilence(page, monitor, 41_000);
      await page.getByText("No connection to the monitor").first().waitFor();
    },
  },
  {
    name: "overview-paused",
    scenario: oneDown,
    prepare: async (page, monitor) => {
      await overview(page, monitor);
      await page.keyboard.press("p");
    },
  },
  {
    name: "loading",
    scenario: oneDown,
    prepare: async (page, monitor) => {
      monitor.snapshotDelayMs = 60_000;
      await page.goto(`${monitor.url}/dashboard`);
      await page.getByText("Waiting for the monitor").waitFor();
    },
  },
  {
    name: "error",
    scenario: oneDown,
    prepare: async (page, monitor) => {
      monitor.status = 502;
      await page.goto(`${monitor.url}/dashboard`);
      await page.getByText("The monitor does not answer").waitFor();
    },
  },
  {
    name: "unauthorized",
    scenario: oneDown,
    prepare: async (page, monitor) => {
      monitor.token = "secret";
      await page.goto(`${monitor.url}/dashboard`);
      await page.getByText("needs a token").waitFor();
    },
  },
  {
    name: "sign-in",
    scenario: oneDown,
    prepare: async (page, monitor) => {
      monitor.token = "secret";
      await page.goto(`${monitor.url}/dashboard`);
      await page.getByRole("button", { name: "Enter token" }).click();
      await page.getByLabel("Token").fill("wrong");
      await page.keyboard.press("Enter");
      await page.getByText("does not know").waitFor();
    },
  },
  { name: "lock-not-extended", scenario: oneDown, prepare: onLock("order:42") },
  { name: "lock-semaphore", scenario: oneDown, prepare: onLock("printers") },
  { name: "lock-no-expiry", scenario: oneDown, prepare: onLock("legacy:import") },
  { name: "lock-lost", scenario: oneDown, prepare: onLock("invoice:2291") },
  { name: "lock-free", scenario: oneDown, prepare: onLock("ordr:42") },
  {
    name: "lock-release",
    scenario: oneDown,
    prepare: async (page, monitor) => {
      await onLock("order:42")(page, monitor);
      await page.getByRole("button", { name: /^Release/ }).click();
      await page.getByText("When its lease ends").waitFor();
    },
  },
  {
    name: "lock-released",
    scenario: oneDown,
    prepare: async (page, monitor) => {
      await onLock("order:42")(page, monitor);
      await page.getByRole("button", { name: /^Release/ }).click();
      await page.getByLabel("Reason (kept)").fill("the holder hangs");
      await page.getByLabel("Type the name").fill("order:42");
      await page.keyboard.press("Enter");
      await page.getByText("New fence").waitFor();
    },
  },
  {
    name: "server",
    scenario: oneDown,
    prepare: async (page, monitor) => {
      await page.goto(`${monitor.url}/dashboard/servers/${encodeURIComponent("redis-c:6379")}`);
      await page.locator(".lock-state").waitFor();
    },
  },
  {
    name: "help",
    scenario: oneDown,
    prepare: async (page, monitor) => {
      await overview(page, monitor);
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
  },
];
