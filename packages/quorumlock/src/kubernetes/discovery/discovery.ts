import { type Clock, systemClock } from "../../base/clock.ts";
import { LockAbortedError } from "../../base/errors.ts";
import type { JointInstances } from "../../client/membership.ts";
import type { Instance } from "../../instances/port.ts";
import { EventListeners } from "../../patterns/event-listeners.ts";
import type { DiscoveryClients } from "./api.ts";
import { type DeclaredSize, describeSize, isSameSize, readDeclaredSize } from "./declared-size.ts";
import { DiscoveredMembers } from "./discovered-members.ts";
import { type Endpoints, readEndpoints } from "./endpoints.ts";
import { DiscoveryError } from "./errors.ts";
import type { DiscoveryEvents, Membership } from "./events.ts";
import {
  MembershipFollower,
  type MembershipState,
  type ReconfigurableClient,
} from "./membership-follower.ts";
import { type DiscoveryOptions, resolveDiscoveryOptions, type ResolvedDiscoveryOptions } from "./options.ts";
import { Problems } from "./problems.ts";
import { checkClients } from "./resources.ts";
import { type EndpointSlices, type Services, ServiceWatch } from "./service-watch.ts";

/** A member of the set. */
export interface DiscoveredMember {
  /** The number that makes it the same member wherever it runs. */
  readonly ordinal: number;
  /** Its label in errors and events, such as `redis-3`. */
  readonly name: string;
  /** Where it is, as `host:port`; `undefined` if it has had no endpoint yet. */
  readonly address: string | undefined;
}

/** The servers of one client, found in Kubernetes and followed there. */
export interface Discovery extends AsyncDisposable {
  /**
   * The instances for `new Redlock`: as many as were declared when the discovery began, or both sets if a change was in progress. Only one
   * client may use them.
   */
  readonly instances: readonly Instance[] | JointInstances;
  /** The members now, by ordinal. */
  readonly members: readonly DiscoveredMember[];
  /** Which members decide. Only `joint` and `stable` do not change by themselves. */
  readonly state: MembershipState;
  /** As `state`, with the sizes of both sets, in the order in which they were declared. */
  readonly membership: Membership;
  /** What is wrong now. Empty if nothing is. */
  readonly problems: readonly DiscoveryError[];
  /**
   * Changes the instances of the client with the declared size from now on (docs/kubernetes.md). Members are moved to their addresses
   * also without it.
   * @throws Error if it was called before.
   */
  follow(client: ReconfigurableClient): void;
  /** Calls the listener at every event, until the returned function is called. The events: `DiscoveryEvents`. */
  on<Name extends keyof DiscoveryEvents>(
    event: Name,
    listener: (event: DiscoveryEvents[Name]) => void,
  ): () => void;
  /**
   * Ends the watches. The client keeps its instances where they are, and its sets: a change that is joint stays so. Close the client first.
   * A second call does nothing.
   */
  close(): Promise<void>;
}

const EVENTS: Readonly<Record<keyof DiscoveryEvents, true>> = {
  moved: true,
  membership: true,
  problem: true,
  "problem:over": true,
};

/**
 * Finds the servers of a client in Kubernetes: the endpoints of Services, of which each has an ordinal, such as the pods `redis-0` to
 * `redis-2` of a StatefulSet (docs/kubernetes.md). A member is an ordinal, so it stays the same member when its pod gets another
 * address. How many members there are is declared, and never follows from the pods that run.
 *
 * <!-- not run: it needs an API server. test/kubernetes/wire/discovery.test.ts runs one over the wire. -->
 *
 * ```ts
 * import { CoreV1Api, DiscoveryV1Api, KubeConfig, Watch } from "@kubernetes/client-node";
 * import { Redlock } from "quorumlock";
 * import { discoverInstances } from "quorumlock/kubernetes";
 *
 * const config = new KubeConfig();
 * config.loadFromCluster();
 * const discovery = await discoverInstances(
 *   {
 *     core: config.makeApiClient(CoreV1Api),
 *     discovery: config.makeApiClient(DiscoveryV1Api),
 *     watch: new Watch(config),
 *   },
 *   { namespace: "shop", selector: "app=redis-locks", size: 3 },
 * );
 * const redlock = new Redlock(discovery.instances);
 * discovery.follow(redlock);
 * ```
 * @throws TypeError, RangeError for bad clients or options, with the field and the value. `DiscoveryError` if no Service matches, no size is declared,
 * endpoints have no ordinals or the same one, or the API server refuses or does not answer within `timeout`. `LockAbortedError` if the
 * signal aborts.
 */
