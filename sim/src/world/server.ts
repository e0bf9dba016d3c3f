import {
  hashSlot,
  identifyOperation,
  MemoryStore,
  MODES_SCRIPT,
  MUTEX_SCRIPT,
  OBSERVE_SCRIPT,
  OPERATOR_SCRIPT,
  RECORD_SCRIPT,
  QUOTA_SCRIPT,
  perform,
  type Reply,
  type Request,
  SERVER_SCRIPT,
  SLOTS_SCRIPT,
  type Store,
  type StoredKey,
} from "../library.ts";
import { type ClockTraits, MachineClock } from "./machine-clock.ts";
import type { Random } from "./random.ts";
import { readCall } from "./read-call.ts";
import type { Time } from "./time.ts";

/** A script call as it is sent. */
export interface Call {
  readonly command: "EVAL" | "EVALSHA";
  readonly script: string;
  readonly args: readonly string[];
}

/** The server's end of a connection. */
export interface ServerEnd {
  /** The server closed the connection. */
  onClosedByServer(error: Error): void;
}

export interface ServerWatcher {
  /** The server executed a request. */
  onExecuted(server: Server, request: Request, reply: Reply): void;
  /** The server refused a call. */
  onCallRefused(server: Server, error: string): void;
  /** The server published a message. */
  onPublished(server: Server, channel: string, message: string): void;
}

const SCRIPTS = [
  MUTEX_SCRIPT,
  OBSERVE_SCRIPT,
  MODES_SCRIPT,
  SLOTS_SCRIPT,
  QUOTA_SCRIPT,
  OPERATOR_SCRIPT,
  RECORD_SCRIPT,
  SERVER_SCRIPT,
];

/** The index in a reply to `identify` that says whether the server keeps an append-only file. */
const APPEND_ONLY_INDEX = 4;

/** How long the server that takes over in a fail-over has run. */
const SPARE_UPTIME_MS = 3 * 24 * 3_600_000;

/**
 * One lock server: the in-memory store of the library inside a process. The process can hang, crash and restart with or
 * without its data. A cluster is one server that its clients reach over several connections.
 */
export class Server {
  readonly index: number;
  readonly label: string;
  readonly clock: MachineClock;
  /** Whether it writes every change to disk before it replies (`appendfsync always`). */
  readonly isDurable: boolean;
  /** Number of its nodes if it is a cluster; 1 otherwise. */
  readonly nodes: number;
  readonly #random: Random;
  readonly #watcher: ServerWatcher;
  readonly #connections = new Set<ServerEnd>();
  #memory: MemoryStore;
  /** The latest snapshot on disk. */
  #snapshot: readonly StoredKey[] = [];
  #store: ProcessStore;
  /** The SHA-1 of the scripts that this process has loaded. Their text is not used: the TypeScript twins run instead. */
  readonly #loadedScripts = new Set<string>();
  #state: "running" | "hung" | "down" = "running";
  #refusal: string | undefined;
  /** Messages that arrived while the server hung. */
  #backlog: (() => void)[] = [];
  /** The number of the present process. A message to an earlier process never reaches a later one. */
  process = 1;

  constructor(
    index: number,
    time: Time,
    traits: ClockTraits & { readonly durable: boolean; readonly nodes?: number },
    random: Random,
    watcher: ServerWatcher,
  ) {
    this.nodes = traits.nodes ?? 1;
    this.index = index;
    this.label = `server-${index}`;
    this.#random = random;
    this.#watcher = watcher;
    this.clock = new MachineClock(time, traits);
    this.isDurable = traits.durable;
    this.#memory = this.#emptyMemory();
    this.#store = this.#startProcess(Infinity);
  }

  get isCluster(): boolean {
    return this.nodes > 1;
  }

  get isRunning(): boolean {
    return this.#state === "running";
  }

  get isDown(): boolean {
    return this.#state === "down";
  }

  addConnection(end: ServerEnd): void {
    this.#connections.add(end);
  }

  removeConnection(end: ServerEnd): void {
    this.#connections.delete(end);
  }

