import { randomBytes } from "node:crypto";
import { CoordinationV1Api, KubeConfig } from "@kubernetes/client-node";
import { KubernetesApi } from "./kubernetes-api/server.ts";

/** An API server for tests that any server must pass: the one in this repository, or with `npm run test:kubernetes` a real one. */
export interface TestCluster extends AsyncDisposable {
  readonly config: KubeConfig;
  readonly namespace: string;
  /** A client with connections of its own. */
  coordination(): CoordinationV1Api;
  /** A name for a Lease that no other test uses. The Lease is deleted at the end. */
  leaseName(): string;
}

/** Whether the tests run against the server that KUBECONFIG names. */
const isRealCluster = process.env["QUORUMLOCK_TEST_CLUSTER"] === "kubeconfig";

export async function testCluster(): Promise<TestCluster> {
  const server = isRealCluster ? undefined : await KubernetesApi.start();
  const config = server?.kubeConfig() ?? new KubeConfig();
  if (server === undefined) config.loadFromDefault();
  const namespace = config.getContextObject(config.getCurrentContext())?.namespace ?? "default";
  const coordination = (): CoordinationV1Api => config.makeApiClient(CoordinationV1Api);
  const names: string[] = [];
  return {
    config,
    namespace,
    coordination,
    leaseName() {
      const name = `quorumlock-test-${randomBytes(8).toString("hex")}`;
      names.push(name);
      return name;
    },
    async [Symbol.asyncDispose]() {
      const api = coordination();
      await Promise.allSettled(names.map((name) => api.deleteNamespacedLease({ name, namespace })));
      await server?.[Symbol.asyncDispose]();
    },
  };
}
