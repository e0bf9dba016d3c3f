import type { Clock, Timer } from "../../base/clock.ts";
import type { DiscoveryClients, EndpointSliceObject, ServiceObject } from "./api.ts";
import type { DiscoveryError } from "./errors.ts";
import { watchEndpointSlices, watchServices } from "./resources.ts";
import type { WatchedList } from "./watched-list.ts";

export type Services = ReadonlyMap<string, ServiceObject>;
export type EndpointSlices = ReadonlyMap<string, EndpointSliceObject>;

export interface ServiceWatchOptions {
  readonly clients: DiscoveryClients;
  readonly clock: Clock;
  readonly namespace: string;
  readonly selector: string;
  /** Called with each change of the Services. Returns whether their slices are to be watched: otherwise those of before are. */
  readonly onServices: (services: Services) => boolean;
  /** Called with the latest Services and their slices. */
  readonly onSlices: (services: Services, slices: EndpointSlices) => void;
  readonly onProblem: (subject: "services" | "slices", error: DiscoveryError | undefined) => void;
}

/** Changes of the slices within this time are taken together. */
const SETTLE_MS = 500;

/** The Services with certain labels, and the EndpointSlices of exactly these. */
export class ServiceWatch {
  readonly #options: ServiceWatchOptions;
  readonly #serviceList: WatchedList<ServiceObject>;
  #services: Services | undefined;
  #sliceList: WatchedList<EndpointSliceObject> | undefined;
  /** The Services whose slices are watched. */
  #names = "";
  #slices: EndpointSlices | undefined;
  /** Set for a while after each call of `onSlices`. */
  #settle: Timer | undefined;
  #hasChanged = false;
  #isClosed = false;

  constructor(options: ServiceWatchOptions) {
    this.#options = options;
    const { clients, clock, namespace, selector, onProblem } = options;
    this.#serviceList = watchServices({
      clients,
      clock,
      namespace,
      labelSelector: selector,
      onChange: (services) => this.#onServices(services),
      onProblem: (error) => onProblem("services", error),
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#serviceList.close();
    this.#sliceList?.close();
    this.#settle?.cancel();
  }

  #onServices(services: Services): void {
    if (this.#isClosed || !this.#options.onServices(services)) return;
    this.#services = new Map(services);
    this.#watchSlices([...services.keys()].toSorted());
    this.#onChange();
  }

  /** The former slices count until the new ones are listed. */
  #watchSlices(names: readonly string[]): void {
    const list = names.join(",");
    if (list === this.#names) return;
    this.#names = list;
    this.#sliceList?.close();
    const { clients, clock, namespace, onProblem } = this.#options;
    this.#sliceList = watchEndpointSlices({
      clients,
      clock,
      namespace,
      labelSelector: `kubernetes.io/service-name in (${list})`,
      onChange: (slices) => {
        this.#slices = new Map(slices);
        this.#onChange();
      },
      onProblem: (error) => onProblem("slices", error),
    });
  }

  /** The first change counts at once. Those that come shortly after it count together. */
  #onChange(): void {
    const [services, slices] = [this.#services, this.#slices];
    if (this.#isClosed || services === undefined || slices === undefined) return;
    this.#hasChanged = true;
    if (this.#settle !== undefined) return;
    this.#hasChanged = false;
    const onSettled = (): void => {
      this.#settle = undefined;
      if (this.#hasChanged) this.#onChange();
    };
    this.#settle = this.#options.clock.setTimer(SETTLE_MS, onSettled, false);
    this.#options.onSlices(services, slices);
  }
}
