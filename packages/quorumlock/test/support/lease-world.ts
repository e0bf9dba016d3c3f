import type { Clock, Lock } from "../../src/index.ts";
import {
  leaseLock,
  type LeaseLockable,
  type LeaseLockOptions,
  type LeaseObject,
} from "../../src/kubernetes/index.ts";
import type { CoordinationApi } from "../../src/kubernetes/index.ts";
import { ObjectStore } from "./kubernetes-api/object-store.ts";
import { type ApiObject, LEASES } from "./kubernetes-api/resources.ts";
import { StatusError } from "./kubernetes-api/status.ts";
import { PausableProcess } from "./pausable-process.ts";
import { SeededClock } from "./seeded-clock.ts";

/** What happens to one request on its way. Delays are in ms. Without a delay the message is lost. */
export interface Way {
  readonly requestMs: number | undefined;
  readonly replyMs: number | undefined;
  /** Whether a proxy sends the request twice, and returns the reply to the second one. @default false */
  readonly isTwice?: boolean;
}

/** A request, as the network and the tests see it. */
export interface SentRequest {
  readonly process: string;
  readonly verb: "get" | "create" | "update";
  readonly at: number;
  readonly body: LeaseObject | undefined;
}

const TARGET = { namespace: "jobs", name: "nightly" } as const;

/** How the clock of a process differs from the time of the world. */
export interface Skew {
  /** How fast its monotonic clock runs: 1.005 is half a percent fast. @default 1 */
  readonly rate?: number;
  /** By how much its wall clock is ahead, in ms. @default 0 */
  readonly wallMs?: number;
}

/** An API server and processes that lock one of its Leases, in virtual time. */
export class LeaseWorld {
  readonly clock: SeededClock;
  readonly store = new ObjectStore(1_000);
  readonly requests: SentRequest[] = [];
  /** The network: what happens to each request. */
  way: (request: SentRequest) => Way = () => ({ requestMs: 1, replyMs: 1 });
  /** An answer instead of that of the server: a status to refuse the request with. */
  refusal: (request: SentRequest) => StatusError | undefined = () => undefined;
  /** While it is true, connections are refused. */
  isDown = false;
  /** Called after each write that was carried out. */
  onWrite: () => void = () => undefined;

  constructor(seed = 1) {
    this.clock = new SeededClock(seed);
  }

  /** A process with its own clock and its own lockable for the Lease. */
  process(name: string, options: LeaseLockOptions = {}, skew: Skew = {}): LeaseProcess {
    return new LeaseProcess(this, name, options, skew);
  }

  get lease(): LeaseObject | undefined {
    return this.store.list({ type: LEASES, namespace: TARGET.namespace, name: "" })[0];
  }

  /** Somebody else edits the Lease. */
  edit(spec: NonNullable<LeaseObject["spec"]>): void {
    const lease = structuredClone(this.lease) as LeaseObject;
    this.carryOut("update", { ...lease, spec: { ...lease.spec, ...spec } });
  }

  delete(): void {
    this.store.delete({ type: LEASES, ...TARGET });
  }

  count(verb: SentRequest["verb"], process?: string): number {
    return this.requests.filter((each) => each.verb === verb && (process ?? each.process) === each.process)
      .length;
  }

  /** What the server does with a request. @throws StatusError. */
  carryOut(verb: SentRequest["verb"], body: LeaseObject | undefined): LeaseObject {
    const target = { type: LEASES, ...TARGET };
    const object = (): ApiObject => JSON.parse(JSON.stringify(body)) as ApiObject;
    if (verb === "get") return structuredClone(this.store.get(target));
    const written =
      verb === "create" ? this.store.create(target, object()) : this.store.replace(target, object()).object;
    this.onWrite();
    return structuredClone(written);
  }
}

export class LeaseProcess {
  readonly lockable: LeaseLockable;
  readonly clock: Clock;
  readonly pausable = new PausableProcess();
  readonly #world: LeaseWorld;
  readonly #name: string;

  constructor(world: LeaseWorld, name: string, options: LeaseLockOptions, skew: Skew) {
    this.#world = world;
    this.#name = name;
    this.clock = this.pausable.clock(skewed(world.clock, skew));
    this.lockable = leaseLock(this.#api(), TARGET, { owner: name, clock: this.clock, ...options });
  }

  acquire(options?: Parameters<LeaseLockable["acquire"]>[0]): Promise<Lock> {
    return this.lockable.acquire(options);
  }

  #api(): CoordinationApi {
    return {
      readNamespacedLease: () => this.#send("get", undefined),
      createNamespacedLease: ({ body }) => this.#send("create", body),
      replaceNamespacedLease: ({ body }) => this.#send("update", body),
    };
  }

  #send(verb: SentRequest["verb"], body: LeaseObject | undefined): Promise<LeaseObject> {
    const world = this.#world;
    const copy = body === undefined ? undefined : (JSON.parse(JSON.stringify(body)) as LeaseObject);
    const request: SentRequest = { process: this.#name, verb, at: world.clock.monotonic(), body: copy };
    world.requests.push(request);
    return new Promise((resolve, reject) => {
      const after = (ms: number | undefined, callback: () => void): void => {
        if (ms !== undefined) world.clock.setTimer(ms, callback, false);
      };
      const { requestMs, replyMs, isTwice = false } = world.way(request);
      const reply = (settle: () => void): void => after(replyMs, () => this.pausable.deliver(settle));
      if (world.isDown) {
        reply(() =>
          reject(Object.assign(new Error("connect ECONNREFUSED 10.0.0.1:443"), { code: "ECONNREFUSED" })),
        );
        return;
      }
      after(requestMs, () => {
        try {
          const refused = world.refusal(request);
          if (refused !== undefined) throw refused;
          if (isTwice) world.carryOut(verb, body);
          const object = world.carryOut(verb, body);
          reply(() => resolve(object));
        } catch (error) {
          if (!(error instanceof StatusError)) throw error;
          const { code, status } = error;
          reply(() =>
            reject(Object.assign(new Error(`HTTP-Code: ${code}`), { code, body: JSON.stringify(status) })),
          );
        }
      });
    });
  }
}

function skewed(clock: Clock, { rate = 1, wallMs = 0 }: Skew): Clock {
  const base = clock.monotonic();
  return {
    monotonic: () => base + (clock.monotonic() - base) * rate,
    wall: () => clock.wall() + (clock.monotonic() - base) * (rate - 1) + wallMs,
    setTimer: (delayMs, callback, keepAlive) => clock.setTimer(delayMs / rate, callback, keepAlive),
    nextTick: (callback) => clock.nextTick(callback),
    afterIo: (callback) => clock.afterIo(callback),
    random: () => clock.random(),
    randomToken: () => clock.randomToken(),
  };
}
