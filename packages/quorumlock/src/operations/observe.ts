import { OBSERVE_SCRIPT } from "../generated/scripts.ts";
import { keySpaceOf } from "./keys.ts";
import { MIN_STAY_MS } from "./limits.ts";
import { OBSERVED, readLine } from "./line.ts";
import { NO, type Operation, type Request, request } from "./request.ts";
import type { Store } from "./store.ts";

// A script of its own, because a small bundle does not need it.

/** observe.lua documents the reply. */
const observeOperation: Operation = {
  name: "mutex.observe",
  script: OBSERVE_SCRIPT,
  ownArgs: 0,
  isGrant: false,
  isUndo: false,
  twin(store, [lock = "", wake = ""]) {
    const value = store.get(lock);
    if (value === undefined) return 1;
    observe(store, wake);
    return [NO, store.remaining(lock), value];
  },
};

/** Asks whether a name is free, so that its next release is published also if no client is in line (protocol §8). */
export function observeName(name: string, prefix: string): Request {
  const keySpace = keySpaceOf(prefix);
  return request(observeOperation, [keySpace.lock(name), keySpace.wake(name)], []);
}

/** See `observe` in observe.lua. */
function observe(store: Store, key: string): void {
  const waiting = readLine(store, key);
  const line = waiting === undefined || waiting.startsWith(OBSERVED) ? waiting : `${OBSERVED} ${waiting}`;
  store.set(key, line ?? OBSERVED, Math.max(store.remaining(key), MIN_STAY_MS));
}
