import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const condition = "@quorumlock/source";

/** Files that take more than half a minute. They begin first, so that no worker is idle at the end. */
const LONG = [
  "examples/test/stories",
  "dashboard/page",
  "bench/test/scenarios",
  "docs/code",
  "demo/demo",
  "sim/test/main",
  "sim/test/histories",
  "sim/test/determinism",
  "-twins",
  "operations/twins",
  "refused-writes",
  "unconnected-clients",
  "integration/cached",
  "integration/once",
  "integration/elect",
  "torture/test/torture",
  "exec/loss",
  "exec/runs",
  "cli/list-many",
  "cli/backup",
  "packaging/environments",
  "site/test/site",
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.some((part) => moduleId.includes(part));
    return [...files.filter(isLong), ...files.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  resolve: { conditions: [condition] },
  ssr: { resolve: { conditions: [condition] } },
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "sim/test/**/*.test.ts",
      "torture/test/**/*.test.ts",
      "bench/test/**/*.test.ts",
      "examples/test/**/*.test.ts",
      "site/test/**/*.test.ts",
    ],
    globalSetup: ["packages/ops/test/support/command-bundle.ts"],
    pool: "forks",
    maxWorkers: 2,
    // They only catch a hang. Tests that start many processes take a minute on a busy machine.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    retry: 0,
    sequence: { sequencer: LongFirst },
  },
});
