import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** The tests that any API server of Kubernetes must pass. `npm run test:kubernetes` runs them against a real one. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ["packages/quorumlock/test/kubernetes/wire/**/*.test.ts"] },
});
