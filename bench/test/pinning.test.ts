import { expect, test } from "vitest";
import { parseCores, pin } from "../src/pinning.ts";
import { childExecArgv } from "../src/workers/exec-argv.ts";

test.each([
  ["pid 12's current affinity list: 0", [0]],
  ["pid 12's current affinity list: 0,2-4,7\n", [0, 2, 3, 4, 7]],
])("reads %j", (text, cores) => {
  expect(parseCores(text)).toEqual(cores);
});

test("none changes nothing", () => {
  expect(pin("none", [{ pid: -1 }])).toBe("none");
});

test("child processes resolve packages like their parent", () => {
  expect(
    childExecArgv(["--import", "x", "--conditions", "a", "--conditions=b", "-C", "c", "--inspect"]),
  ).toEqual(["--import", "tsx", "--conditions=a", "--conditions=b", "--conditions=c"]);
});
