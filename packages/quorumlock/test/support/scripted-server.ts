import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { freePort } from "../../src/testing/free-port.ts";
import { CommandReader, encodeReply, RespError, RespMap, RespPush, type RespValue } from "./resp.ts";
import type { Request } from "../../src/operations/request.ts";
import { ScriptHost, unpack } from "./script-host.ts";

/** A command that the server received. */
export interface Received {
  /** The number of its connection. The first connection has the number 1. */
  readonly connection: number;
  /** In lower case. */
  readonly name: string;
  readonly args: readonly string[];
  /** The requests of a script call, in order. Empty for other commands. */
  readonly requests: readonly Request[];
  /** The names of their operations. */
  readonly operations: readonly string[];
}

/** A request that the server carried out. */
export interface Executed {
  readonly connection: number;
  readonly operation: string;
  /** The first argument: for acquire and release, the token of the lock. */
  readonly token: string | undefined;
}

/** How the server breaks a connection. */
export type Break = "FIN" | "RST";

/**
 * What the server does with a command:
 *
 * - `answer`: carries it out and replies.
 * - `fragments`: the same, but each byte of the reply is a write of its own.
 * - `error`: replies with this error instead.
 * - `hang`: stops at this command until `resume()`. Like a server that is paused, it does not carry it out.
 * - `holdReply`: carries it out, and keeps this reply and all later ones of the connection until `resume()`.
 * - `dropBefore`, `dropAfter`: breaks the connection before or after it carries the command out, without a reply.
 */
export type Step =
  | "answer"
  | "fragments"
  | "hang"
  | "holdReply"
  | { readonly error: string }
  | { readonly dropBefore: Break }
  | { readonly dropAfter: Break };

/** Decides about each command, in the order in which a server would carry them out. */
export type Script = (command: Received) => Step;

const ANSWER: Script = () => "answer";

/** What a node of a cluster knows about the others. */
export interface ClusterView {
  /** The reply to `CLUSTER SLOTS`. */
  readonly slots: RespValue;
  /** The error for keys that do not all belong to one slot of the node with this port. */
  refusal(keys: readonly string[], port: number): string | undefined;
}

/**
 * A server for tests that decide, command by command, how it answers and when it breaks a connection. It speaks RESP 2 and 3, and
 * carries out the scripts of the library with their twins.
 */
export class ScriptedServer {
  readonly port: number;
  /** Everything that was received, in order. */
  readonly received: Received[] = [];
  /** Every request that was carried out, in order. */
  readonly executed: Executed[] = [];
  script: Script = ANSWER;
  /** Set for a node of a cluster. */
  cluster: ClusterView | undefined;
  #host: ScriptHost;
  #listener: Server | undefined;
  #connectionCount = 0;
  readonly #open = new Set<ServerConnection>();

  private constructor(port: number, host: ScriptHost) {
    this.port = port;
    this.#host = host;
  }

  static async start(host = new ScriptHost()): Promise<ScriptedServer> {
    const server = new ScriptedServer(await freePort(), host);
    await server.listen();
    return server;
  }

  get host(): ScriptHost {
    return this.#host;
  }

  /** The keys of locks. */
  get locks(): readonly string[] {
    return this.#host.store.keys().filter((key) => key.startsWith("lock:") && !key.includes("~"));
  }

