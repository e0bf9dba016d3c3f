import type { Request } from "../library.ts";

/** Decodes the requests from the arguments of a script call. The format is described in prelude.lua. */
export function readCall(args: readonly string[]): readonly Request[] {
  const keyCount = Number(args[0]);
  const keys = args.slice(1, 1 + keyCount);
  const rest = args.slice(1 + keyCount);
  if (rest[0] !== "batch") return [asRequest(rest[0] ?? "", keys, rest.slice(1))];
  const requests: Request[] = [];
  let key = 0;
  for (let at = 1; at < rest.length;) {
    const operation = rest[at] ?? "";
    const [length = 0, ownKeys = 0, own = 0, sharedCount = 0] = rest.slice(at + 1, at + 5).map(Number);
    at += 5;
    const shared = rest.slice(at, at + sharedCount);
    at += sharedCount;
    for (let index = 0; index < length; index += 1) {
      const ownArgs = rest.slice(at, at + own);
      requests.push(asRequest(operation, keys.slice(key, key + ownKeys), [...ownArgs, ...shared]));
      key += ownKeys;
      at += own;
    }
  }
  return requests;
}

const notWithdrawn = { withdrawn: false };

function asRequest(operation: string, keys: readonly string[], args: readonly string[]): Request {
  return {
    operation,
    keys,
    args,
    own: 0,
    claim: notWithdrawn,
    isGrant: false,
    isUndo: false,
    call: undefined,
  };
}
