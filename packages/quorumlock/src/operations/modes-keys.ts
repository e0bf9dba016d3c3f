import { keySpaceOf } from "./keys.ts";

/** The keys of a node. */
export interface NodeKeys {
  /** The gate. */
  readonly lock: string;
  /** The sorted set of the shared holders. */
  readonly shared: string;
  readonly line: string;
  /** The plain line, and the channel. `undefined` in a request that joins no line. */
  readonly wake: string | undefined;
}

/** The keys of a request, as modes.lua describes them. */
interface RequestKeys {
  readonly nodes: readonly NodeKeys[];
  /** The fencing counters, each once. */
  readonly fences: readonly string[];
}

const BESIDE = ["shared", "line", "wake"] as const;
/** Those of a request that joins no line. */
const BESIDE_WITHOUT_WAKE = ["shared", "line"] as const;

/** The keys of a request that can neither grant nor keep a lock. */
export function nodeKeys(names: readonly string[], prefix: string): readonly string[] {
  const keySpace = keySpaceOf(prefix);
  const keys: string[] = [];
  for (const name of names) keySpace.addWithBeside(keys, name, BESIDE);
  return keys;
}

/** The keys of a request that can grant or keep a lock: of each node, and then the fencing counters. */
export function grantKeys(names: readonly string[], prefix: string, joinsLine: boolean): readonly string[] {
  const keySpace = keySpaceOf(prefix);
  const keys: string[] = [];
  for (const name of names) keySpace.addWithBeside(keys, name, joinsLine ? BESIDE : BESIDE_WITHOUT_WAKE);
  const end = keys.length;
  for (const name of names) {
    const fence = keySpace.fence(name);
    if (!keys.includes(fence, end)) keys.push(fence);
  }
  return keys;
}

/** Reads the keys of a request. */
export function readKeys(keys: readonly string[], count: number, joinsLine: boolean): RequestKeys {
  const stride = joinsLine ? 4 : 3;
  const nodes = Array.from({ length: count }, (_, index): NodeKeys => {
    const [lock = "", shared = "", line = "", wake = ""] = keys.slice(index * stride, (index + 1) * stride);
    return { lock, shared, line, wake: joinsLine ? wake : undefined };
  });
  return { nodes, fences: keys.slice(count * stride) };
}

/** Reads the keys of a request without counters. */
export function readNodeKeys(keys: readonly string[]): readonly NodeKeys[] {
  return readKeys(keys, keys.length / 4, true).nodes;
}