  /** The numbers of the open connections. */
  get connections(): readonly number[] {
    return [...this.#open].map(({ number }) => number);
  }

  /** How many connections were ever opened. */
  get connectionCount(): number {
    return this.#connectionCount;
  }

  /** The channels that each open connection has subscribed, by the connection's number. */
  get subscriptions(): Readonly<Record<number, readonly string[]>> {
    const subscribed = [...this.#open].filter(({ channels }) => channels.size > 0);
    return Object.fromEntries(subscribed.map(({ number, channels }) => [number, [...channels.keys()]]));
  }

  /** The operations that a connection received, in order. */
  operationsOn(connection: number): readonly string[] {
    return this.received.filter((each) => each.connection === connection).flatMap((each) => each.operations);
  }

  /** All script calls, in order: connection, command and operations. */
  get calls(): readonly string[] {
    return this.received
      .filter(({ operations }) => operations.length > 0)
      .map(({ connection, name, operations }) => `${connection} ${name} ${operations.join("+")}`);
  }

  /** Opens the port, also after `refuse()`. */
  async listen(): Promise<void> {
    const listener = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#listener = listener;
    listener.listen(this.port, "127.0.0.1");
    await once(listener, "listening");
  }

  /** Closes the port. New connections are refused, and open ones stay. */
  refuse(): void {
    this.#listener?.close();
    this.#listener = undefined;
  }

  /** Breaks open connections: all of them, or those with these numbers. */
  break(how: Break, numbers = this.connections): void {
    for (const connection of this.#open) if (numbers.includes(connection.number)) connection.break(how);
  }

  /** Ends the subscriptions of these sharded channels, as a node does that has lost their slot. */
  dropChannels(isLost: (channel: string) => boolean): void {
    for (const connection of this.#open) connection.dropChannels(isLost);
  }

  /** Goes on after `hang` and `holdReply`, on all connections. */
  resume(): void {
    for (const connection of this.#open) connection.resume();
  }

  /** Breaks all connections, and loses all data and scripts, like a restart without a file. */
  restart(how: Break): void {
    this.break(how);
    this.#host = new ScriptHost();
    this.#host.store.restartUptime();
  }

  stop(): void {
    this.refuse();
    this.break("RST");
  }

  #accept(socket: Socket): void {
    this.#connectionCount += 1;
    const connection = new ServerConnection(this, this.#connectionCount, socket);
    this.#open.add(connection);
    socket.once("close", () => {
      connection.unsubscribeAll();
      this.#open.delete(connection);
    });
  }
}

/** Commands whose first argument is a key or a sharded channel. */
const KEYED = new Set(["get", "set", "ssubscribe", "sunsubscribe"]);

class ServerConnection {
  readonly number: number;
  /** The function that ends each subscription, by channel. */
  readonly channels = new Map<string, () => void>();
  readonly #server: ScriptedServer;
  readonly #socket: Socket;
  readonly #waiting: Received[] = [];
  /** Replies that are not sent yet, in order. */
  readonly #replies: { readonly text: string; readonly isFragmented: boolean }[] = [];
  #version: 2 | 3 = 2;
  #isHanging = false;
  #holdsReplies = false;
  #isSending = false;
  #isBroken = false;

  constructor(server: ScriptedServer, number: number, socket: Socket) {
    this.#server = server;
    this.number = number;
    this.#socket = socket;
    const reader = new CommandReader();
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      for (const [name = "", ...args] of reader.read(data)) this.#receive(name.toLowerCase(), args);
      this.#work();
    });
  }

  break(how: Break): void {
    this.#isBroken = true;
    this.unsubscribeAll();
    if (how === "RST") this.#socket.resetAndDestroy();
    else this.#socket.end();
  }

  dropChannels(isLost: (channel: string) => boolean): void {
    for (const channel of [...this.channels.keys()].filter(isLost))
      this.#unsubscribe("sunsubscribe", channel);
    void this.#send();
  }

  unsubscribeAll(): void {
    for (const end of this.channels.values()) end();
    this.channels.clear();
  }

  resume(): void {
    const [isHanging, command] = [this.#isHanging, this.#waiting[0]];
    this.#isHanging = false;
    this.#holdsReplies = false;
    if (isHanging && command !== undefined) {
      this.#waiting.shift();
      this.#reply(this.#carryOut(command));
    }
    this.#work();
    void this.#send();
  }

  #receive(name: string, args: readonly string[]): void {
    if (this.#isBroken) return;
    const isCall = name === "eval" || name === "evalsha";
    const requests = isCall ? unpack(args.slice(1)) : [];
    const operations = requests.map(({ operation }) => operation.name);
    const command = { connection: this.number, name, args, requests, operations };
    this.#server.received.push(command);
    this.#waiting.push(command);
  }

  #work(): void {
    while (!this.#isHanging && !this.#isBroken && this.#waiting.length > 0) this.#take(this.#waiting[0]!);
    void this.#send();
  }

  #take(command: Received): void {
    const step = this.#server.script(command);
    if (step === "hang") {
      this.#isHanging = true;
      return;
    }
    this.#waiting.shift();
    if (typeof step === "object" && "error" in step) {
      this.#reply(new RespError(step.error));
    } else if (typeof step === "object") {
      if ("dropAfter" in step) this.#carryOut(command);
      this.break("dropAfter" in step ? step.dropAfter : step.dropBefore);
    } else {
      if (step === "holdReply") this.#holdsReplies = true;
      this.#reply(this.#carryOut(command), step === "fragments");
      if (command.name === "quit") void this.#send().then(() => this.break("FIN"));
    }
  }

  #reply(value: RespValue | undefined, isFragmented = false): void {
    if (value !== undefined) this.#replies.push({ text: encodeReply(value, this.#version), isFragmented });
  }

  /** Sends the replies of one turn in one write, except those that are sent byte by byte. */
  async #send(): Promise<void> {
    if (this.#isSending || this.#holdsReplies) return;
    this.#isSending = true;
    while (this.#replies.length > 0 && !this.#isBroken && !this.#holdsReplies) {
      const { text, isFragmented } = this.#replies.shift()!;
      let whole = text;
      if (isFragmented) {
        for (const byte of Buffer.from(text)) {
          this.#socket.write(Buffer.of(byte));
          await new Promise((resolve) => setImmediate(resolve));
        }
        continue;
      }
      while (this.#replies[0]?.isFragmented === false) whole += this.#replies.shift()!.text;
      this.#socket.write(whole);
    }
    this.#isSending = false;
  }

  /** Carries out a command. Returns its reply; `undefined` if the reply consists of messages that were sent already. */
  #carryOut({ name, args, requests }: Received): RespValue | undefined {
    const { host, cluster, port } = this.#server;
    const [first = "", ...rest] = args;
    const keys = KEYED.has(name) ? [first] : requests.flatMap((request) => request.keys);
    const refusal = cluster?.refusal(keys, port);
    if (refusal !== undefined) return new RespError(refusal);
    switch (name) {
      case "hello":
        this.#version = first === "3" ? 3 : 2;
        return new RespMap("server", "redis", "version", "7.4.0", "proto", this.#version, "role", "master");
      case "info":
        return "loading:0\r\nredis_mode:standalone\r\nrole:master\r\n";
      case "cluster":
        return first.toLowerCase() === "slots" ? (cluster?.slots ?? []) : "cluster_state:ok\r\n";
      case "ping":
        return this.#version === 2 && this.channels.size > 0 ? ["pong", ""] : "PONG";
      case "config":
        return new RespMap();
      case "subscribe":
      case "ssubscribe":
        args.forEach((channel) => this.#subscribe(name, channel));
        return undefined;
      case "unsubscribe":
      case "sunsubscribe":
        args.forEach((channel) => this.#unsubscribe(name, channel));
        return undefined;
      case "get":
        return host.store.get(first) ?? null;
      case "set":
        host.store.set(first, rest[0] ?? "", Infinity);
        return "OK";
      case "publish":
        host.store.publish(first, rest[0] ?? "");
        return 0;
      case "evalsha":
        return host.knows(first) ? this.#run(requests) : new RespError("NOSCRIPT No matching script.");
      case "eval":
        host.load(first);
        return this.#run(requests);
      default:
        return "OK";
    }
  }

  #run(requests: readonly Request[]): RespValue {
    for (const { operation, args } of requests)
      this.#server.executed.push({ connection: this.number, operation: operation.name, token: args[0] });
    return this.#server.host.run(requests);
  }

  /** `command`: with or without the `s` of sharded channels. */
  #subscribe(command: string, channel: string): void {
    if (!this.channels.has(channel)) {
      const kind = command === "ssubscribe" ? "smessage" : "message";
      const onMessage = (message: string): void => {
        this.#reply(new RespPush(kind, channel, message));
        void this.#send();
      };
      this.channels.set(channel, this.#server.host.store.subscribe(channel, onMessage));
    }
    this.#reply(new RespPush(command, channel, this.channels.size));
  }

  #unsubscribe(command: string, channel: string): void {
    this.channels.get(channel)?.();
    this.channels.delete(channel);
    this.#reply(new RespPush(command, channel, this.channels.size));
  }
}
