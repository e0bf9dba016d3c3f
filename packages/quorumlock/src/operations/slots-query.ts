import { SLOTS_SCRIPT } from "../generated/scripts.ts";
import { readLine as readEnforcedLine } from "./enforced-line.ts";
import type { HeldName, KindQuery } from "./kind.ts";
import { readLine, waitersIn } from "./line.ts";
import { type Operation, request, YES } from "./request.ts";
import { SemaphoreStore } from "./semaphore-store.ts";
import { readSize } from "./sizes.ts";
import { slotsIn } from "./slot-runs.ts";
import { slotKeys } from "./slots-keys.ts";
import type { SemaphoreSize, SlotsTarget } from "./slots-target.ts";

/** slots-query.lua documents the reply. */
const slotsQuery: Operation = {
  name: "slots.query",
  script: SLOTS_SCRIPT,
  ownArgs: 0,
  isGrant: false,
  isUndo: false,
  twin(store, keys) {
    const semaphore = new SemaphoreStore(store, keys);
    const { lock, sizes, wake, line, now } = semaphore;
    const other = semaphore.readHolders();
    const size = readSize(store, sizes, lock, now);
    const plain = readLine(store, wake);
    const isCount = (text: string): text is string => /^\d+$/.test(text);
    const { entries } = readEnforcedLine(store, line, now, isCount);
    const waiting = entries.filter(({ deadline }) => deadline >= now);
    return [
      YES,
      other ?? "",
      other === undefined ? -2 : store.remaining(lock),
      size?.total ?? 0,
      size?.stamp ?? 0,
      [...(plain === undefined ? [] : [plain]), ...waiting.map(({ waiter }) => waiter)].join(" "),
      ...semaphore.holders.flatMap(({ token, slots, deadline }) => [token, slots, deadline - now]),
    ];
  },
};

/** What a query of a semaphore reads: also the number of permits that was set, if it was. */
export const queryOfSlots: KindQuery<SlotsTarget, SemaphoreSize> = {
  request: (target, prefix) => request(slotsQuery, slotKeys(target, prefix), []),

  read({ names: [name] }, [, other = "", left = 0, total = 0, stamp = 0, waiters = "", ...values]) {
    const holds: HeldName[] = [];
    if (other !== "")
      holds.push({ name, token: String(other), remainingMs: left === -1 ? Infinity : Number(left) });
    for (let at = 0; at < values.length; at += 3) {
      const [token, slots, remaining] = values.slice(at, at + 3);
      holds.push({
        name,
        token: String(token),
        remainingMs: Number(remaining),
        slots: slotsIn(String(slots)),
      });
    }
    return {
      holds,
      waiting: waitersIn(String(waiters)),
      facts: { total: Number(total), stamp: Number(stamp) },
    };
  },
};
