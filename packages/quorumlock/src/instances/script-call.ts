import type { Request, Script } from "../operations/request.ts";

/** One call of a script: requests with the same script, packed as call.lua reads them. */
export class ScriptCall {
  readonly requests: readonly Request[];
  readonly isCluster: boolean;
  readonly script: Script;
  #args: readonly string[] | undefined;
  #encoded: Buffer | undefined;

  constructor(requests: readonly Request[], isCluster: boolean) {
    this.requests = requests;
    this.isCluster = isCluster;
    const { script } = requests[0]!.operation;
    this.script = isCluster ? script.cluster : script.single;
  }

  /** The first key. A cluster client selects the node by it. */
  get key(): string {
    return this.requests[0]?.keys[0] ?? "";
  }

  /** The number of keys, the keys, and the arguments. */
  get args(): readonly string[] {
    return (this.#args ??= pack(this.requests));
  }

  /** The whole `EVALSHA` command as bytes. Source: RESP, "Sending commands to a Redis server". */
  get encoded(): Buffer {
    return (this.#encoded ??= encode(this.script.sha, this.args));
  }
}

/** Returns the call for these requests. All instances get the same requests in a tick, so the call is made once and reused. */
export function scriptCallFor(requests: readonly Request[], isCluster: boolean): ScriptCall {
  const [first] = requests;
  const known = first?.call;
  if (known instanceof ScriptCall && known.isCluster === isCluster && hasSameItems(known.requests, requests))
    return known;
  const call = new ScriptCall(requests, isCluster);
  if (first !== undefined) first.call = call;
  return call;
}

function hasSameItems(a: readonly Request[], b: readonly Request[]): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every((request, index) => request === b[index]);
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
function canShare(a: Request, b: Request): boolean {
  if (a.operation !== b.operation || a.keys.length !== b.keys.length) return false;
  if (a.args.length !== b.args.length) return false;
  for (let shared = a.operation.ownArgs; shared < a.args.length; shared += 1)
    if (a.args[shared] !== b.args[shared]) return false;
  return true;
}

function encode(sha: string, args: readonly string[]): Buffer {
  const head = `*${args.length + 2}\r\n$7\r\nEVALSHA\r\n$${sha.length}\r\n${sha}`;
  let text = head;
  for (const arg of args) text += (HEADS[arg.length] ?? headOf(arg.length)) + arg;
  text += "\r\n";
  // Most calls have ASCII only, so each character is one byte. To count the bytes once is much faster than for each argument.
  if (Buffer.byteLength(text) === text.length) return Buffer.from(text, "latin1");
  return Buffer.from([head, ...args.map((arg) => headOf(Buffer.byteLength(arg)) + arg), "\r\n"].join(""));
}

/** The line end of the previous argument, and the header of the next argument with its length in bytes. */
function headOf(bytes: number): string {
  return `\r\n$${bytes}\r\n`;
}

/** The headers of the usual lengths, made once. */
const HEADS = Array.from({ length: 256 }, (_, bytes) => headOf(bytes));
