import { onTestFinished } from "vitest";
import { Redlock, type RedlockOptions } from "../../src/index.ts";
import { type Discovery, discoverInstances, type DiscoveryOptions } from "../../src/kubernetes/index.ts";
import { FRESH } from "./fresh.ts";
import { Pods } from "./kubernetes-api/pods.ts";
import { KubernetesApi } from "./kubernetes-api/server.ts";
import type { TestServer } from "./server-access.ts";
import { eventually } from "./timing.ts";

/** A discovery and the client that it changes, as in a process of its own. */
export interface DiscoveringProcess {
  readonly discovery: Discovery;
  readonly redlock: Redlock;
}

export const NAMESPACE = "shop";

/** Makes the keys of each test its own, because the servers are shared. */
let beds = 0;

/** An API server with the Service `redis`, whose pods are servers of the test. For one test. */
export class DiscoveryBed {
  readonly api: KubernetesApi;
  readonly pods: Pods;
  readonly #servers: readonly TestServer[];
  readonly #prefix: string;

  static async start(servers: readonly TestServer[]): Promise<DiscoveryBed> {
    return new DiscoveryBed(servers, await KubernetesApi.start());
  }

  private constructor(servers: readonly TestServer[], api: KubernetesApi) {
    this.#servers = servers;
    this.api = api;
    this.pods = new Pods(api.clients(), NAMESPACE, "redis");
    this.#prefix = `t${(beds += 1)}:`;
  }

  portOf(index: number): number {
    return this.#servers[index]!.server.port;
  }

  /** Pods 0 to `count` − 1 on the first servers. */
  async deploy(count: number, size = count): Promise<void> {
    await this.pods.createService({ "quorumlock/size": `${size}` });
    for (let ordinal = 0; ordinal < count; ordinal += 1)
      await this.pods.set(ordinal, { port: this.portOf(ordinal) });
  }

  async discover(options: Partial<DiscoveryOptions> = {}): Promise<Discovery> {
    const discovery = await discoverInstances(this.api.clients(), {
      namespace: NAMESPACE,
      selector: "app=redis",
      // The addresses of the endpoints are those of another network.
      connect: ({ port }) => `redis://127.0.0.1:${port}`,
      ...options,
    });
    onTestFinished(() => discovery.close());
    return discovery;
  }

  async startProcess(
    options: RedlockOptions = {},
    discoveryOptions: Partial<DiscoveryOptions> = {},
  ): Promise<DiscoveringProcess> {
    const discovery = await this.discover(discoveryOptions);
    const redlock = new Redlock(discovery.instances, { ...FRESH, prefix: this.#prefix, ...options });
    onTestFinished(() => redlock.close());
    discovery.follow(redlock);
    return { discovery, redlock };
  }
}

export function untilState(discovery: Discovery, state: string, members: number): Promise<void> {
  return eventually(
    `the discovery is ${state} with ${members} members`,
    () => discovery.state === state && discovery.members.length === members,
  );
}
