import { afterAll, describe, expect, test } from "vitest";
import { startLockBed } from "./support/lock-bed.ts";
import { TerminalRun, whyNoTerminal } from "./support/terminal.ts";

const bed = await startLockBed();
const instances = bed.urls.join(",");
const lock = await bed
  .client({ owner: "billing-7:3121" })
  .acquire("order:42", { ttl: 600_000, autoExtend: false });
afterAll(async () => {
  await lock.release();
  await bed[Symbol.asyncDispose]();
});

const noTerminal = whyNoTerminal();
if (noTerminal !== undefined) console.log(`tests of the live screens are skipped: ${noTerminal}`);

const ENTER = "\u001b[?1049h";
const LEAVE = "\u001b[?25h\u001b[?1049l";
const SCREENS: readonly (readonly [string, readonly string[]])[] = [
  ["top", ["--interval", "200ms"]],
  ["list", ["--watch"]],
];

describe.skipIf(noTerminal !== undefined).each(SCREENS)("the screen of %s", (command, args) => {
  const start = (): TerminalRun =>
    new TerminalRun([command, ...args, "--instances", instances], { NO_COLOR: "" });

  test.each([
    ["q", "q"],
    ["Ctrl-C", "\u0003"],
  ])("ends at %s with the terminal as before", async (_, typed) => {
    const terminal = start();
    await terminal.shows("order:");
    terminal.type(typed);
    const { code, isRestored, screen } = await terminal.ended;
    expect([code, isRestored]).toEqual([0, true]);
    expect(screen).toContain(ENTER);
    expect(screen.endsWith(LEAVE)).toBe(true);
  });

  test("ends at SIGTERM with the terminal as before", async () => {
    const terminal = start();
    await terminal.shows("order:");
    terminal.kill("SIGTERM");
    const { code, isRestored, screen } = await terminal.ended;
    expect([code, isRestored, screen.endsWith(LEAVE)]).toEqual([143, true, true]);
  });

  test("a terminal that is gone ends it without a crash", async () => {
    const terminal = start();
    await terminal.shows("order:");
    // 129, or the signal itself, is SIGHUP. A crash would be 70, 1 or 134.
    expect(await terminal.hangUp()).toBe(129);
  });
});
