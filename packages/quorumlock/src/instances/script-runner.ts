import { InstanceError } from "../base/errors.ts";
import { toError } from "../base/to-error.ts";
import { hashSlot } from "../operations/hash-slot.ts";
import {
  FAILED,
  type KindScript,
  type Reply,
  type ReplyList,
  type Request,
  undoAfterLaterRequests,
} from "../operations/request.ts";
import { ScriptCall, scriptCallFor } from "./script-call.ts";

/** Sends a script call, with the text of the script or its SHA-1, and returns the server's reply. */
export type SendCall = (command: "EVAL" | "EVALSHA", call: ScriptCall) => Promise<unknown>;

const MAX_REQUESTS = 256;
const MAX_CHARACTERS = 64 * 1024;

/**
 * Packs requests into script calls. The requests of a call have one script and, on a cluster, one hash slot. A call has a maximum
 * size, so that it does not block the server for long. The calls are sent in the order of their requests. The first call of a
 * script on a connection has the script's text (`EVAL`). Later calls have its SHA-1 (`EVALSHA`), and `EVAL` follows if the server
 * does not know it.
 */
export class ScriptRunner {
  readonly #send: SendCall;
  readonly #isCluster: boolean;
  /** The client library puts it before each key. */
  readonly #keyPrefix: string;
  /** Whether a call is sent after the reply to the one before it, because the client may send commands in another order. */
  readonly #isSequential: boolean;
  /** The scripts that were sent on this connection. */
  readonly #loaded = new Set<KindScript>();

  constructor(send: SendCall, isCluster: boolean, keyPrefix = "", isSequential = false) {
    this.#send = send;
    this.#isCluster = isCluster;
    this.#keyPrefix = keyPrefix;
    this.#isSequential = isSequential;
  }

  /** Forgets the sent scripts. Call it for a new connection, because its server may not know them. */
  reset(): void {
    this.#loaded.clear();
  }

  run(requests: readonly Request[]): Promise<readonly Reply[]> {
    if (requests.length === 1) return this.#call(requests);
    let parts = splitByScript(requests);
    if (this.#isCluster) parts = parts.flatMap(splitBySlot);
    const calls = parts.flatMap(splitBySize);
    return calls.length === 1 ? this.#call(requests) : this.#callAll(requests, calls);
  }

  async #callAll(
    requests: readonly Request[],
    calls: readonly (readonly Request[])[],
  ): Promise<readonly Reply[]> {
    const replyTo = new Map<Request, Reply | undefined>();
    await this.#forEach(calls, async (part) => {
      const replies = await this.#call(part);
      part.forEach((request, index) => replyTo.set(request, replies[index]));
    });
    return requests.map((request) => replyTo.get(request) ?? MISSING);
  }

  async #forEach<Item, Result>(
    items: readonly Item[],
    use: (item: Item) => Promise<Result>,
  ): Promise<readonly Result[]> {
    if (!this.#isSequential) return Promise.all(items.map(use));
    const results: Result[] = [];
    for (const item of items) results.push(await use(item));
    return results;
  }

  #call(requests: readonly Request[]): Promise<readonly Reply[]> {
    const { script } = requests[0]!.operation;
    const call = scriptCallFor(requests, this.#isCluster);
    const count = requests.length;
    const command = this.#loaded.has(script) ? "EVALSHA" : "EVAL";
    this.#loaded.add(script);
    return this.#send(command, call).then(
      (reply) => asReplies(reply, count),
      (error: unknown) => {
        const { message } = toError(error);
        if (message.startsWith("NOSCRIPT")) return this.#repeat(requests);
        if (!FORBIDDEN_KEY.test(message)) return explain(error);
        // A key of one request is not permitted, so the server refused the call. It may permit the others.
        return count > 1 ? this.#sendAlone(requests) : [[FAILED, this.#nameKeys(message, requests[0]!)]];
      },
    );
  }

  /** Adds the keys of a request to an error that says only that one of them is not permitted. */
  #nameKeys(message: string, { keys }: Request): string {
    const named = keys.slice(0, MAX_NAMED_KEYS).map((key) => JSON.stringify(this.#keyPrefix + key));
    return `${message} (${named.join(", ")}${keys.length > MAX_NAMED_KEYS ? ", …" : ""})`;
  }

  /**
   * Sends each request alone, so that only those fail whose keys are not permitted. Leaves out withdrawn requests. Later requests may
   * already be on the way, so undo requests get the form that does not affect these.
   */
  async #sendAlone(requests: readonly Request[]): Promise<readonly Reply[]> {
    return this.#forEach(requests, async (request): Promise<Reply> => {
      if (request.owner.isWithdrawn && !request.operation.isUndo) return WITHDRAWN;
      const later = undoAfterLaterRequests(request);
      return later === undefined ? NOTHING_UNDONE : ((await this.#call([later]))[0] ?? MISSING);
    });
  }

  /** Sends the text of the script. Leaves out withdrawn requests, because their release may already have been carried out. */
  async #repeat(requests: readonly Request[]): Promise<readonly Reply[]> {
    const valid = requests.filter(({ owner }) => !owner.isWithdrawn);
    const replies =
      valid.length === 0
        ? []
        : asReplies(await this.#send("EVAL", new ScriptCall(valid, this.#isCluster)), valid.length);
    const replyTo = new Map(valid.map((request, index) => [request, replies[index]]));
    return requests.map((request) => replyTo.get(request) ?? WITHDRAWN);
  }
}

