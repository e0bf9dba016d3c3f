import { formatCount, formatPlural } from "../../format/count.ts";
import { formatSeconds } from "../../format/duration.ts";
import { displayName } from "../../format/name.ts";
import type { Listing } from "./list-locks.ts";

/** What was looked for, as the user wrote it. */
export interface ListingText {
  readonly pattern: string | undefined;
  readonly state: string | undefined;
  readonly prefix: string;
}

/** "1 lock; scanned 412 keys on 2 of 3 servers in 0.1 s; redis-c:6379 did not answer" */
export function summaryOf(listing: Listing, text: ListingText): string {
  const { found, locks, scanned, scannedServers, servers, unanswered, tookMs } = listing;
  const answered = formatSeconds(tookMs);
  const work =
    scannedServers === 0
      ? `read from ${servers - unanswered.length} of ${servers} servers in ${answered}`
      : `scanned ${formatPlural(scanned, "key")} on ${scannedServers} of ${servers} servers in ${answered}`;
  const silent = unanswered.length === 0 ? [] : [`${unanswered.join(", ")} did not answer`];
  const cut =
    locks.length < found ? [`the first ${formatCount(locks.length)} are shown; --limit shows more`] : [];
  return [countOf(found, text), work, ...silent, ...cut].join("; ");
}

function countOf(found: number, { pattern, state }: ListingText): string {
  const what = state === undefined ? "" : ` with the state ${state}`;
  if (found > 0) return `${formatPlural(found, "lock")}${what}`;
  return pattern === undefined ? `No locks${what}` : `No lock${what} matches “${displayName(pattern)}”`;
}

/** What is wrong with the result, also with `--quiet`. */
export function problemsOf(listing: Listing, { prefix }: Pick<ListingText, "prefix">): readonly string[] {
  const { isComplete, isTruncated, hasQuorum, found, otherKeys, servers, unanswered } = listing;
  const problems: string[] = [];
  if (!hasQuorum)
    problems.push(
      `Only ${servers - unanswered.length} of ${servers} servers answered, so locks may be missing, and others may be held.`,
    );
  else if (isTruncated)
    problems.push("There are too many names for one scan; some are missing. Use a pattern.");
  else if (!isComplete) problems.push("Too few servers could be scanned, so locks may be missing.");
  if (found === 0 && otherKeys > 0)
    problems.push(
      `The servers hold ${formatCount(otherKeys)} keys, none under “${displayName(prefix)}”. Is \`prefix\` right?`,
    );
  return problems;
}
