import type { Clock, Timer } from "../../base/clock.ts";
import type { ApiObject, ListRequest, ObjectList, WatchFunction } from "./api.ts";
import { apiError, type DiscoveryError, statusOf, toFailure } from "./errors.ts";
import { REPLY_LIMIT_MS, watchOnce } from "./watch-once.ts";

export interface WatchedListOptions<T> {
  readonly clock: Clock;
  readonly namespace: string;
  readonly labelSelector: string;
  /** The type with its API group, such as `endpointslices.discovery.k8s.io`. */
  readonly resource: string;
  /** Where the objects are in the API. */
  readonly path: string;
  readonly list: (request: ListRequest, signal: AbortSignal) => Promise<ObjectList<T>>;
  readonly watch: WatchFunction;
  /** Called with all objects by name after each list and each event. */
  readonly onChange: (objects: ReadonlyMap<string, T>) => void;
  /** Called when a request has failed, and with `undefined` when the objects are up to date again. */
  readonly onProblem: (error: DiscoveryError | undefined) => void;
}

const PAGE_SIZE = 500;
const MAX_PAGES = 1_000;
/** The server ends each watch after a random time in this range, so that a fleet does not open all its watches at one moment. */
const MIN_WATCH_S = 240;
const MAX_WATCH_S = 300;
/** A watch that lasted as long has worked. */
const WORKED_MS = 5_000;
/** A client cannot interrupt a watch that is not yet open. While so many do not open, the objects are listed instead. */
const MAX_OPENING = 3;
const MIN_PAUSE_MS = 100;
const MAX_PAUSE_MS = 30_000;
const MAX_DOUBLINGS = 10;
/** After so many failures in a row, the objects are listed again, because the version may be the reason. */
const FAILURES_PER_VERSION = 3;
/** So many failures in a row are no problem. */
const TOLERATED_FAILURES = 2;
/** The statuses after which only a new list helps: the version is too old, or from the future. */
const LIST_AGAIN = [410, 504];

/**
 * The objects of one type that have certain labels, kept up to date by a list and a watch from its version.
 *
 * - `listing`: all pages are read. They replace what was known.
 * - `watching`: each event changes one object. A bookmark only advances the version.
 * - `pausing`: after a failure, or after the end of a watch. The pause doubles with each failure in a row, up to 30 s, with jitter. Then
 *   the watch continues from the latest version, or the objects are listed again if the server has forgotten that version.
 * - `closed`.
 */
export class WatchedList<T extends ApiObject> {
  readonly #options: WatchedListOptions<T>;
  #objects = new Map<string, T>();
  /** The version from which a watch continues. `undefined`: the objects must be listed first. */
  #version: string | undefined;
  /** Whether the objects were listed once. */
  #isListed = false;
  /** Number of failures in a row. */
  #failures = 0;
  /** Watches that the client has neither opened nor refused. */
  #opening = 0;
  #isClosed = false;
  /** Ends the list, the watch or the pause in progress. */
  #stop: () => void = () => undefined;

