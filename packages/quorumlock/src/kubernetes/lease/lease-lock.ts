import { type Origin, ORIGIN, type WaitingCaller } from "../../acquiring/origin.ts";
import { splitArguments } from "../../acquiring/acquirable.ts";
import { withCallerStack } from "../../base/caller-stack.ts";
import { formatValue } from "../../base/check-value.ts";
import { Deadlines } from "../../base/deadlines.ts";
import { LockTimeoutError } from "../../base/errors.ts";
import { Events, type LockEventName, type LockListener } from "../../base/events.ts";
import { INSPECT } from "../../base/inspect.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { type AcquireOptions, checkOptions } from "../../base/options.ts";
import { Registry } from "../../base/registry.ts";
import { toError } from "../../base/to-error.ts";
import {
  type Lock,
  type Lockable,
  type LockState,
  type Routine,
  runUnder,
  type TryResult,
} from "../../lockable.ts";
import { CallerQueue } from "./caller-queue.ts";
import type { CoordinationApi } from "./coordination-api.ts";
import { LeaseAcquisition } from "./lease-acquisition.ts";
import { apiError, holderOf, type LeaseContext } from "./lease-context.ts";
import { checkLeaseName, checkNamespace } from "./lease-name.ts";
import {
  type LeaseLockOptions,
  resolveLeaseAcquireOptions,
  resolveLeaseOptions,
  type ResolvedLeaseOptions,
} from "./lease-options.ts";
import { LeaseRequests } from "./lease-requests.ts";
import { Observation } from "./observation.ts";

/** Which Lease a lock is. */
export interface LeaseTarget {
  /** The namespace. It must exist. A DNS label. */
  readonly namespace: string;
  /** The name of the Lease: a DNS subdomain. It is created if there is none. `leaseNameOf` makes a name of any text. */
  readonly name: string;
}

/** A lock on a Lease. */
export interface LeaseLockable extends Lockable {
  /**
   * Calls the listener at every event of the locks of this lockable, until the returned function is called. The events are those of a
   * client whose names begin with `lock:` (docs/events.md). `kind` is `mutex`, and `votes` is 1.
   * @throws TypeError if there is no such event, or for no function.
   */
  on<Name extends LockEventName>(event: Name, listener: LockListener<Name>): () => void;
}

/**
 * The exclusive lock on a Lease of Kubernetes (docs/kubernetes.md): for work of a cluster that needs no Redis. A Lease is taken over only
 * after it has not changed for the lease's duration on the clock of the taker. `leaseTransitions` is the fencing token.
 *
 * <!-- not run: it needs a cluster. test/kubernetes/wire/lease.test.ts runs such locks. -->
 *
 * ```ts
 * import { CoordinationV1Api, KubeConfig } from "@kubernetes/client-node";
 * import { leaseLock } from "quorumlock/kubernetes";
 *
 * const config = new KubeConfig();
 * config.loadFromDefault();
 * const nightly = leaseLock(config.makeApiClient(CoordinationV1Api), { namespace: "jobs", name: "nightly-report" });
 * await nightly.using(async (lock) => console.log(`the fencing token is ${lock.fence}`));
 * ```
 *
 * Errors are those of every `Lockable`. A `QuorumError` says that the API server did not answer, or refused the request; `failures` has
 * the reason. It is thrown at once if waiting does not help, for example because a verb is missing in the role.
 *
 * @param client a `CoordinationV1Api` of `@kubernetes/client-node`.
 * @param target the Lease. Keep one lockable for each Lease: callers of one lockable queue in the process, and share what they have seen.
 * @throws TypeError, RangeError for a bad argument, with the field and the value.
 */
export function leaseLock(
  client: CoordinationApi,
  target: LeaseTarget,
  options?: LeaseLockOptions,
): LeaseLockable {
  const method = (["readNamespacedLease", "createNamespacedLease", "replaceNamespacedLease"] as const).find(
    (name) => typeof (client as Partial<CoordinationApi> | null | undefined)?.[name] !== "function",
  );
  if (method !== undefined)
    throw new TypeError(
      `client: ${formatValue(client)} must be a CoordinationV1Api, but it has no method ${method}; ` +
        "make one with kubeConfig.makeApiClient(CoordinationV1Api)",
    );
  if (typeof target === "string")
    throw new TypeError(`target: ${formatValue(target)} must be an object; use { namespace, name }`);
  checkOptions(target);
  refuseUnknownOptions(target, { namespace: true, name: true });
  const namespace = checkNamespace(target.namespace);
  const name = checkLeaseName(target.name);
  return new LockableOnLease(client, namespace, name, resolveLeaseOptions(options));
}

