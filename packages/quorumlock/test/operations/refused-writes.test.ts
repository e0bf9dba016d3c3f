import { beforeAll, describe, expect, test } from "vitest";
import { lockSubjects } from "./lock-subjects.ts";
import { admin, ofServer, ofUser } from "./refusals.ts";
import { type Action, Scene } from "./refused-writes-scene.ts";

function textOf(actions: readonly Action[]): string {
  return actions.map(({ what, token }) => `${what} ${token}`).join(", ");
}

/** A call takes about 0.1 ms. */
const PAUSE_MICROS = 1_000;
const MAX_RUNS = 50;
beforeAll(() => admin.config("SET", "slowlog-log-slower-than", PAUSE_MICROS));

/**
 * Runs a scene, and says which of many failed. A busy machine can pause the server in the middle of a call, after it has read the clock. Then
 * keys expire later than their holders, and requests have something else to write. So a failure does not count if a call had a pause.
 */
async function named(name: string, run: () => Promise<void>): Promise<void> {
  for (let runs = 1; ; runs += 1) {
    await admin.slowlog("RESET");
    try {
      await run();
      return;
    } catch (error) {
      if (runs < MAX_RUNS && Number(await admin.slowlog("LEN")) > 0) continue;
      if (error instanceof Error) error.message = `${name}: ${error.message}`;
      throw error;
    }
  }
}

describe.each(lockSubjects)("$name", (subject) => {
  test.each([...ofServer, ...ofUser])("a server that refuses writes: $name", async (refusal) => {
    const replies = { done: 0, failed: 0 };
    for (const state of subject.states) {
      const scene = new Scene(subject, state, refusal);
      for (const action of await scene.actions()) {
        await named(`${textOf([action])} after [${state}]`, async () => {
          const [isDone = false] = await scene.play([action]);
          expect(scene.mustBeDone(action) ?? isDone).toBe(isDone);
          replies[isDone ? "done" : "failed"] += 1;
        });
      }
    }
    expect(replies.done + replies.failed).toBeGreaterThan(3);
  });

  test.each([...ofServer, ...ofUser.slice(0, 4)])(
    "several requests in one call to a server that refuses writes: $name",
    async (refusal) => {
      for (const state of subject.states) {
        const scene = new Scene(subject, state, refusal);
        for (const [first, second] of await scene.pairs()) {
          await named(`${textOf([first, second])} after [${state}]`, async () => {
            const apart = await scene.play([first], [second]);
            const together = await scene.play([first, second]);
            // A server without memory carries out all that follows a write that it has carried out.
            const isAlike = refusal.isOfMemory !== true || together[0] === false;
            expect(together).toEqual(isAlike ? apart : [apart[0], together[1]]);
          });
        }
      }
    },
  );
});

test("a grant without memory of earlier ones stays refused if what it wrote cannot be deleted", async () => {
  const noDelete = ofUser.find(({ name }) => name.endsWith(" DEL"))!;
  await admin.flushall();
  await noDelete.begin();
  for (const token of ["a", "b"]) {
    const [reply] = await noDelete.runner.run([lockSubjects[0]!.acquire(token, 1_000)]);
    expect(reply).toEqual([-1, expect.any(String)]);
    await admin.del("lock:{t}n");
  }
});
