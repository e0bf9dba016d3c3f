import { LockKindError } from "../base/errors.ts";
import { SHARED_HOLDERS } from "../base/token.ts";
import { MODES_SCRIPT } from "../generated/scripts.ts";
import {
  accepted,
  leavePlace,
  type Line,
  NOBODY_NEXT,
  readLine,
  readTickets,
  renewPlace,
  takePlace,
  ticketsText,
  writeLine,
} from "./enforced-line.ts";
import { firstFence, floorOf, raiseFence, readFence } from "./fence-counter.ts";
import { hashSlot } from "./hash-slot.ts";
import { keySpaceOf } from "./keys.ts";
import type { LockKind, Owner } from "./kind.ts";
import { clash, isMode, type Mode, modesOf } from "./mode.ts";
import { ModeNode } from "./mode-node.ts";
import { grantKeys, type NodeKeys, nodeKeys, readKeys, readNodeKeys } from "./modes-keys.ts";
import { queryOfModes } from "./modes-query.ts";
import { transferOfModes } from "./modes-transfer.ts";
import { NO, type Operation, type Reply, request, type Twin } from "./request.ts";
import type { Store } from "./store.ts";

/** What one attempt locks: nodes, and the mode of each. */
export interface ModesTarget {
  /** Sorted. */
  readonly names: readonly string[];
  /** The mode of each name. */
  readonly modes: readonly Mode[];
  /** The place in the lines, which all instances agree on; 0 before the first refusal, and below 0 if it is only proposed. */
  readonly ticket: number;
  /** How many ms of waiting its priority is worth, so how much later a ticket may be that it comes before. */
  readonly leadMs: number;
}

/** The last name in this mode, and the names above it, if any, in the intention mode that goes with it. */
export function lockInMode(names: readonly string[], mode: "S" | "X"): ModesTarget {
  const intention = mode === "X" ? "IX" : "IS";
  const modes = names.map((_, index): Mode => (index === names.length - 1 ? mode : intention));
  return { names, modes, ticket: 0, leadMs: 0 };
}

function operation(
  name: string,
  ownArgs: number,
  twin: Twin,
  role: Partial<Pick<Operation, "isGrant" | "isUndo" | "undoLater">> = {},
): Operation {
  const { isGrant = false, isUndo = false, undoLater } = role;
  return { name: `modes.${name}`, script: MODES_SCRIPT, twin, ownArgs, isGrant, isUndo, undoLater };
}

const acquireTwin: Twin = (store, keys, args) => {
  const [token = "", ttl, modes = "", place = "", ...former] = args;
  const [waiter = "", ticket = 0, lead = 0] = place.split(" ");
  return acquire(store, keys, {
    own: [token, ...former],
    ttlMs: Number(ttl),
    waiter,
    ticket: Number(ticket),
    lead: Number(lead),
    modes: modesOf(modes),
  });
};

const releaseTwin: Twin = (store, keys, [token = "", waiter = "", ...former]) => {
  const now = nowOf(store);
  const hasOwnPlace = waiter.includes(".");
  let [wasHeld, hasNext] = [false, false];
  for (const node of nodesAt(store, readNodeKeys(keys))) {
    const freed = node.free([token, ...former]);
    if (freed.wasHeld) wasHeld = true;
    if ((!freed.wasHeld && !hasOwnPlace) || !node.hasWaiters) continue;
    const line = readLine(store, node.keys.line, now, isMode);
    if (hasOwnPlace) leaveLines(store, node, line, waiter);
    const { named, canGo } = attempt(() => node.announceNext(line)) ?? NOBODY_NEXT;
    if (named.some((other) => other.waiter !== waiter)) hasNext = true;
    if (freed.isFree && !canGo && node.announcePlain(waiter !== "")) hasNext = true;
    if (freed.isEarlier && named.length === 0) node.announceChange();
  }
  if (!wasHeld) return 0;
  return hasNext ? -1 : 1;
};

/** See `leave_lines` in modes.lua. */
function leaveLines(store: Store, node: ModeNode, line: Line, waiter: string): boolean {
  const hasLeft = leavePlace(line, waiter);
  if (hasLeft) writeLine(store, node.keys.line, line, nowOf(store));
  node.leavePlainLine(waiter);
  return hasLeft;
}

/** The role of both forms of a release. */
const UNDO: Partial<Operation> = {
  isUndo: true,
  undoLater: ({ operation: same, keys, args: [token = "", , ...former] }) =>
    request(same, keys, [token, "", ...former]),
};

