import { expect, test } from "vitest";
import { PolledConnection } from "../../src/instances/polled-connection.ts";
import { mutexKind } from "../../src/operations/mutex.ts";
import type { Request } from "../../src/operations/request.ts";

/** A connection whose answers are given in advance: the run id of an answer, or `lost`. `events`: what an observer is told. */
function scripted(isCluster: boolean, answers: readonly (string | typeof LOST)[]) {
  const left = [...answers];
  const events: string[] = [];
  const connection = new PolledConnection({
    isCluster,
    send: async () => {
      const answer = left.shift();
      if (answer === LOST || answer === undefined) throw new Error("no answer");
      return `=${answer} 1`;
    },
    readError: (error) => ({ kind: "lost", error: error as Error }),
  });
  connection.observe({
    onConnected: () => events.push("connected"),
    onDisconnected: () => events.push("disconnected"),
  });
  const run = (name: string): Promise<unknown> => connection.run([requestFor(name)]).catch(() => "failed");
  return { run, events };
}

const LOST = Symbol("lost");

function requestFor(name: string): Request {
  return mutexKind.acquire(
    [name],
    { token: name, prefix: "", fence: 0, isWithdrawn: false },
    1_000,
    undefined,
  );
}

const NEW = ["disconnected", "connected"];

test.each([
  ["the process is the same", ["a", "a"], []],
  ["another process answers", ["a", "b", "b"], NEW],
  ["a server with a run id was replaced by one without", ["a", "", ""], NEW],
  ["a server without a run id was replaced by one with it", ["", "a", "a"], NEW],
  ["the server never reports a run id", ["", "", ""], []],
])("a single server: %s", async (_name, answers, events) => {
  const { run, events: seen } = scripted(false, answers);
  for (const _ of answers) await run("a");
  expect(seen).toEqual(events);
});

test("a node of a cluster that was restarted between two requests for a slot is a new connection", async () => {
  const { run, events } = scripted(true, ["a", "b", "a", "c", "c"]);
  // Names with another slot can have another node.
  for (const name of ["x", "y", "x"]) await run(name);
  expect(events).toEqual([]);
  for (const _ of [1, 2]) await run("x");
  expect(events).toEqual(NEW);
});

test("after a lost call of a cluster, the first answer of any node is a new connection", async () => {
  const { run, events } = scripted(true, ["a", LOST, LOST, "b", "a"]);
  for (const name of ["x", "x", "x"]) await run(name);
  // Otherwise each identification of a node that is down would cause the next one, without a pause.
  expect(events).toEqual([]);
  await run("y");
  expect(events).toEqual(NEW);
  await run("x");
  expect(events).toEqual(NEW);
});
