import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

import { applyPatch } from "./patch.ts";
import { apiVersionOf, type ApiObject, type ResourceType, type Target } from "./resources.ts";
import {
  alreadyExists,
  badRequest,
  conflict,
  invalid,
  notFound,
  StatusError,
  tooLarge,
  tooOld,
} from "./status.ts";

/** A change, as the history and the watches see it. */
export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly resource: ResourceType;
  readonly version: number;
  /** The object after the change; of a deletion, the last state with the version of the deletion. */
  readonly object: ApiObject;
  /** The object before the change. A watch with a selector needs it. */
  readonly before: ApiObject | undefined;
}

/**
 * The objects, one version number for all of them, and a bounded history of the changes.
 *
 * A write that changes nothing gets no new version and makes no event, as in etcd3 storage of the API server.
 */
export class ObjectStore {
  /** The version of the latest change. It begins above 1, so that a client that takes `1` for a start is found. */
  version = 100;
  /** The history has all changes after this version. */
  compactedUpTo = 100;
  readonly #objects = new Map<string, ApiObject>();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #historyLimit: number;
  #history: Change[] = [];

  constructor(historyLimit: number) {
    this.#historyLimit = historyLimit;
  }

  get(target: Target): ApiObject {
    const object = this.#objects.get(keyOf(target));
    if (object === undefined) throw notFound(target.type, target.name);
    return object;
  }

