import { afterEach, expect, test, vi } from "vitest";
import { Output, type OutputOptions, type Style } from "../../../src/cli/output/output.ts";

const OPTIONS: OutputOptions = { json: false, color: true, ascii: false, quiet: false };

afterEach(() => {
  vi.restoreAllMocks();
  process.stdout.isTTY = isTerminal;
});
const isTerminal = process.stdout.isTTY;

function outputOn(
  terminal: boolean,
  options: Partial<OutputOptions>,
  env: Record<string, string> = {},
): Output {
  process.stdout.isTTY = terminal;
  return new Output({ ...OPTIONS, ...options }, env);
}

function painted(output: Output): string {
  return (["good", "attention", "bad", "paused", "unknown", "bold", "faint"] satisfies readonly Style[])
    .map((style) => output.paint(style, "x"))
    .join("");
}

test("colours appear only on a terminal, without NO_COLOR, --no-color and --json", () => {
  expect(painted(outputOn(true, {}))).toContain("\u001b[");
  for (const output of [
    outputOn(false, {}),
    outputOn(true, {}, { NO_COLOR: "1" }),
    outputOn(true, {}, { TERM: "dumb" }),
    outputOn(true, { color: false }),
    outputOn(true, { json: true }),
  ])
    expect(painted(output)).toBe("xxxxxxx");
});

test("with --ascii only ASCII characters are printed", () => {
  const text = outputOn(false, { ascii: true }).plain("● ▲ ✕ ❚❚ ◌ · … – “a” 2.9\u202fs 주");
  expect(text).toBe('o ! x || ? - ... - "a" 2.9 s \\u{c8fc}');
  expect(outputOn(false, {}).plain("● 2.9\u202fs")).toBe("● 2.9 s");
});

test("--quiet hides notes, and no problem", () => {
  const written: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
  const output = outputOn(false, { quiet: true });
  output.note("a note");
  output.problem("a problem");
  expect(written).toEqual(["a problem\n"]);
});
