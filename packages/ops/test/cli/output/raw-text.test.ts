import { expect, test, vi } from "vitest";
import { findingLines } from "../../../src/cli/output/diagnosis.ts";
import { Output } from "../../../src/cli/output/output.ts";
import { Progress } from "../../../src/cli/output/progress.ts";
import { lockLines } from "../../../src/cli/top/lock-view.ts";
import type { LockDetail } from "../../../src/monitor/api.ts";

const OUTPUT = new Output({ json: false, color: false, ascii: false, quiet: false }, {});
/** Clears the screen, and turns the direction of the text. */
const ODD = "a\u001b[2J\u202eb";

test("names and owners in a finding and in a deadlock do not reach the terminal as they are", () => {
  const finding = findingLines(
    {
      code: "QL201",
      severity: "error",
      subject: ODD,
      cause: `held by ${ODD}`,
      remedy: `stop ${ODD}`,
      url: "",
    },
    OUTPUT,
  );
  const detail = {
    name: ODD,
    class: ODD,
    servers: [],
    line: [],
    needed: 2,
    next: ODD,
    lock: { votes: [], deadlock: `${ODD} and ${ODD}` },
  } as unknown as LockDetail;
  const view = lockLines(detail, OUTPUT, { columns: 80, rows: 24 });
  const text = [...finding, ...view].join("\n");
  for (const raw of ["\u001b", "\u202e"]) expect(text).not.toContain(raw);
});

test("a progress line is written and cleared without escape sequences", () => {
  const written: string[] = [];
  const write = vi
    .spyOn(process.stderr, "write")
    .mockImplementation((text) => written.push(String(text)) > 0);
  const terminal = Object.getOwnPropertyDescriptor(process.stderr, "isTTY");
  Object.defineProperty(process.stderr, "isTTY", { value: true, configurable: true });
  vi.spyOn(performance, "now").mockReturnValueOnce(0).mockReturnValueOnce(1_000).mockReturnValueOnce(2_000);
  try {
    using progress = new Progress(OUTPUT);
    progress.show("12 names read");
    progress.show("9 read");
  } finally {
    vi.restoreAllMocks();
    write.mockRestore();
    if (terminal === undefined) delete (process.stderr as { isTTY?: boolean }).isTTY;
    else Object.defineProperty(process.stderr, "isTTY", terminal);
  }
  expect(written).toEqual(["\r12 names read", "\r9 read       ", "\r      \r"]);
});
