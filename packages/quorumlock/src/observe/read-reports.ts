import { LockClosedError } from "../base/errors.ts";
import type { Client } from "../client/client.ts";
import { clientOf } from "../client/client-of.ts";
import type { Member } from "../members/member.ts";
import { type KeySpace, keySpaceOf } from "../operations/keys.ts";
import { MAX_REPORTS } from "../operations/limits.ts";
import {
  listReports,
  readReportTexts,
  type ReportList,
  reportListIn,
  reportsIn,
} from "../operations/report.ts";
import { ask } from "./ask-member.ts";
import type { ObservableRedlock } from "./lock-stats.ts";
import type { ProcessReport } from "./report-format.ts";
import { parseReport } from "./report-wire.ts";

/** How many reports one request reads. So a reply has at most 164 kB, which takes a server about 0.1 ms. */
const REPORTS_PER_REQUEST = 20;

/** How many copies of each report are read. An instance that missed the latest report of a process still has the one before. */
const COPIES = 2;

/** A report, and how old it is. */
export interface ReadReport {
  /** The report. */
  readonly report: ProcessReport;
  /** Time since it was written, in ms. Add it to the durations in the report. */
  readonly ageMs: number;
}

/** The reports of the processes. */
export interface ReadReports {
  /** At most 1,000, in no order. */
  readonly reports: readonly ReadReport[];
  /**
   * How many processes report, with those whose report is not stored because there are too many. Of these, only the number of each
   * instance is known, so it is a lower bound if instances have different ones.
   */
  readonly processes: number;
  /** How many stored reports are of another version, or damaged. */
  readonly unreadable: number;
  /** The labels of the instances that answered. */
  readonly instances: readonly string[];
}

/**
 * Reads the reports of all processes that call `report` with the same instances and prefix. Each request has the time limit of a
 * request, so an instance that hangs delays it only by that.
 * @throws LockClosedError if the client is closed.
 * @throws TypeError if it is no client.
 */
export async function readReports(redlock: ObservableRedlock): Promise<ReadReports> {
  const client = clientOf(redlock);
  if (client.isClosed) throw new LockClosedError([]);
  client.beginWait();
  try {
    if (!client.members.isIdentified) await client.members.identifyAll();
    return await readAll(client);
  } finally {
    client.endWait();
  }
}

async function readAll({ members, prefix }: Client): Promise<ReadReports> {
  const keys = keySpaceOf(prefix);
  const lists = await Promise.all(
    members.voters.members.map(async (member) => {
      const reply = await ask(member, listReports(keys));
      return reply === undefined ? undefined : { member, ...reportListIn(reply) };
    }),
  );
  const answered = lists.filter((each) => each !== undefined);
  const copies = new Map<string, Copies>();
  for (const { member, ids } of answered) {
    for (const id of ids) {
      const known = copies.get(id);
      if (known !== undefined) known.holders.push(member);
      else if (copies.size < MAX_REPORTS)
        copies.set(id, { holders: [member], read: 0, newest: undefined, isDamaged: false });
    }
  }
  await readFrom(keys, copies);
  const found = [...copies.values()];
  return {
    reports: found.flatMap(({ newest }) => (newest === undefined ? [] : [newest])),
    processes: countProcesses(answered),
    unreadable: found.filter(({ newest, isDamaged }) => newest === undefined && isDamaged).length,
    instances: answered.map(({ member }) => member.label),
  };
}

/** One report can be stored on one instance, and be one of the surplus of another one. It must not count twice. */
function countProcesses(lists: readonly ReportList[]): number {
  const stored = new Set(lists.flatMap(({ ids }) => ids));
  return Math.max(stored.size, ...lists.map(({ ids, surplus }) => ids.length + surplus));
}

/** The copies of one report. */
interface Copies {
  /** The instances that have a copy, and were not asked for it yet. */
  readonly holders: Member[];
  /** How many copies are read. */
  read: number;
  /** The one with the largest sequence. */
  newest: ReadReport | undefined;
  isDamaged: boolean;
}

/** Reads two copies of each report, and further ones in place of those that fail. */
async function readFrom(keys: KeySpace, copies: ReadonlyMap<string, Copies>): Promise<void> {
  for (;;) {
    const assigned = new Map<Member, string[]>();
    let index = 0;
    for (const [id, { holders, read }] of copies) {
      index += 1;
      for (let copy = read; copy < COPIES && holders.length > 0; copy += 1) {
        const [member] = holders.splice(index % holders.length, 1);
        const ids = assigned.get(member!);
        if (ids === undefined) assigned.set(member!, [id]);
        else ids.push(id);
      }
    }
    if (assigned.size === 0) return;
    await Promise.all([...assigned].map(([member, ids]) => readMember(keys, member, ids, copies)));
  }
}

async function readMember(
  keys: KeySpace,
  member: Member,
  ids: readonly string[],
  copies: ReadonlyMap<string, Copies>,
): Promise<void> {
  for (let at = 0; at < ids.length; at += REPORTS_PER_REQUEST) {
    const part = ids.slice(at, at + REPORTS_PER_REQUEST);
    const reply = await ask(member, readReportTexts(keys, part));
    // An instance that does not answer is not asked again.
    if (reply === undefined) return;
    reportsIn(reply).forEach((stored, index) => {
      const id = part[index]!;
      if (stored === undefined) return;
      const copy = copies.get(id)!;
      const report = parseReport(stored.text);
      if (report?.id !== id) {
        copy.isDamaged = true;
        return;
      }
      copy.read += 1;
      if (report.sequence > (copy.newest?.report.sequence ?? -1))
        copy.newest = { report, ageMs: stored.ageMs };
    });
  }
}
