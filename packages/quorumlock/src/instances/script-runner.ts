import { asError, InstanceError } from "../base/errors.ts";
import { type Script, SCRIPT, SHARDED_SCRIPT } from "../generated/scripts.ts";
import { hashSlot } from "../operations/keys.ts";
import { FAILED, type Reply, type ReplyList, type Request } from "../operations/request.ts";
import { ScriptCall, scriptCallFor } from "./script-call.ts";

/** Sends a call of the script, by its text or by its SHA-1, and gives back the server's reply. */
export type SendCall = (command: "EVAL" | "EVALSHA", script: string, call: ScriptCall) => Promise<unknown>;

const MOST_REQUESTS = 256;
const MOST_CHARACTERS = 64 * 1024;

/**
 * Packs requests into calls of the one script: a call for all of them, or one for each hash slot of a cluster, cut so
 * that no call blocks the server for long. `EVALSHA` first, `EVAL` where the server does not know the script.
 */
export class ScriptRunner {
  readonly #send: SendCall;
  readonly #clustered: boolean;
  readonly #script: Script;
  /** The first call of a connection carries the script itself, so that no later one has to be repeated. */
  #loaded = false;

  constructor(send: SendCall, clustered: boolean) {
    this.#send = send;
    this.#clustered = clustered;
    this.#script = clustered ? SHARDED_SCRIPT : SCRIPT;
  }

  /** The connection is a new one: the server behind it may have forgotten the script. */
  reset(): void {
    this.#loaded = false;
  }

  run(requests: readonly Request[]): Promise<readonly Reply[]> {
    if (requests.length === 1) return this.#call(requests);
    const calls = (this.#clustered ? bySlot(requests) : [requests]).flatMap(bounded);
    return calls.length === 1 ? this.#call(requests) : this.#callAll(requests, calls);
  }

  async #callAll(
    requests: readonly Request[],
    calls: readonly (readonly Request[])[],
  ): Promise<readonly Reply[]> {
    const replies = new Map<Request, Reply | undefined>();
    await Promise.all(
      calls.map(async (part) => {
        const answers = await this.#call(part);
        part.forEach((request, position) => replies.set(request, answers[position]));
      }),
    );
    return requests.map((request) => replies.get(request) ?? MISSING);
  }

  #call(requests: readonly Request[]): Promise<readonly Reply[]> {
    const call = scriptCallFor(requests);
    if (!this.#loaded) {
      this.#loaded = true;
      return this.#send("EVAL", this.#script.text, call).then((reply) => asReplies(reply, call));
    }
    return this.#send("EVALSHA", this.#script.sha, call).then(
      (reply) => asReplies(reply, call),
      (error: unknown) => {
        if (!asError(error).message.startsWith("NOSCRIPT")) throw error;
        return this.#repeat(requests);
      },
    );
  }

  /** What was withdrawn since must not be carried out now: its withdrawal may have been. */
  async #repeat(requests: readonly Request[]): Promise<readonly Reply[]> {
    const standing = requests.filter(({ claim }) => !claim.withdrawn);
    const call = new ScriptCall(standing);
    const answers =
      standing.length === 0 ? [] : asReplies(await this.#send("EVAL", this.#script.text, call), call);
    const byRequest = new Map(standing.map((request, index) => [request, answers[index]]));
    return requests.map((request) => byRequest.get(request) ?? WITHDRAWN);
  }
}

const MISSING: Reply = [FAILED, "the reply is missing"];
const WITHDRAWN: Reply = [FAILED, "withdrawn before the script was loaded"];

function bySlot(requests: readonly Request[]): readonly (readonly Request[])[] {
  const slots = new Map<number, Request[]>();
  for (const request of requests) {
    const slot = hashSlot(request.keys[0] ?? "");
    const others = slots.get(slot);
    if (others === undefined) slots.set(slot, [request]);
    else others.push(request);
  }
  return [...slots.values()];
}

/** Cut so that no part is too large; one that is not is not copied. */
function bounded(requests: readonly Request[]): readonly (readonly Request[])[] {
  const parts: (readonly Request[])[] = [];
  let from = 0;
  let size = 0;
  for (let at = 0; at < requests.length; at += 1) {
    const weight = weigh(requests[at]!);
    if (at - from === MOST_REQUESTS || (at > from && size + weight > MOST_CHARACTERS)) {
      parts.push(requests.slice(from, at));
      from = at;
      size = 0;
    }
    size += weight;
  }
  parts.push(from === 0 ? requests : requests.slice(from));
  return parts;
}

function weigh({ keys, args }: Request): number {
  let size = 32;
  for (const key of keys) size += key.length;
  for (const arg of args) size += arg.length;
  return size;
}

function asReplies(reply: unknown, { requests }: ScriptCall): readonly Reply[] {
  if (requests.length === 1) return [asReply(reply)];
  if (Array.isArray(reply)) return areNumbers(reply) ? reply : (reply as unknown[]).map(asReply);
  throw new InstanceError("INSTANCE_REPLY", `the script replied ${JSON.stringify(reply)}, not a list`);
}

/**
 * Clients can be set to give numbers as strings and strings as buffers: numbers and strings come of it whatever they do.
 */
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

/** As most are: such a list is taken as it is. */
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
