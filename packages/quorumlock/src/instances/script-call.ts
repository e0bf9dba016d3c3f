import type { Request, Script } from "../operations/request.ts";

/** One call of a script: requests of one kind of lock, packed as call.lua reads them. */
export class ScriptCall {
  readonly requests: readonly Request[];
  readonly isCluster: boolean;
  readonly script: Script;
  #args: readonly string[] | undefined;
  #command: Buffer | undefined;

  constructor(requests: readonly Request[], isCluster: boolean) {
    this.requests = requests;
    this.isCluster = isCluster;
    const { script } = requests[0]!.operation;
    this.script = isCluster ? script.cluster : script.single;
  }

  /** Any of its keys: a cluster client picks the node by it. */
  get key(): string {
    return this.requests[0]?.keys[0] ?? "";
  }

  /** The number of keys, the keys, and the arguments. */
  get args(): readonly string[] {
    return (this.#args ??= pack(this.requests));
  }

  /** The whole `EVALSHA` command as bytes. Source: RESP, "Sending commands to a Redis server". */
  get encoded(): Buffer {
    return (this.#command ??= encode(this.script.sha, this.args));
  }
}

/** The call for these requests. In one tick all instances get the same requests, so they are packed and encoded once. */
export function scriptCallFor(requests: readonly Request[], isCluster: boolean): ScriptCall {
  const [first] = requests;
  const known = first?.call;
  if (known instanceof ScriptCall && known.isCluster === isCluster && hasSameItems(known.requests, requests))
    return known;
  const call = new ScriptCall(requests, isCluster);
  if (first !== undefined) first.call = call;
  return call;
}

function hasSameItems(one: readonly Request[], other: readonly Request[]): boolean {
  if (one === other) return true;
  return one.length === other.length && one.every((request, index) => request === other[index]);
}

function pack(requests: readonly Request[]): readonly string[] {
  const packed = [""];
  for (const { keys } of requests) for (const key of keys) packed.push(key);
  packed[0] = String(packed.length - 1);
  for (let at = 0; at < requests.length;) at = packRun(requests, at, packed);
  return packed;
}

/** Packs the requests of one operation, from `start` on. Returns the index at which the next operation begins. */
function packRun(requests: readonly Request[], start: number, packed: string[]): number {
  const first = requests[start]!;
  const { operation, keys, args } = first;
  const own = Math.min(operation.ownArgs, args.length);
  let end = start + 1;
  while (end < requests.length && canShare(first, requests[end]!)) end += 1;
  packed.push(
    operation.name,
    String(end - start),
    String(keys.length),
    String(own),
    String(args.length - own),
  );
  for (let shared = own; shared < args.length; shared += 1) packed.push(args[shared]!);
  for (let at = start; at < end; at += 1) {
    const request = requests[at]!;
    for (let index = 0; index < own; index += 1) packed.push(request.args[index]!);
  }
  return end;
}

/** Whether two requests fit into one run: only their keys and their own arguments differ. */
function canShare(one: Request, other: Request): boolean {
  if (one.operation !== other.operation || one.keys.length !== other.keys.length) return false;
  if (one.args.length !== other.args.length) return false;
  for (let shared = one.operation.ownArgs; shared < one.args.length; shared += 1)
    if (one.args[shared] !== other.args[shared]) return false;
  return true;
}

function encode(sha: string, args: readonly string[]): Buffer {
  const parts = [`*${args.length + 2}\r\n$7\r\nEVALSHA\r\n$${sha.length}\r\n${sha}`];
  for (const arg of args) {
    const bytes = Buffer.byteLength(arg);
    parts.push(HEADS[bytes] ?? headOf(bytes), arg);
  }
  parts.push("\r\n");
  return Buffer.from(parts.join(""));
}

/** The end of the argument before, and the length of the next one in bytes. */
function headOf(bytes: number): string {
  return `\r\n$${bytes}\r\n`;
}

/** The heads of the commonest lengths, made once. */
const HEADS = Array.from({ length: 256 }, (_, bytes) => headOf(bytes));
