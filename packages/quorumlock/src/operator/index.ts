export {
  type FencingCounters,
  raiseFencingCounters,
  type RaisedCounters,
  readFencingCounters,
  type SlotCounter,
} from "./fencing-counters.ts";
export {
  type InspectedHold,
  type InspectedInstance,
  inspectLocks,
  type LockInspection,
  lockNameOf,
} from "./inspect.ts";
export {
  type NotReleased,
  type OperatorRelease,
  type OperatorReleaseResult,
  releaseForOperator,
} from "./release.ts";
export { type NameHold, type NameHolds, readHolds, type ReadInstance } from "./read-holds.ts";
export { excludeEachOther, type HoldToRestore, type RestoredHold, restoreHolds } from "./restore-holds.ts";
export { type ConflictingSet, readUsedSets, type UsedSets } from "./sets.ts";
