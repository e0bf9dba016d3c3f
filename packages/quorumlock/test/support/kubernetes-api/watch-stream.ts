import { type ServerResponse } from "node:http";

import { type Change, type ObjectStore } from "./object-store.ts";
import { apiVersionOf, type ApiObject, type Target } from "./resources.ts";
import { type Matches } from "./selectors.ts";
import { type Status } from "./status.ts";

export interface WatchOptions {
  readonly matches: Matches;
  /** Where the watch begins. `undefined` means: all objects of now as ADDED, then the changes. */
  readonly version: number | undefined;
  readonly allowsBookmarks: boolean;
  /** The server ends the watch after this time. */
  readonly timeoutSeconds: number | undefined;
}

/** One watch: a reply without an end, one line of JSON for each event. */
export class WatchStream {
  readonly target: Target;
  readonly #store: ObjectStore;
  readonly #response: ServerResponse;
  readonly #options: WatchOptions;
  readonly #stopListening: () => void;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(target: Target, store: ObjectStore, response: ServerResponse, options: WatchOptions) {
    this.target = target;
    this.#store = store;
    this.#response = response;
    this.#options = options;
    // It throws before the reply has begun, so that the version can be refused.
    const missed = options.version === undefined ? [] : store.changesAfter(options.version);
    response.writeHead(200, { "content-type": "application/json", "transfer-encoding": "chunked" });
    response.flushHeaders();
    if (options.version === undefined) {
      for (const object of store.list(target)) if (options.matches(object)) this.#send("ADDED", object);
    }
    for (const change of missed) this.#onChange(change);
    this.#stopListening = store.onChange((change) => this.#onChange(change));
    const { timeoutSeconds } = options;
    if (timeoutSeconds !== undefined) this.#timer = setTimeout(() => this.end(), timeoutSeconds * 1000);
    response.on("close", () => this.#stop());
  }

  /** Sends the current version, if the client allows it. */
  sendBookmark(): void {
    if (!this.#options.allowsBookmarks) return;
    const { type } = this.target;
    const metadata = { resourceVersion: String(this.#store.version), creationTimestamp: null };
    this.#send("BOOKMARK", { kind: type.kind, apiVersion: apiVersionOf(type), metadata });
  }

  /** Sends an error as an event and ends, as the API server does when it finds the error after the reply has begun. */
  fail(status: Status): void {
    this.#send("ERROR", status);
    this.end();
  }

  /** Ends the reply in the regular way, with a bookmark, as at `timeoutSeconds`. */
  end(): void {
    this.sendBookmark();
    this.#stop();
    this.#response.end();
  }

  /** Cuts the connection in the middle of the reply. */
  cut(): void {
    this.#stop();
    this.#response.socket?.destroy();
  }

  /** Sends nothing from now on, and stays open. */
  silence(): void {
    this.#stop();
  }

  #stop(): void {
    this.#stopListening();
    clearTimeout(this.#timer);
  }

  /** An object that begins to match is ADDED for this watch, and one that no longer matches is DELETED. */
  #onChange({ type, resource, object, before }: Change): void {
    const { namespace } = this.target;
    if (resource !== this.target.type || (namespace !== "" && namespace !== object.metadata.namespace))
      return;
    const { matches } = this.#options;
    const didMatch = before !== undefined && matches(before);
    const doesMatch = type !== "DELETED" && matches(object);
    if (doesMatch) this.#send(didMatch ? "MODIFIED" : "ADDED", object);
    else if (didMatch) this.#send("DELETED", type === "DELETED" ? object : withVersionOf(object, before));
  }

  #send(type: string, object: object): void {
    this.#response.write(`${JSON.stringify({ type, object })}\n`);
  }
}

/** The state that still matched, with the version of the change after which it no longer does. */
function withVersionOf({ metadata }: ApiObject, before: ApiObject): ApiObject {
  const { resourceVersion } = metadata;
  return { ...before, metadata: { ...before.metadata, resourceVersion } };
}
