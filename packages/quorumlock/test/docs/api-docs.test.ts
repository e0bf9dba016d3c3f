import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const workspace = fileURLToPath(new URL("../../../../", import.meta.url));
const scripts = join(workspace, "scripts");
const { readExports } = (await import(join(scripts, "api-docs/read-exports.mjs"))) as {
  readExports: (source: string, entry: string) => unknown[];
};
const { renderPage } = (await import(join(scripts, "api-docs/render.mjs"))) as {
  renderPage: (library: unknown[], subpaths: Readonly<Record<string, unknown[]>>) => string;
};
const source = mkdtempSync(join(tmpdir(), "quorumlock-api-"));
afterAll(() => rmSync(source, { recursive: true, force: true }));

function render(files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(source, name)), { recursive: true });
    writeFileSync(join(source, name), text);
  }
  return renderPage(readExports(source, "index.ts"), {});
}

test("docs/api.md is up to date", () => {
  execFileSync(process.execPath, [join(scripts, "generate-api-docs.mjs"), "--check"], { cwd: workspace });
});

test("an option has its type, its default and its text, and a method its signatures and errors", () => {
  const page = render({
    "index.ts": `export { Redlock } from "./redlock.ts";\nexport type { WaitOptions } from "./options.ts";`,
    "options.ts": `
      /** Options of a wait. */
      export interface WaitOptions {
        /** How long to wait, in ms. At least 0 (protocol §2). @default 10_000 */
        readonly wait?: number | undefined;
      }`,
    "redlock.ts": `
      /** The client. */
      export class Redlock {
        #secret = 1;
        /**
         * Waits.
         * @param ms the time. @default 5
         * @throws RangeError for a negative time.
         */
        wait(ms?: number): Promise<void>;
        wait(ms: number, then: () => void): Promise<void>;
        async wait(...args: unknown[]): Promise<void> {}
      }`,
  });
  expect(page).toContain("#### `wait`\n\n`number`. Default: `10_000`\n\nHow long to wait, in ms.");
  expect(page).toContain("[protocol §2](protocol.md)");
  expect(page).toContain(
    "`wait(ms?: number): Promise<void>`  \n`wait(ms: number, then: () => void): Promise<void>`",
  );
  expect(page).toContain("_Parameters:_ `ms`: the time. Default: 5.");
  expect(page).toContain("_Throws:_ `RangeError` for a negative time.");
  expect(page).not.toMatch(/secret|unknown\[\]/);
});

test("a function with overloads has their signatures, without the one of its implementation", () => {
  const page = render({
    "index.ts": `export { wrap } from "./wrap.ts";`,
    "wrap.ts": `
      /** Wraps. */
      export function wrap(name: string): string;
      export function wrap(name: string, count: 2): string[];
      export function wrap(name: unknown): unknown { return name; }`,
  });
  expect(page).toContain("`wrap(name: string): string`\n\n`wrap(name: string, count: 2): string[]`");
  expect(page).not.toContain("unknown");
});

test("a missing doc comment and a missing default are errors that name the file and the member", () => {
  const files = {
    "index.ts": `export { Redlock } from "./redlock.ts"; export type { WaitOptions } from "./options.ts";`,
    "options.ts": `/** Options. */ export interface WaitOptions { /** A wait, in ms. */ readonly wait?: number; }`,
    "redlock.ts": `export class Redlock { close(): void {} }`,
  };
  expect(() => render(files)).toThrow(
    "redlock.ts: Redlock has no doc comment\nredlock.ts: Redlock.close has no doc comment\noptions.ts: WaitOptions.wait has no @default",
  );
});
