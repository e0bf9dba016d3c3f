import type { Clock } from "../../base/clock.ts";
import { optionsWith } from "../interruptible.ts";
import {
  type ApiFailure,
  failureOf,
  interrupted,
  type LeaseVerb,
  missingNamespace,
  statusOf,
  timedOut,
} from "./api-failure.ts";
import type { CoordinationApi, LeaseObject } from "./coordination-api.ts";
import { freeLease, type LeaseRecord, readRecord } from "./lease-record.ts";

/**
 * What became of a request.
 *
 * - `done`: it was carried out. `record`: the state of the Lease.
 * - `conflict`: it was not carried out, because the Lease has another version, or exists already.
 * - `absent`: there is no such Lease.
 * - `failed`: it failed, or its outcome is not known.
 */
export type LeaseReply =
  | { readonly kind: "done"; readonly record: LeaseRecord }
  | { readonly kind: "conflict" }
  | { readonly kind: "absent" }
  | ({ readonly kind: "failed" } & ApiFailure);

/** The requests for one Lease. Each has a time limit, and resolves in any case. */
export class LeaseRequests {
  readonly #api: CoordinationApi;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly namespace: string;
  readonly name: string;

  constructor(api: CoordinationApi, namespace: string, name: string, clock: Clock, timeoutMs: number) {
    this.#api = api;
    this.namespace = namespace;
    this.name = name;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  read(stop?: AbortSignal): Promise<LeaseReply> {
    const { name, namespace } = this;
    return this.#send("get", stop, (options) => this.#api.readNamespacedLease({ name, namespace }, options));
  }

  /** Creates the Lease without a holder. */
  create(stop?: AbortSignal): Promise<LeaseReply> {
    const { name, namespace } = this;
    const body = freeLease(namespace, name);
    return this.#send("create", stop, (options) =>
      this.#api.createNamespacedLease({ namespace, body }, options),
    );
  }

  /** Writes the Lease if it still has the version from which `body` was made. */
  replace(body: LeaseObject, stop?: AbortSignal): Promise<LeaseReply> {
    const { name, namespace } = this;
    return this.#send("update", stop, (options) =>
      this.#api.replaceNamespacedLease({ name, namespace, body }, options),
    );
  }

  #send(
    verb: LeaseVerb,
    stop: AbortSignal | undefined,
    call: (options: object) => Promise<LeaseObject>,
  ): Promise<LeaseReply> {
    return new Promise((resolve) => {
      const controller = new AbortController();
      const end = (reply: LeaseReply): void => {
        timer.cancel();
        stop?.removeEventListener("abort", onStop);
        resolve(reply);
      };
      const cut = (failure: ApiFailure): void => {
        end({ kind: "failed", ...failure });
        controller.abort();
      };
      const onStop = (): void => cut(interrupted(verb));
      const timer = this.#clock.setTimer(this.#timeoutMs, () => cut(timedOut(verb, this.#timeoutMs)), false);
      stop?.addEventListener("abort", onStop, { once: true });
      const sent = async (): Promise<LeaseObject> => call(optionsWith(controller.signal));
      sent().then(
        (object) => end(this.#replyWith(object, verb)),
        (thrown: unknown) => end(this.#replyFor(thrown, verb)),
      );
    });
  }

  #replyWith(object: LeaseObject, verb: LeaseVerb): LeaseReply {
    try {
      return { kind: "done", record: readRecord(object) };
    } catch (thrown) {
      return this.#replyFor(thrown, verb);
    }
  }

  #replyFor(thrown: unknown, verb: LeaseVerb): LeaseReply {
    const status = statusOf(thrown);
    if (status === 409) return { kind: "conflict" };
    if (status === 404 && verb === "create")
      return { kind: "failed", ...missingNamespace(this.namespace, thrown) };
    if (status === 404) return { kind: "absent" };
    return { kind: "failed", ...failureOf(thrown, verb, `${this.namespace}/${this.name}`) };
  }
}
