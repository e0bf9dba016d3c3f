import { expect, onTestFailed, test } from "vitest";
import { stories } from "../stories.ts";
import { runExample } from "./run-example.ts";

const TIMEOUT_MS = 300_000;
const SEED = "7";
const WIDTH = 80;
/** Their anti-patterns do damage in every run. With the others, a run without damage is possible. */
const DAMAGED_ALWAYS: readonly string[] = ["fencing", "cron-report", "task-queue", "orders"];

test.each(stories.map(({ name }) => name))(
  "%s passes in its short form",
  async (name) => {
    const { code, output, verdicts } = await runExample([name, "--short", "--seed", SEED]);
    onTestFailed(() => console.log(output));
    expect(output).toContain(`seed ${SEED}, short form`);
    expect(verdicts.filter((line) => line.startsWith("FAIL"))).toEqual([]);
    // At least two claims, and the verdict about the story.
    expect(verdicts.length).toBeGreaterThanOrEqual(3);
    expect(verdicts.at(-1)).toMatch(new RegExp(`^PASS {2}${name}, [\\d.]+ s, seed ${SEED}$`));
    expect(code).toBe(0);
    const isDamaged = /[1-9]\d*\s+of\s+these\s+\d+\s+claims\s+do/.test(output);
    expect(isDamaged || !DAMAGED_ALWAYS.includes(name)).toBe(true);
    expect(output.split("\n").filter((line) => line.length > WIDTH)).toEqual([]);
  },
  TIMEOUT_MS,
);

// The anti-pattern of each story is under the judge in the tests above.
test(
  "the flag --unsafe lets a story fail",
  async () => {
    const { code, output, verdicts } = await runExample(["fencing", "--short", "--seed", SEED, "--unsafe"]);
    onTestFailed(() => console.log(output));
    expect(verdicts.at(-1)).toMatch(/^FAIL {2}fencing, .*the anti-pattern under the judge$/);
    expect(verdicts.filter((line) => line.startsWith("FAIL")).length).toBeGreaterThanOrEqual(2);
    expect(code).toBe(1);
  },
  TIMEOUT_MS,
);
