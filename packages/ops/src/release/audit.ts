import { randomUUID } from "node:crypto";

/** How many records each server keeps, and for how long after the latest one. */
const MAX_RECORDS = 200;
const KEEP_S = 30 * 24 * 3_600;
const MAX_NAME_LENGTH = 1_024;

/**
 * Adds a record to a list, and renews the expiry of the list. What may be refused comes before the record: a list without an expiry would
 * stay for ever.
 *
 * - KEYS[1]: the list
 * - ARGV: the record, how many are kept, and for how long in seconds
 */
const RECORD_SCRIPT = `
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('LTRIM', KEYS[1], 0, ARGV[2] - 2)
redis.call('LPUSH', KEYS[1], ARGV[1])
return redis.call('EXPIRE', KEYS[1], ARGV[3])`;

/** One command: its name and its arguments. */
type RedisCommand = readonly [string, ...(readonly string[])];

/** A server that keeps the audit. It gets one request at a time. */
export interface AuditServer {
  /** Sends commands as one request with a time limit. @returns the replies; an error reply as an `Error`. */
  send(commands: readonly RedisCommand[]): Promise<readonly unknown[]>;
}

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
  readonly ageSource: "report" | "seen" | "unknown";
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

/** A record, and how many servers keep it. */
export interface KeptRecord {
  readonly record: AuditRecord;
  readonly copies: number;
}

/** Records what operators do: one line of the log each, and the last 200 on every server. */
export class Audit {
  readonly #servers: readonly AuditServer[];
  /** By server: when its latest request has ended. */
  readonly #ends = new Map<AuditServer, Promise<unknown>>();
  readonly #key: string;
  readonly #log: (line: string) => void;

  constructor(servers: readonly AuditServer[], prefix: string, log: (line: string) => void) {
    this.#servers = servers;
    this.#key = `${prefix}~audit`;
    this.#log = log;
  }

  /**
   * Writes a record to the log, and then to all servers that answer within their time limit. Never rejects.
   * @param isKept false for requests of unknown people, which must not push other records out of the lists.
   */
  async record(fields: Omit<AuditRecord, "id" | "at" | "action">, isKept: boolean): Promise<KeptRecord> {
    const record: AuditRecord = { id: randomUUID(), at: Date.now(), action: "release", ...fields };
    const line = safeLine(record);
    this.#log(line);
    let copies = 0;
    if (isKept) {
      const writes = this.#servers.map(async (server) => {
        const [reply] = await this.#sendInTurn(server, [
          ["EVAL", RECORD_SCRIPT, "1", this.#key, line, String(MAX_RECORDS), String(KEEP_S)],
        ]);
        if (!(reply instanceof Error)) copies += 1;
      });
      await Promise.allSettled(writes);
    }
    return { record, copies };
  }

  /** The last records of all servers, the newest first. */
  async read(): Promise<readonly AuditRecord[]> {
    const replies = await Promise.allSettled(
      this.#servers.map((server) =>
        this.#sendInTurn(server, [["LRANGE", this.#key, "0", String(MAX_RECORDS - 1)]]),
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
  #sendInTurn(server: AuditServer, commands: readonly RedisCommand[]): Promise<readonly unknown[]> {
    const before = this.#ends.get(server) ?? Promise.resolve();
    const sent = before.then(() => server.send(commands));
    this.#ends.set(
      server,
      sent.catch(() => undefined),
    );
    return sent;
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
