import { type InstanceFailure, InstanceError } from "../base/errors.ts";
import { type CounterContext, readMarkerBy, requestReply, untilEnough } from "../members/counters.ts";
import type { Member } from "../members/member.ts";
import { maskOf, type Voters } from "../members/voters.ts";
import { keySpaceOf } from "../operations/keys.ts";
import {
  formatMarker,
  lossIn,
  parseMarker,
  replaceMarker,
  requestMarker,
  withLoss,
} from "../operations/marker.ts";
import { copyRecord, listRecords, recordListIn, type RecordState } from "../operations/record.ts";

/** How many records are written at a time. */
const RECORDS_AT_A_TIME = 256;
/** How often the marker is changed if other clients change it at the same time. */
const MAX_TRIES = 4;

/** The records of a member. */
interface ReadRecords {
  readonly records: readonly RecordState[];
  /** For how long the member has kept everything that it got, in ms. `Infinity` if it does not know of a loss. */
  readonly ageMs: number;
}

export interface CarryRecordsContext extends CounterContext {
  /** Whether this client has used records. */
  readonly usesRecords: boolean;
}

/**
 * Carries the records from one set of members to the next (protocol §13): reads them from a majority of the present set, and writes
 * the largest promise and the newest version of each on a majority of the next set.
 *
 * A member that was read may have lost records. Then the members that get the copies note since when they know all records, and do
 * not count for older ones.
 *
 * @returns `undefined` if both majorities succeeded, otherwise the members that failed.
 */
export async function carryRecords(
  from: Voters,
  to: Voters,
  context: CarryRecordsContext,
): Promise<readonly InstanceFailure[] | undefined> {
  const clusters = from.members.filter(({ instance }) => instance.isCluster);
  const canRead = from.hasQuorum(from.allMask & ~maskOf(clusters));
  // Without records there is nothing to carry.
  if (!canRead && !context.usesRecords) return undefined;
  const read = await untilEnough(
    from.members,
    (member) => readRecordsOf(member, context),
    (mask) => from.hasQuorum(mask),
  );
  if (!from.hasQuorum(read.mask)) return read.failures;
  const records = newest(read.results);
  if (records.length === 0 && !context.usesRecords) return undefined;
  const ageMs = Math.min(...read.results.map((one) => one.ageMs));
  const written = await untilEnough(
    to.members,
    (member) => writeRecords(member, records, ageMs, context),
    (mask) => to.hasQuorum(mask),
  );
  return to.hasQuorum(written.mask) ? undefined : [...read.failures, ...written.failures];
}

async function readRecordsOf(member: Member, context: CounterContext): Promise<ReadRecords> {
  if (member.instance.isCluster) throw ofCluster("the records of a cluster cannot be listed");
  const { memory } = member;
  let ageMs = await member.eligibility.memoryAge();
  const records: RecordState[] = [];
  let cursor = "0";
  do {
    const list = recordListIn(await requestReply(member, listRecords(context.prefix, cursor), context));
    records.push(...list.records);
    ageMs = Math.min(ageMs, list.ageMs);
    ({ cursor } = list);
  } while (cursor !== "0");
  // A restart shows in `member.memory`, and the loss of everything in the replies.
  if (memory === undefined || member.memory !== memory)
    throw new InstanceError("INSTANCE_UNSAFE", "it lost its connection or its memory meanwhile");
  return { records, ageMs };
}

/** The largest promise and the newest version of each record. */
function newest(all: readonly ReadRecords[]): readonly RecordState[] {
  const states = new Map<string, RecordState>();
  for (const { records } of all) {
    for (const state of records) {
      const known = states.get(state.key) ?? state;
      const isNewer =
        state.fence > known.fence || (state.fence === known.fence && state.number > known.number);
      states.set(state.key, {
        ...(isNewer ? state : known),
        promised: Math.max(state.promised, known.promised),
        leftMs: Math.max(state.leftMs, known.leftMs),
      });
    }
  }
  return [...states.values()];
}

async function writeRecords(
  member: Member,
  records: readonly RecordState[],
  ageMs: number,
  context: CounterContext,
): Promise<void> {
  if (member.instance.isCluster) throw ofCluster("a cluster cannot say which records it lacks");
  if (ageMs !== Infinity) await noteLoss(member, ageMs, context);
  for (let at = 0; at < records.length; at += RECORDS_AT_A_TIME) {
    const part = records.slice(at, at + RECORDS_AT_A_TIME);
    await Promise.all(part.map((state) => requestReply(member, copyRecord(state), context)));
  }
}

/** Notes in the marker of a member that it may lack records that are older than `ageMs`. */
async function noteLoss(member: Member, ageMs: number, context: CounterContext): Promise<void> {
  const { marker: key } = keySpaceOf(context.prefix);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const sentAt = context.clock.monotonic();
    const { text, timeMs } = await readMarkerBy(member, requestMarker(key), context);
    const marker = parseMarker(text);
    if (marker.state !== "complete")
      throw new InstanceError("INSTANCE_UNSAFE", "its own memory is not complete");
    const lostAt = Math.floor(timeMs - ageMs);
    if ((lossIn(marker.id) ?? -Infinity) >= lostAt) return;
    const changed = formatMarker({ ...marker, id: withLoss(marker.id, lostAt) });
    const now = await readMarkerBy(member, replaceMarker(key, text, changed), context);
    member.eligibility.onMarker(now.text, now.timeMs, sentAt);
    if (now.text === changed) return;
  }
  throw new InstanceError("INSTANCE_UNSAFE", "other clients change its marker");
}

function ofCluster(why: string): InstanceError {
  return new InstanceError(
    "INSTANCE_REPLY",
    `${why}, so records cannot be carried over; keep them in another store, or wait until they have expired and use a new client`,
  );
}
