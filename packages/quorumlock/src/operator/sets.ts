import { LockClosedError } from "../base/errors.ts";
import { clientOf } from "../client/client-of.ts";
import { formatSet, parseSet } from "../members/noted-set.ts";
import { canHaveNote, isConflict, notedSetOf, renewMsOf } from "../members/set-notes.ts";
import type { MutexRedlock } from "../mutex-redlock.ts";
import { keySpaceOf } from "../operations/keys.ts";
import { type OtherNote, noteSet, readOtherNotes } from "../operations/set-note.ts";
import { askAll } from "./ask-all.ts";

/** A set of servers that other clients use with the same prefix, although they and this client could both be granted one lock. */
export interface ConflictingSet {
  /** The number of servers in each of its lists: two during a change of the set. */
  readonly sizes: readonly number[];
  /** The run ids of the servers in it that are known. */
  readonly runIds: readonly string[];
  /** The owner label of a client that uses it, usually `host:pid`. */
  readonly owner: string;
  /** The labels of the instances of this client that are in it, too. */
  readonly instances: readonly string[];
}

/** The sets of servers that clients have noted on the instances. */
export interface UsedSets {
  /** Empty if all clients that use a server of this client use the same set. */
  readonly conflicting: readonly ConflictingSet[];
  /** The labels of the instances that answered. */
  readonly instances: readonly string[];
}

/** The script renews a note that is not younger. This one is never renewed. */
const ALWAYS_FRESH_MS = Number.MAX_SAFE_INTEGER;

/**
 * Reads the notes that clients leave on their servers, and compares them with the set of this client (protocol §10). Two sets that were
 * in use together for a short time only are no conflict: the set was being changed, or a server has restarted. Instances that do not
 * answer within the time limit of a request are left out.
 * @throws LockClosedError if the client is closed.
 */
export async function readUsedSets(redlock: MutexRedlock): Promise<UsedSets> {
  const client = clientOf(redlock);
  if (client.isClosed) throw new LockClosedError([]);
  client.beginWait();
  try {
    const { members, prefix } = client;
    if (!members.isIdentified) await members.identifyAll();
    const { voters } = members;
    const ours = notedSetOf(voters, voters.members.filter(canHaveNote));
    const renewMs = renewMsOf(members);
    const request = noteSet(keySpaceOf(prefix).notes, {
      set: formatSet(ours),
      former: "",
      lifeMs: renewMs,
      freshMs: ALWAYS_FRESH_MS,
      owner: "operator",
    });
    const answers = await askAll(client, [request]);
    const found = new Map<string, ConflictingSet & { readonly instances: string[] }>();
    const instances: string[] = [];
    for (const { member, replies } of answers) {
      const [reply] = replies;
      if (reply === undefined || reply instanceof Error) continue;
      instances.push(member.label);
      for (const note of readOtherNotes(reply)) {
        if (!isConflict(ours, note, renewMs)) continue;
        const known = found.get(note.set);
        if (known === undefined) found.set(note.set, { ...conflictingSet(note), instances: [member.label] });
        else known.instances.push(member.label);
      }
    }
    return { conflicting: [...found.values()], instances };
  } finally {
    client.endWait();
  }
}

function conflictingSet({ set, owner }: OtherNote): Omit<ConflictingSet, "instances"> {
  const lists = parseSet(set) ?? [];
  return {
    sizes: lists.map(({ size }) => size),
    runIds: [...new Set(lists.flatMap(({ runIds }) => runIds))],
    owner,
  };
}