  /** A message arrives. It is handled at once, or after a hang, or never if the process has died. */
  receive(process: number, handle: () => void): void {
    if (process !== this.process || this.#state === "down") return;
    if (this.#state === "hung") this.#backlog.push(handle);
    else handle();
  }

  /** Replies with this error to every call; `undefined` ends that. */
  refuse(error: string | undefined): void {
    this.#refusal = error;
  }

  /** @throws Error NOSCRIPT if the server has not loaded the script, or the error with which it refuses calls. */
  execute({ command, script, args }: Call): readonly unknown[] {
    if (this.#refusal !== undefined) {
      this.#watcher.onCallRefused(this, this.#refusal);
      throw new Error(`${this.#refusal} the server refuses the call`);
    }
    const known = SCRIPTS.map((scripts) => (this.isCluster ? scripts.cluster : scripts.single)).find(
      ({ text, sha }) => script === (command === "EVAL" ? text : sha),
    );
    if (known === undefined) throw new Error(`unknown script ${script}`);
    if (command === "EVALSHA" && !this.#loadedScripts.has(known.sha))
      throw new Error("NOSCRIPT No matching script");
    this.#loadedScripts.add(known.sha);
    const requests = readCall(args);
    if (this.isCluster && new Set(requests.flatMap(({ keys }) => keys.map(hashSlot))).size > 1)
      throw new Error("CROSSSLOT Keys in request don't hash to the same slot");
    return requests.map((request) => {
      const reply = this.#withDurability(perform(this.#store, request), request);
      this.#watcher.onExecuted(this, request, reply);
      return reply;
    });
  }

  subscribe(channel: string, onMessage: (message: string) => void): () => void {
    return this.#memory.subscribe(channel, onMessage);
  }

  setting(name: string): string | undefined {
    // The reply of a cluster would come from one node only.
    return name === "appendfsync" && !this.isCluster ? (this.isDurable ? "always" : "everysec") : undefined;
  }

  hang(): void {
    if (this.#state === "running") this.#state = "hung";
  }

  resume(): void {
    if (this.#state !== "hung") return;
    this.#state = "running";
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const handle of backlog) handle();
  }

  crash(): void {
    if (this.#state === "down") return;
    this.#state = "down";
    this.#backlog = [];
    this.process += 1;
    for (const end of this.#connections) end.onClosedByServer(new Error("the server closed the connection"));
    this.#connections.clear();
  }

  /** Starts a new process. A durable server keeps its data, any other server starts with its snapshot or empty. */
  start(loadsSnapshot = false): void {
    this.#start(this.isDurable ? undefined : loadsSnapshot ? this.#snapshot : [], this.clock.wall());
  }

  /** Another server with the latest snapshot takes the address. It has run for days. */
  failOver(): void {
    this.#start(this.#snapshot, this.clock.wall() - SPARE_UPTIME_MS);
  }

  /** Starts a process with these data; `undefined` if it has those of the process before it. */
  #start(data: readonly StoredKey[] | undefined, startedAt: number): void {
    if (this.#state !== "down") return;
    this.#state = "running";
    this.#loadedScripts.clear();
    if (data !== undefined) this.#memory = this.#memoryWith(data);
    this.#store = this.#startProcess(startedAt);
  }

  /** Writes a snapshot of all keys. */
  save(): void {
    this.#snapshot = this.#memory.copy();
  }

  /** Deletes all keys. */
  flush(): void {
    for (const key of this.#memory.keys()) this.#memory.delete(key);
  }

  flushScripts(): void {
    this.#loadedScripts.clear();
  }

  /** Deletes a key, as a full server may do. Returns whether the key existed. */
  evict(key: string): boolean {
    return this.#memory.delete(key);
  }

  keys(): readonly string[] {
    return this.#memory.keys();
  }

  /** The in-memory store reports no append-only file. A durable server has one, so its reply is corrected. */
  #withDurability(reply: Reply, { operation }: Request): Reply {
    return operation === identifyOperation && this.isDurable && typeof reply !== "number"
      ? (reply.with(APPEND_ONLY_INDEX, 1) as unknown as Reply)
      : reply;
  }

  #emptyMemory(): MemoryStore {
    return new MemoryStore({
      monotonic: () => this.clock.monotonic(),
      // Servers compare expiries in whole milliseconds.
      wall: () => Math.floor(this.clock.wall()),
      setTimer: () => ({ cancel: () => undefined, setKeepAlive: () => undefined }),
      nextTick: () => undefined,
      afterIo: () => undefined,
      random: () => this.#random.next(),
      randomToken: () => this.#random.integer(0, 0xffffffff).toString(16),
    });
  }

  #memoryWith(keys: readonly StoredKey[]): MemoryStore {
    const memory = this.#emptyMemory();
    memory.load(keys);
    return memory;
  }

  #startProcess(startedAt: number): ProcessStore {
    const runId = `${this.label}:${this.process}:${this.#random.integer(0, 0xffff)}`;
    const memory = this.#memory;
    const publish = (channel: string, message: string): void => {
      this.#watcher.onPublished(this, channel, message);
      memory.publish(channel, message);
    };
    return new ProcessStore({ memory, publish }, this.clock, runId, startedAt);
  }
}

/** The data of a server as one process shows it, under the `run_id` of that process. */
class ProcessStore implements Store {
  readonly runId: string;
  readonly publish: Store["publish"];
  readonly #memory: MemoryStore;
  readonly #clock: MachineClock;
  /** Wall time; `Infinity` for the first process, because no data was lost before it. */
  readonly #startedAt: number;

  constructor(
    { memory, publish }: { readonly memory: MemoryStore; readonly publish: Store["publish"] },
    clock: MachineClock,
    runId: string,
    startedAt: number,
  ) {
    this.#memory = memory;
    this.publish = publish;
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

  expire(key: string, ttlMs: number): void {
    this.#memory.expire(key, ttlMs);
  }

  remaining(key: string): number {
    return this.#memory.remaining(key);
  }

  score(key: string, member: string): number | undefined {
    return this.#memory.score(key, member);
  }

  addMember(key: string, member: string, score: number): void {
    this.#memory.addMember(key, member, score);
  }

  removeMember(key: string, member: string): void {
    this.#memory.removeMember(key, member);
  }

  members(key: string): readonly (readonly [member: string, score: number])[] {
    return this.#memory.members(key);
  }

  field(key: string, field: string): string | undefined {
    return this.#memory.field(key, field);
  }

  fields(key: string): readonly (readonly [field: string, value: string])[] {
    return this.#memory.fields(key);
  }

  setField(key: string, field: string, value: string): void {
    this.#memory.setField(key, field, value);
  }

  removeField(key: string, field: string): void {
    this.#memory.removeField(key, field);
  }

  keys(): readonly string[] {
    return this.#memory.keys();
  }

  timeUs(): number {
    return Math.floor(this.#clock.wall() * 1000);
  }

  uptime(): number {
    if (this.#startedAt === Infinity) return Infinity;
    return Math.max(0, Math.floor((this.#clock.wall() - this.#startedAt) / 1000));
  }
}
