// Takes pictures of the page in all its states, wide and narrow, light and dark.
//
//   node --import tsx packages/ops/test/dashboard/screenshots.ts DIRECTORY [part of a name …]
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { FakeMonitor } from "./fake-monitor.ts";
import { STATES } from "./states.ts";

const [, , directory = "screenshots", ...filters] = process.argv;
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } } as const;

mkdirSync(directory, { recursive: true });
const browser = await launchBrowser();
try {
  for (const state of STATES) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      for (const theme of ["light", "dark"] as const) {
        const name = `${state.name}-${size}-${theme}`;
        if (filters.length > 0 && !filters.some((filter) => name.includes(filter))) continue;
        const monitor = await FakeMonitor.start(state.scenario());
        const context = await browser.newContext({
          viewport,
          colorScheme: theme,
          timezoneId: "Europe/Berlin",
        });
        const page: Page = await context.newPage();
        await state.prepare(page, monitor);
        await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
        await context.close();
        await monitor.stop();
        console.log(name);
      }
    }
  }
} finally {
  await browser.close();
}
