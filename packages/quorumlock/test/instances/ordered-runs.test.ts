import { expect, test } from "vitest";
import { OrderedRuns } from "../../src/instances/ordered-runs.ts";
import { mutexKind } from "../../src/operations/mutex.ts";
import { FAILED, type Reply, type Request } from "../../src/operations/request.ts";

interface Sent {
  readonly requests: readonly Request[];
  readonly resolve: (replies: readonly Reply[]) => void;
  readonly reject: (error: unknown) => void;
}

function queue(): { readonly runs: OrderedRuns; readonly sent: Sent[]; idle: number } {
  const sent: Sent[] = [];
  const state = { sent, idle: 0 };
  const runs = new OrderedRuns(
    (requests) => new Promise((resolve, reject) => sent.push({ requests, resolve, reject })),
    () => (state.idle += 1),
  );
  return Object.assign(state, { runs });
}

function acquireOf(token: string, isWithdrawn = false): Request {
  return mutexKind.acquire(["a"], { token, prefix: "", fence: 0, isWithdrawn }, 1_000, undefined);
}

function releaseOf(token: string): Request {
  return mutexKind.release(["a"], { token, prefix: "", fence: 0, isWithdrawn: true }, "");
}

test("sends the first call at once, and all later calls together after its answer", async () => {
  const state = queue();
  const [a, b, c] = [acquireOf("a"), acquireOf("b"), acquireOf("c")];
  const replies = [state.runs.run([a]), state.runs.run([b, c]), state.runs.run([releaseOf("a")])];
  expect(state.sent).toHaveLength(1);
  state.sent[0]!.resolve([1]);
  await replies[0];
  expect(state.idle).toBe(0);
  expect(state.sent).toHaveLength(2);
  expect(state.sent[1]!.requests.slice(0, 2)).toEqual([b, c]);
  state.sent[1]!.resolve([2, 3, 4]);
  expect(await Promise.all(replies)).toEqual([[1], [2, 3], [4]]);
  expect(state.idle).toBe(1);
});

test("leaves out a request that was withdrawn while it waited, and keeps the undo request", async () => {
  const state = queue();
  const first = state.runs.run([acquireOf("a")]);
  const undo = releaseOf("b");
  const later = state.runs.run([acquireOf("b", true), undo]);
  state.sent[0]!.resolve([1]);
  await first;
  expect(state.sent[1]!.requests).toEqual([undo]);
  state.sent[1]!.resolve([0]);
  expect(await later).toEqual([[FAILED, "withdrawn before it was sent"], 0]);
});

test("sends nothing if all requests were withdrawn, and takes the outcome of the call before", async () => {
  const state = queue();
  const first = state.runs.run([acquireOf("a")]);
  const later = state.runs.run([acquireOf("b", true)]);
  state.sent[0]!.resolve([1]);
  await first;
  expect(await later).toHaveLength(1);
  expect([state.sent.length, state.idle]).toEqual([1, 1]);
});

test("goes on after a failure, also if all requests were withdrawn: no reply shows that the server answers", async () => {
  const state = queue();
  const first = state.runs.run([acquireOf("a")]);
  const later = state.runs.run([acquireOf("b", true)]);
  state.sent[0]!.reject(new Error("broken"));
  for (const failed of [first, later]) await expect(failed).rejects.toThrow("broken");
  expect(state.sent).toHaveLength(1);
  const next = state.runs.run([acquireOf("c")]);
  state.sent[1]!.resolve([1]);
  expect(await next).toEqual([1]);
});
