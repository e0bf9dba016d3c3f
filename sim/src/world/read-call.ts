import {
  counters,
  fairOperations,
  identifyOperation,
  markerOperations,
  modesOperations,
  modesRenew,
  mutexOperations,
  noteOperation,
  type Operation,
  modesQueryOperation,
  operatorOperations,
  recordOperations,
  quotaOperations,
  quotaRenew,
  type Request,
  slotsOperations,
  slotsRenew,
} from "../library.ts";

const operations = new Map<string, Operation>(
  [
    ...Object.values(mutexOperations),
    ...Object.values(modesOperations),
    ...Object.values(slotsOperations),
    ...Object.values(quotaOperations),
    ...Object.values(operatorOperations),
    ...Object.values(recordOperations),
    modesQueryOperation,
    ...Object.values(fairOperations),
    ...Object.values(counters.operations),
    ...Object.values(markerOperations),
    modesRenew,
    slotsRenew,
    quotaRenew,
    identifyOperation,
    noteOperation,
  ].map((operation) => [operation.name, operation]),
);

/** Decodes the requests from the arguments of a script call. The format is described in call.lua. */
export function readCall(args: readonly string[]): readonly Request[] {
  const keyCount = Number(args[0]);
  const keys = args.slice(1, 1 + keyCount);
  const rest = args.slice(1 + keyCount);
  const requests: Request[] = [];
  let key = 0;
  for (let at = 0; at < rest.length;) {
    const operation = operations.get(rest[at] ?? "");
    if (operation === undefined) throw new Error(`unknown operation ${rest[at]}`);
    const [length = 0, ownKeys = 0, own = 0, sharedCount = 0] = rest.slice(at + 1, at + 5).map(Number);
    at += 5;
    const shared = rest.slice(at, at + sharedCount);
    at += sharedCount;
    for (let index = 0; index < length; index += 1) {
      const ownArgs = rest.slice(at, at + own);
      requests.push({
        operation,
        keys: keys.slice(key, key + ownKeys),
        args: [...ownArgs, ...shared],
        owner: neverWithdrawn,
        call: undefined,
      });
      key += ownKeys;
      at += own;
    }
  }
  return requests;
}

const neverWithdrawn = { isWithdrawn: false };
