import type { Request } from "../operations/request.ts";

/** One call of the script: some requests, as prelude.lua takes them. */
export class ScriptCall {
  readonly requests: readonly Request[];
  #args: readonly string[] | undefined;
  #command: Buffer | undefined;

  constructor(requests: readonly Request[]) {
    this.requests = requests;
  }

  /** Tells a cluster client where to. */
  get key(): string {
    return this.requests[0]?.keys[0] ?? "";
  }

  /** How many keys there are, the keys, and the arguments. */
  get args(): readonly string[] {
    return (this.#args ??= pack(this.requests));
  }

  /** The whole command, `EVALSHA` of this one script, as it goes over the wire (RESP, "Sending commands to a Redis server"). */
  encoded(sha: string): Buffer {
    return (this.#command ??= encode(sha, this.args));
  }
}

/** A call for these requests. In one tick all instances get the same ones: they are packed and encoded once. */
export function scriptCallFor(requests: readonly Request[]): ScriptCall {
  const [first] = requests;
  const known = first?.call;
  if (known instanceof ScriptCall && isSame(known.requests, requests)) return known;
  const call = new ScriptCall(requests);
  if (first !== undefined) first.call = call;
  return call;
}

function isSame(one: readonly Request[], other: readonly Request[]): boolean {
  return one.length === other.length && one.every((request, index) => request === other[index]);
}

function pack(requests: readonly Request[]): readonly string[] {
  const packed = [""];
  for (const { keys } of requests) for (const key of keys) packed.push(key);
  packed[0] = String(packed.length - 1);
  const [only] = requests;
  if (requests.length === 1 && only !== undefined) {
    packed.push(only.operation, ...only.args);
    return packed;
  }
  packed.push("batch");
  for (let at = 0; at < requests.length;) at = packRun(requests, at, packed);
  return packed;
}

/** Requests of one kind, from a place on; returns where the next kind begins. */
function packRun(requests: readonly Request[], from: number, packed: string[]): number {
  const first = requests[from]!;
  const { operation, keys, own, args } = first;
  let end = from + 1;
  while (end < requests.length && isOfOneKind(first, requests[end]!)) end += 1;
  packed.push(operation, String(end - from), String(keys.length), String(own), String(args.length - own));
  for (let shared = own; shared < args.length; shared++) packed.push(args[shared]!);
  for (let at = from; at < end; at++) {
    const request = requests[at]!;
    for (let index = 0; index < own; index++) packed.push(request.args[index]!);
  }
  return end;
}

function isOfOneKind(one: Request, other: Request): boolean {
  if (one.operation !== other.operation || one.keys.length !== other.keys.length) return false;
  if (one.own !== other.own || one.args.length !== other.args.length) return false;
  for (let shared = one.own; shared < one.args.length; shared++)
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

/** The end of the argument before, and the length of one in bytes. */
function headOf(bytes: number): string {
  return `\r\n$${bytes}\r\n`;
}

/** Of the commonest lengths: strings made once. */
const HEADS = Array.from({ length: 256 }, (_, bytes) => headOf(bytes));
