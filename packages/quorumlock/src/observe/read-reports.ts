import { LockClosedError } from "../base/errors.ts";
import type { Client } from "../client/client.ts";
import { clientOf } from "../client/client-of.ts";
import type { Member } from "../members/member.ts";
import { type KeySpace, keySpaceOf } from "../operations/keys.ts";
import { MAX_REPORTS } from "../operations/limits.ts";
import { listReports, readReportTexts, reportListIn, reportsIn } from "../operations/report.ts";
import { ask } from "./ask-member.ts";
import type { ObservableRedlock } from "./lock-stats.ts";
import type { ProcessReport } from "./report-format.ts";
import { parseReport } from "./report-wire.ts";

/** How many reports one request reads. So a reply has at most 164 kB, which takes a server about 0.1 ms. */
const REPORTS_PER_REQUEST = 20;

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
  /** How many processes report, with those whose report is not stored because there are too many. */
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
  const holders = new Map<string, Member[]>();
  for (const { member, ids } of answered) {
    for (const id of ids) {
      const known = holders.get(id);
      if (known !== undefined) known.push(member);
      else if (holders.size < MAX_REPORTS) holders.set(id, [member]);
    }
  }
  const found = await readFrom(keys, holders);
  const surplus = Math.max(0, ...answered.map((each) => each.surplus));
  return {
    reports: [...found.values()].filter((each) => each !== "unreadable"),
    processes: holders.size + surplus,
    unreadable: [...found.values()].filter((each) => each === "unreadable").length,
    instances: answered.map(({ member }) => member.label),
  };
}

/** Reads each report from one instance that has it, and from another one if that fails. */
async function readFrom(
  keys: KeySpace,
  holders: ReadonlyMap<string, Member[]>,
): Promise<ReadonlyMap<string, ReadReport | "unreadable">> {
  const found = new Map<string, ReadReport | "unreadable">();
  for (;;) {
    const open = [...holders].filter(([id, members]) => members.length > 0 && isOpen(found.get(id)));
    if (open.length === 0) return found;
    const assigned = new Map<Member, string[]>();
    open.forEach(([id, members], index) => {
      const [member] = members.splice(index % members.length, 1);
      const ids = assigned.get(member!);
      if (ids === undefined) assigned.set(member!, [id]);
      else ids.push(id);
    });
    await Promise.all([...assigned].map(([member, ids]) => readMember(keys, member, ids, found)));
  }
}

async function readMember(
  keys: KeySpace,
  member: Member,
  ids: readonly string[],
  found: Map<string, ReadReport | "unreadable">,
): Promise<void> {
  for (let at = 0; at < ids.length; at += REPORTS_PER_REQUEST) {
    const part = ids.slice(at, at + REPORTS_PER_REQUEST);
    const reply = await ask(member, readReportTexts(keys, part));
    // An instance that does not answer is not asked again.
    if (reply === undefined) return;
    reportsIn(reply).forEach((stored, index) => {
      const id = part[index]!;
      if (stored === undefined) return;
      const report = parseReport(stored.text);
      found.set(id, report?.id === id ? { report, ageMs: stored.ageMs } : "unreadable");
    });
  }
}

function isOpen(found: ReadReport | "unreadable" | undefined): boolean {
  return found === undefined || found === "unreadable";
}