  /** All objects of a type, by namespace and name. An empty namespace means all. */
  list({ type, namespace }: Target): ApiObject[] {
    const prefix = `${type.group}/${type.plural}/`;
    const entries = [...this.#objects]
      .filter(([key]) => key.startsWith(prefix))
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    const objects = entries.map(([, object]) => object);
    return namespace === "" ? objects : objects.filter(({ metadata }) => metadata.namespace === namespace);
  }

  create(target: Target, body: ApiObject): ApiObject {
    const { type, namespace } = target;
    checkBody(target, body);
    const generated = body.metadata["generateName"];
    const suffix = randomUUID().slice(0, 5);
    const name = body.metadata.name || (typeof generated === "string" ? `${generated}${suffix}` : "");
    if (name === "")
      throw invalid(type, "", "metadata.name", "Required value: name or generateName is required");
    if (body.metadata.resourceVersion)
      throw new StatusError(500, "", "resourceVersion should not be set on objects to be created");
    const object = withMetadata(type, body, {
      name,
      namespace,
      uid: randomUUID(),
      creationTimestamp: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    });
    type.validate?.(object);
    if (this.#objects.has(keyOf({ type, namespace, name }))) throw alreadyExists(type, name);
    return this.#write("ADDED", type, object, undefined);
  }

  /** A PUT. Returns the object, and whether it was created. */
  replace(target: Target, body: ApiObject): { object: ApiObject; isNew: boolean } {
    const { type, name } = target;
    checkBody(target, body);
    if (body.metadata.name !== name)
      throw badRequest(
        `the name of the object (${body.metadata.name}) does not match the name on the URL (${name})`,
      );
    const before = this.#objects.get(keyOf(target));
    if (before === undefined && !type.createsOnUpdate) throw notFound(type, name);
    const { uid, resourceVersion } = body.metadata;
    if (uid && uid !== before?.metadata.uid)
      throw conflict(
        type,
        name,
        `StorageError: invalid object, Code: 4: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before?.metadata.uid ?? ""}`,
      );
    if (before === undefined) {
      // The version of a body is not looked at if there is no object: a late PUT without a uid creates the object again.
      const { resourceVersion: _, ...metadata } = body.metadata;
      return { object: this.create(target, { ...body, metadata } as ApiObject), isNew: true };
    }
    if (!resourceVersion && !type.updatesUnconditionally)
      throw invalid(
        type,
        name,
        "metadata.resourceVersion",
        "Invalid value: 0: must be specified for an update",
      );
    if (resourceVersion && resourceVersion !== before.metadata.resourceVersion) throw conflict(type, name);
    return { object: this.#update(target, before, body), isNew: false };
  }

  patch(target: Target, contentType: string, body: unknown): ApiObject {
    const before = this.get(target);
    const patched = applyPatch(before, contentType, body) as ApiObject;
    if (patched.metadata.resourceVersion !== before.metadata.resourceVersion)
      throw conflict(target.type, target.name);
    if (patched.metadata.uid !== before.metadata.uid)
      throw conflict(target.type, target.name, "Precondition failed: UID differs");
    return this.#update(target, before, patched);
  }

  delete(target: Target, preconditions: { uid?: string; resourceVersion?: string } = {}): ApiObject {
    const { type, name } = target;
    const before = this.get(target);
    for (const [field, label] of [
      ["uid", "UID"],
      ["resourceVersion", "ResourceVersion"],
    ] as const) {
      const [wanted, actual] = [preconditions[field], before.metadata[field]];
      if (wanted !== undefined && wanted !== actual)
        throw conflict(
          type,
          name,
          `Precondition failed: ${label} in precondition: ${wanted}, ${label} in object meta: ${actual}`,
        );
    }
    this.#objects.delete(keyOf(target));
    return this.#write("DELETED", type, structuredClone(before), before);
  }

  /** The changes after `version`. Throws a 410 if the history does not go back so far, and a 504 if it is from the future. */
  changesAfter(version: number): Change[] {
    if (version < this.compactedUpTo) throw tooOld(version, this.compactedUpTo);
    if (version > this.version) throw tooLarge(version, this.version);
    return this.#history.filter((change) => change.version > version);
  }

  /** Forgets the history, as etcd does every five minutes. */
  compact(): void {
    this.#history = [];
    this.compactedUpTo = this.version;
  }

  /** Raises the version without a change of an object, as writes to other types do. */
  advance(): void {
    this.version += 1;
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #update(target: Target, before: ApiObject, body: ApiObject): ApiObject {
    const { type } = target;
    const { name, namespace, uid, creationTimestamp } = before.metadata;
    const object = withMetadata(type, body, { name, namespace, uid, creationTimestamp });
    object.metadata.resourceVersion = before.metadata.resourceVersion;
    type.validate?.(object);
    return isDeepStrictEqual(object, before) ? before : this.#write("MODIFIED", type, object, before);
  }

  #write(
    type: Change["type"],
    resource: ResourceType,
    object: ApiObject,
    before: ApiObject | undefined,
  ): ApiObject {
    this.version += 1;
    object.metadata.resourceVersion = String(this.version);
    if (type !== "DELETED") this.#objects.set(keyOf({ type: resource, ...object.metadata }), object);
    const change: Change = { type, resource, version: this.version, object, before };
    this.#history.push(change);
    const excess = this.#history.length - this.#historyLimit;
    if (excess > 0)
      this.compactedUpTo = this.#history.splice(0, excess).at(-1)?.version ?? this.compactedUpTo;
    for (const listener of this.#listeners) listener(change);
    return object;
  }
}

function keyOf({ type, namespace, name }: Target): string {
  return `${type.group}/${type.plural}/${namespace}/${name}`;
}

function checkBody({ type, namespace }: Target, body: ApiObject): void {
  const version = apiVersionOf(type);
  if ((body.kind ?? type.kind) !== type.kind || (body.apiVersion ?? version) !== version)
    throw badRequest(
      `${body.kind} in version "${body.apiVersion}" cannot be handled as a ${type.kind}: no kind "${body.kind}" is registered for it`,
    );
  if (typeof body.metadata !== "object") throw badRequest("the object has no metadata");
  if ((body.metadata.namespace ?? namespace) !== namespace)
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
}

function withMetadata(type: ResourceType, body: ApiObject, own: Partial<ApiObject["metadata"]>): ApiObject {
  const copy = structuredClone(body);
  copy.metadata = { ...copy.metadata, ...own };
  return { ...copy, apiVersion: apiVersionOf(type), kind: type.kind };
}
