import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CallTrace, instrument, summarizeCalls } from "../src/call-trace.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "call-trace-test-"));
  mkdirSync(join(directory, "inner"));
  writeFileSync(
    join(directory, "index.js"),
    `import { Base, add } from "./inner/base.js";
export class Derived extends Base {
  #twice = (value) => ({ value: add(value, value) });
  constructor() { super(); }
  get name() { return "derived"; }
  async run() { return this.#twice(await this.load()).value; }
}`,
  );
  writeFileSync(
    join(directory, "inner", "base.js"),
    `export const add = (a, b = (() => 1)()) => a + b;
export class Base { load() { return Promise.resolve(this.name.length); } }`,
  );
});
afterAll(() => rmSync(directory, { recursive: true }));

test("records calls of all kinds of functions, in order", async () => {
  using calls = new CallTrace(directory);
  const { Derived } = (await calls.load("index.js")) as { Derived: new () => { run(): Promise<number> } };
  let result = 0;
  const summary = await calls.record(async () => (result = await new Derived().run()));
  expect(result).toBe(14);
  // index: constructor, run; base: load; index: name, #twice; base: add.
  expect(summary).toEqual({ calls: 6, files: 2, returns: 2 });
});

test("records nothing outside of its window", async () => {
  using calls = new CallTrace(directory);
  const { add } = (await calls.load(join("inner", "base.js"))) as {
    add: (a: number, b?: number) => number;
  };
  add(1, 2);
  expect(await calls.record(async () => add(1))).toEqual({ calls: 2, files: 1, returns: 0 });
});

test("nested arrow functions without braces keep their meaning", () => {
  const code = instrument("const f = (a) => (b) => ({ sum: a + b });", 0);
  const hook = () => undefined;
  // oxlint-disable-next-line no-implied-eval -- the test runs code that it made.
  const run = new Function("globalThis", `${code} return f(1)(2);`) as (globals: object) => unknown;
  expect(run({ __quorumlockBenchEnter: hook })).toEqual({ sum: 3 });
});

test.each([
  [[], { calls: 0, files: 0, returns: 0 }],
  [[1, 1, 1], { calls: 3, files: 1, returns: 0 }],
  [[1, 2, 3], { calls: 3, files: 3, returns: 0 }],
  [[1, 2, 1, 2, 2], { calls: 5, files: 2, returns: 2 }],
])("files %j", (files, summary) => {
  expect(summarizeCalls(files)).toEqual(summary);
});
