import { excludeEachOther, type HoldToRestore, type NameHold, type NameHolds } from "quorumlock/operator";
import { type BackupHold, NO_EXPIRY } from "./backup-format.ts";

/**
 * What a restore does with a hold of a backup:
 *
 * - `restorable`: its time is not over, and a quorum of the servers is free for it or has it.
 * - `expired`: its time is over.
 * - `taken`: another token holds the name on so many servers that no quorum is left.
 * - `held`: its holder still has it on a quorum.
 * - `released`: a server that had it has run on since the backup, and does not have it any more, although its time is not over.
 * - `no-expiry`: its key had no expiry. It would never end by itself, so it is not restored.
 * - `minority`: it was on too few servers, so it held nothing.
 * - `unknown`: too few servers answer.
 */
export type RestoreState =
  | "restorable"
  | "expired"
  | "taken"
  | "held"
  | "released"
  | "no-expiry"
  | "minority"
  | "unknown";

export interface PlannedHold {
  readonly state: RestoreState;
  readonly name: string;
  /** What to send. Only of a restorable hold. */
  readonly hold: HoldToRestore | undefined;
}

/** When the holds of a backup were read. */
export interface SavedTimes {
  /** For each server of the backup; `null` if it did not answer. */
  readonly times: readonly (number | null)[];
  /** For each server of the backup the index of the present server. */
  readonly indexes: readonly (number | undefined)[];
  /** For each server of the backup whether it is still the same process. */
  readonly isRunning: readonly boolean[];
  /** By the clock of the machine that made the backup. */
  readonly createdAt: number;
}

/** How much time has passed since a group of holds was read, by each server's own clock, in ms. It can be below 0. */
export function elapsedByServer(
  { times, indexes }: Pick<SavedTimes, "times" | "indexes">,
  now: NameHolds["instances"],
): readonly number[] {
  return times.flatMap((time, at) => {
    const index = indexes[at];
    const present = index === undefined ? undefined : now[index]?.timeMs;
    return time === null || present === undefined ? [] : [present - time];
  });
}

/**
 * The time that has surely passed: the shortest by any server's clock, because a clock may have stepped forward. A hold that lasts too long
 * only delays others. One that ends too early would let a second holder enter.
 */
export function elapsedMs(saved: SavedTimes, now: NameHolds["instances"], wallMs: number): number {
  const elapsed = elapsedByServer(saved, now);
  return Math.max(0, elapsed.length === 0 ? wallMs - saved.createdAt : Math.min(...elapsed));
}

export interface PlanOptions {
  /** How much time has passed since the backup, in ms. */
  readonly elapsed: number;
  /** What the servers have of the names now. */
  readonly present: NameHolds;
  readonly quorum: number;
  /** Whether released holds come back, too. */
  readonly restoresReleased: boolean;
}

export function planHold(
  saved: BackupHold,
  savedTimes: SavedTimes,
  { elapsed, present, quorum, restoresReleased }: PlanOptions,
): PlannedHold {
  const { times } = savedTimes;
  const { name, token, mode, slots, fence, left } = saved;
  const end = (state: RestoreState): PlannedHold => ({ state, name, hold: undefined });
  const votes = left.filter((ms) => ms !== null);
  const silent = times.filter((time) => time === null).length;
  // A server that did not answer may have had it.
  if (votes.length + silent < Math.floor(times.length / 2) + 1) return end("minority");
  if (votes.includes(NO_EXPIRY)) return end("no-expiry");
  const ttlMs = Math.ceil(Math.max(...votes) - elapsed);
  if (ttlMs < 1) return end("expired");
  const others = present.holds.filter((each) => each.name === name);
  const states = present.instances.map(({ timeMs }, index) => {
    if (timeMs === undefined) return "unknown";
    const there = others.filter(({ remainingMs }) => remainingMs[index] !== undefined);
    if (there.some((each) => isSame(each, saved))) return "held";
    const inTheWay = there.some((each) => each.token === token || excludeEachOther(each, { mode, slots }));
    return inTheWay ? "taken" : "free";
  });
  const count = (state: string): number => states.filter((each) => each === state).length;
  if (count("held") >= quorum) return end("held");
  if (!restoresReleased && count("free") > 0 && wasReleased(saved, savedTimes, present))
    return end("released");
  if (count("held") + count("free") >= quorum)
    return { state: "restorable", name, hold: { name, token, mode, slots, fence, ttlMs } };
  return end(count("unknown") === 0 || count("taken") > states.length - quorum ? "taken" : "unknown");
}

/** Whether a server that had the hold has run on since the backup, and does not have it any more, although its time is not over there. */
function wasReleased(
  saved: BackupHold,
  { times, indexes, isRunning }: SavedTimes,
  present: NameHolds,
): boolean {
  return saved.left.some((left, at) => {
    const index = indexes[at];
    const time = times[at];
    if (left === null || isRunning[at] !== true || index === undefined || typeof time !== "number")
      return false;
    const nowMs = present.instances[index]?.timeMs;
    if (nowMs === undefined || nowMs - time >= left) return false;
    return !present.holds.some((each) => isSame(each, saved) && each.remainingMs[index] !== undefined);
  });
}

/** Whether a present hold is the very one of the backup. */
function isSame(present: NameHold, saved: BackupHold): boolean {
  return (
    present.name === saved.name &&
    present.token === saved.token &&
    present.mode === saved.mode &&
    (present.slots ?? []).join() === (saved.slots ?? []).join()
  );
}