  constructor(options: WatchedListOptions<T>) {
    this.#options = options;
    void this.#run();
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        if (this.#version === undefined) await this.#list();
        if (this.#version !== undefined && !this.#isClosed) await this.#watch(this.#version);
      } catch (thrown) {
        if (!this.#isClosed) this.#onFailure(thrown);
      }
      if (!this.#isClosed) await this.#pause();
    }
  }

  #onFailure(thrown: unknown): void {
    const { resource, namespace, onProblem } = this.#options;
    const verb = this.#version === undefined ? "list" : "watch";
    const mustList = LIST_AGAIN.includes(statusOf(thrown) ?? 0);
    this.#failures += 1;
    if (mustList || this.#failures % FAILURES_PER_VERSION === 0) this.#version = undefined;
    const error = apiError(verb, resource, namespace, toFailure(thrown));
    // It is normal that a connection breaks or a version becomes too old, but not again and again.
    if (error.code === "FORBIDDEN" || this.#failures > TOLERATED_FAILURES || !this.#isListed)
      onProblem(error);
  }

  async #list(): Promise<void> {
    const { list, namespace, labelSelector, onChange } = this.#options;
    const objects = new Map<string, T>();
    let next: string | undefined;
    let version: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const request = { namespace, labelSelector, limit: PAGE_SIZE, ...(next && { _continue: next }) };
      const { items, metadata } = await this.#inTime((signal) => list(request, signal));
      for (const object of items) objects.set(object.metadata?.name ?? "", object);
      version = metadata?.resourceVersion;
      next = metadata?._continue;
      if (!next) break;
    }
    this.#objects = objects;
    this.#version = version;
    this.#isListed = true;
    onChange(objects);
  }

  /** Resolves when the watch has ended in the regular way. Rejects if it has failed. */
  async #watch(resourceVersion: string): Promise<void> {
    const { clock, labelSelector, path, onProblem } = this.#options;
    if (this.#opening >= MAX_OPENING) {
      this.#version = undefined;
      throw new Error(`${this.#opening} watches do not open`);
    }
    const startedAt = clock.monotonic();
    const { ended, stop } = watchOnce({
      clock,
      watch: (...call) => this.#open(...call),
      path,
      labelSelector,
      resourceVersion,
      timeoutSeconds: MIN_WATCH_S + Math.floor(clock.random() * (MAX_WATCH_S - MIN_WATCH_S)),
      onOpen: () => onProblem(undefined),
      onEvent: (type, object, fail) => this.#onEvent(type, object as T, fail),
    });
    this.#stop = stop;
    try {
      await ended;
      // A server that ends each watch at once must not be asked again at once.
      this.#failures += 1;
    } finally {
      if (clock.monotonic() - startedAt >= WORKED_MS) this.#failures = 0;
    }
  }

  async #open(...call: Parameters<WatchFunction>): ReturnType<WatchFunction> {
    this.#opening += 1;
    try {
      return await this.#options.watch(...call);
    } finally {
      this.#opening -= 1;
    }
  }

  #onEvent(type: string, object: T, fail: (error: unknown) => void): void {
    if (type === "ERROR") return fail(object);
    const { name = "", resourceVersion } = object.metadata ?? {};
    if (resourceVersion !== undefined) this.#version = resourceVersion;
    this.#failures = 0;
    if (type === "BOOKMARK") return;
    if (type === "DELETED") this.#objects.delete(name);
    else this.#objects.set(name, object);
    this.#options.onChange(this.#objects);
  }

  /** A client has no time limit for a reply. Rejects also when the list is closed. Either interrupts the request. */
  async #inTime<R>(send: (signal: AbortSignal) => Promise<R>): Promise<R> {
    const controller = new AbortController();
    let limit: Timer | undefined;
    const late = new Promise<never>((_, reject) => {
      const fail = (reason: string): void => {
        reject(new Error(reason));
        controller.abort();
      };
      this.#stop = () => fail("closed");
      const onLate = (): void => fail(`no answer within ${REPLY_LIMIT_MS} ms`);
      limit = this.#options.clock.setTimer(REPLY_LIMIT_MS, onLate, false);
    });
    try {
      return await Promise.race([send(controller.signal), late]);
    } finally {
      limit?.cancel();
    }
  }

  #pause(): Promise<void> {
    const { clock } = this.#options;
    const longestMs = Math.min(MAX_PAUSE_MS, MIN_PAUSE_MS * 2 ** Math.min(this.#failures, MAX_DOUBLINGS));
    const ms = longestMs * (0.5 + clock.random() / 2);
    return new Promise((resolve) => {
      const timer = clock.setTimer(ms, resolve, false);
      this.#stop = () => {
        timer.cancel();
        resolve();
      };
    });
  }
}
