import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parsePlan } from "../src/plan/parse-plan.ts";
import { runPlan } from "../src/run-plan.ts";

const directory = fileURLToPath(new URL("../seeds", import.meta.url));
const files = readdirSync(directory).filter((file) => file.endsWith(".json"));

describe("kept histories that once failed", () => {
  test.each(files)("%s", async (file) => {
    const plan = parsePlan(readFileSync(join(directory, file), "utf8"), file);
    expect((await runPlan(plan)).violations).toEqual([]);
  });
});
