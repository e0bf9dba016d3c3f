import { asError } from "../base/errors.ts";
import { countersTwins } from "./counters.ts";
import { identifyTwins } from "./identify.ts";
import { mutexTwins } from "./mutex.ts";
import { FAILED, type Reply, type Request } from "./request.ts";
import type { Store, Twin } from "./store.ts";

const twins: Readonly<Record<string, Twin>> = { ...mutexTwins, ...countersTwins, ...identifyTwins };

/** Carries out a request on a store of this process, as dispatch.lua does on a server. */
export function perform(store: Store, { operation, keys, args }: Request): Reply {
  const twin = twins[operation];
  if (twin === undefined) return [FAILED, `unknown operation ${operation}`];
  try {
    return twin(store, keys, args);
  } catch (error) {
    return [FAILED, asError(error).message];
  }
}
