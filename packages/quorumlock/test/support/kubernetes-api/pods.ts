import type { CoreV1Api, DiscoveryV1Api, V1EndpointSlice, V1Service } from "@kubernetes/client-node";

export interface PodEndpoint {
  /** The port of the server, on this machine. */
  readonly port: number;
  readonly ready?: boolean;
  readonly terminating?: boolean;
  /** Another pod of the same name has another uid. */
  readonly uid?: string;
}

/** The annotations of a Service. `undefined` removes one. */
export type Annotations = Readonly<Record<string, string | undefined>>;

/**
 * The Service of a stateful set, and a slice for each of its pods, as the controllers of Kubernetes would write them. All pods are on this
 * machine and differ by their ports, so each has a slice of its own. An endpoint must not have a loopback address, so the addresses are
 * those of a network that does not exist: connect to the port on this machine.
 */
export class Pods {
  readonly name: string;
  readonly namespace: string;
  readonly #ordinals = new Set<number>();
  readonly #core: CoreV1Api;
  readonly #discovery: DiscoveryV1Api;

  constructor(
    clients: { readonly core: CoreV1Api; readonly discovery: DiscoveryV1Api },
    namespace: string,
    name: string,
  ) {
    this.#core = clients.core;
    this.#discovery = clients.discovery;
    this.namespace = namespace;
    this.name = name;
  }

  async createService(annotations: Record<string, string> = {}): Promise<void> {
    const { name, namespace } = this;
    const body: V1Service = {
      metadata: { name, labels: { app: name }, annotations },
      spec: { clusterIP: "None", ports: [{ name: "redis", port: 6379 }] },
    };
    await this.#core.createNamespacedService({ namespace, body });
  }

  async annotate(changes: Annotations): Promise<void> {
    const { name, namespace } = this;
    const body = await this.#core.readNamespacedService({ namespace, name });
    const annotations = { ...body.metadata?.annotations, ...changes };
    const entries = Object.entries(annotations).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    body.metadata!.annotations = Object.fromEntries(entries);
    await this.#core.replaceNamespacedService({ namespace, name, body });
  }

  /** Creates or replaces the endpoint of the pod with this ordinal. */
  async set(ordinal: number, endpoint: PodEndpoint): Promise<void> {
    const { namespace } = this;
    const { port, ready = true, terminating = false, uid = `uid-${port}` } = endpoint;
    const pod = `${this.name}-${ordinal}`;
    const body: V1EndpointSlice = {
      addressType: "IPv4",
      metadata: { name: pod, labels: { "kubernetes.io/service-name": this.name } },
      endpoints: [
        {
          addresses: [`10.99.0.${ordinal + 1}`],
          conditions: { ready, terminating, serving: ready },
          hostname: pod,
          targetRef: { kind: "Pod", name: pod, namespace, uid },
        },
      ],
      ports: [{ name: "redis", port, protocol: "TCP" }],
    };
    this.#ordinals.add(ordinal);
    try {
      await this.#discovery.createNamespacedEndpointSlice({ namespace, body });
    } catch (error) {
      if ((error as { code?: number }).code !== 409) throw error;
      await this.#discovery.replaceNamespacedEndpointSlice({ namespace, name: pod, body });
    }
  }

  async remove(ordinal: number): Promise<void> {
    this.#ordinals.delete(ordinal);
    const name = `${this.name}-${ordinal}`;
    await this.#discovery.deleteNamespacedEndpointSlice({ namespace: this.namespace, name });
  }

  /** Deletes the Service and the endpoints. */
  async deleteAll(): Promise<void> {
    const { name, namespace } = this;
    const endpoints = [...this.#ordinals].map((ordinal) => this.remove(ordinal));
    await Promise.allSettled([...endpoints, this.#core.deleteNamespacedService({ namespace, name })]);
  }
}
