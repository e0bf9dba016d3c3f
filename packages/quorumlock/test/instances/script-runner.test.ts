import { expect, test } from "vitest";
import { ScriptRunner } from "../../src/instances/script-runner.ts";
import { type KindScript, type Operation, type Request, request } from "../../src/operations/request.ts";

function kindScript(name: string): KindScript {
  return {
    single: { text: `${name} text`, sha: `${name} sha` },
    cluster: { text: `${name} cluster text`, sha: `${name} cluster sha` },
  };
}

function operationOf(script: KindScript): Operation {
  return { name: "op", script, twin: () => 1, ownArgs: 0, isGrant: false, isUndo: false };
}

const one = operationOf(kindScript("one"));
const two = operationOf(kindScript("two"));

function requestOn(key: string, operation = one): Request {
  return request(operation, [key], []);
}

interface SentCall {
  readonly command: string;
  /** The text of the script or its SHA-1, as the command carries it. */
  readonly script: string;
  readonly size: number;
  reply(reply: unknown): void;
  fail(message: string): void;
}

function runner(isCluster = false): { run: ScriptRunner; sent: SentCall[] } {
  const sent: SentCall[] = [];
  const run = new ScriptRunner(
    (command, { script, requests }) =>
      new Promise((resolve, reject) => {
        sent.push({
          command,
          script: command === "EVAL" ? script.text : script.sha,
          size: requests.length,
          reply: resolve,
          fail: (message) => reject(new Error(message)),
        });
      }),
    isCluster,
  );
  return { run, sent };
}

test("the first call of a script on a connection carries its text, later ones its SHA-1", () => {
  const { run, sent } = runner();
  void run.run([requestOn("k")]);
  void run.run([requestOn("k")]);
  void run.run([requestOn("k", two)]);
  run.reset();
  void run.run([requestOn("k")]);
  expect(sent.map(({ script }) => script)).toEqual(["one text", "one sha", "two text", "one text"]);
});

test("requests of different scripts travel in calls of their own, in their order", async () => {
  const { run, sent } = runner();
  const replies = run.run([requestOn("a"), requestOn("b"), requestOn("c", two), requestOn("d")]);
  expect(sent.map(({ script, size }) => [script, size])).toEqual([
    ["one text", 2],
    ["two text", 1],
    ["one sha", 1],
  ]);
  sent[0]!.reply([1, 2]);
  sent[2]!.reply(4);
  sent[1]!.reply(3);
  expect(await replies).toEqual([1, 2, 3, 4]);
});

test("a withdrawn request is not repeated when the server has forgotten the script", async () => {
  const { run, sent } = runner();
  void run.run([requestOn("k")]);
  const owner = { isWithdrawn: false };
  const both = run.run([request(one, ["a"], [], owner), requestOn("b")]);
  owner.isWithdrawn = true;
  sent[1]!.fail("NOSCRIPT No matching script.");
  await new Promise((resolve) => setImmediate(resolve));
  expect([sent[2]!.command, sent[2]!.size]).toEqual(["EVAL", 1]);
  sent[2]!.reply(1);
  expect(await both).toEqual([[-1, "withdrawn before the script was loaded"], 1]);
});

test("a request is not repeated after another error than a missing script", async () => {
  const { run, sent } = runner();
  const failed = run.run([requestOn("k")]);
  sent[0]!.fail("READONLY You can't write against a read only replica.");
  await expect(failed).rejects.toThrow(/READONLY/);
  expect(sent).toHaveLength(1);
});

test("calls are bounded in their number of requests and in their size", () => {
  const { run, sent } = runner();
  void run.run(Array.from({ length: 600 }, () => requestOn("k")));
  expect(sent.map(({ size }) => size)).toEqual([256, 256, 88]);
  void run.run(Array.from({ length: 4 }, () => requestOn("k".repeat(30_000))));
  expect(sent.slice(3).map(({ size }) => size)).toEqual([2, 2]);
});

test("a cluster gets a call for each hash slot, and the replies keep the order of the requests", async () => {
  const { run, sent } = runner(true);
  const replies = run.run([requestOn("{a}1"), requestOn("{b}1"), requestOn("{a}2")]);
  expect(sent.map(({ size, script }) => [size, script])).toEqual([
    [2, "one cluster text"],
    [1, "one cluster sha"],
  ]);
  sent[0]!.reply([
    [1, "a1"],
    [1, "a2"],
  ]);
  sent[1]!.reply([1, "b1"]);
  expect(await replies).toEqual([
    [1, "a1"],
    [1, "b1"],
    [1, "a2"],
  ]);
});

test("replies are numbers and strings, whatever types the client returns", async () => {
  const { run, sent } = runner();
  const replies = run.run([requestOn("k"), requestOn("k"), requestOn("k")]);
  sent[0]!.reply([["1", Buffer.from("token")], [], Buffer.from("7")]);
  expect(await replies).toEqual([[1, "token"], [-1, "unexpected reply []"], 7]);
});

test("a reply that is no list of the right length fails the call", async () => {
  for (const reply of ["OK", [1], undefined]) {
    const { run, sent } = runner();
    const failed = run.run([requestOn("a"), requestOn("b")]);
    sent[0]!.reply(reply);
    await expect(failed).rejects.toThrow(/no list of 2 replies/);
  }
});
