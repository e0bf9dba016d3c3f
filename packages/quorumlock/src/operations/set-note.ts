import { SERVER_SCRIPT } from "../generated/scripts.ts";
import { MAX_NOTE_LIFE_MS, MAX_NOTES } from "./limits.ts";
import { type Operation, type Reply, type Request, request, YES } from "./request.ts";
import type { Store } from "./store.ts";

/** The note of another set, as a server has it. */
export interface OtherNote {
  readonly set: string;
  /** For how long both sets were in use, as far as clients noted it, in ms. At most 0 if they were not in use together. */
  readonly sharedMs: number;
  /** The time until the note ends, in ms. */
  readonly remainingMs: number;
  /** The owner label of a client that noted it. */
  readonly owner: string;
}

const LINE = /^([^ ]+) (\d+) (\d+) (\d+) (.*)$/s;

export const noteOperation: Operation = {
  name: "set.note",
  script: SERVER_SCRIPT,
  ownArgs: 0,
  isGrant: false,
  isUndo: false,
  twin(store, [key = ""], [set = "", former = "", life, fresh, owner = ""]) {
    const lifeMs = Number(life);
    const now = Math.floor(store.timeUs() / 1_000);
    let since = now;
    let isFresh = false;
    let hasFormer = false;
    const others: { line: string; noted: string; first: number; latest: number; ends: number; by: string }[] =
      [];
    for (const line of readText(store, key).split("\n")) {
      const [, noted, ...rest] = LINE.exec(line) ?? [];
      const [first = 0, latest = 0, ends = 0] = rest.slice(0, 3).map(Number);
      const isValid = first <= latest && latest <= now && now < ends && ends <= now + MAX_NOTE_LIFE_MS;
      if (noted === undefined || !isValid) continue;
      if (noted === set) {
        since = first;
        isFresh = now - latest < Number(fresh);
      } else if (noted === former) hasFormer = true;
      else others.push({ line, noted, first, latest, ends, by: rest[3] ?? "" });
    }
    const kept = others.slice(Math.max(0, others.length - MAX_NOTES + 1));
    if (!isFresh || hasFormer) {
      const lines = [...kept.map(({ line }) => line), `${set} ${since} ${now} ${now + lifeMs} ${owner}`];
      const last = Math.max(now + lifeMs, ...kept.map(({ ends }) => ends));
      store.set(key, lines.join("\n"), last - now);
    }
    return [
      YES,
      ...kept.flatMap(({ noted, first, latest, ends, by }) => [
        noted,
        latest - Math.max(first, since),
        ends - now,
        by,
      ]),
    ];
  },
};

/** What a client notes. */
export interface SetNote {
  readonly set: string;
  /** The set that the client used before, whose note is deleted; "" if there is none. */
  readonly former: string;
  /** How long the note lasts, in ms. */
  readonly lifeMs: number;
  /** A note that is younger is not written again, in ms. */
  readonly freshMs: number;
  /** The owner label of the client. */
  readonly owner: string;
}

/** Notes a set, and reads the notes of other sets. */
export function noteSet(key: string, { set, former, lifeMs, freshMs, owner }: SetNote): Request {
  return request(noteOperation, [key], [set, former, String(lifeMs), String(freshMs), owner]);
}

/** The other notes in a reply to `noteSet`. */
export function readOtherNotes(reply: Reply): readonly OtherNote[] {
  const [, ...parts] = typeof reply === "number" ? [YES] : reply;
  const notes: OtherNote[] = [];
  for (let at = 0; at + 3 < parts.length; at += 4) {
    const [set, sharedMs, remainingMs, owner] = parts.slice(at, at + 4);
    notes.push({
      set: String(set),
      sharedMs: Number(sharedMs),
      remainingMs: Number(remainingMs),
      owner: String(owner),
    });
  }
  return notes;
}

/** A key of another type counts as missing. */
function readText(store: Store, key: string): string {
  try {
    return store.get(key) ?? "";
  } catch {
    return "";
  }
}
