import { HOLD_SUMMARY_SCRIPT } from "../generated/scripts.ts";
import { MAX_SUMMARY_LENGTH } from "./limits.ts";
import { type Operation, type Reply, type Request, request, YES } from "./request.ts";
import type { Store } from "./store.ts";

const holdSummaryOperation: Operation = {
  name: "hold.summary",
  script: HOLD_SUMMARY_SCRIPT,
  ownArgs: 0,
  isGrant: false,
  isUndo: false,
  twin(store, [key = ""], [summary = "", life, fresh]) {
    const stored = readText(store, key);
    const [lifeMs, freshMs] = [Number(life), Number(fresh)];
    const leftMs = store.remaining(key);
    if (summary !== "" && (stored === "" || leftMs <= lifeMs - freshMs || leftMs > lifeMs))
      store.set(key, summary, lifeMs);
    return [YES, stored];
  },
};

/** Reads the summary of a class. */
export function readSummary(key: string): Request {
  return request(holdSummaryOperation, [key], ["", "0", "0"]);
}

/** Writes the summary of a class, unless the stored one is younger than `freshMs`. It expires after `lifeMs`. */
export function writeSummary(key: string, summary: string, lifeMs: number, freshMs: number): Request {
  return request(holdSummaryOperation, [key], [summary, String(lifeMs), String(freshMs)]);
}

/** The summary in a reply; "" if there is none. */
export function summaryIn(reply: Reply): string {
  const [status, summary] = typeof reply === "number" ? [reply] : reply;
  return status === YES && typeof summary === "string" ? summary : "";
}

/** A key of another type, and a value that no client writes, count as missing. */
function readText(store: Store, key: string): string {
  try {
    const text = store.get(key) ?? "";
    return Buffer.byteLength(text) > MAX_SUMMARY_LENGTH ? "" : text;
  } catch {
    return "";
  }
}
