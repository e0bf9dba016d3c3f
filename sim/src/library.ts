/**
 * Everything internal that the simulator uses of the library. The rest of the simulator imports internals from here only,
 * so that a move of a file in the library changes one file of the simulator.
 */
export { processWide } from "../../packages/quorumlock/src/base/process-wide.ts";
export { ownerOf } from "../../packages/quorumlock/src/base/token.ts";
export { driftAllowance } from "../../packages/quorumlock/src/base/options.ts";
export {
  MODES_SCRIPT,
  MUTEX_SCRIPT,
  OBSERVE_SCRIPT,
  OPERATOR_SCRIPT,
  RECORD_SCRIPT,
  QUOTA_SCRIPT,
  SERVER_SCRIPT,
  SLOTS_SCRIPT,
} from "../../packages/quorumlock/src/generated/scripts.ts";
export { MemoryStore, type StoredKey } from "../../packages/quorumlock/src/instances/memory-store.ts";
export type {
  ConnectionListener,
  Instance,
  Subscription,
  SubscriptionListener,
} from "../../packages/quorumlock/src/instances/port.ts";
export { scriptCallFor } from "../../packages/quorumlock/src/instances/script-call.ts";
export { ScriptRunner } from "../../packages/quorumlock/src/instances/script-runner.ts";
export { counters } from "../../packages/quorumlock/src/operations/counters.ts";
export { markerOperations, parseMarker } from "../../packages/quorumlock/src/operations/marker.ts";
export { hashSlot } from "../../packages/quorumlock/src/operations/hash-slot.ts";
export { fairOperations } from "../../packages/quorumlock/src/operations/fair.ts";
export { identifyOperation } from "../../packages/quorumlock/src/operations/identify.ts";
export { keySpaceOf } from "../../packages/quorumlock/src/operations/keys.ts";
export { clash, type Mode, MODES } from "../../packages/quorumlock/src/operations/mode.ts";
export { modesRenew } from "../../packages/quorumlock/src/operations/modes-transfer.ts";
export { modesOperations } from "../../packages/quorumlock/src/operations/modes.ts";
export { mutexKind, mutexOperations } from "../../packages/quorumlock/src/operations/mutex.ts";
export { modesQueryOperation } from "../../packages/quorumlock/src/operations/modes-query.ts";
export { operatorOperations } from "../../packages/quorumlock/src/operations/operator.ts";
export { recordOperations } from "../../packages/quorumlock/src/operations/record.ts";
export { perform } from "../../packages/quorumlock/src/operations/perform.ts";
export {
  isYes,
  type Operation,
  type Reply,
  type Request,
} from "../../packages/quorumlock/src/operations/request.ts";
export { noteOperation } from "../../packages/quorumlock/src/operations/set-note.ts";
export { quotaOperations } from "../../packages/quorumlock/src/operations/quota-operations.ts";
export { quotaRenew } from "../../packages/quorumlock/src/operations/quota-transfer.ts";
export { slotsRenew } from "../../packages/quorumlock/src/operations/slots-transfer.ts";
export { slotsOperations } from "../../packages/quorumlock/src/operations/slots-operations.ts";
export { slotsIn } from "../../packages/quorumlock/src/operations/slot-runs.ts";
export type { Store } from "../../packages/quorumlock/src/operations/store.ts";