export function discoverInstances(clients: DiscoveryClients, options: DiscoveryOptions): Promise<Discovery> {
  return startDiscovery(clients, options, systemClock);
}

/** As `discoverInstances`, with a clock. */
export async function startDiscovery(
  clients: DiscoveryClients,
  options: DiscoveryOptions,
  clock: Clock,
): Promise<Discovery> {
  checkClients(clients);
  const watching = new WatchingDiscovery(clients, resolveDiscoveryOptions(options), clock);
  try {
    await watching.ready;
  } catch (error) {
    await watching.close();
    throw error;
  }
  return watching;
}

class WatchingDiscovery implements Discovery {
  /** Resolves when the instances are known. */
  readonly ready: Promise<void>;
  readonly #options: ResolvedDiscoveryOptions;
  readonly #clock: Clock;
  readonly #listeners = new EventListeners<DiscoveryEvents>(EVENTS);
  readonly #problems = new Problems(
    (error) => this.#listeners.emit("problem", { error }),
    (error) => this.#listeners.emit("problem:over", { error }),
  );
  readonly #members: DiscoveredMembers;
  readonly #watch: ServiceWatch;
  #declared: DeclaredSize | undefined;
  #follower: MembershipFollower | undefined;
  #instances: Discovery["instances"] = [];
  #membership: Membership = { state: "stable", size: 0, next: undefined };
  #isClosed = false;
  /** Settles `ready`. */
  #begin!: (error?: Error) => void;

  constructor(clients: DiscoveryClients, options: ResolvedDiscoveryOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#members = new DiscoveredMembers({
      clock,
      connect: options.connect,
      onMoved: (name, before, now) => this.#listeners.emit("moved", { name, before, now }),
      onProblem: (name, error) => this.#problems.set(`member ${name}`, error),
    });
    this.ready = this.#untilReady();
    this.#watch = new ServiceWatch({
      clients,
      clock,
      namespace: options.namespace,
      selector: options.selector,
      onServices: (services) => this.#onServices(services),
      onSlices: (services, slices) => this.#onSlices(services, slices),
      onProblem: (subject, error) => this.#onApiProblem(subject, error),
    });
  }

  get instances(): Discovery["instances"] {
    return this.#instances;
  }

  get members(): readonly DiscoveredMember[] {
    return this.#members.list;
  }

  get state(): MembershipState {
    return this.#membership.state;
  }

  get membership(): Membership {
    return this.#membership;
  }

  get problems(): readonly DiscoveryError[] {
    return this.#problems.list;
  }

  follow(client: ReconfigurableClient): void {
    if (this.#follower?.isStarted === true)
      throw new Error("follow() was called before; a discovery has the instances of one client");
    this.#follower?.start(client);
  }

  on<Name extends keyof DiscoveryEvents>(
    event: Name,
    listener: (event: DiscoveryEvents[Name]) => void,
  ): () => void {
    return this.#listeners.on(event, listener);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watch.close();
    this.#follower?.close();
    this.#members.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #untilReady(): Promise<void> {
    const { timeoutMs, signal, selector } = this.#options;
    return new Promise<void>((resolve, reject) => {
      const onAbort = (): void => this.#begin(new LockAbortedError([], signal?.reason));
      const onTimeout = (): void => {
        const cause = this.#problems.list[0];
        const reason = cause === undefined ? "" : `: ${cause.message}`;
        const text = `the servers of ${JSON.stringify(selector)} were not found within ${timeoutMs} ms${reason}`;
        this.#begin(new DiscoveryError("API", text, cause));
      };
      const timer = this.#clock.setTimer(timeoutMs, onTimeout, true);
      this.#begin = (error) => {
        timer.cancel();
        signal?.removeEventListener("abort", onAbort);
        if (error === undefined) resolve();
        else reject(error);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      if (signal?.aborted === true) onAbort();
    });
  }

  /** A refusal does not end by waiting, so it ends the beginning. */
  #onApiProblem(subject: string, error: DiscoveryError | undefined): void {
    this.#problems.set(subject, error);
    if (error?.code === "FORBIDDEN" && this.#follower === undefined) this.#begin(error);
  }

  /** Returns whether the slices of these Services count. If there are none, those of before do. */
  #onServices(services: Services): boolean {
    const { selector, namespace, size } = this.#options;
    if (services.size === 0) {
      const text = `no Service in the namespace ${JSON.stringify(namespace)} has the labels ${JSON.stringify(selector)}; check the option \`selector\` with \`kubectl get services -n ${namespace} -l '${selector}'\``;
      this.#fail("services found", new DiscoveryError("NO_SERVICE", text));
      return false;
    }
    this.#problems.set("services found", undefined);
    try {
      this.#onDeclared(size ?? readDeclaredSize(services));
    } catch (error) {
      this.#fail("size", error as DiscoveryError);
    }
    return this.#declared !== undefined;
  }

  #onDeclared(declared: DeclaredSize): void {
    this.#problems.set("size", undefined);
    if (this.#declared !== undefined && isSameSize(declared, this.#declared)) return;
    this.#declared = declared;
    this.#follower?.onDeclared(declared);
  }

  #onSlices(services: Services, slices: EndpointSlices): void {
    const declared = this.#declared;
    if (declared === undefined) return;
    const endpoints = readEndpoints(services, slices, this.#options);
    if (endpoints.mistakes.length > 0) {
      this.#fail("endpoints", new DiscoveryError("ENDPOINTS", endpoints.mistakes.join("\n")));
      if (this.#follower === undefined) return;
    } else {
      this.#problems.set("endpoints", this.#strayOrdinals(endpoints, declared));
    }
    this.#members.update(endpoints.found);
    if (this.#follower === undefined) this.#start(endpoints, [...services.keys()], declared);
  }

  /**
   * No member is there, or one is missing while an ordinal behind the last one exists. Then the ordinals were probably counted from
   * another number. One that is missing alone is only down.
   */
  #strayOrdinals({ found }: Endpoints, { size, next }: DeclaredSize): DiscoveryError | undefined {
    const declared = this.#ordinals(Math.max(size, next ?? 0));
    const missing = declared.filter((ordinal) => !found.has(ordinal));
    const stray = [...found.values()].filter(({ ordinal }) => !declared.includes(ordinal));
    if (missing.length === declared.length && stray.length === 0)
      return new DiscoveryError(
        "ENDPOINTS",
        `there is no endpoint of any of the ${describeSize({ size, next })} declared members, so those that were found before stay where they were; check whether the pods run, and whether the selector of the Services fits them`,
      );
    if (missing.length === 0 || stray.length === 0) return undefined;
    const names = stray.map(({ name }) => name).toSorted();
    return new DiscoveryError(
      "ENDPOINTS",
      `there is no endpoint with the ordinal ${missing.join(", ")}, and ${names.join(", ")} is none of the ${describeSize({ size, next })} declared members; if pods are missing, scale the StatefulSet, or wait until they run; if it has \`.spec.ordinals.start\`, set the option \`firstOrdinal\` to it in all processes`,
    );
  }

  #ordinals(size: number): readonly number[] {
    return Array.from({ length: size }, (_, index) => this.#options.firstOrdinal + index);
  }

  #start({ found }: Endpoints, [service = ""]: readonly string[], declared: DeclaredSize): void {
    const [known] = found.values();
    const prefix = (known?.name ?? `${service}-`).replace(/\d+$/, "");
    const nameOf = (ordinal: number): string => `${prefix}${ordinal}`;
    const instancesOf = (size: number): readonly Instance[] =>
      this.#members.instancesOf(this.#ordinals(size), nameOf);
    const { size, next } = declared;
    const current = instancesOf(size);
    this.#instances = next === undefined ? current : { current, next: instancesOf(next) };
    this.#membership = { state: next === undefined ? "stable" : "joint", size, next };
    this.#follower = new MembershipFollower({
      clock: this.#clock,
      initial: declared,
      instancesOf,
      keepOnly: (sizes) => {
        const kept = this.#ordinals(Math.max(...sizes));
        const ordinals = this.#members.list.map(({ ordinal }) => ordinal);
        this.#members.remove(ordinals.filter((ordinal) => !kept.includes(ordinal)));
      },
      onState: (state, ...sizes) => this.#onState(state, ...sizes),
      onProblem: (error) => this.#problems.set("change", error),
    });
    // A problem with a member at the beginning is a mistake in `connect`.
    this.#begin(this.#problems.list.find(({ code }) => code === "CONNECT"));
  }

  #onState(state: MembershipState, size: number, next: number | undefined): void {
    this.#membership = { state, size, next };
    this.#listeners.emit("membership", this.#membership);
  }

  /** At the beginning a mistake ends the call. Later everything stays as it is, and the problem is reported. */
  #fail(subject: string, error: DiscoveryError): void {
    this.#problems.set(subject, error);
    if (this.#follower === undefined) this.#begin(error);
  }
}
