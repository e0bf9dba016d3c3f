import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ReportFile, type RunReport } from "../../src/exec/run-report.ts";

const report: RunReport = { outcome: "ran", exitCode: 0, signal: null, fence: 1, waitedMs: 2, heldMs: 3 };

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "quorumlock-report-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("a report replaces an old one, and what another run has written meanwhile", () => {
  const path = join(directory, "report.json");
  writeFileSync(path, "an old report\n");
  const file = new ReportFile(path);
  expect(readFileSync(path, "utf8")).toBe("");
  appendFileSync(path, "x".repeat(500));
  expect(file.write(report)).toBe(undefined);
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ schema: 1, ...report });
});

test("a disk that is full is said, and not thrown", () => {
  expect(new ReportFile("/dev/full").write(report)).toMatch(/ENOSPC/);
});

test("a pipe that nobody reads any more is said, and not thrown", () => {
  const path = join(directory, "pipe");
  execFileSync("mkfifo", [path]);
  // It can be opened for writing only while somebody reads it.
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const file = new ReportFile(path);
  closeSync(reader);
  expect(file.write(report)).toMatch(/EPIPE/);
});