const FORBIDDEN_KEY = /^NOPERM .*\baccess\b.*\bkeys?\b/;
/** Maximum number of keys in an error. A request can have hundreds. */
const MAX_NAMED_KEYS = 6;
const NOTHING_UNDONE: Reply = 0;
/** Throws the error. If the server does not know EVAL, throws an error that says why. */
function explain(error: unknown): never {
  const { message } = toError(error);
  if (!/unknown command\W+EVAL(SHA)?\b/i.test(message)) throw error;
  throw new Error(
    "ERR the server does not know EVAL, as a Sentinel; connect to the Redis server itself, or let the client find it by the Sentinel",
    { cause: error },
  );
}

const MISSING: Reply = [FAILED, "the reply is missing"];
const WITHDRAWN: Reply = [FAILED, "withdrawn before the script was loaded"];

/** Splits into consecutive requests with the same script. Most ticks have one part, which is not copied. */
function splitByScript(requests: readonly Request[]): readonly (readonly Request[])[] {
  const parts: (readonly Request[])[] = [];
  let start = 0;
  for (let at = 1; at < requests.length; at += 1) {
    if (requests[at]!.operation.script === requests[start]!.operation.script) continue;
    parts.push(requests.slice(start, at));
    start = at;
  }
  parts.push(start === 0 ? requests : requests.slice(start));
  return parts;
}

function splitBySlot(requests: readonly Request[]): readonly (readonly Request[])[] {
  const slots = new Map<number, Request[]>();
  for (const request of requests) {
    const slot = hashSlot(request.keys[0] ?? "");
    const others = slots.get(slot);
    if (others === undefined) slots.set(slot, [request]);
    else others.push(request);
  }
  return [...slots.values()];
}

/** Splits into parts below the maximum size. Most ticks have one part, which is not copied. */
function splitBySize(requests: readonly Request[]): readonly (readonly Request[])[] {
  const parts: (readonly Request[])[] = [];
  let start = 0;
  let size = 0;
  for (let at = 0; at < requests.length; at += 1) {
    const characters = sizeOf(requests[at]!);
    if (at - start === MAX_REQUESTS || (at > start && size + characters > MAX_CHARACTERS)) {
      parts.push(requests.slice(start, at));
      start = at;
      size = 0;
    }
    size += characters;
  }
  parts.push(start === 0 ? requests : requests.slice(start));
  return parts;
}

function sizeOf({ keys, args }: Request): number {
  let size = 32;
  for (const key of keys) size += key.length;
  for (const arg of args) size += arg.length;
  return size;
}

/** A call with one request returns its reply. Other calls return a list of replies. */
function asReplies(reply: unknown, count: number): readonly Reply[] {
  if (count === 1) return [asReply(reply)];
  if (Array.isArray(reply) && reply.length === count)
    return areNumbers(reply) ? reply : (reply as unknown[]).map(asReply);
  const what = `the script replied ${JSON.stringify(reply)}, which is no list of ${count} replies`;
  throw new InstanceError("INSTANCE_REPLY", what);
}

/** A client can be configured to return numbers as strings, and strings as buffers. */
function asReply(reply: unknown): Reply {
  if (typeof reply === "number") return reply;
  if (Array.isArray(reply) && reply.length > 0) {
    if (isPlain(reply)) return reply;
    const [status, ...rest] = reply.map(plain);
    if (isWhole(status)) return [Number(status), ...rest];
  }
  const number = plain(reply);
  if (isWhole(number)) return Number(number);
  return [FAILED, `unexpected reply ${JSON.stringify(reply)}`];
}

/** Most lists of replies are numbers only. Such a list is used as it is. */
function areNumbers(replies: readonly unknown[]): replies is readonly number[] {
  for (const reply of replies) if (typeof reply !== "number") return false;
  return true;
}

function isPlain(reply: readonly unknown[]): reply is ReplyList {
  if (typeof reply[0] !== "number") return false;
  for (const part of reply) if (typeof part !== "number" && typeof part !== "string") return false;
  return true;
}

function isWhole(part: number | string | undefined): boolean {
  return /^-?\d+$/.test(String(part));
}

function plain(part: unknown): number | string {
  if (typeof part === "number" || typeof part === "string") return part;
  return Buffer.isBuffer(part) ? part.toString() : (JSON.stringify(part) ?? "");
}