/** modes.lua documents the replies. */
export const modesOperations = {
  acquire: operation("acquire", 1, acquireTwin, { isGrant: true }),

  /** `acquire` for a conversion. It has another name, because the fast path does not know it. */
  convert: operation("convert", 1, acquireTwin, { isGrant: true }),

  commit: operation("commit", 2, (store, keys, [token = "", fence, modes = ""]) => {
    const wanted = modesOf(modes);
    const { nodes, fences } = readKeys(keys, wanted.length, true);
    if (nodesAt(store, nodes).some((node, index) => !node.isHeld(wanted[index]!, [token]))) return [NO];
    for (const key of fences) {
      if (readFence(store, key) === undefined) firstFence(store, key);
      raiseFence(store, key, Number(fence));
    }
    return 1;
  }),

  extend: operation("extend", 2, (store, keys, [token = "", fence, ttl, modes = "", ...former]) => {
    const now = nowOf(store);
    const own = [token, ...former];
    const wanted = modesOf(modes);
    const read = readKeys(keys, wanted.length, true);
    const nodes = nodesAt(store, read.nodes);
    let isHeld = true;
    for (const [index, node] of nodes.entries()) {
      const obstacle = node.obstacle(wanted[index]!, own);
      if (obstacle !== undefined) return [NO, obstacle.remainingMs, obstacle.token];
      isHeld &&= node.isHeld(wanted[index]!, own);
    }
    for (const counter of isHeld ? [] : read.fences) {
      if ((readFence(store, counter) ?? floorOf(store, counter)) !== undefined)
        raiseFence(store, counter, Number(fence));
    }
    for (const [index, node] of nodes.entries()) {
      if (node.hold(wanted[index]!, own, Number(ttl)))
        node.announceNext(readLine(store, node.keys.line, now, isMode));
    }
    return 1;
  }),

  release: operation("release", 1, releaseTwin, UNDO),

  /** `release` after a conversion. */
  releaseAll: operation("releaseAll", 1, releaseTwin, UNDO),

  leave: operation(
    "leave",
    0,
    (store, keys, [waiter = ""]) => {
      const now = nowOf(store);
      for (const node of nodesAt(store, readNodeKeys(keys))) {
        const line = readLine(store, node.keys.line, now, isMode);
        if (leaveLines(store, node, line, waiter)) attempt(() => node.announceNext(line));
      }
      return 1;
    },
    { isUndo: true, undoLater: () => undefined },
  ),
};

/** Locks on one or several nodes, each in its own mode, all or nothing (protocol §7). All names lie in one hash slot. */
export const modesKind: LockKind<ModesTarget> = {
  label: "modes",
  isShared: ({ modes }) => !modes.includes("X"),
  names: ({ names }) => names,
  // A name in an intention mode is shared with other branches.
  namesToWaitFor: ({ names, modes }) => names.filter((_, index) => !INTENTIONS.includes(modes[index]!)),

  split(target, prefix) {
    const slots = new Map<number, number[]>();
    target.names.forEach((name, index) => {
      const slot = hashSlot(prefix + name);
      slots.set(slot, [...(slots.get(slot) ?? []), index]);
    });
    if (slots.size === 1) return [target];
    return [...slots]
      .toSorted(([a], [b]) => a - b)
      .map(([, indexes]) => ({
        names: indexes.map((index) => target.names[index]!),
        modes: indexes.map((index) => target.modes[index]!),
        ticket: target.ticket,
        leadMs: target.leadMs,
      }));
  },

  channels: ({ names }, prefix) => names.map((name) => keySpaceOf(prefix).wake(name)),
  leavesLineWhenServed: true,
  renewMs: 1_000,
  gate: SHARED_HOLDERS,
  inMode: ({ names }, mode) => lockInMode(names, mode),
  query: queryOfModes,
  transfer: transferOfModes,

  acquire: ({ names, modes, ticket, leadMs }, owner, ttlMs, waiter = "") =>
    request(
      owner.former?.length ? modesOperations.convert : modesOperations.acquire,
      grantKeys(names, owner.prefix, waiter !== ""),
      [
        owner.token,
        String(ttlMs),
        modes.join(" "),
        waiter === "" && ticket === 0 ? "" : `${waiter} ${ticket} ${leadMs}`,
        ...formerOf(owner),
      ],
      owner,
    ),

  commit: ({ names, modes }, owner, fence) =>
    request(
      modesOperations.commit,
      grantKeys(names, owner.prefix, true),
      [owner.token, String(fence), modes.join(" ")],
      owner,
    ),

  extend: ({ names, modes }, owner, ttlMs) =>
    request(
      modesOperations.extend,
      grantKeys(names, owner.prefix, true),
      [owner.token, String(owner.fence), String(ttlMs), modes.join(" "), ...formerOf(owner)],
      owner,
    ),

  release: ({ names }, owner, waiter) =>
    // A release has no owner that can withdraw it, because a withdrawn attempt is also released.
    request(
      owner.former?.length ? modesOperations.releaseAll : modesOperations.release,
      nodeKeys(names, owner.prefix),
      [owner.token, waiter, ...formerOf(owner)],
    ),

  leave: (target, prefix, waiter) =>
    modesKind
      .split(target, prefix)
      .map(({ names }) => request(modesOperations.leave, nodeKeys(names, prefix), [waiter])),

  obstacle([, remaining = 0, token = ""]) {
    const remainingMs = Number(remaining);
    return { token: String(token), remainingMs: remainingMs === -1 ? Infinity : remainingMs };
  },

  tickets: {
    in: ([, , , tickets]) => readTickets(tickets),
    assign: (target, ticket) => ({ ...target, ticket }),
  },

  rejection: ({ names }, message) => (message.includes("OTHERKIND") ? new LockKindError(names) : undefined),

  admits(next, name, others) {
    const mode = modeOf(next, name);
    for (const other of others)
      if (other.kind !== (modesKind as LockKind) || clash(mode, modeOf(other.target as ModesTarget, name)))
        return false;
    return true;
  },
  groupOf: modeOf,
};

