import { SERVER_SCRIPT } from "../generated/scripts.ts";
import { raiseFence, readFence } from "./fence-counter.ts";
import { type Operation, type Reply, type Request, request, YES } from "./request.ts";
import type { Store } from "./store.ts";

const read: Operation = {
  name: "counters.read",
  script: SERVER_SCRIPT,
  ownArgs: 0,
  isGrant: false,
  isUndo: false,
  twin: (store, keys) => [YES, ...keys.map((key) => String(tryToRead(store, key) ?? ""))],
};

const raise: Operation = {
  name: "counters.raise",
  script: SERVER_SCRIPT,
  ownArgs: 0,
  isGrant: false,
  isUndo: false,
  twin(store, keys, args) {
    keys.forEach((key, index) => {
      if (tryToRead(store, key) !== "") raiseFence(store, key, Number(args[index]));
    });
    return 1;
  },
};

/** One fencing counter. */
export interface Counter {
  readonly key: string;
  readonly fence: string;
}

/** The requests that read and raise fencing counters. counters.lua documents the replies. */
export const counters = {
  operations: { read, raise },
  read: (keys: readonly string[]): Request => request(read, keys, []),
  raise: (values: readonly Counter[]): Request =>
    request(
      raise,
      values.map(({ key }) => key),
      values.map(({ fence }) => fence),
    ),
};

/** The counters in a reply to `counters.read`. Missing counters are left out. */
export function readCounters(keys: readonly string[], reply: Reply): readonly Counter[] {
  const [, ...values] = typeof reply === "number" ? [YES, reply] : reply;
  return keys.flatMap((key, index) => {
    const fence = String(values[index] ?? "");
    return fence === "" ? [] : [{ key, fence }];
  });
}

/** The value of a counter: `undefined` if it is missing, `""` if the key is not a counter. */
function tryToRead(store: Store, key: string): number | "" | undefined {
  try {
    return readFence(store, key);
  } catch {
    return "";
  }
}
