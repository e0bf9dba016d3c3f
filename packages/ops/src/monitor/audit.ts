import { randomUUID } from "node:crypto";
import type { LockRow } from "./api.ts";
import type { MonitorServer } from "./options.ts";
import { BoundedConnection, type RedisCommand } from "./servers/bounded-connection.ts";

/** How many records each server keeps, and for how long after the latest one. */
const MAX_RECORDS = 200;
const KEEP_S = 30 * 24 * 3_600;
const TIMEOUT_MS = 500;
const MAX_NAME_LENGTH = 1_024;

/** What an operator did, or tried to do. Ids are the first 8 digits of tokens. */
export interface AuditRecord {
  readonly id: string;
  readonly at: number;
  readonly action: "release";
  readonly result: "released" | "refused";
  /** Why it was refused. */
  readonly why: string | undefined;
  readonly via: "browser" | "command";
  /** `undefined` without a token. */
  readonly actor: string | undefined;
  readonly address: string | undefined;
  readonly name: string;
  readonly class: string;
  readonly holder:
    | { readonly owner: string | undefined; readonly id: string; readonly fence: number | undefined }
    | undefined;
  readonly ageMs: number | undefined;
  readonly ageSource: LockRow["ageSource"] | "unknown";
  readonly remainingMs: number | undefined;
  readonly votes: number | undefined;
  readonly of: number;
  readonly waiters: number | undefined;
  readonly callers: number | undefined;
  readonly mode: "drain" | "now" | undefined;
  readonly newFence: number | undefined;
  readonly freeAt: number | undefined;
  readonly reason: string | undefined;
}

/** Records what operators do: one line of the log each, and the last 200 on every server. */
export class Audit {
  readonly #connections: readonly BoundedConnection[];
  /** By connection: when its latest request has ended. A connection has one request at a time. */
  readonly #ends = new Map<BoundedConnection, Promise<unknown>>();
  readonly #key: string;
  readonly #log: (line: string) => void;

  constructor(servers: readonly MonitorServer[], prefix: string, log: (line: string) => void) {
    this.#connections = servers.map(({ url, redis }) => new BoundedConnection(url, redis, TIMEOUT_MS));
    this.#key = `${prefix}~audit`;
    this.#log = log;
  }

  /**
   * Writes a record to the log, and then to all servers that answer within 500 ms. Never rejects.
   * @param isKept false for requests of unknown people, which must not push other records out of the lists.
   */
  async record(fields: Omit<AuditRecord, "id" | "at" | "action">, isKept: boolean): Promise<AuditRecord> {
    const record: AuditRecord = { id: randomUUID(), at: Date.now(), action: "release", ...fields };
    const line = safeLine(record);
    this.#log(line);
    if (isKept) {
      const writes = this.#connections.map((connection) =>
        this.#sendInTurn(connection, [
          ["LPUSH", this.#key, line],
          ["LTRIM", this.#key, "0", String(MAX_RECORDS - 1)],
          ["EXPIRE", this.#key, String(KEEP_S)],
        ]),
      );
      await Promise.allSettled(writes);
    }
    return record;
  }

  /** The last records of all servers, the newest first. */
  async read(): Promise<readonly AuditRecord[]> {
    const replies = await Promise.allSettled(
      this.#connections.map((connection) =>
        this.#sendInTurn(connection, [["LRANGE", this.#key, "0", String(MAX_RECORDS - 1)]]),
      ),
    );
    const records = new Map<string, AuditRecord>();
    for (const reply of replies) {
      const [lines] = reply.status === "fulfilled" ? reply.value : [];
      for (const line of Array.isArray(lines) ? (lines as string[]) : []) {
        const record = parseRecord(line);
        if (record !== undefined) records.set(record.id, record);
      }
    }
    return [...records.values()].toSorted((a, b) => b.at - a.at).slice(0, MAX_RECORDS);
  }

  /** Sends a request when those before it have ended, each within its time limit. */
  #sendInTurn(connection: BoundedConnection, commands: readonly RedisCommand[]): Promise<readonly unknown[]> {
    const before = this.#ends.get(connection) ?? Promise.resolve();
    const sent = before.then(() => connection.send(commands));
    this.#ends.set(
      connection,
      sent.catch(() => undefined),
    );
    return sent;
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }
}

/** Characters that a terminal obeys, or that turn the direction of the text around, are escaped. */
function safeLine(record: AuditRecord): string {
  const name = record.name.slice(0, MAX_NAME_LENGTH);
  return JSON.stringify({ ...record, name }).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function parseRecord(line: string): AuditRecord | undefined {
  try {
    return JSON.parse(line) as AuditRecord;
  } catch {
    return undefined;
  }
}
