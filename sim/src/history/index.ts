export { checkHistory, type CheckOptions, type Verdict } from "./check.ts";
export type { Effect, Model } from "./model.ts";
export { fencedMutex } from "./models/fenced-mutex.ts";
export { fenceOrder } from "./models/fence-order.ts";
export { ownerAwareMutex } from "./models/owner-aware-mutex.ts";
export { readWrite } from "./models/read-write.ts";
export { semaphore } from "./models/semaphore.ts";
export type { Operation, OperationKind, Outcome } from "./operation.ts";
export { parseHistory } from "./parse.ts";
