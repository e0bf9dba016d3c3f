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
export { type ConflictingSet, readUsedSets, type UsedSets } from "./sets.ts";
