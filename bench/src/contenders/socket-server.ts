import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** What a server is given to run, and which keys an operation takes. */
export interface Program {
  readonly script: string;
  keys(name: string, releases: boolean): readonly string[];
}

/**
 * Many operations in one call. KEYS: locks; ARGV: a token and a ttl for each, where ttl 0 releases. Returns a number above 0
 * for each that took effect, and 0 for each that did not.
 */
export const LOCKS_ONLY: Program = {
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

/** The same with a fencing counter that stays for a week, and a message at each release. KEYS: lock, counter or channel, … */
export const EVERYTHING_ON: Program = {
  script: `local out = {}
for i = 1, #KEYS / 2 do
  local lock, other, token, ttl = KEYS[2 * i - 1], KEYS[2 * i], ARGV[2 * i - 1], ARGV[2 * i]
  out[i] = 0
  if ttl ~= "0" then
    if redis.call("SET", lock, token, "NX", "PX", ttl) then
      out[i] = redis.call("INCR", other)
      redis.call("PEXPIRE", other, "604800000")
    end
  elseif redis.call("GET", lock) == token then
    redis.call("DEL", lock)
    out[i] = 1 + redis.call("PUBLISH", other, "")
  end
end
return out`,
  keys: (name, releases) => [name, `{${name}}:${releases ? "wake" : "fence"}`],
};

/** So many operations in one call at most: a server must not be blocked for long. */
const MOST_TOGETHER = 256;

/** Who is told the answer to an operation. */
export interface Asker {
  answer(yes: boolean): void;
  fail(error: Error): void;
}

/** One connection that gathers the operations of a tick and sends them together. */
export class SocketServer {
  readonly #socket: Socket;
  readonly #program: Program;
  readonly #call: string;
  #keys: string[] = [];
  #values: string[] = [];
  #askers: Asker[] = [];
  /** Who waits for answers, in the order of the operations. */
  #waiting: Asker[] = [];
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

  ask(name: string, token: string, ttl: string, asker: Asker): void {
    this.#keys.push(...this.#program.keys(name, ttl === "0"));
    this.#values.push(token, ttl);
    if (this.#askers.push(asker) === 1) process.nextTick(() => this.#flush());
  }

  close(): void {
    this.#socket.destroy();
  }

  #flush(): void {
    const [keys, values, askers] = [this.#keys, this.#values, this.#askers];
    this.#keys = [];
    this.#values = [];
    this.#askers = [];
    let text = "";
    const each = keys.length / askers.length;
    for (let from = 0; from < askers.length; from += MOST_TOGETHER) {
      const count = Math.min(MOST_TOGETHER, askers.length - from);
      text += `*${3 + (each + 2) * count}\r\n${this.#call}${bulk(String(each * count))}`;
      for (let index = each * from; index < each * (from + count); index++) text += bulk(keys[index] ?? "");
      for (let index = 2 * from; index < 2 * (from + count); index++) text += bulk(values[index] ?? "");
    }
    for (const asker of askers) this.#waiting.push(asker);
    this.#socket.write(text, "latin1");
  }

  /** Replies are arrays of numbers: whether the first digit after a colon is 0 is all that matters. */
  #read(chunk: string): void {
    const text = this.#rest + chunk;
    const end = text.lastIndexOf("\r\n") + 2;
    this.#rest = text.slice(end);
    for (let at = 0; at < end; at = text.indexOf("\r\n", at) + 2) {
      const type = text.charCodeAt(at);
      if (type === COLON) this.#waiting[this.#answered++]?.answer(text.charCodeAt(at + 1) !== ZERO);
      else if (type === MINUS) return this.#fail(new Error(text.slice(at + 1, text.indexOf("\r\n", at))));
    }
    if (this.#answered === this.#waiting.length) {
      this.#waiting = [];
      this.#answered = 0;
    }
  }

  #fail(error: Error): void {
    for (const asker of this.#waiting.slice(this.#answered)) asker.fail(error);
    this.#waiting = [];
    this.#answered = 0;
    this.#socket.destroy();
  }
}

const COLON = 0x3a;
const MINUS = 0x2d;
const ZERO = 0x30;

/** Keys and tokens here are of characters of one byte. */
function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}