/** How often the clock is read while a lock is held, so that a sleep of the machine is noticed. */
const MAX_SLEEP_MS = 1_000;

class LockableOnLease implements LeaseLockable {
  readonly name: string;
  readonly #context: LeaseContext;
  readonly #origin: Origin;
  /** How many calls keep the process running. */
  #waits = 0;

  constructor(client: CoordinationApi, namespace: string, name: string, options: ResolvedLeaseOptions) {
    const { clock, requestTimeoutMs, ttlMs } = options;
    this.name = `${namespace}/${name}`;
    const clockListeners = new Set<() => void>();
    const deadlines = new Deadlines(clock, {
      keepAlive: false,
      maxSleepMs: MAX_SLEEP_MS,
      onClockRead: () => {
        for (const listener of clockListeners) listener();
      },
    });
    this.#context = {
      names: [this.name],
      options,
      clock,
      deadlines,
      events: new Events(),
      requests: new LeaseRequests(client, namespace, name, clock, requestTimeoutMs),
      observation: new Observation(clock, ttlMs),
      queue: new CallerQueue(),
      clockListeners,
      beginWait: () => this.#keepAlive(1),
      endWait: () => this.#keepAlive(-1),
    };
    this.#origin = originFor(this.#context);
  }

  on<Name extends LockEventName>(event: Name, listener: LockListener<Name>): () => void {
    return this.#context.events.on(event, listener);
  }

  acquire(options?: AcquireOptions): Promise<Lock> {
    return this.#acquire(options, false);
  }

  async tryAcquire(options?: AcquireOptions): Promise<Lock | null> {
    try {
      return await this.#acquire(options, true);
    } catch (error) {
      if (error instanceof LockTimeoutError) return null;
      throw withCallerStack(error);
    }
  }

  using<T>(routine: Routine<T>): Promise<T>;
  using<T>(options: AcquireOptions, routine: Routine<T>): Promise<T>;
  async using<T>(first: AcquireOptions | Routine<T>, second?: Routine<T>): Promise<T> {
    const [options, routine] = splitArguments("using", first, second);
    try {
      return await runUnder(await this.#acquire(options, false), routine);
    } catch (error) {
      throw withCallerStack(error);
    }
  }

  tryUsing<T>(routine: Routine<T>): Promise<TryResult<T>>;
  tryUsing<T>(options: AcquireOptions, routine: Routine<T>): Promise<TryResult<T>>;
  async tryUsing<T>(first: AcquireOptions | Routine<T>, second?: Routine<T>): Promise<TryResult<T>> {
    const [options, routine] = splitArguments("tryUsing", first, second);
    const lock = await this.tryAcquire(options);
    return lock === null ? { acquired: false } : { acquired: true, value: await runUnder(lock, routine) };
  }

  async query(): Promise<LockState> {
    const { names, requests, observation, queue } = this.#context;
    const reply = await requests.read();
    if (reply.kind === "failed")
      throw withCallerStack(apiError(this.#context, "the API server did not answer", reply));
    if (reply.kind === "done") observation.see(reply.record);
    else observation.forget();
    const holder = holderOf(this.#context);
    const isHeld = holder !== undefined && holder.remaining > 0;
    return {
      names,
      isHeld,
      holders: isHeld ? [{ ...holder, names, votes: 1 }] : [],
      partial: [],
      waiters: queue.size,
      answers: 1,
      instances: 1,
    };
  }

  [ORIGIN](): Origin {
    return this.#origin;
  }

  [INSPECT](): string {
    return `Lockable { name: ${JSON.stringify(this.name)} }`;
  }

  #acquire(callOptions: AcquireOptions | undefined, isOnce: boolean): Promise<Lock> {
    try {
      const options = resolveLeaseAcquireOptions(callOptions, this.#context.options);
      const call = isOnce ? { ...options, waitMs: 0 } : options;
      return new LeaseAcquisition(this.#context, call).start();
    } catch (error) {
      return Promise.reject(toError(error));
    }
  }

  #keepAlive(change: 1 | -1): void {
    this.#waits += change;
    this.#context.deadlines.setKeepAlive(this.#waits > 0);
  }
}

/** What compositions and policies know of the lockable. They tell lockables of one client by the context, so it is one object. */
function originFor(context: LeaseContext): Origin {
  const { clock, deadlines, events, names, options, beginWait, endWait } = context;
  return {
    names,
    context: {
      clock,
      deadlines,
      events,
      isClosed: false,
      prefix: "",
      sendHint: () => 0,
      waitingCallers: new Registry<WaitingCaller>(),
      beginWait,
      endWait,
    },
    resolve: (call) => resolveLeaseAcquireOptions(call, options),
  };
}
