import { expect, test } from "vitest";
import { SCRIPT, SHARDED_SCRIPT } from "../../src/generated/scripts.ts";
import { ScriptRunner } from "../../src/instances/script-runner.ts";
import { request } from "../../src/operations/request.ts";

interface Sent {
  readonly command: string;
  readonly script: string;
  readonly operations: number;
  answer(reply: unknown): void;
  fail(message: string): void;
}

function runner(clustered = false): { run: ScriptRunner; sent: Sent[] } {
  const sent: Sent[] = [];
  const run = new ScriptRunner((command, script, { requests }) => {
    const operations = requests.length;
    return new Promise((resolve, reject) => {
      sent.push({
        command,
        script,
        operations,
        answer: (reply) => resolve(reply),
        fail: (message) => reject(new Error(message)),
      });
    });
  }, clustered);
  return { run, sent };
}

const replies = (count: number): unknown => (count === 1 ? [1] : Array.from({ length: count }, () => [1]));

test("the first call of a connection carries the script, later ones its SHA", async () => {
  const { run, sent } = runner();
  const one = run.run([request("op", ["k"], 0, [])]);
  sent[0]!.answer(replies(1));
  await one;
  void run.run([request("op", ["k"], 0, [])]);
  run.reset();
  void run.run([request("op", ["k"], 0, [])]);
  expect(sent.map(({ command }) => command)).toEqual(["EVAL", "EVALSHA", "EVAL"]);
  expect(sent.map(({ script }) => script)).toEqual([SCRIPT.text, SCRIPT.sha, SCRIPT.text]);
});

test("what was withdrawn is not repeated when the server has forgotten the script", async () => {
  const { run, sent } = runner();
  const warm = run.run([request("op", ["k"], 0, [])]);
  sent[0]!.answer(replies(1));
  await warm;
  const claim = { withdrawn: false };
  const both = run.run([request("op", ["a"], 0, [], claim), request("op", ["b"], 0, [])]);
  claim.withdrawn = true;
  sent[1]!.fail("NOSCRIPT No matching script.");
  await new Promise((resolve) => setImmediate(resolve));
  expect([sent[2]!.command, sent[2]!.operations]).toEqual(["EVAL", 1]);
  sent[2]!.answer(replies(1));
  expect(await both).toEqual([[-1, "withdrawn before the script was loaded"], [1]]);
});

test("another error than a missing script is not repeated", async () => {
  const { run, sent } = runner();
  const failed = run.run([request("op", ["k"], 0, [])]);
  sent[0]!.fail("READONLY You can't write against a read only replica.");
  await expect(failed).rejects.toThrow(/READONLY/);
  expect(sent).toHaveLength(1);
});

test("calls are bounded in number of requests and in size", () => {
  const { run, sent } = runner();
  void run.run(Array.from({ length: 600 }, () => request("op", ["k"], 0, [])));
  expect(sent.map(({ operations }) => operations)).toEqual([256, 256, 88]);
  void run.run(Array.from({ length: 4 }, () => request("op", ["k".repeat(30_000)], 0, [])));
  expect(sent.slice(3).map(({ operations }) => operations)).toEqual([2, 2]);
});

test("on a cluster requests are parted by hash slot and answered in their order", async () => {
  const { run, sent } = runner(true);
  const asked = run.run([
    request("op", ["{a}1"], 0, []),
    request("op", ["{b}1"], 0, []),
    request("op", ["{a}2"], 0, []),
  ]);
  expect(sent.map(({ operations, script }) => [operations, script])).toEqual([
    [2, SHARDED_SCRIPT.text],
    [1, SHARDED_SCRIPT.sha],
  ]);
  sent[0]!.answer([
    [1, "a1"],
    [1, "a2"],
  ]);
  sent[1]!.answer([1, "b1"]);
  expect(await asked).toEqual([
    [1, "a1"],
    [1, "b1"],
    [1, "a2"],
  ]);
});

test("replies are numbers and strings whatever the client makes of them", async () => {
  const { run, sent } = runner();
  const asked = run.run([request("op", ["k"], 0, []), request("op", ["k"], 0, [])]);
  sent[0]!.answer([["1", Buffer.from("token")], []]);
  expect(await asked).toEqual([
    [1, "token"],
    [-1, "unexpected reply []"],
  ]);
});
