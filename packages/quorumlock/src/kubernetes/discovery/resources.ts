import type { Clock } from "../../base/clock.ts";
import { formatValue } from "../../base/check-value.ts";
import { optionsWith } from "../interruptible.ts";
import type { DiscoveryClients, EndpointSliceObject, ServiceObject, WatchFunction } from "./api.ts";
import { WatchedList, type WatchedListOptions } from "./watched-list.ts";

type ResourceOptions<T> = Pick<
  WatchedListOptions<T>,
  "namespace" | "labelSelector" | "onChange" | "onProblem"
> & { readonly clients: DiscoveryClients; readonly clock: Clock };

export function watchServices(options: ResourceOptions<ServiceObject>): WatchedList<ServiceObject> {
  const { clients, namespace } = options;
  return new WatchedList({
    ...options,
    resource: "services",
    path: `/api/v1/namespaces/${namespace}/services`,
    list: (request, signal) => clients.core.listNamespacedService(request, optionsWith(signal)),
    watch: watchFunctionOf(clients),
  });
}

export function watchEndpointSlices(
  options: ResourceOptions<EndpointSliceObject>,
): WatchedList<EndpointSliceObject> {
  const { clients, namespace } = options;
  return new WatchedList({
    ...options,
    resource: "endpointslices.discovery.k8s.io",
    path: `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
    list: (request, signal) => clients.discovery.listNamespacedEndpointSlice(request, optionsWith(signal)),
    watch: watchFunctionOf(clients),
  });
}

/** @throws TypeError if a client has not the method that is needed. */
export function checkClients(clients: DiscoveryClients): void {
  if (typeof clients !== "object" || clients === null)
    throw new TypeError(`clients: ${formatValue(clients)} must be an object with core, discovery and watch`);
  const { core, discovery, watch } = clients as Partial<DiscoveryClients>;
  if (typeof core?.listNamespacedService !== "function")
    throw new TypeError(`clients.core: ${formatValue(core)} must be a CoreV1Api`);
  if (typeof discovery?.listNamespacedEndpointSlice !== "function")
    throw new TypeError(`clients.discovery: ${formatValue(discovery)} must be a DiscoveryV1Api`);
  if (typeof watch !== "function" && typeof watch?.watch !== "function")
    throw new TypeError(`clients.watch: ${formatValue(watch)} must be a Watch or a function`);
}

function watchFunctionOf({ watch }: DiscoveryClients): WatchFunction {
  return typeof watch === "function" ? watch : (...call) => watch.watch(...call);
}
