import { QUOTA_SCRIPT } from "../generated/scripts.ts";
import { modesRenew, renewModes } from "./modes-transfer.ts";
import { partsOf } from "./quota-operations.ts";
import type { Operation, Reply } from "./request.ts";
import { renewSlots } from "./slots-transfer.ts";

/** See `quota.renew` in quota-transfer.lua. */
export const quotaRenew: Operation = {
  name: "quota.renew",
  script: QUOTA_SCRIPT,
  ownArgs: 1,
  isGrant: false,
  isUndo: false,
  twin(store, keys, args) {
    const { quota, lock } = partsOf(keys, args);
    const renewLock = args[1] === modesRenew.name ? renewModes : renewSlots;
    let ofLock: Reply = 1;
    for (const onlyChecks of [true, false]) {
      const ofQuota = renewSlots(store, quota.keys, quota.args, onlyChecks);
      if (typeof ofQuota !== "number") return ofQuota;
      ofLock = renewLock(store, lock.keys, lock.args, onlyChecks);
      if (typeof ofLock !== "number") return ofLock;
    }
    return ofLock;
  },
};
