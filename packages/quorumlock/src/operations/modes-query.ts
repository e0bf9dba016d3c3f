import { SHARED_HOLDERS, tokenInKey } from "../base/token.ts";
import { MODES_SCRIPT } from "../generated/scripts.ts";
import { readLine as readEnforcedLine } from "./enforced-line.ts";
import type { HeldName, KindQuery } from "./kind.ts";
import { readLine, waitersIn } from "./line.ts";
import { isMode } from "./mode.ts";
import { BAND } from "./mode-node.ts";
import { nodeKeys, readNodeKeys } from "./modes-keys.ts";
import { type Operation, request, YES } from "./request.ts";

/** modes-query.lua documents the reply. */
export const modesQueryOperation: Operation = {
  name: "modes.query",
  script: MODES_SCRIPT,
  ownArgs: 0,
  isGrant: false,
  isUndo: false,
  twin(store, keys) {
    const now = Math.floor(store.timeUs() / 1_000);
    const nodes = readNodeKeys(keys).flatMap(({ lock, shared, line, wake = "" }) => {
      const { entries } = readEnforcedLine(store, line, now, isMode);
      const waiters = entries.filter(({ deadline, named }) => deadline >= now && named >= 0);
      const plain = readLine(store, wake);
      const names = [...(plain === undefined ? [] : [plain]), ...waiters.map(({ waiter }) => waiter)];
      const holders = store
        .members(shared)
        .toReversed()
        .map(([token, score]) => [token, (score % BAND) - now] as const)
        .filter(([, left]) => left >= 0);
      return [
        store.get(lock) ?? "",
        store.remaining(lock),
        names.join(" "),
        holders.length,
        ...holders.flat(),
      ];
    });
    return [YES, ...nodes];
  },
};

/** What a query of nodes reads, also of fair locks. */
export const queryOfModes: KindQuery<{ readonly names: readonly string[] }> = {
  request: ({ names }, prefix) => request(modesQueryOperation, nodeKeys(names, prefix), []),

  read({ names }, [, ...values]) {
    const holds: HeldName[] = [];
    const waiting: string[] = [];
    let at = 0;
    for (const name of names) {
      const [gate = "", left = 0, waiters = "", count = 0] = values.slice(at, at + 4);
      at += 4;
      const value = String(gate);
      if (value !== "" && value !== SHARED_HOLDERS)
        holds.push({
          name,
          token: tokenInKey(value),
          remainingMs: Number(left) === -1 ? Infinity : Number(left),
        });
      for (const end = at + 2 * Number(count); at < end; at += 2)
        holds.push({ name, token: String(values[at]), remainingMs: Number(values[at + 1]) });
      waiting.push(...waitersIn(String(waiters)));
    }
    return { holds, waiting };
  },
};
