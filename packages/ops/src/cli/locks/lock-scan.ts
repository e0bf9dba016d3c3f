import { performance } from "node:perf_hooks";
import type { Redis } from "ioredis";
import { lockNameOf } from "quorumlock/operator";
import { CallCost } from "../../monitor/locks/call-cost.ts";
import { isReadableName } from "../../monitor/locks/lock-index.ts";
import { pauseAfter } from "../../monitor/locks/paced.ts";
import { PrefixKeys } from "../../monitor/locks/prefix-keys.ts";
import { KEYS_A_CALL, ScanCalls } from "../../monitor/locks/scan-calls.ts";
import type { ConnectedServer, Connection } from "../connect.ts";
import { callNode, keyNodesOf, lostNodesOf } from "../server-call.ts";
import { NameSet } from "./name-set.ts";

/** A pause as long as a call: so a scan uses at most half of a server. A person waits for its end. */
export const SCAN_PAUSE_FACTOR = 1;
/** A scan remembers so many names, which takes about 40 MB. */
const MAX_NAMES = 1_000_000;

export interface LockScanOptions {
  readonly prefix: string;
  /** `enough`: so many servers that each quorum has one of them. `all` finds names on a minority, too. @default "enough" */
  readonly servers?: "enough" | "all";
  /** Filters names before they count. @default all names */
  readonly matches?: ((name: string) => boolean) | undefined;
  readonly signal: AbortSignal;
}

/**
 * Finds the names of locks with SCAN, never with KEYS, on one server after another. A server that does not answer is replaced by the
 * next one. A name that is locked or released during the scan may be missing.
 */
export class LockScan {
  readonly #connection: Connection;
  readonly #options: LockScanOptions;
  readonly #cost = new CallCost(1);
  readonly #seen = new NameSet();
  readonly #scanned: string[] = [];
  readonly #unanswered: string[] = [];
  #keys = 0;
  #isPrefixUsed = false;
  #otherKeys = 0;
  #isTruncated = false;

  constructor(connection: Connection, options: LockScanOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** How many servers must be scanned. */
  get needed(): number {
    const { servers, quorum } = this.#connection;
    return this.#options.servers === "all" ? servers.length : servers.length - quorum + 1;
  }

  /** The labels of the servers that were scanned to the end. */
  get scanned(): readonly string[] {
    return this.#scanned;
  }

  /** The labels of the servers that did not answer a scan. */
  get unanswered(): readonly string[] {
    return this.#unanswered;
  }

  /** How many keys the scanned servers have, added up. */
  get keys(): number {
    return this.#keys;
  }

  /** How many keys the scanned servers have that are not under the prefix, added up. 0 if a client uses the prefix. */
  get otherKeys(): number {
    return this.#isPrefixUsed ? 0 : this.#otherKeys;
  }

  /** Whether there are more names than a scan remembers. The names behind these are not found. */
  get isTruncated(): boolean {
    return this.#isTruncated;
  }

  /** Whether every name that is on a quorum was found, if it was there all the time. */
  get isComplete(): boolean {
    return this.#scanned.length >= this.needed && !this.#isTruncated;
  }

  /** The names, each once, in groups of at most some hundred. The next group is read when the caller wants it. */
  async *names(): AsyncGenerator<readonly string[]> {
    for (const server of this.#connection.servers) {
      if (this.#scanned.length >= this.needed || this.#isTruncated) return;
      try {
        yield* this.#scanServer(server);
        this.#scanned.push(server.label);
      } catch (error) {
        if (this.#options.signal.aborted) throw error;
        this.#unanswered.push(server.label);
      }
    }
  }

  async *#scanServer(server: ConnectedServer): AsyncGenerator<readonly string[]> {
    const nodes = keyNodesOf(server);
    if (nodes.length === 0 || lostNodesOf(server).length > 0) throw new Error("not connected");
    for (const node of nodes) {
      const size = await this.#call(node, ["DBSIZE"]);
      const keyCount = typeof size === "number" ? size : 0;
      this.#keys += keyCount;
      const found = new PrefixKeys(this.#options.prefix);
      yield* this.#scanNode(node, found);
      this.#isPrefixUsed ||= found.isUsed;
      this.#otherKeys += found.othersOf(keyCount);
    }
  }

  async *#scanNode(node: Redis, onPrefix: PrefixKeys): AsyncGenerator<readonly string[]> {
    const { prefix, matches, signal } = this.#options;
    const calls = new ScanCalls(prefix);
    let cursor = "0";
    do {
      const startedAt = performance.now();
      const page = await this.#page(node, calls, cursor);
      this.#cost.record(performance.now() - startedAt, KEYS_A_CALL);
      cursor = page.cursor;
      onPrefix.add(page.keys);
      const names = page.keys.flatMap((key) => lockNameOf(key, prefix) ?? []);
      const found = names.filter((name) => isReadableName(name) && matches?.(name) !== false);
      const fresh = found.filter((name) => this.#remember(name));
      if (fresh.length > 0) yield fresh;
      await pauseAfter(this.#cost.serverMs(KEYS_A_CALL), signal, 0, SCAN_PAUSE_FACTOR);
      signal.throwIfAborted();
    } while (cursor !== "0" && !this.#isTruncated);
  }

  async #page(node: Redis, calls: ScanCalls, cursor: string): Promise<ReturnType<ScanCalls["read"]>> {
    try {
      return calls.read(await this.#call(node, calls.command(cursor)));
    } catch (error) {
      if (!(error instanceof Error) || !/syntax/i.test(error.message)) throw error;
      return calls.read(await this.#call(node, calls.command(cursor)));
    }
  }

  #call(node: Redis, command: Parameters<typeof callNode>[2]): Promise<unknown> {
    return callNode(node, this.#connection.timeoutMs, command);
  }

  #remember(name: string): boolean {
    if (this.#seen.size >= MAX_NAMES) {
      this.#isTruncated = true;
      return false;
    }
    return this.#seen.add(name);
  }
}
