import { PassThrough } from "node:stream";
import type { WriteStream } from "node:tty";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { frame, type View } from "../../src/demo/frame.ts";
import { bar, paint, wrap } from "../../src/demo/line.ts";
import { Sale } from "../../src/demo/sale.ts";
import { openScreen } from "../../src/demo/screen.ts";
import { summary } from "../../src/demo/summary.ts";

const ESCAPE = "\u001B";

describe("lines", () => {
  it("are cut, not wrapped, and end in … then", () => {
    const line = [["abc", "green"], ["defgh"]] as const;
    expect(paint(line, { width: 8, colour: false })).toBe("abcdefgh");
    expect(paint(line, { width: 7, colour: false })).toBe("abcdef…");
    expect(paint(line, { width: 3, colour: false })).toBe("ab…");
    expect(stripVTControlCharacters(paint(line, { width: 3, colour: true }))).toBe("ab…");
    expect(paint(line, { width: 8, colour: true })).toContain(`${ESCAPE}[32mabc`);
  });

  it("of a sentence break between words", () => {
    expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrap("extraordinary one", 5)).toEqual(["extraordinary", "one"]);
  });

  it("hold bars in eighths of a column", () => {
    expect([0, 0.5, 0.53125, 1, 7].map((share) => bar(share, 4))).toEqual(["", "██", "██▏", "████", "████"]);
  });
});

describe("the picture", () => {
  it.each([20, 40, 60, 79, 80, 120, 200])("never wraps at %i columns", (width) => {
    const view = exampleView();
    const lines = [
      ...frame(view, width, 24),
      ...frame({ ...view, over: true }, width, 24),
      ...frame({ ...view, locked: false, servers: [] }, width, 24),
    ];
    for (const line of lines) {
      const text = stripVTControlCharacters(paint(line, { width, colour: true }));
      expect(text.length).toBeLessThanOrEqual(width);
    }
  });

  it("has a line for each worker and server, at 80 columns without anything cut off", () => {
    const text = textOf(frame(exampleView(), 80, 40));
    for (const name of ["pid 100 ", "pid 107 ", "127.0.0.1:20000", "127.0.0.1:20004"])
      expect(text).toContain(name);
    expect(text).toMatch(/● pid 101 +holds the lock/);
    expect(text).toMatch(/× pid 102 +killed/);
    expect(text).toMatch(/◌ 127\.0\.0\.1:20001 +pid 30001 +paused/);
    expect(text).not.toMatch(/…$/m);
  });

  it("leaves out workers where there are not enough rows for all", () => {
    const lines = frame(exampleView(), 80, 18);
    expect(lines.length).toBeLessThanOrEqual(18);
    expect(textOf(lines)).toMatch(/and \d more workers/);
  });
});

describe("the screen", () => {
  it.each([
    ["elsewhere than on a terminal", false, {}],
    ["with NO_COLOR", true, { NO_COLOR: "1" }],
    ["with CI", true, { CI: "true" }],
    ["on a dumb terminal", true, { TERM: "dumb" }],
  ])("writes plain lines %s", (_, isTTY, env) => {
    const { stream, written } = fakeStream(isTTY);
    show(stream, env);
    expect(written()).not.toContain(ESCAPE);
    expect(written()).toContain("× pid 102");
  });

  it("draws in colour on a terminal", () => {
    const { stream, written } = fakeStream(true);
    show(stream, {});
    expect(written()).toContain(`${ESCAPE}[31mkilled`);
    expect(stripVTControlCharacters(written())).toContain("× pid 102");
  });

  it("wraps the summary with its values in one column", () => {
    const { sale } = exampleView();
    const lines = summary(sale, sale, 50).map((line) => line.map(([text]) => text).join(""));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(50);
  });
});

function show(stream: WriteStream, env: NodeJS.ProcessEnv): void {
  using screen = openScreen(stream, env);
  screen.say("a sentence");
  screen.watch(exampleView)[Symbol.dispose]();
}

function exampleView(): View {
  const sale = new Sale(1_000, 8);
  sale.read(0, 1_234_567_890_123_456);
  sale.write(0, 999);
  sale.read(1, 1_234_567_890_123_457);
  const who = { who: "127.0.0.1:20001", by: "SIGSTOP", meaning: "it hangs and answers nobody" };
  sale.faults.push({ title: "server paused", ...who, atMs: 1_234 });
  const workers = Array.from({ length: 8 }, (_, index) => {
    const state = index === 2 ? ("killed" as const) : ("at work" as const);
    return { name: `pid ${100 + index}`, state };
  });
  const states = ["up", "paused", "up", "killed", "up"] as const;
  const servers = states.map((state, index) => ({
    name: `127.0.0.1:${20_000 + index}`,
    pid: 30_000 + index,
    state,
    pause: () => undefined,
    kill: () => undefined,
  }));
  return { title: "With the lock", sale, workers, servers, locked: true, over: false };
}

function textOf(lines: ReturnType<typeof frame>): string {
  return lines.map((line) => paint(line, { width: 80, colour: false })).join("\n");
}

function fakeStream(isTTY: boolean): { readonly stream: WriteStream; readonly written: () => string } {
  const through = new PassThrough();
  const stream = Object.assign(through, { isTTY, columns: 80, rows: 40 }) as unknown as WriteStream;
  let text = "";
  through.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { stream, written: () => text };
}
