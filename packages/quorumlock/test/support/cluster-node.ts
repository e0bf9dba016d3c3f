import { hashSlot } from "../../src/operations/hash-slot.ts";
import { FAILED, type Reply, type Request } from "../../src/operations/request.ts";
import { WatchedInstance } from "./watched-instance.ts";

/** Names of the prefix `lock:`, each in a hash slot of its own. Sorted as the library sorts names, which is not by slot. */
export const NAMES_IN_SLOTS = ["alpha", "beta", "delta", "gamma"] as const;

/** An in-memory cluster as one instance. It fails a request whose keys lie in different hash slots, as a real one does. */
export class ClusterNode extends WatchedInstance {
  override readonly isCluster = true as never;
  /** Called before each request. It may change keys. A text is the error of the request, which is then not carried out. */
  onRequest: ((operation: string, keys: readonly string[]) => string | void) | undefined;

  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const replies: Reply[] = [];
    for (const request of requests) {
      const error = errorOf(request) ?? this.onRequest?.(request.operation.name, request.keys);
      if (typeof error === "string") replies.push([FAILED, error]);
      else replies.push((await super.run([request]))[0]!);
    }
    return replies;
  }
}

function errorOf({ keys }: Request): string | undefined {
  return new Set(keys.map(hashSlot)).size > 1
    ? "CROSSSLOT Keys in request don't hash to the same slot"
    : undefined;
}
