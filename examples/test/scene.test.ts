import { expect, test } from "vitest";
import { Scene, type SceneSettings } from "../harness/scene.ts";

test("a wait that begins after an interruption rejects, and so may its work, without ending the process", async () => {
  const reason = new Error("interrupted");
  const settings: Partial<SceneSettings> = {
    servers: [] as never,
    seed: 1,
    signal: AbortSignal.abort(reason),
  };
  await using scene = new Scene(settings as SceneSettings);
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown): void => void unhandled.push(error);
  process.on("unhandledRejection", onUnhandled);
  await expect(scene.orFail(Promise.reject(new Error("the work")))).rejects.toBe(reason);
  await expect(scene.inTime("work", Promise.reject(new Error("the work")), 1_000)).rejects.toBe(reason);
  // Node reports a rejection without a handler after the microtasks of a turn.
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", onUnhandled);
  expect(unhandled).toEqual([]);
});
