import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** Tests in environments that npm downloads. They are no part of `npm test`. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ["packages/{quorumlock,eslint-plugin}/test/packaging/more-environments.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
