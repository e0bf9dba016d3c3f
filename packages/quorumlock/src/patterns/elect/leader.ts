import { checkText } from "../../base/check-value.ts";
import { MAX_FENCE } from "../../operations/limits.ts";
import type { Lock } from "../../lockable.ts";
import type { Redlock } from "../../redlock.ts";
import type { OpenOptions, RecordStore } from "../records/record-store.ts";
import { markOf } from "../token-mark.ts";

/** Who leads a group. */
export interface Leader {
  /** The number of its term: the fencing token of its lock. Later leaders have larger numbers. */
  readonly number: number;
  /** The id that it has given: who it is. */
  readonly id: string;
  /** What it has given besides: for example where it can be reached. `undefined` if nothing. */
  readonly data: unknown;
}

/** The record of a leader. It is no proof: the lock decides. */
interface LeaderRecord extends Leader {
  /** The mark of the token of its lock. */
  readonly by: string;
}

/** The most bytes of `id` and `data` together, as JSON. */
const MAX_DESCRIPTION_BYTES = 1_000;
/** How long a record is kept, in ms. The leader writes it again long before. */
const KEEP_MS = 24 * 3_600_000;

/**
 * A record counts only with the token of the present holder, so nothing depends on records from before this term. A server counts, also
 * if it has just restarted.
 */
const RECORD_OPTIONS: OpenOptions = { createdAt: MAX_FENCE, keep: KEEP_MS };

/** The name of a group's lock, and the id of its record. */
export function lockNameOf(group: string): string {
  if (checkText("group", group) === "") throw new RangeError('group: "" must not be empty');
  return `leader:${group}`;
}

/** @throws TypeError if `data` cannot be JSON. RangeError if the two are too long. */
export function checkDescription(id: string, data: unknown): void {
  checkText("id", id);
  const bytes = Buffer.byteLength(JSON.stringify({ id, data }));
  if (bytes > MAX_DESCRIPTION_BYTES)
    throw new RangeError(
      `data: ${bytes} bytes of id and data are too many; use at most ${MAX_DESCRIPTION_BYTES}, and keep an address`,
    );
}

/**
 * Writes who holds the lock. `version`: 1 for the first time of a term.
 * @throws LockLostError if a later leader has written. RecordStoreError.
 */
export async function writeLeader(
  records: RecordStore,
  lock: Pick<Lock, "names" | "token" | "fence">,
  { id, data }: Pick<Leader, "id" | "data">,
  version: number,
): Promise<void> {
  const [name = ""] = lock.names;
  const { fence, token } = lock;
  const body: LeaderRecord = { by: markOf(token), number: fence, id, data };
  if (version === 1) await records.open(name, fence, RECORD_OPTIONS);
  await records.put(name, { fence, version, body: JSON.stringify(body) }, RECORD_OPTIONS);
}

/** The record of the holder with this token; `undefined` if it has not written one, or if that is not certain. */
export async function readLeader(
  records: RecordStore,
  name: string,
  token: string,
): Promise<Leader | undefined> {
  const record = await records.get(name);
  if (record === undefined) return undefined;
  try {
    const { by, number, id, data } = JSON.parse(record.body) as Partial<LeaderRecord>;
    if (by === markOf(token) && typeof number === "number" && typeof id === "string")
      return { number, id, data };
  } catch {
    // The record of another program.
  }
  return undefined;
}

/** The token of the present leader; `undefined` if a quorum reports none. */
export async function leaderToken(
  redlock: Pick<Redlock, "query">,
  name: string,
): Promise<string | undefined> {
  const { holders } = await redlock.query(name);
  return holders[0]?.token;
}
