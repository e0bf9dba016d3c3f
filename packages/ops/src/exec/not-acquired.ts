import { InstanceError, type QuorumError, type Redlock } from "quorumlock";
import { readReports } from "quorumlock/observe";
import { type InspectedHold, inspectLocks } from "quorumlock/operator";
import { formatDuration } from "../format/duration.ts";
import { displayName, displayText } from "../format/name.ts";
import { safeMessage } from "../format/safe-message.ts";
import { tokenId } from "../monitor/locks/token-id.ts";

const MAX_SHOWN_HOLDERS = 3;

/** Who holds the names at this moment: "held by web-1:4021 for 3 m 00 s", and whether anybody does. */
export async function describeHolders(
  redlock: Redlock,
  names: readonly string[],
  quorum: number,
): Promise<{ readonly text: string; readonly isHeld: boolean }> {
  const [inspections, ages] = await Promise.all([
    inspectLocks(redlock, names).catch(() => []),
    readAges(redlock).catch(() => new Map<string, number>()),
  ]);
  const texts = inspections.flatMap(({ name, instances }) => {
    const of = names.length === 1 ? "" : `${displayName(name)} `;
    return heldByQuorum(
      instances.flatMap(({ holds }) => holds),
      quorum,
    ).map((hold) => `${of}held by ${ownerOf(hold)}${timeOf(hold, ages.get(tokenId(hold.token)))}`);
  });
  if (texts.length === 0)
    return { text: "others compete for it, and nobody holds it at this moment", isHeld: false };
  const more = texts.length - MAX_SHOWN_HOLDERS;
  const text = `${texts.slice(0, MAX_SHOWN_HOLDERS).join(", ")}${more > 0 ? `, and by ${more} more` : ""}`;
  return { text, isHeld: true };
}

/** What keeps a quorum from voting at this moment, one line a server. */
export async function describeNoQuorum(
  redlock: Redlock,
  { failures }: QuorumError,
  servers: number,
): Promise<readonly string[]> {
  const health = await redlock.health();
  const needed = Math.floor(servers / 2) + 1;
  const problems = health.instances.flatMap(({ instance, isVoting, error }) =>
    isVoting || error === undefined ? [] : [{ instance, error }],
  );
  // The servers may have come back since.
  const shown = problems.length === 0 ? failures : problems;
  return [
    `${servers - shown.length} of ${servers} servers voted, ${needed} are needed; not run`,
    ...shown.map(({ instance, error }) => `  ${instance}: ${safeMessage(error)}`),
  ];
}

/** Whether so many servers refuse the client for good, for example for its password, that waiting does not help. */
export function isRefused({ failures }: QuorumError, servers: number): boolean {
  const refusals = failures.filter(
    ({ error }) => error instanceof InstanceError && error.isPermanent === true,
  );
  return refusals.length > servers - (Math.floor(servers / 2) + 1);
}

function heldByQuorum(holds: readonly InspectedHold[], quorum: number): readonly InspectedHold[] {
  const byToken = new Map<string, InspectedHold[]>();
  for (const hold of holds) byToken.set(hold.token, [...(byToken.get(hold.token) ?? []), hold]);
  return [...byToken.values()].flatMap((same) => (same.length >= quorum ? same.slice(0, 1) : []));
}

/** How long each lock has been held, by the id of its token, as its process reports it. */
async function readAges(redlock: Redlock): Promise<ReadonlyMap<string, number>> {
  const { reports } = await readReports(redlock);
  return new Map(
    reports.flatMap(({ report, ageMs }) =>
      report.holds.map((hold) => [hold.tokenId, hold.durationMs + ageMs] as const),
    ),
  );
}

function ownerOf({ owner }: InspectedHold): string {
  return owner === undefined ? "a client of another library" : displayText(owner);
}

function timeOf({ remainingMs }: InspectedHold, ageMs: number | undefined): string {
  if (ageMs !== undefined) return ` for ${formatDuration(ageMs)}`;
  return Number.isFinite(remainingMs)
    ? ` (${formatDuration(remainingMs)} left if it is not extended)`
    : " without an expiry";
}
