import { expect, onTestFailed, test } from "vitest";
import { stories } from "../stories.ts";
import { runExample } from "./run-example.ts";

const TIMEOUT_MS = 120_000;
const SEED = "7";
const WIDTH = 80;

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
    expect(output.split("\n").filter((line) => line.length > WIDTH)).toEqual([]);
  },
  TIMEOUT_MS,
);

// These mistakes do damage in every run. With others, a run without damage is possible, and each run takes seconds.
test.each(["fencing", "cron-report", "task-queue", "orders"])(
  "the judge of %s fails the anti-pattern",
  async (name) => {
    const { code, output, verdicts } = await runExample([name, "--short", "--seed", SEED, "--unsafe"]);
    onTestFailed(() => console.log(output));
    expect(verdicts.at(-1)).toMatch(new RegExp(`^FAIL {2}${name}, .*the anti-pattern under the judge$`));
    expect(verdicts.filter((line) => line.startsWith("FAIL")).length).toBeGreaterThanOrEqual(2);
    expect(code).toBe(1);
  },
  TIMEOUT_MS,
);
