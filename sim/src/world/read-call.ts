import type { Request } from "../../../packages/quorumlock/src/operations/request.ts";

/** Reads the requests from the arguments of a script call, as prelude.lua and dispatch.lua do. */
export function readCall(args: readonly string[]): readonly Request[] {
  const keyCount = Number(args[0]);
  const keys = args.slice(1, 1 + keyCount);
  const rest = args.slice(1 + keyCount);
  if (rest[0] !== "batch") return [asRequest(rest[0] ?? "", keys, rest.slice(1))];
  const requests: Request[] = [];
  let key = 0;
  for (let at = 1; at < rest.length;) {
    const [operation = "", ownKeys, ownArgs] = [rest[at], Number(rest[at + 1]), Number(rest[at + 2])];
    at += 3;
    requests.push(asRequest(operation, keys.slice(key, key + ownKeys), rest.slice(at, at + ownArgs)));
    key += ownKeys;
    at += ownArgs;
  }
  return requests;
}

const standing = { withdrawn: false };

function asRequest(operation: string, keys: readonly string[], args: readonly string[]): Request {
  return { operation, keys, args, alone: [], claim: standing, grants: false };
}
