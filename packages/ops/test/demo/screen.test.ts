import { PassThrough } from "node:stream";
import type { WriteStream } from "node:tty";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { renderFrame, type SaleView } from "../../src/demo/frame.ts";
import { drawBar, formatLine, wrapText } from "../../src/demo/line.ts";
import { Sale } from "../../src/demo/sale.ts";
import { openScreen } from "../../src/demo/screen.ts";
import { formatSummary } from "../../src/demo/summary.ts";

const ESCAPE = "\u001B";

describe("lines", () => {
  it("are cut if they are too long, and end in …", () => {
    const line = [["abc", "green"], ["defgh"]] as const;
    expect(formatLine(line, { width: 8, hasColour: false })).toBe("abcdefgh");
    expect(formatLine(line, { width: 7, hasColour: false })).toBe("abcdef…");
    expect(formatLine(line, { width: 3, hasColour: false })).toBe("ab…");
    expect(stripVTControlCharacters(formatLine(line, { width: 3, hasColour: true }))).toBe("ab…");
    expect(formatLine(line, { width: 8, hasColour: true })).toContain(`${ESCAPE}[32mabc`);
  });

  it("wrap between words", () => {
    expect(wrapText("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrapText("extraordinary one", 5)).toEqual(["extraordinary", "one"]);
  });

  it("have bars in steps of an eighth of a column", () => {
    expect([0, 0.5, 0.53125, 1, 7].map((share) => drawBar(share, 4))).toEqual([
      "",
      "██",
      "██▏",
      "████",
      "████",
    ]);
  });
});

describe("a frame", () => {
  it.each([20, 40, 60, 79, 80, 120, 200])("never wraps at %i columns", (width) => {
    const view = exampleView();
    const lines = [
      ...renderFrame(view, { width, rows: 24, showFaults: true }),
      ...renderFrame({ ...view, hasEnded: true }, { width, rows: 24, showFaults: true }),
      ...renderFrame({ ...view, isLocked: false, servers: [] }, { width, rows: 24, showFaults: true }),
    ];
    for (const line of lines) {
      const text = stripVTControlCharacters(formatLine(line, { width, hasColour: true }));
      expect(text.length).toBeLessThanOrEqual(width);
    }
  });

  it("has a line for each worker and server, and cuts nothing at 80 columns", () => {
    const text = textOf(renderFrame(exampleView(), { width: 80, rows: 40, showFaults: true }));
    for (const name of ["pid 100 ", "pid 107 ", "127.0.0.1:20000", "127.0.0.1:20004"])
      expect(text).toContain(name);
    expect(text).toMatch(/● pid 101 +holds the lock/);
    expect(text).toMatch(/× pid 102 +killed/);
    expect(text).toMatch(/◌ 127\.0\.0\.1:20001 +pid 30001 +paused/);
    expect(text).not.toMatch(/…$/m);
    expect(text).toMatch(/^ {2}With the lock .* 2 fencing tokens$/m);
    expect(text).not.toMatch(/\d{16}/);
  });

  it("shows the stock of a sale without a lock", () => {
    const view = { ...exampleView(), isLocked: false, servers: [] };
    expect(textOf(renderFrame(view, { width: 80, rows: 40, showFaults: true }))).toContain(
      "the stock says 999 left",
    );
  });

  it("leaves out workers if there are not enough rows", () => {
    const lines = renderFrame(exampleView(), { width: 80, rows: 18, showFaults: true });
    expect(lines.length).toBeLessThanOrEqual(18);
    expect(textOf(lines)).toMatch(/and \d more workers/);
  });
});

describe("the screen", () => {
  it.each([
    ["without a terminal", false, {}],
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

  it("wraps the summary at the width of the screen", () => {
    const { sale } = exampleView();
    const lines = formatSummary(sale, sale, 50).map((line) => line.map(([text]) => text).join(""));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(50);
  });
});

function show(stream: WriteStream, env: NodeJS.ProcessEnv): void {
  using screen = openScreen(stream, env);
  screen.printText("a sentence");
  screen.showSale(exampleView)[Symbol.dispose]();
}

function exampleView(): SaleView {
  const sale = new Sale(1_000, 8);
  sale.read(0, 1_234_567_890_123_456);
  sale.write(0, 999);
  sale.read(1, 1_234_567_890_123_457);
  const fault = { target: "127.0.0.1:20001", method: "SIGSTOP", effect: "it does not answer" };
  sale.faults.push({ title: "server paused", ...fault, atMs: 1_234 });
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
  return { title: "With the lock", sale, workers, servers, isLocked: true, hasEnded: false };
}

function textOf(lines: ReturnType<typeof renderFrame>): string {
  return lines.map((line) => formatLine(line, { width: 80, hasColour: false })).join("\n");
}

function fakeStream(isTTY: boolean): { readonly stream: WriteStream; readonly written: () => string } {
  const through = new PassThrough();
  const stream = Object.assign(through, { isTTY, columns: 80, rows: 40 }) as unknown as WriteStream;
  let text = "";
  through.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { stream, written: () => text };
}
