import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A script, and the keys that an operation passes to it. */
export interface Program {
  readonly script: string;
  keys(name: string, isRelease: boolean): readonly string[];
}

/**
 * Many operations in one call. KEYS: one lock per operation; ARGV: token and ttl per operation, ttl 0 for a release. Returns one
 * number per operation, above 0 if it took effect.
 */
export const PLAIN_LOCKS: Program = {
  script: `local out = {}
for i = 1, #KEYS do
  local token, ttl = ARGV[2 * i - 1], ARGV[2 * i]
  if ttl ~= "0" then
    out[i] = redis.call("SET", KEYS[i], token, "NX", "PX", ttl) and 1 or 0
  elseif redis.call("GET", KEYS[i]) == token then
    out[i] = redis.call("DEL", KEYS[i])
  else
    out[i] = 0
  end
end
return out`,
  keys: (name) => [name],
};

/**
 * The same with a fencing counter for each hash slot, which all names of the slot share, and a message at each release. KEYS: lock
 * and counter for an acquisition, lock and channel for a release.
 */
export const FENCED_LOCKS: Program = {
  script: `local out = {}
for i = 1, #KEYS / 2 do
  local lock, other, token, ttl = KEYS[2 * i - 1], KEYS[2 * i], ARGV[2 * i - 1], ARGV[2 * i]
  out[i] = 0
  if ttl ~= "0" then
    if redis.call("SET", lock, token, "NX", "PX", ttl) then
      out[i] = redis.call("INCR", other)
    end
  elseif redis.call("GET", lock) == token then
    redis.call("DEL", lock)
    out[i] = 1 + redis.call("PUBLISH", other, "")
  end
end
return out`,
  keys: (name, isRelease) => [name, isRelease ? `~wake:${name}` : `~fence:${slotOf(name)}`],
};

/** Maximum number of operations in one call, because a script blocks its server. */
const MAX_BATCH = 256;

/** Receives the answer to one operation. */
export interface ReplyHandler {
  onReply(hasEffect: boolean): void;
  onError(error: Error): void;
}

/** One connection that sends the operations of one tick together. */
export class SocketServer {
  readonly #socket: Socket;
  readonly #program: Program;
  readonly #call: string;
  #keys: string[] = [];
  #values: string[] = [];
  #handlers: ReplyHandler[] = [];
  /** Operations in flight, in the order in which they were sent. */
  #inFlight: ReplyHandler[] = [];
  #answered = 0;
  #rest = "";

  static async connect(port: number, program: Program): Promise<SocketServer> {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    await once(socket, "connect");
    socket.write(`*3\r\n${bulk("SCRIPT")}${bulk("LOAD")}${bulk(program.script)}`);
    await once(socket, "data");
    return new SocketServer(socket, program);
  }

  private constructor(socket: Socket, program: Program) {
    this.#socket = socket;
    this.#program = program;
    this.#call = bulk("EVALSHA") + bulk(createHash("sha1").update(program.script).digest("hex"));
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => this.#read(chunk));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("the connection was closed")));
  }

  send(name: string, token: string, ttl: string, handler: ReplyHandler): void {
    this.#keys.push(...this.#program.keys(name, ttl === "0"));
    this.#values.push(token, ttl);
    if (this.#handlers.push(handler) === 1) process.nextTick(() => this.#flush());
  }

  close(): void {
    this.#socket.destroy();
  }

  #flush(): void {
    const [keys, values, handlers] = [this.#keys, this.#values, this.#handlers];
    this.#keys = [];
    this.#values = [];
    this.#handlers = [];
    let text = "";
    const each = keys.length / handlers.length;
    for (let from = 0; from < handlers.length; from += MAX_BATCH) {
      const count = Math.min(MAX_BATCH, handlers.length - from);
      text += `*${3 + (each + 2) * count}\r\n${this.#call}${bulk(String(each * count))}`;
      for (let index = each * from; index < each * (from + count); index++) text += bulk(keys[index] ?? "");
      for (let index = 2 * from; index < 2 * (from + count); index++) text += bulk(values[index] ?? "");
    }
    for (const handler of handlers) this.#inFlight.push(handler);
    this.#socket.write(text, "latin1");
  }

  /** Replies are arrays of numbers. Only the first digit after each colon matters: 0 means no effect. */
  #read(chunk: string): void {
    const text = this.#rest + chunk;
    const end = text.lastIndexOf("\r\n") + 2;
    this.#rest = text.slice(end);
    for (let at = 0; at < end; at = text.indexOf("\r\n", at) + 2) {
      const type = text.charCodeAt(at);
      if (type === COLON) this.#inFlight[this.#answered++]?.onReply(text.charCodeAt(at + 1) !== ZERO);
      else if (type === MINUS) return this.#fail(new Error(text.slice(at + 1, text.indexOf("\r\n", at))));
    }
    if (this.#answered === this.#inFlight.length) {
      this.#inFlight = [];
      this.#answered = 0;
    }
  }

  #fail(error: Error): void {
    for (const handler of this.#inFlight.slice(this.#answered)) handler.onError(error);
    this.#inFlight = [];
    this.#answered = 0;
    this.#socket.destroy();
  }
}

const COLON = 0x3a;
const MINUS = 0x2d;
const ZERO = 0x30;

/** Keys and tokens contain only characters of one byte. */
function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

const SLOTS = 16_384;

/** A hash of the name (FNV-1a). It is not the CRC16 of Redis Cluster, but spreads names as well. */
function slotOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++)
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % SLOTS;
}
