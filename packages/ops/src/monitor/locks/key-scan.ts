import { performance } from "node:perf_hooks";
import { lockNameOf } from "quorumlock/operator";
import { BoundedConnection } from "../servers/bounded-connection.ts";
import type { MonitorServer } from "../options.ts";
import { CallCost } from "./call-cost.ts";
import { pauseAfter } from "./paced.ts";
import { PrefixKeys } from "./prefix-keys.ts";
import { KEYS_A_CALL, ScanCalls, type ScanPage } from "./scan-calls.ts";

const SCAN_TIMEOUT_MS = 2_000;
/** Time between two whole scans. */
const MIN_INTERVAL_MS = 1_000;
/** Time until a scan is tried again after a server failed. */
const RETRY_MS = 500;

export interface KeyScanOptions {
  readonly servers: readonly MonitorServer[];
  readonly prefix: string;
  /** How many servers must be scanned so that each quorum has one of them. */
  readonly needed: number;
  /** How many keys the server of this index has, as far as it is known. */
  readonly keyCount: (index: number) => number;
  /** Gets the names of each call. */
  readonly onNames: (names: readonly string[]) => void;
}

/**
 * Finds the names of all held locks with SCAN. It scans so many servers that each quorum has one of them, one after another, again and
 * again. A server that fails is replaced by the next one.
 */
export class KeyScan {
  readonly #options: KeyScanOptions;
  readonly #connections: readonly BoundedConnection[];
  readonly #closing = new AbortController();
  readonly #cost = new CallCost(1);
  readonly #calls: ScanCalls;
  #doneServers = 0;
  #visited = 0;
  #scannedAt: number | undefined;
  #scanMs: number | undefined;
  #isPrefixUsed = false;
  #otherKeys = 0;
  #isIncomplete = true;
  /** The index of the server that is scanned. */
  #current = 0;

  constructor(options: KeyScanOptions) {
    this.#options = options;
    this.#calls = new ScanCalls(options.prefix);
    this.#connections = options.servers.map(
      ({ url, redis }) => new BoundedConnection(url, redis, SCAN_TIMEOUT_MS),
    );
  }

  start(): void {
    void this.#run();
  }

  /** Whether the latest scan has seen every name that is on a quorum. */
  get isComplete(): boolean {
    return !this.#isIncomplete;
  }

  /** Share of the running scan, 0 to 1. */
  get progress(): number {
    if (!this.#isIncomplete) return 1;
    const part = Math.min(1, this.#visited / Math.max(1, this.#options.keyCount(this.#current)));
    return Math.min(1, (this.#doneServers + part) / this.#options.needed);
  }

  /** When the latest whole scan ended. Epoch milliseconds. */
  get scannedAt(): number | undefined {
    return this.#scannedAt;
  }

  /** How long the latest whole scan took. */
  get scanMs(): number | undefined {
    return this.#scanMs;
  }

  /**
   * How many keys a server has, none of them under the prefix, as the latest whole scan saw it. 0 if a client has used the prefix since the
   * start.
   */
  get otherKeys(): number {
    return this.#isPrefixUsed ? 0 : this.#otherKeys;
  }

  close(): void {
    this.#closing.abort();
    for (const connection of this.#connections) connection.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const startedAt = performance.now();
      const isWhole = await this.#scanEnough();
      if (signal.aborted) return;
      this.#isIncomplete = !isWhole;
      if (isWhole) {
        this.#scannedAt = Date.now();
        this.#scanMs = performance.now() - startedAt;
      }
      await pauseAfter(0, signal, isWhole ? MIN_INTERVAL_MS : RETRY_MS);
    }
  }

  /** Scans servers until enough of them were scanned to the end. */
  async #scanEnough(): Promise<boolean> {
    this.#doneServers = 0;
    let otherKeys = 0;
    for (const [index, connection] of this.#connections.entries()) {
      this.#visited = 0;
      this.#current = index;
      const keyCount = this.#options.keyCount(index);
      const found = connection.isConnected ? await this.#scanServer(connection) : undefined;
      if (this.#closing.signal.aborted) return false;
      if (found === undefined) continue;
      this.#isPrefixUsed ||= found.isUsed;
      otherKeys = Math.max(otherKeys, found.othersOf(keyCount));
      this.#doneServers += 1;
      if (this.#doneServers < this.#options.needed) continue;
      this.#otherKeys = otherKeys;
      return true;
    }
    return false;
  }

  /** The keys of the server under the prefix. `undefined` if it was not scanned to the end. */
  async #scanServer(connection: BoundedConnection): Promise<PrefixKeys | undefined> {
    const { prefix, onNames } = this.#options;
    const found = new PrefixKeys(prefix);
    let cursor = "0";
    do {
      const startedAt = performance.now();
      let page: ScanPage;
      try {
        const [reply] = await connection.send([this.#calls.command(cursor)]);
        page = this.#calls.read(reply);
      } catch {
        return undefined;
      }
      this.#cost.record(performance.now() - startedAt, KEYS_A_CALL);
      const { keys } = page;
      cursor = page.cursor;
      this.#visited += KEYS_A_CALL;
      found.add(keys);
      onNames(keys.flatMap((key) => lockNameOf(key, prefix) ?? []));
      await pauseAfter(this.#cost.serverMs(KEYS_A_CALL), this.#closing.signal);
      if (this.#closing.signal.aborted) return undefined;
    } while (cursor !== "0");
    return found;
  }
}
