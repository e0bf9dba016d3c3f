import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/**
 * Many operations in one call. KEYS: locks; ARGV: a token and a ttl for each, where ttl 0 releases. Returns 1 for each that
 * took effect, and 0 for each that did not.
 */
const SCRIPT = `local out = {}
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
return out`;
const SHA = createHash("sha1").update(SCRIPT).digest("hex");

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
  #keys: string[] = [];
  #values: string[] = [];
  #askers: Asker[] = [];
  /** Who waits for answers, in the order of the operations. */
  #waiting: Asker[] = [];
  #answered = 0;
  #rest = "";

  static async connect(port: number): Promise<SocketServer> {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    await once(socket, "connect");
    socket.write(`*3\r\n${bulk("SCRIPT")}${bulk("LOAD")}${bulk(SCRIPT)}`);
    await once(socket, "data");
    return new SocketServer(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => this.#read(chunk));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("the connection was closed")));
  }

  ask(key: string, token: string, ttl: string, asker: Asker): void {
    if (this.#keys.push(key) === 1) process.nextTick(() => this.#flush());
    this.#values.push(token, ttl);
    this.#askers.push(asker);
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
    for (let from = 0; from < keys.length; from += MOST_TOGETHER) {
      const count = Math.min(MOST_TOGETHER, keys.length - from);
      text += `*${3 + 3 * count}\r\n${CALL}${bulk(String(count))}`;
      for (let index = from; index < from + count; index++) text += bulk(keys[index] ?? "");
      for (let index = 2 * from; index < 2 * (from + count); index++) text += bulk(values[index] ?? "");
    }
    for (const asker of askers) this.#waiting.push(asker);
    this.#socket.write(text, "latin1");
  }

  /** Replies are arrays of `:0` and `:1`: only the digits after a colon matter. */
  #read(chunk: string): void {
    const text = this.#rest + chunk;
    const end = text.lastIndexOf("\r\n") + 2;
    this.#rest = text.slice(end);
    for (let at = 0; at < end; at = text.indexOf("\r\n", at) + 2) {
      const type = text.charCodeAt(at);
      if (type === COLON) this.#waiting[this.#answered++]?.answer(text.charCodeAt(at + 1) === ONE);
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
const ONE = 0x31;
const CALL = bulk("EVALSHA") + bulk(SHA);

/** Keys and tokens here are of characters of one byte. */
function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}
