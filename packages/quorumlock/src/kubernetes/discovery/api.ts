// What the discovery needs of the Kubernetes API, described by the few members that it reads. `CoreV1Api`, `DiscoveryV1Api` and `Watch`
// of @kubernetes/client-node fit.

/** What a list asks for. */
export interface ListRequest {
  /** The namespace of the objects. */
  namespace: string;
  /** Labels that the objects must have. */
  labelSelector: string;
  /** Maximum number of objects in a page. */
  limit: number;
  /** Where the next page begins. */
  _continue?: string;
}

/** A page of a list. */
export interface ObjectList<T> {
  /** The version of the list, and where the next page begins. */
  readonly metadata?:
    | { readonly resourceVersion?: string | undefined; readonly _continue?: string | undefined }
    | undefined;
  /** The objects. */
  readonly items: readonly T[];
}

/** What the discovery reads of any object. */
export interface ApiObject {
  /** Name, version, labels and annotations. */
  readonly metadata?:
    | {
        readonly name?: string | undefined;
        readonly resourceVersion?: string | undefined;
        readonly labels?: Readonly<Record<string, string>> | undefined;
        readonly annotations?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
}

/** What the discovery reads of a Service. */
export interface ServiceObject extends ApiObject {
  /** The families of its addresses, the preferred one first. */
  readonly spec?: { readonly ipFamilies?: readonly string[] | undefined } | undefined;
}

/** What the discovery reads of an endpoint. */
export interface EndpointObject {
  /** Its addresses, of which the first one counts. */
  readonly addresses: readonly string[];
  /** Without a condition, it is ready and not terminating. */
  readonly conditions?:
    | { readonly ready?: boolean | undefined; readonly terminating?: boolean | undefined }
    | undefined;
  /** The name of the pod, if it has one in DNS. */
  readonly hostname?: string | undefined;
  /** The pod. */
  readonly targetRef?:
    | {
        readonly kind?: string | undefined;
        readonly name?: string | undefined;
        readonly uid?: string | undefined;
      }
    | undefined;
}

/** What the discovery reads of an EndpointSlice. */
export interface EndpointSliceObject extends ApiObject {
  /** `IPv4`, `IPv6` or `FQDN`. */
  readonly addressType: string;
  /** `null` in the JSON of a slice without endpoints. */
  readonly endpoints?: readonly EndpointObject[] | null | undefined;
  /** The ports of all its endpoints. */
  readonly ports?:
    | readonly { readonly name?: string | null | undefined; readonly port?: number | null | undefined }[]
    | null
    | undefined;
}

/** The member of `CoreV1Api` of @kubernetes/client-node that the discovery uses. */
export interface ServicesApi {
  /** Lists Services. `options`: a middleware of the client that gives the request a signal. */
  listNamespacedService(request: ListRequest, options?: object): Promise<ObjectList<ServiceObject>>;
}

/** The member of `DiscoveryV1Api` of @kubernetes/client-node that the discovery uses. */
export interface EndpointSlicesApi {
  /** Lists EndpointSlices. `options`: as for Services. */
  listNamespacedEndpointSlice(
    request: ListRequest,
    options?: object,
  ): Promise<ObjectList<EndpointSliceObject>>;
}

/**
 * Watches a path of the API: calls `onEvent` for each line, and `onEnd` once, with an error or with `null`. Resolves when the watch is open
 * or has failed. This is the method `watch` of the class `Watch` of @kubernetes/client-node.
 */
export type WatchFunction = (
  path: string,
  query: Record<string, string | number | boolean | undefined>,
  // The client has no types for the objects.
  // oxlint-disable-next-line typescript/no-explicit-any
  onEvent: (type: string, object: any) => void,
  // oxlint-disable-next-line typescript/no-explicit-any
  onEnd: (error: any) => void,
) => Promise<{ abort(): void }>;

/** The clients of the Kubernetes API. */
export interface DiscoveryClients {
  /** For example `config.makeApiClient(CoreV1Api)`. */
  readonly core: ServicesApi;
  /** For example `config.makeApiClient(DiscoveryV1Api)`. */
  readonly discovery: EndpointSlicesApi;
  /** For example `new Watch(config)`, or a function like its method. */
  readonly watch: WatchFunction | { readonly watch: WatchFunction };
}
