import { PERMIT_HOLDERS, isOfPermits, SHARED_HOLDERS } from "../base/token.ts";
import { MODES_SCRIPT } from "../generated/scripts.ts";
import { readFence } from "./fence-counter.ts";
import type { KindTransfer } from "./kind.ts";
import { type Mode, modesOf } from "./mode.ts";
import { ModeNode, soleIn } from "./mode-node.ts";
import { grantKeys, readKeys } from "./modes-keys.ts";
import { NO, type Operation, type Reply, request } from "./request.ts";
import type { Store } from "./store.ts";

/** See `modes.renew` in modes-transfer.lua. */
export function renewModes(
  store: Store,
  keys: readonly string[],
  [token = "", ttl, text = ""]: readonly string[],
  onlyChecks: boolean,
): Reply {
  const now = Math.floor(store.timeUs() / 1_000);
  const modes = modesOf(text);
  const { nodes: nodeKeys, fences } = readKeys(keys, modes.length, false);
  const nodes = nodeKeys.map((node) => new ModeNode(store, node, now));
  const missing = nodes.find((node, index) => !node.isAlive(modes[index]!, token));
  if (missing !== undefined) {
    const { lock } = missing.keys;
    return [NO, store.remaining(lock), holderIn(store.get(lock))];
  }
  const fence = Math.max(1, ...fences.map((key) => readFence(store, key) ?? 1));
  if (!onlyChecks) nodes.forEach((node, index) => node.hold(modes[index]!, [token], Number(ttl)));
  return fence;
}

function holderIn(value: string | undefined): string {
  if (value === undefined || value === SHARED_HOLDERS) return "";
  return isOfPermits(value) ? PERMIT_HOLDERS : (soleIn(value)?.token ?? value);
}

export const modesRenew: Operation = {
  name: "modes.renew",
  script: MODES_SCRIPT,
  ownArgs: 1,
  isGrant: false,
  isUndo: false,
  twin: (store, keys, args) => renewModes(store, keys, args, false),
};

/** How a lock in modes passes to another process, also a fair lock. */
export const transferOfModes: KindTransfer<{
  readonly names: readonly string[];
  readonly modes: readonly Mode[];
}> = {
  describe: ({ modes }, as) => (as === undefined ? { kind: "modes", modes } : { kind: as }),
  renew: ({ names, modes }, owner, ttlMs) =>
    request(
      modesRenew,
      grantKeys(names, owner.prefix, false),
      [owner.token, String(ttlMs), modes.join(" ")],
      owner,
    ),
};
