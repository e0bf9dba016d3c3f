import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PreviewServer } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "../../packages/ops/test/dashboard/browser.ts";
import { outputDirectory, workspace } from "../src/places.ts";
import { startPreview } from "../src/preview.ts";

// Builds the site as users do, and reads it in a browser. The build fails if a link is dead.

/** Of a test that reads pages in a browser. */
// oxlint-disable-next-line vitest/no-disabled-tests -- It is no test, but the function that declares them.
const testInBrowser = test.runIf(hasBrowser);

type Browser = Awaited<ReturnType<typeof launchBrowser>>;
type Page = Awaited<ReturnType<Browser["newPage"]>>;

let server: PreviewServer;
let browser: Browser | undefined;
let address: string;

beforeAll(async () => {
  await promisify(execFile)("npm", ["run", "site"], { cwd: workspace, timeout: 600_000 });
  [server, browser] = await Promise.all([
    startPreview({ port: 0 }),
    hasBrowser ? launchBrowser() : undefined,
  ]);
  const bound = server.httpServer.address();
  if (bound === null || typeof bound === "string") throw new Error("the preview has no port");
  address = `http://${bound.address}:${bound.port}`;
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** Opens a page, and runs `use` with it. @throws Error if anything is missing, fails, or comes from another place. */
async function withPage(path: string, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser!.newContext();
  const problems: string[] = [];
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(address))
      problems.push(request.url());
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(`${address}${path}`, { waitUntil: "networkidle" });
  await use(page);
  await context.close();
  expect(problems).toEqual([]);
}

const textOf = (page: Page, selector: string): Promise<string | null> =>
  page.locator(selector).first().textContent();

describe("the site", () => {
  testInBrowser(
    "has the guide, an API page for each subpath, and pictures, without errors and from one host",
    async () => {
      await withPage("/", async (page) => {
        await page.getByRole("link", { name: "Guide" }).first().click();
        await page.waitForURL("**/guide.html");
        expect(await textOf(page, "h1")).toContain("quorumlock");
        expect(await page.locator("img[src*='quorum-and-fencing']").count()).toBe(1);
      });
      await withPage("/api/testing.html", async (page) => {
        expect(await textOf(page, "h1")).toContain("quorumlock/testing");
      });
    },
  );

  testInBrowser("finds words in all pages", async () => {
    await withPage("/guide.html", async (page) => {
      await page.locator(".DocSearch-Button").first().click();
      await page.locator("#localsearch-input").fill("Kleppmann");
      await page.locator(".result[href*='/faq']").first().click();
      await page.waitForURL("**/faq.html#*");
    });
  });

  testInBrowser("has a dark mode that stays", async () => {
    await withPage("/guide.html", async (page) => {
      const isDark = async (): Promise<boolean> => (await page.locator("html.dark").count()) === 1;
      expect(await isDark()).toBe(false);
      await page.locator(".VPNavBarAppearance button").click();
      expect(await isDark()).toBe(true);
      await page.reload();
      expect(await isDark()).toBe(true);
    });
  });

  testInBrowser("has a Korean entry that leads to the Korean guide", async () => {
    await withPage("/ko/", async (page) => {
      expect(await page.locator("html").getAttribute("lang")).toBe("ko");
      await page.locator(".VPHero a", { hasText: "안내" }).click();
      await page.waitForURL("**/ko/guide.html");
      expect(await textOf(page, "#설치")).toContain("설치");
    });
  });

  test("has llms.txt, whose links lead to pages in Markdown", () => {
    const text = readFileSync(join(outputDirectory, "llms.txt"), "utf8");
    expect(text).toMatch(/^# quorumlock\n\n> Distributed locks/);
    const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = ""]) => link);
    expect(links.length).toBeGreaterThan(40);
    expect(links.filter((link) => !existsSync(join(outputDirectory, link)))).toEqual([]);
  });
});
