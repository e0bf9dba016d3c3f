import { SERVER_SCRIPT } from "../generated/scripts.ts";
import { firstFence, raiseFence, readFence } from "./fence-counter.ts";
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

function raising(name: string, check: (store: Store, key: string) => unknown): Operation {
  return {
    name: `counters.${name}`,
    script: SERVER_SCRIPT,
    ownArgs: 0,
    isGrant: false,
    isUndo: false,
    twin(store, keys, args) {
      keys.forEach((key, index) => {
        const present = tryToRead(store, key);
        if (present === "") return;
        if (present === undefined) check(store, key);
        raiseFence(store, key, Number(args[index]));
      });
      return 1;
    },
  };
}

const raise = raising("raise", firstFence);
const restore = raising("restore", () => undefined);

const lift: Operation = {
  name: "counters.lift",
  script: SERVER_SCRIPT,
  ownArgs: 0,
  isGrant: false,
  isUndo: false,
  twin(store, keys, [floor]) {
    for (const key of keys)
      if (typeof tryToRead(store, key) === "number") raiseFence(store, key, Number(floor));
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
  operations: { read, raise, restore, lift },
  read: (keys: readonly string[]): Request => request(read, keys, []),
  raise: (values: readonly Counter[]): Request => write(raise, values),
  restore: (values: readonly Counter[]): Request => write(restore, values),
  lift: (keys: readonly string[], floor: number): Request => request(lift, keys, [String(floor)]),
};

function write(operation: Operation, values: readonly Counter[]): Request {
  return request(
    operation,
    values.map(({ key }) => key),
    values.map(({ fence }) => fence),
  );
}

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
