import { type InstanceFailure, InstanceError } from "../base/errors.ts";
import { type CounterContext, requestReply, untilEnough } from "../members/counters.ts";
import type { Member } from "../members/member.ts";
import { maskOf, type Voters } from "../members/voters.ts";
import {
  copyRecord,
  listRecords,
  noteRecordsKnown,
  recordListIn,
  type RecordState,
} from "../operations/record.ts";
import { serverAge } from "./server-age.ts";

/** How many records are written at a time. */
const RECORDS_AT_A_TIME = 256;

/** The records of a member. */
interface ReadRecords {
  readonly records: readonly RecordState[];
  /** For how long the member has known all records, in ms. `Infinity` if it has never lost any. */
  readonly ageMs: number;
}

export interface CarryRecordsContext extends CounterContext {
  readonly driftFactor: number;
  /** Whether this client has used records. */
  readonly usesRecords: boolean;
}

/**
 * Carries the records from one set of members to the next (protocol §13): reads them from a majority of the present set, and writes
 * the largest promise and the newest version of each on a majority of the next set.
 *
 * A member that was read may have lost records. So the members that get the copies note since when they know all records, and do
 * not count for older ones. That can be before they were started.
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

async function readRecordsOf(member: Member, context: CarryRecordsContext): Promise<ReadRecords> {
  if (member.instance.isCluster) throw ofCluster("the records of a cluster cannot be listed");
  const { memory } = member;
  const ownAgeMs = await serverAge(member, context);
  let ageMs = Infinity;
  const records: RecordState[] = [];
  let cursor = "0";
  do {
    const list = recordListIn(await requestReply(member, listRecords(context.prefix, cursor), context));
    records.push(...list.records);
    ageMs = Math.min(ageMs, list.ageMs ?? ownAgeMs);
    ({ cursor } = list);
  } while (cursor !== "0");
  // A restart shows in `member.memory`, and the loss of everything in the replies.
  if (memory === undefined || member.memory !== memory) throw hasChanged();
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
  const { memory } = member;
  for (let at = 0; at < records.length; at += RECORDS_AT_A_TIME) {
    const part = records.slice(at, at + RECORDS_AT_A_TIME);
    await Promise.all(part.map((state) => requestReply(member, copyRecord(state), context)));
  }
  if (memory === undefined || member.memory !== memory) throw hasChanged();
  // A member that has lost data a moment ago may have voted before that, in a round that goes on.
  const { abstention } = member;
  if (abstention !== undefined) throw abstention;
  await requestReply(member, noteRecordsKnown(context.prefix, ageMs), context);
}

function hasChanged(): InstanceError {
  return new InstanceError("INSTANCE_UNSAFE", "it lost its connection or its memory meanwhile");
}

function ofCluster(why: string): InstanceError {
  return new InstanceError(
    "INSTANCE_REPLY",
    `${why}, so records cannot be carried over; keep them in another store, or wait until they have expired and use a new client`,
  );
}
