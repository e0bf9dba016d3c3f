import { QUOTA_SCRIPT } from "../generated/scripts.ts";
import { modesOperations } from "./modes.ts";
import { isYes, NO, type Operation, type Reply, type ReplyList, request, type Twin, YES } from "./request.ts";
import { SemaphoreStore } from "./semaphore-store.ts";
import { slotsOperations } from "./slots-operations.ts";
import type { Store } from "./store.ts";

/** The number of keys of a semaphore. */
const QUOTA_KEYS = 8;

/** The part of a refusal that was in the way. */
export const QUOTA_PART = 1;
const LOCK_PART = 2;

const twins = new Map<string, Twin>(
  [...Object.values(modesOperations), ...Object.values(slotsOperations)].map(({ name, twin }) => [
    name,
    twin,
  ]),
);

interface Part {
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

/** See `parts_of` in quota.lua. */
export function partsOf(
  keys: readonly string[],
  args: readonly string[],
): { readonly quota: Part; readonly lock: Part } {
  const [token = "", , count, ...others] = args;
  return {
    quota: { keys: keys.slice(0, QUOTA_KEYS), args: [token, ...others.slice(0, Number(count))] },
    lock: { keys: keys.slice(QUOTA_KEYS), args: [token, ...others.slice(Number(count))] },
  };
}

function lockTwin([, name = ""]: readonly string[]): Twin {
  const twin = twins.get(name);
  if (twin === undefined) throw new Error(`unknown operation ${name}`);
  return twin;
}

function bothTwin(quotaTwin: Twin): Twin {
  return (store, keys, args) => {
    const { quota, lock } = partsOf(keys, args);
    const reply = quotaTwin(store, quota.keys, quota.args);
    return reply === 1 ? lockTwin(args)(store, lock.keys, lock.args) : reply;
  };
}

const acquireTwin: Twin = (store, keys, args) => {
  const { quota, lock } = partsOf(keys, args);
  const before = permitsBefore(readSemaphore(store, quota.keys), quota.args, 8);
  const permit = slotsOperations.acquire.twin(store, quota.keys, quota.args) as ReplyList;
  const [status, first = 0, second = "", third = "", fourth = ""] = permit;
  if (status === NO) return [NO, first, second, third, fourth, QUOTA_PART];
  const granted = lockOrGiveBack(store, quota, before, () => lockTwin(args)(store, lock.keys, lock.args));
  if (typeof granted === "number") return [YES, Math.abs(granted), second, third, fourth];
  if (granted[0] === NO) {
    if (before.permits.length === 0 && !before.isRepeated) {
      const semaphore = readSemaphore(store, quota.keys);
      const { total } = semaphore.limitOf(Number(quota.args[5]), Number(quota.args[6]));
      semaphore.announceNext(semaphore.readLine(total), String(second), total);
    }
    return granted;
  }
  const [, fence = 0, slots = "", limit = "", map = ""] = granted;
  return [YES, fence, second, third, fourth, slots, limit, map];
};

/** See `quota.convert` in quota.lua. */
const convertTwin: Twin = (store, keys, args) => {
  const { quota, lock } = partsOf(keys, args);
  const before = permitsBefore(readSemaphore(store, quota.keys), quota.args, 6);
  const kept = slotsOperations.extend.twin(store, quota.keys, quota.args);
  if (kept !== 1) {
    const [, ms = -1, holder = ""] = kept as ReplyList;
    return [NO, ms, holder, "0", "", QUOTA_PART];
  }
  const granted = lockOrGiveBack(store, quota, before, () => lockTwin(args)(store, lock.keys, lock.args));
  return typeof granted === "number" ? [YES, Math.abs(granted), quota.args[3] ?? "", "", ""] : granted;
};

interface Permit {
  readonly token: string;
  readonly slots: string;
  readonly deadline: number;
}

/** See `permits_before` in quota.lua. */
interface Before {
  readonly isRepeated: boolean;
  readonly permits: readonly Permit[];
}

function permitsBefore(semaphore: SemaphoreStore, args: readonly string[], first: number): Before {
  const [token = ""] = args;
  const { now } = semaphore;
  const isRepeated = (semaphore.find(token)?.deadline ?? 0) >= now;
  const permits = args.slice(first).flatMap((former) => semaphore.find(former) ?? []);
  return { isRepeated, permits: permits.filter(({ deadline }) => deadline > now) };
}

function readSemaphore(store: Store, keys: readonly string[]): SemaphoreStore {
  const semaphore = new SemaphoreStore(store, keys);
  semaphore.readState(store.get(semaphore.lock));
  return semaphore;
}

/** See `lock_or_give_back` in quota.lua. */
function lockOrGiveBack(store: Store, quota: Part, before: Before, acquire: () => Reply): Reply {
  let granted: Reply | undefined;
  try {
    granted = acquire();
  } finally {
    if ((granted === undefined || !isYes(granted)) && !before.isRepeated)
      giveBack(readSemaphore(store, quota.keys), quota.args[0] ?? "", before.permits);
  }
  if (isYes(granted)) return granted;
  const [, ms = 0, token = "", ticket = "", fifth = ""] = granted as ReplyList;
  return [NO, ms, token, ticket, fifth, LOCK_PART];
}

/** See `give_back` in quota.lua. */
function giveBack(semaphore: SemaphoreStore, given: string, permits: readonly Permit[]): void {
  semaphore.forget(given);
  for (const { token, slots, deadline } of permits) semaphore.hold(token, slots, deadline);
  semaphore.save();
}

const releaseTwin: Twin = (store, keys, args) => {
  const { quota, lock } = partsOf(keys, args);
  let permit: Reply = 0;
  let released: Reply;
  try {
    permit = slotsOperations.release.twin(store, quota.keys, quota.args);
  } finally {
    released = lockTwin(args)(store, lock.keys, lock.args);
  }
  return released === 0 ? permit : released;
};

function operation(name: string, twin: Twin, role: Partial<Operation> = {}): Operation {
  return {
    name: `quota.${name}`,
    script: QUOTA_SCRIPT,
    twin,
    ownArgs: 1,
    isGrant: false,
    isUndo: false,
    undoLater: undefined,
    ...role,
  };
}

/** quota.lua documents the arguments and the replies. */
export const quotaOperations = {
  acquire: operation("acquire", acquireTwin, { isGrant: true }),
  convert: operation("convert", convertTwin, { isGrant: true }),
  commit: operation("commit", bothTwin(slotsOperations.commit.twin)),
  extend: operation("extend", bothTwin(slotsOperations.extend.twin)),
  release: operation("release", releaseTwin, {
    isUndo: true,
    undoLater({ operation: same, keys, args }) {
      const [token = "", name = "", count = "", ...others] = args;
      const afterQuota = Number(count);
      return request(same, keys, [
        token,
        name,
        count,
        ...others.map((arg, index) => (index === 0 || index === afterQuota ? "" : arg)),
      ]);
    },
  }),
};