const INTENTIONS: readonly Mode[] = ["IS", "IX"];

function modeOf({ names, modes }: ModesTarget, name: string): Mode {
  return modes[names.indexOf(name)] ?? "X";
}

const NOTHING: readonly string[] = [];

function formerOf({ former }: Owner): readonly string[] {
  return former ?? NOTHING;
}

interface Acquire {
  readonly own: readonly string[];
  readonly ttlMs: number;
  readonly waiter: string;
  readonly ticket: number;
  readonly lead: number;
  readonly modes: readonly Mode[];
}

/** See `modes.acquire` in modes.lua. */
function acquire(store: Store, keys: readonly string[], asked: Acquire): Reply {
  const { own, ttlMs, waiter, ticket, lead, modes } = asked;
  const now = nowOf(store);
  const read = readKeys(keys, modes.length, waiter !== "");
  const nodes = nodesAt(store, read.nodes);
  const lines = nodes.map((node): Line<Mode> => readLine(store, node.keys.line, now, isMode));
  const known = Math.max(now, ...lines.map((each) => each.ticket));
  const agreed = accepted(ticket, known);
  const score = agreed > 0 ? agreed - lead : undefined;
  let firstBlocked: number | undefined;
  let longest: { readonly remainingMs: number; readonly token: string } | undefined;
  let isRepeated = true;
  for (const [index, node] of nodes.entries()) {
    const mode = modes[index]!;
    const obstacle = node.blocked(mode, own, waiter, score, lines[index]!);
    if (obstacle === undefined) {
      if (!node.isHeld(mode, own.slice(0, 1))) isRepeated = false;
      continue;
    }
    firstBlocked ??= index;
    const { remainingMs } = obstacle;
    if (
      longest === undefined ||
      (longest.remainingMs !== -1 && (remainingMs === -1 || remainingMs > longest.remainingMs))
    )
      longest = obstacle;
  }
  const decisive = firstBlocked ?? nodes.length - 1;
  const line = lines[decisive]!;
  let ahead = line.entries.length;
  if (waiter !== "") {
    ahead = takePlace(line, { waiter, demand: modes[decisive]!, ticket, latest: known, lead }, now);
    const place = line.entries[ahead];
    if (firstBlocked === undefined && place !== undefined) place.named = -1;
    writeLine(store, nodes[decisive]!.keys.line, line, now);
  }
  if (firstBlocked !== undefined && longest !== undefined) {
    if (waiter !== "") nodes[firstBlocked]!.joinPlainLine(waiter, ttlMs);
    return [NO, longest.remainingMs, longest.token, ticketsText(known, now), ahead];
  }
  const fence = countFence(
    store,
    read.fences,
    !isRepeated && modes.some((mode) => mode === "X" || mode === "SIX"),
  );
  let hasReplaced = false;
  for (const [index, node] of nodes.entries()) {
    if (node.hold(modes[index]!, own, ttlMs)) hasReplaced = true;
    const isRenewed = index !== decisive && renewPlace(lines[index]!, waiter, now) !== undefined;
    if (isRenewed) writeLine(store, node.keys.line, lines[index]!, now);
  }
  return hasReplaced ? -fence : fence;
}

/** See `fence_for` in modes.lua. */
function countFence(store: Store, fences: readonly string[], counts: boolean): number {
  const fence = Math.max(
    ...fences.map((key) => {
      const last = readFence(store, key);
      if (last === undefined) return firstFence(store, key);
      return counts ? last + 1 : last;
    }),
  );
  for (const key of fences) store.set(key, String(fence), Infinity);
  return fence;
}

/** The time of the store in whole ms. */
export function nowOf(store: Store): number {
  return Math.floor(store.timeUs() / 1_000);
}

function nodesAt(store: Store, nodes: readonly NodeKeys[]): readonly ModeNode[] {
  const now = nowOf(store);
  return nodes.map((node) => new ModeNode(store, node, now));
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
