import { SCRIPT } from "../../../packages/quorumlock/src/generated/scripts.ts";
import { MemoryStore } from "../../../packages/quorumlock/src/instances/memory-store.ts";
import { perform } from "../../../packages/quorumlock/src/operations/index.ts";
import type { Reply, Request } from "../../../packages/quorumlock/src/operations/request.ts";
import type { Store } from "../../../packages/quorumlock/src/operations/store.ts";
import { type ClockTraits, PartyClock } from "./party-clock.ts";
import type { Random } from "./random.ts";
import type { Time } from "./time.ts";
import { readCall } from "./read-call.ts";

/** A script call as it lies on the wire. */
export interface Call {
  readonly command: "EVAL" | "EVALSHA";
  readonly script: string;
  readonly args: readonly string[];
}

/** The server's end of a connection. */
export interface ServerEnd {
  /** The server broke it off. */
  broken(error: Error): void;
}

/** Is told what a server carried out. */
export interface ServerWatcher {
  carriedOut(server: Server, request: Request, reply: Reply): void;
}

/** Where an answer to `identify` says whether every write goes to a file. */
const APPEND_ONLY = 4;

/**
 * One lock server: the in-memory store of the library behind a process that can hang, crash and come back with or
 * without its memory.
 */
export class Server {
  readonly index: number;
  readonly label: string;
  readonly clock: PartyClock;
  /** Whether it writes every change to disk before it answers (`appendfsync always`). */
  readonly durable: boolean;
  readonly #random: Random;
  readonly #watcher: ServerWatcher;
  readonly #ends = new Set<ServerEnd>();
  #memory: MemoryStore;
  #store: ProcessStore;
  /** Whether the script was loaded into this process. Its text does not matter: the twins carry it out. */
  #scriptKnown = false;
  #state: "running" | "hung" | "down" = "running";
  /** What arrived while it hung. */
  #backlog: (() => void)[] = [];
  /** Counts its processes: what was sent to an earlier one never reaches a later one. */
  process = 1;

  constructor(
    index: number,
    time: Time,
    traits: ClockTraits & { readonly durable: boolean },
    random: Random,
    watcher: ServerWatcher,
  ) {
    this.index = index;
    this.label = `server-${index}`;
    this.#random = random;
    this.#watcher = watcher;
    this.clock = new PartyClock(time, traits);
    this.durable = traits.durable;
    this.#memory = this.#emptyMemory();
    this.#store = this.#startProcess(Infinity);
  }

  get running(): boolean {
    return this.#state === "running";
  }

  get down(): boolean {
    return this.#state === "down";
  }

  connect(end: ServerEnd): void {
    this.#ends.add(end);
  }

  disconnect(end: ServerEnd): void {
    this.#ends.delete(end);
  }

  /** Something arrives: it is taken up at once, or when the server goes on, or never. */
  receive(process: number, work: () => void): void {
    if (process !== this.process || this.#state === "down") return;
    if (this.#state === "hung") this.#backlog.push(work);
    else work();
  }

  /** @throws Error NOSCRIPT where it does not know the script. */
  carryOut({ command, script, args }: Call): readonly unknown[] {
    if (script !== (command === "EVAL" ? SCRIPT.text : SCRIPT.sha))
      throw new Error(`unknown script ${script}`);
    if (command === "EVALSHA" && !this.#scriptKnown) throw new Error("NOSCRIPT No matching script");
    this.#scriptKnown = true;
    return readCall(args).map((request) => {
      const reply = this.#tells(perform(this.#store, request), request);
      this.#watcher.carriedOut(this, request, reply);
      return reply;
    });
  }

  subscribe(channel: string, told: (message: string) => void): () => void {
    return this.#memory.subscribe(channel, told);
  }

  setting(name: string): string | undefined {
    return name === "appendfsync" ? (this.durable ? "always" : "everysec") : undefined;
  }

  hang(): void {
    if (this.#state === "running") this.#state = "hung";
  }

  goOn(): void {
    if (this.#state !== "hung") return;
    this.#state = "running";
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const work of backlog) work();
  }

  crash(): void {
    if (this.#state === "down") return;
    this.#state = "down";
    this.#backlog = [];
    this.process += 1;
    for (const end of this.#ends) end.broken(new Error("the server closed the connection"));
    this.#ends.clear();
  }

  /** Starts again, with its memory where that was written to disk. */
  start(): void {
    if (this.#state !== "down") return;
    this.#state = "running";
    this.#scriptKnown = false;
    if (!this.durable) this.#memory = this.#emptyMemory();
    this.#store = this.#startProcess(this.clock.wall());
  }

  flushScripts(): void {
    this.#scriptKnown = false;
  }

  /** Throws a key out, as a full server does that may; tells whether it was there. */
  evict(key: string): boolean {
    return this.#memory.delete(key);
  }

  keys(): readonly string[] {
    return this.#memory.keys();
  }

  /** The store in memory says that it keeps no file; a durable server does. */
  #tells(reply: Reply, { operation }: Request): Reply {
    return operation === "identify" && this.durable && typeof reply !== "number"
      ? (reply.with(APPEND_ONLY, 1) as unknown as Reply)
      : reply;
  }

  #emptyMemory(): MemoryStore {
    return new MemoryStore({
      monotonic: () => this.clock.monotonic(),
      wall: () => this.clock.wall(),
      timer: () => ({ cancel: () => undefined, keepAlive: () => undefined }),
      nextTick: () => undefined,
      afterIo: () => undefined,
      random: () => this.#random.next(),
      randomToken: () => this.#random.whole(0, 0xffffffff).toString(16),
    });
  }

  #startProcess(startedAt: number): ProcessStore {
    const runId = `${this.label}:${this.process}:${this.#random.whole(0, 0xffff)}`;
    return new ProcessStore(this.#memory, this.clock, runId, startedAt);
  }
}

/** The memory as one process of the server shows it: under its own `run_id`. */
class ProcessStore implements Store {
  readonly runId: string;
  readonly #memory: MemoryStore;
  readonly #clock: PartyClock;
  /** Wall time; `Infinity` for the first process: nothing was ever forgotten before it. */
  readonly #startedAt: number;

  constructor(memory: MemoryStore, clock: PartyClock, runId: string, startedAt: number) {
    this.#memory = memory;
    this.#clock = clock;
    this.runId = runId;
    this.#startedAt = startedAt;
  }

  get(key: string): string | undefined {
    return this.#memory.get(key);
  }

  set(key: string, value: string, ttlMs: number): void {
    this.#memory.set(key, value, ttlMs);
  }

  delete(key: string): boolean {
    return this.#memory.delete(key);
  }

  remaining(key: string): number {
    return this.#memory.remaining(key);
  }

  timeUs(): number {
    return this.#memory.timeUs();
  }

  publish(channel: string, message: string): number {
    return this.#memory.publish(channel, message);
  }

  keys(): readonly string[] {
    return this.#memory.keys();
  }

  uptime(): number {
    if (this.#startedAt === Infinity) return Infinity;
    return Math.max(0, Math.floor((this.#clock.wall() - this.#startedAt) / 1000));
  }
}
