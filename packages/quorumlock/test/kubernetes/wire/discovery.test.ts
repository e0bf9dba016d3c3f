import { randomBytes } from "node:crypto";
import { CoreV1Api, DiscoveryV1Api, KubeConfig, Watch } from "@kubernetes/client-node";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { Redlock } from "../../../src/index.ts";
import { type Discovery, discoverInstances } from "../../../src/kubernetes/index.ts";
import { FRESH } from "../../support/fresh.ts";
import { Pods } from "../../support/kubernetes-api/pods.ts";
import { KubernetesApi } from "../../support/kubernetes-api/server.ts";
import { testServers } from "../../support/server-access.ts";
import { eventually } from "../../support/timing.ts";

// Discovery with the real client, over the wire. `npm run test:kubernetes` runs these tests against a real API server, where the user
// needs the verbs get, list, watch, create, update and delete on services and endpointslices. The servers run on this machine.

const isRealCluster = process.env["QUORUMLOCK_TEST_CLUSTER"] === "kubeconfig";

const servers = await testServers(6);
const portOf = (index: number): number => servers[index]!.server.port;
const config = new KubeConfig();
let api: KubernetesApi | undefined;
let namespace = "default";
let pods: Pods;

beforeAll(async () => {
  api = isRealCluster ? undefined : await KubernetesApi.start();
  if (api === undefined) config.loadFromDefault();
  else config.loadFromString(api.kubeConfig().exportConfig());
  namespace = config.getContextObject(config.getCurrentContext())?.namespace ?? namespace;
});
afterAll(() => api?.[Symbol.asyncDispose]());

const clients = (): { core: CoreV1Api; discovery: DiscoveryV1Api; watch: Watch } => ({
  core: config.makeApiClient(CoreV1Api),
  discovery: config.makeApiClient(DiscoveryV1Api),
  watch: new Watch(config),
});

beforeEach(async () => {
  pods = new Pods(clients(), namespace, `quorumlock-test-${randomBytes(8).toString("hex")}`);
  onTestFinished(() => pods.deleteAll());
  await pods.createService({ "quorumlock/size": "3" });
  for (let ordinal = 0; ordinal < 5; ordinal += 1) await pods.set(ordinal, { port: portOf(ordinal) });
});

/** A process: a discovery and the client that it changes. */
async function startProcess(): Promise<{ readonly discovery: Discovery; readonly redlock: Redlock }> {
  const selector = `app=${pods.name}`;
  const connect = ({ port }: { readonly port: number }): string => `redis://127.0.0.1:${port}`;
  const discovery = await discoverInstances(clients(), { namespace, selector, connect });
  onTestFinished(() => discovery.close());
  const redlock = new Redlock(discovery.instances, { ...FRESH, prefix: `${pods.name}:` });
  onTestFinished(() => redlock.close());
  discovery.follow(redlock);
  return { discovery, redlock };
}

const hasState = (discovery: Discovery, state: string, members: number): Promise<void> =>
  eventually(
    `the discovery is ${state} with ${members} members`,
    () => discovery.state === state && discovery.members.length === members,
  );

it("moves a member to the new address of its pod", async () => {
  const { discovery, redlock } = await startProcess();
  expect(discovery.members.map(({ name }) => name)).toEqual(
    [0, 1, 2].map((ordinal) => `${pods.name}-${ordinal}`),
  );
  await redlock.using("order", () => undefined);
  await pods.set(1, { port: portOf(5) });
  await eventually("the member has moved", () => discovery.members[1]?.address === `10.99.0.2:${portOf(5)}`);
  await eventually("all vote", async () => (await redlock.health()).voting === 3);
  await redlock.using("order", () => undefined);
});

it("goes through both sets, and other processes begin with both", async () => {
  const first = await startProcess();
  await first.redlock.using("order", () => undefined);
  const states: string[] = [];
  first.discovery.on("membership", ({ state, size, next }) => states.push(`${state} ${size} ${next}`));
  await pods.annotate({ "quorumlock/next-size": "5" });
  await hasState(first.discovery, "joint", 5);
  const second = await startProcess();
  expect(second.discovery.state).toBe("joint");
  expect(second.discovery.instances).toHaveProperty("next.length", 5);
  await second.redlock.using("order", () => undefined);
  await pods.annotate({ "quorumlock/size": "5", "quorumlock/next-size": undefined });
  for (const { discovery } of [first, second]) await hasState(discovery, "stable", 5);
  expect(states).toEqual(["preparing 3 5", "joint 3 5", "switching 3 5", "stable 5 undefined"]);
  expect((await first.redlock.health()).configured).toBe(5);
  await pods.annotate({ "quorumlock/next-size": "3" });
  for (const { discovery } of [first, second]) await hasState(discovery, "joint", 5);
  await pods.annotate({ "quorumlock/size": "3", "quorumlock/next-size": undefined });
  for (const { discovery } of [first, second]) await hasState(discovery, "stable", 3);
  for (const { redlock } of [first, second]) expect((await redlock.health()).configured).toBe(3);
});
