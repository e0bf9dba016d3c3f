#!/usr/bin/env node
// Runs the tests of packages/quorumlock/test/kubernetes/wire against the API server that KUBECONFIG names. `npm test` runs the same
// tests against the server in the repository.
//
// The tests use the namespace of the current context, or "default". They create objects with random names that begin with
// "quorumlock-test-", and delete them. The user needs the verbs get, create, update and delete on leases.coordination.k8s.io, and these
// with list and watch on services and endpointslices.discovery.k8s.io.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { KUBECONFIG } = process.env;
if (KUBECONFIG === undefined || KUBECONFIG === "") {
  console.log("Skipped: KUBECONFIG is not set, so there is no API server to test against.");
  process.exit(0);
}
console.log(`Tests against the API server of the current context in ${KUBECONFIG}.`);
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const { status } = spawnSync(process.execPath, [vitest, "run", "--config", "vitest.kubernetes.config.ts"], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, QUORUMLOCK_TEST_CLUSTER: "kubeconfig" },
});
process.exitCode = status ?? 1;
