import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import { type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "./browser.ts";
import { FakeMonitor } from "./fake-monitor.ts";
import {
  belowQuorum,
  firstRun,
  healthy,
  lock,
  manyLocks,
  NASTY_NAMES,
  nastyNames,
  oneDown,
  type Scenario,
} from "./scenarios.ts";
import { type PageState, STATES } from "./states.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Catches a hang, and nothing else. */
const HANG = { timeout: 60_000 };
const WIDE = { viewport: { width: 1440, height: 900 } };

// oxlint-disable-next-line vitest/no-disabled-tests -- It is no test, but the function that declares them.
const it = test.runIf(hasBrowser);
let browser: Browser;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Opens a page for a scripted monitor. An error of the page, also of its policy, fails the test. */
async function start(
  scenario: Scenario,
  options: BrowserContextOptions = WIDE,
): Promise<{ page: Page; monitor: FakeMonitor; errors: string[] }> {
  const monitor = await FakeMonitor.start(scenario);
  // The policy must hold for the page, but axe is injected past it.
  const context = await browser.newContext({ bypassCSP: false, ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    const isNetwork = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isNetwork) errors.push(message.text());
  });
  cleanups.push(async () => {
    await context.close();
    await monitor.stop();
    expect(errors).toEqual([]);
  });
  return { page, monitor, errors };
}

async function open(page: Page, monitor: FakeMonitor, path = "dashboard"): Promise<void> {
  await page.goto(`${monitor.url}/${path}`);
  await page.locator(".banner").waitFor();
}

