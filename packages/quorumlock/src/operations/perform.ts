import { toError } from "../base/to-error.ts";
import { FAILED, type Reply, type Request } from "./request.ts";
import type { Store } from "./store.ts";

/** Carries out a request on a store in this process, as call.lua does on a server. An error becomes a `FAILED` reply. */
export function perform(store: Store, { operation, keys, args }: Request): Reply {
  try {
    return operation.twin(store, keys, args);
  } catch (error) {
    return [FAILED, toError(error).message];
  }
}
