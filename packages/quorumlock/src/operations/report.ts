import { REPORT_SCRIPT } from "../generated/scripts.ts";
import type { KeySpace } from "./keys.ts";
import { MAX_REPORT_LENGTH, MAX_REPORT_LIFE_MS, MAX_REPORTS, MAX_SURPLUS_REPORTS } from "./limits.ts";
import { type Operation, type Reply, type Request, request, type Twin, YES } from "./request.ts";
import type { Store } from "./store.ts";

/** A report as an instance stores it. */
export interface StoredReport {
  readonly text: string;
  /** How long ago it was written, in ms. */
  readonly ageMs: number;
}

/** The reports that an instance has. */
export interface ReportList {
  readonly ids: readonly string[];
  /** How many further processes report, whose reports are not stored. */
  readonly surplus: number;
}

function operation(name: string, twin: Twin): Operation {
  return { name, script: REPORT_SCRIPT, ownArgs: 0, isGrant: false, isUndo: false, twin };
}

const writeOperation = operation(
  "report.write",
  (store, [stored = "", surplus = "", key = ""], [id = "", text = "", life]) => {
    const now = nowMs(store);
    const [storedCount, surplusCount] = [tidyList(store, stored, now), tidyList(store, surplus, now)];
    const fits = storedCount < MAX_REPORTS || store.score(stored, id) !== undefined;
    const list = fits ? stored : surplus;
    store.removeMember(fits ? surplus : stored, id);
    if (fits || surplusCount < MAX_SURPLUS_REPORTS) {
      store.addMember(list, id, now + Number(life));
      store.expire(list, MAX_REPORT_LIFE_MS);
    }
    if (!fits) return [YES, 0];
    store.set(key, text, Number(life));
    return [YES, 1];
  },
);

const removeOperation = operation(
  "report.remove",
  (store, [stored = "", surplus = "", key = ""], [id = ""]) => {
    const now = nowMs(store);
    for (const list of [stored, surplus]) {
      tidyList(store, list, now);
      store.removeMember(list, id);
    }
    store.delete(key);
    return [YES];
  },
);

const listOperation = operation("report.list", (store, [stored = "", surplus = ""]) => {
  const now = nowMs(store);
  const membersOf = (key: string): readonly (readonly [id: string, endsAt: number])[] =>
    (orMissing(() => store.members(key)) ?? []).filter(([, endsAt]) => endsAt > now);
  const ids = membersOf(stored).map(([id]) => id);
  return [YES, membersOf(surplus).length, ...ids.slice(0, MAX_REPORTS)];
});

const readOperation = operation("report.read", (store, keys) => [
  YES,
  ...keys.flatMap((key) => {
    const text = orMissing(() => store.get(key)) ?? "";
    const isValid = text !== "" && Buffer.byteLength(text) <= MAX_REPORT_LENGTH;
    return isValid ? [text, store.remaining(key)] : ["", 0];
  }),
]);

/** Stores a report of a process for 15 s. */
export function writeReport(keys: KeySpace, id: string, text: string): Request {
  return request(
    writeOperation,
    [...keys.reportLists, keys.report(id)],
    [id, text, String(MAX_REPORT_LIFE_MS)],
  );
}

/** Removes the report of a process. */
export function removeReport(keys: KeySpace, id: string): Request {
  return request(removeOperation, [...keys.reportLists, keys.report(id)], [id]);
}

/** Lists the reports of an instance. */
export function listReports(keys: KeySpace): Request {
  return request(listOperation, keys.reportLists, []);
}

/** Reads reports of an instance. */
export function readReportTexts(keys: KeySpace, ids: readonly string[]): Request {
  return request(
    readOperation,
    ids.map((id) => keys.report(id)),
    [],
  );
}

/** The list in a reply. */
export function reportListIn(reply: Reply): ReportList {
  const [, surplus = 0, ...ids] = typeof reply === "number" ? [YES] : reply;
  return { ids: ids.map(String), surplus: Number(surplus) };
}

/** The reports in a reply, in the order of the ids. `undefined` for those that are missing. */
export function reportsIn(reply: Reply): readonly (StoredReport | undefined)[] {
  const [, ...parts] = typeof reply === "number" ? [YES] : reply;
  return Array.from({ length: parts.length / 2 }, (_, index) => {
    const [text, leftMs] = [String(parts[2 * index]), Number(parts[2 * index + 1])];
    return text === "" ? undefined : { text, ageMs: Math.max(0, MAX_REPORT_LIFE_MS - leftMs) };
  });
}

function nowMs(store: Store): number {
  return Math.floor(store.timeUs() / 1_000);
}

function tidyList(store: Store, key: string, now: number): number {
  const members = orMissing(() => store.members(key));
  if (members === undefined) {
    store.delete(key);
    return 0;
  }
  const ended = members.filter(([, endsAt]) => endsAt <= now || endsAt > now + MAX_REPORT_LIFE_MS);
  for (const [id] of ended) store.removeMember(key, id);
  return members.length - ended.length;
}

/** A key of another type counts as missing. */
function orMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