/** How often the page has tried to open the stream. */
function triesOn(monitor: FakeMonitor): number {
  return monitor.requests.filter((request) => request.endsWith("/events")).length;
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** The rules whose result depends on colours. */
const COLOR_RULES = ["color-contrast", "link-in-text-block"];

/** @param rules default: all. */
async function seriousViolations(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  // evaluate() is not subject to the policy of the page.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const options = JSON.stringify({
    resultTypes: ["violations"],
    ...(rules === undefined ? {} : { runOnly: { type: "rule", values: rules } }),
  });
  const violations = (await page.evaluate(
    `axe.run(document, ${options}).then((result) => result.violations)`,
  )) as readonly Violation[];
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}\n${failureSummary}`),
    );
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Buttons, links, fields that a finger would miss. Links within a line of text are exempt, as in WCAG 2.5.8. */
function smallTargets(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const targets = [
      ...document.querySelectorAll<HTMLElement>("button, select, input, .server, .row, a.brand, a.back"),
    ];
    return targets
      .map((target) => target.closest<HTMLElement>("label") ?? target)
      .filter((target) => target.checkVisibility({ visibilityProperty: true }))
      .filter((target) => target.getBoundingClientRect().height < 44)
      .map((target) => `${target.outerHTML.slice(0, 120)} ${target.getBoundingClientRect().height}`);
  });
}

// One page for all three checks, because the states take longer to reach than to check.
describe("every state", () => {
  it.each(STATES)(
    "$name: axe finds nothing serious in light and dark, and at 390 px nothing scrolls sideways and targets are 44 px",
    async ({ scenario, prepare }: PageState) => {
      // Lease bars that move are drawn for each frame, which takes a processor.
      const still = { colorScheme: "light", reducedMotion: "reduce" } as const;
      const { page, monitor } = await start(scenario(), { ...WIDE, ...still });
      await prepare(page, monitor);
      expect(await seriousViolations(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await seriousViolations(page, COLOR_RULES)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      await page.locator("#menu").waitFor({ state: "attached" });
      expect(await overflow(page)).toBe(0);
      expect(await smallTargets(page)).toEqual([]);
    },
  );
});

describe("connection", () => {
  it("comes back by itself after a 502, with a whole snapshot", async () => {
    const { page, monitor } = await start(oneDown());
    await open(page, monitor);
    monitor.status = 502;
    monitor.restart();
    await expect.poll(() => triesOn(monitor), HANG).toBeGreaterThan(2);
    monitor.scenario = belowQuorum();
    monitor.status = undefined;
    await page.getByText("1 of 3 servers votes").first().waitFor(HANG);
    expect(monitor.openStreams).toBe(1);
    expect(await page.title()).toBe("✕ 1/3 · production · quorumlock");
  });

  it("says how old the values are after 7 s, and stops everything after 15 s", async () => {
    const { page, monitor } = await start(oneDown());
    await page.clock.install();
    await open(page, monitor, "dashboard/locks/order%3A42");
    const release = page.getByRole("button", { name: /^Release/ });
    await release.waitFor();
    await expect.poll(() => release.isEnabled()).toBe(true);
    monitor.isSilent = true;
    await page.clock.fastForward(8_000);
    await page.locator(".live").getByText("old").waitFor();
    await page.clock.fastForward(8_000);
    await page.getByText("What you see is old").waitFor();
    await expect.poll(() => release.isDisabled()).toBe(true);
    const bar = page.locator(".lock-lease .fill");
    // The bar stops when the page has drawn the rest. A reply that was under way draws it once more.
    const isStill = async (): Promise<boolean> => {
      const place = await bar.boundingBox();
      await page.clock.fastForward(2_000);
      const animations = await bar.evaluate((element) => element.getAnimations().length);
      return animations === 0 && isDeepStrictEqual(await bar.boundingBox(), place);
    };
    await expect.poll(isStill).toBe(true);
  });

  it("keeps the leases in the list at their last value, too", async () => {
    const { page, monitor } = await start(oneDown());
    await page.clock.install();
    await open(page, monitor);
    const lease = page.locator(".row", { hasText: "order:42" }).locator(".lease-text");
    await lease.waitFor();
    monitor.isSilent = true;
    await page.clock.fastForward(30_000);
    await page.getByText("What you see is old").waitFor();
    expect(await lease.innerText()).toMatch(/^2\.\d of 10/);
  });

  it("tries again at once if the operator wants it", async () => {
    const { page, monitor } = await start(oneDown());
    monitor.status = 502;
    await page.goto(`${monitor.url}/dashboard`);
    await page.getByText("The monitor does not answer").waitFor();
    // After four failures the page waits for 8 s or more, so the next try is that of the operator.
    await expect.poll(() => triesOn(monitor), HANG).toBe(4);
    monitor.status = undefined;
    await page.getByRole("button", { name: "Try now" }).click();
    await page.locator(".tiles").waitFor();
    expect(triesOn(monitor)).toBe(5);
  });

  it("asks for a token after a 401, and goes on with it", async () => {
    const { page, monitor } = await start(firstRun());
    monitor.token = "right";
    await page.goto(`${monitor.url}/dashboard`);
    await page.getByRole("button", { name: "Enter token" }).click();
    await page.keyboard.type("wrong");
    await page.keyboard.press("Enter");
    await page.getByText("does not know this token").waitFor();
    await page.getByLabel("Token").fill("right");
    await page.keyboard.press("Enter");
    await page.getByText("anna, may release").waitFor();
    await page.getByText("No locks yet.").waitFor();
  });
});

describe("list of locks", () => {
  it("changes values, but no places, while the pointer is in it", async () => {
    const { page, monitor } = await start({ ...oneDown(), locks: manyLocks(20) });
    await open(page, monitor);
    const names = (): Promise<string[]> => page.locator(".row .cell-name").allInnerTexts();
    const before = await names();
    await page.locator(".row").nth(3).hover();
    monitor.scenario.locks = monitor.scenario.locks
      .toReversed()
      .map((row) => ({ ...row, waiting: 8, callers: 9, blocked: 9 }));
    monitor.sendLocks();
    await page.getByText("19 changes").waitFor();
    expect(await names()).toEqual(before);
    expect(await page.locator(".row").first().innerText()).toContain("8 (9)");
    await page.getByRole("button", { name: "Show" }).click();
    await expect.poll(names).toEqual(before.toReversed());
  });

  it("draws only what is in view of 10,000 locks, and reads further pages while it is scrolled", async () => {
    const { page, monitor } = await start({ ...oneDown(), locks: manyLocks(10_000) });
    await open(page, monitor);
    const table = page.getByRole("table", { name: "Locks" });
    expect(await table.getAttribute("aria-rowcount")).toBe("10001");
    expect(await page.locator(".row").count()).toBeLessThan(60);
    await page.locator(".scroller").evaluate((element) => element.scrollTo(0, 40 * 7_000));
    await page.locator('[data-index="7000"] .lock-link').waitFor();
    expect(await page.locator('[data-index="7000"] .lock-link').innerText()).toBe(
      monitor.scenario.locks[7_000]?.name,
    );
    expect(await page.locator(".row").count()).toBeLessThan(60);
  });

  it("keeps search, sort and filter in the URL", async () => {
    const { page, monitor } = await start(oneDown());
    await open(page, monitor, "dashboard?q=order&sort=name");
    await expect
      .poll(() => page.locator(".row .cell-name").allInnerTexts())
      .toEqual(
        monitor.scenario.locks
          .map(({ name }) => name)
          .filter((name) => name.includes("order"))
          .toSorted()
          .slice(0, 26),
      );
    await page.locator("#filter").selectOption("not-extended");
    await expect.poll(() => page.locator(".row").count()).toBe(1);
    expect(new URL(page.url()).search).toBe("?q=order&sort=name&filter=not-extended");
  });

  it("finds a name that the scan has not reached", async () => {
    const { page, monitor } = await start(oneDown());
    await open(page, monitor);
    await page.locator("#search").fill("ordr:42");
    await page.getByText("Names in use that look alike").waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "ordr:42" }).waitFor();
    await page.getByText("Free", { exact: true }).waitFor();
  });

  it("says that a lock may be held while too few servers answer", async () => {
    const { page, monitor } = await start(belowQuorum());
    await open(page, monitor, "dashboard/locks/ordr%3A42");
    await page.getByText("May be held", { exact: true }).waitFor();
    await page.getByText("It may be held: 2 of 3 servers gave no answer.").waitFor();
    expect(await page.getByText("Free", { exact: true }).count()).toBe(0);
  });

  it("shortens a name that is too long for a search, and opens the whole name", async () => {
    const name = `order:${"x".repeat(200)}`;
    const { page, monitor } = await start({ ...oneDown(), locks: [lock(name), lock("cart:1")] });
    await open(page, monitor);
    await page.locator("#search").fill(name);
    await expect.poll(() => page.locator(".row").count()).toBe(1);
    expect(monitor.patterns.every((pattern) => pattern.length <= 128)).toBe(true);
    expect(monitor.patterns.at(-1)).toBe(name.slice(0, 128));
    await page.keyboard.press("Enter");
    await page.getByText("Held", { exact: true }).waitFor();
  });
});

describe("names from strangers", () => {
  it("are shown escaped and cut, and can be opened and released", async () => {
    const { page, monitor } = await start(nastyNames());
    await open(page, monitor);
    await page
      .locator(".row")
      .nth(NASTY_NAMES.length - 1)
      .waitFor();
    for (const [index, name] of NASTY_NAMES.entries()) {
      await page.locator(`[data-index="${index}"] .lock-link`).click();
      await page.locator(".lock-state").waitFor();
      await page.getByRole("button", { name: /^Release/ }).click();
      await page.getByLabel("Reason (kept)").fill("test");
      const shown = await page.locator("dialog .field bdi").innerText();
      await page.getByLabel("Type the name").fill(shown);
      await page.locator("dialog .danger").click();
      await page.getByText("New fence").waitFor();
      expect(monitor.releases.at(-1)?.name).toBe(name);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await page.locator(".tiles").waitFor();
    }
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    expect(await page.locator("#page script, #page img").count()).toBe(0);
  });
});

describe("keyboard", () => {
  it("does everything, also the release", async () => {
    const { page, monitor } = await start(oneDown());
    await open(page, monitor);
    await page.locator(".row").first().waitFor();
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press("j", "j", "j", "k");
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("tenant/9");
    await press("k", "Enter");
    await page.getByRole("heading", { name: "order:42" }).waitFor();
    const release = page.getByRole("button", { name: /^Release/ });
    await release.waitFor();
    for (
      let steps = 0;
      steps < 40 && !(await release.evaluate((element) => element === document.activeElement));
      steps += 1
    ) {
      await press("Tab");
    }
    await press("Enter");
    await page.getByText("When its lease ends").waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Cancel");
    expect(await page.locator("dialog .danger").isDisabled()).toBe(true);
    // From Cancel the focus goes round: the radio choice, the reason, the name, Cancel, Release.
    await press("Shift+Tab", "Shift+Tab");
    await page.keyboard.type("the holder hangs");
    await press("Tab");
    await page.keyboard.type("order:4");
    expect(await page.locator("dialog .danger").isDisabled()).toBe(true);
    await page.keyboard.type("2");
    await press("Tab", "Tab", "Enter");
    await page.getByText("New fence 1764107001282562").waitFor();
    expect(monitor.releases).toEqual([
      {
        name: "order:42",
        holderId: "9f3c11ab",
        fence: 1_764_107_001_282_561,
        mode: "drain",
        reason: "the holder hangs",
      },
    ]);
    await press("Escape", "Escape");
    await page.locator(".tiles").waitFor();
  });

  it("has letters that act only outside of fields, and can be switched off", async () => {
    const { page, monitor } = await start(oneDown());
    await open(page, monitor);
    const focused = (): Promise<string | undefined> => page.evaluate(() => document.activeElement?.id);
    for (const [keys, id] of [
      ["/", "search"],
      ["s", "sort"],
      ["f", "filter"],
    ] as const) {
      await page.keyboard.press(keys);
      expect(await focused()).toBe(id);
      await page.keyboard.press("Escape");
    }
    await page.keyboard.press("g");
    await page.keyboard.press("e");
    expect(await focused()).toBe("events");
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    expect(await focused()).toBe("servers");
    await page.keyboard.press("/");
    await page.keyboard.type("pst?");
    expect(await page.locator("#search").inputValue()).toBe("pst?");
    await page.keyboard.press("Escape");
    await page.keyboard.press("p");
    await page.locator(".live").getByText("Paused").waitFor();
    await page.keyboard.press("p");
    await page.keyboard.press("t");
    expect(await page.locator("html").getAttribute("data-theme")).toBe("light");
    await page.keyboard.press("?");
    await page.getByLabel("Letters act as keys").uncheck();
    await page.keyboard.press("Escape");
    await page.keyboard.press("p");
    await page.keyboard.press("t");
    expect(await page.locator(".live").innerText()).toContain("Live");
    expect(await page.locator("html").getAttribute("data-theme")).toBe("light");
    await page.reload();
    await page.locator(".banner").waitFor();
    await page.keyboard.press("p");
    expect(await page.locator(".live").innerText()).toContain("Live");
  });
});

describe("release", () => {
  it.each([
    [409, "Not released: the holder changed. api-2:118 has held it for 0.4 s.", true],
    [503, "Not released: 1 of 3 servers answered, 2 are needed. What was changed has been undone.", false],
    [403, "Your token may read, not release.", false],
  ])("says what a %d means", async (status, message, canLookAgain) => {
    const { page, monitor } = await start(oneDown());
    monitor.releaseReply = {
      status,
      reply: { released: false, message, newFence: undefined, freeAt: undefined },
    };
    await open(page, monitor, "dashboard/locks/order%3A42");
    await page.getByRole("button", { name: /^Release/ }).click();
    await page.getByLabel("Now").check();
    await page.getByLabel("Reason (kept)").fill("test");
    await page.getByLabel("Type the name").fill("order:42");
    await page.locator("dialog .danger").click();
    await page.getByText(message).waitFor();
    expect(monitor.releases[0]?.mode).toBe("now");
    expect(await page.getByRole("button", { name: "Look again" }).count()).toBe(canLookAgain ? 1 : 0);
  });

  it("offers only Now for a key without expiry", async () => {
    const { page, monitor } = await start(oneDown());
    await open(page, monitor, "dashboard/locks/legacy%3Aimport");
    await page.getByRole("button", { name: /^Release/ }).click();
    expect(await page.getByLabel("When its lease ends").isDisabled()).toBe(true);
    expect(await page.getByLabel("Now").isChecked()).toBe(true);
  });

  it("has no button if the monitor allows no releases, and asks to sign in without a token", async () => {
    const { page, monitor } = await start({
      ...oneDown(),
      viewer: undefined,
      canRelease: false,
      releaseEnabled: false,
    });
    await open(page, monitor, "dashboard/locks/order%3A42");
    await page.locator(".lock-state").waitFor();
    expect(await page.getByRole("button", { name: /release/i }).count()).toBe(0);
    monitor.scenario.releaseEnabled = true;
    monitor.restart();
    await page.getByRole("button", { name: "Sign in to release" }).click();
    await page.getByLabel("Token").fill("secret");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Release order:42" }).waitFor();
  });
});

describe("motion", () => {
  it("is smooth, and in steps of a second if the operator wants less of it", async () => {
    for (const reducedMotion of ["no-preference", "reduce"] as const) {
      const { page, monitor } = await start(
        { ...healthy(), locks: [lock("a", { remainingMs: 9_000, ttlMs: 10_000 })] },
        { ...WIDE, reducedMotion },
      );
      await open(page, monitor, "dashboard/locks/a");
      const fill = page.locator(".lock-lease .fill");
      await fill.waitFor();
      const animations = await fill.evaluate((element) => element.getAnimations().length);
      expect(animations).toBe(reducedMotion === "reduce" ? 0 : 1);
    }
  });
});

describe("live region", () => {
  it("speaks changes of the banner", async () => {
    const { page, monitor } = await start(healthy());
    await open(page, monitor);
    expect(await page.getByRole("status").innerText()).toBe("");
    monitor.scenario = belowQuorum();
    monitor.sendServers();
    await expect.poll(() => page.getByRole("status").innerText()).toContain("1 of 3 servers votes");
  });
});
