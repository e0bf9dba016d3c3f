import { checkName } from "../base/names.ts";
import { LockClosedError } from "../base/errors.ts";
import { ownerOf, SHARED_HOLDERS, isOfPermits, tokenInKey } from "../base/token.ts";
import type { Client } from "../client/client.ts";
import { clientOf } from "../client/client-of.ts";
import type { Member } from "../members/member.ts";
import type { MutexRedlock } from "../mutex-redlock.ts";
import { queryOfModes } from "../operations/modes-query.ts";
import type { ReplyList } from "../operations/request.ts";
import { queryOfSlots } from "../operations/slots-query.ts";
import { permitsOf } from "../operations/slots-target.ts";
import { askAll } from "./ask-all.ts";
import { groupsOf } from "./name-groups.ts";

/** A token that holds a name on one instance. */
export interface InspectedHold {
  /** The whole token. Whoever knows it can release the lock, so show only `id`. */
  readonly token: string;
  /** The first 8 characters of the token. */
  readonly id: string;
  /** The owner label in the token, usually `host:pid`. `undefined` if another library made the token. */
  readonly owner: string | undefined;
  /** Milliseconds until the key expires. `Infinity` if it has no expiry. */
  readonly remainingMs: number;
  /** Whether others can hold the name at the same time: readers, holders of other branches of a tree, and holders of permits. */
  readonly isShared: boolean;
  /** The numbers of the held permits, ascending. Only of a semaphore. */
  readonly slots: readonly number[] | undefined;
}

/** What one instance says about a name. */
export interface InspectedInstance {
  /** The instance's label, usually `host:port`. */
  readonly label: string;
  /** `abstains`: its vote does not count now, for example because it restarted, and it was not asked. */
  readonly state: "answered" | "abstains" | "no-answer";
  /** Why there is no answer, without any password. */
  readonly error: string | undefined;
  readonly holds: readonly InspectedHold[];
  /** The clients that wait, in the order of the line. A caller with a place of its own is `client.number`. */
  readonly waiting: readonly string[];
}

/** What the instances say about a name, at the moment of the question. */
export interface LockInspection {
  readonly name: string;
  /** In the order of the configuration. */
  readonly instances: readonly InspectedInstance[];
}

/** How many names one call looks at. */
const MAX_NAMES = 1_000;

/**
 * Reads what each instance has of the names, for people and tools that operate locks. It changes nothing. Unlike `query` it needs no
 * quorum: instances that do not answer within the time limit of a request are reported as such.
 * @param names at most 1,000 names of locks of any kind.
 * @throws LockClosedError if the client is closed. TypeError, RangeError for bad names.
 */
export async function inspectLocks(
  redlock: MutexRedlock,
  names: readonly string[],
): Promise<readonly LockInspection[]> {
  checkNames(names);
  const client = clientOf(redlock);
  if (client.isClosed) throw new LockClosedError([]);
  client.beginWait();
  try {
    return await inspect(client, [...new Set(names)]);
  } finally {
    client.endWait();
  }
}

/** @throws TypeError, RangeError for names that cannot be looked at in one call. */
export function checkNames(names: readonly string[]): void {
  if (!Array.isArray(names)) throw new TypeError("names: must be an array of names");
  if (names.length > MAX_NAMES)
    throw new RangeError(`names: ${names.length} names are too many; ask for ${MAX_NAMES} at most`);
  for (const name of names) checkName("names", name);
}

async function inspect(client: Client, names: readonly string[]): Promise<readonly LockInspection[]> {
  const found: Found = new Map(names.map((name) => [name, new Map()]));
  const groups = groupsOf(names, client.prefix, client.members.hasCluster);
  const failed = await readGroups(client, groups, found);
  // A key of another type fails the request for all names of its group. Alone, only its own name fails.
  if (failed.length > 0)
    await readGroups(
      client,
      failed.map((name) => [name]),
      found,
    );
  return [...found].map(([name, instances]) => ({ name, instances: [...instances.values()] }));
}

/** What each member says, by name. Several members can have the same label. */
type Found = Map<string, Map<Member, InspectedInstance>>;

/** Reads the nodes of each group, and the permits of semaphores. Returns the names of groups that an instance failed. */
async function readGroups(
  client: Client,
  groups: readonly (readonly string[])[],
  found: Found,
): Promise<readonly string[]> {
  const { prefix } = client;
  const answers = await askAll(
    client,
    groups.map((group) => queryOfModes.request({ names: group }, prefix)),
  );
  const semaphores = new Set<string>();
  const failed = new Set<string>();
  groups.forEach((group, index) => {
    for (const name of group) found.set(name, new Map());
    for (const { member, replies } of answers) {
      const { label } = member;
      const reply = replies[index]!;
      if (reply instanceof Error) {
        const state = reply.code === "INSTANCE_UNSAFE" ? "abstains" : "no-answer";
        for (const name of group) {
          found.get(name)!.set(member, { label, state, error: reply.message, holds: [], waiting: [] });
          if (reply.code === "INSTANCE_REPLY" && group.length > 1) failed.add(name);
        }
        continue;
      }
      for (const { name, gate, ...read } of readNodes(group, reply as ReplyList)) {
        if (isOfPermits(gate)) semaphores.add(name);
        found.get(name)!.set(member, { label, state: "answered", error: undefined, ...read });
      }
    }
  });
  if (semaphores.size > 0) await readPermits(client, [...semaphores], found);
  return [...failed];
}

/** Adds the holders of permits, and their line. */
async function readPermits(client: Client, names: readonly string[], found: Found): Promise<void> {
  const targets = names.map((name) => permitsOf(name, 1, { total: 1, stamp: 0 }, 0));
  const answers = await askAll(
    client,
    targets.map((target) => queryOfSlots.request(target, client.prefix)),
  );
  for (const { member, replies } of answers) {
    const { label } = member;
    targets.forEach((target, index) => {
      const reply = replies[index]!;
      const instances = found.get(target.names[0])!;
      if (reply instanceof Error) {
        instances.set(member, { label, state: "no-answer", error: reply.message, holds: [], waiting: [] });
        return;
      }
      const { holds, waiting } = queryOfSlots.read(target, reply as ReplyList);
      const permits = holds.map(({ token, remainingMs, slots }) =>
        holdOf(token, remainingMs, slots !== undefined, slots),
      );
      instances.set(member, { label, state: "answered", error: undefined, holds: permits, waiting });
    });
  }
}

interface ReadNode {
  readonly name: string;
  /** The value of the lock's key; "" if there is none. */
  readonly gate: string;
  readonly holds: readonly InspectedHold[];
  readonly waiting: readonly string[];
}

/** Reads a reply to a query of nodes. modes-query.lua documents it. */
function readNodes(names: readonly string[], [, ...values]: ReplyList): readonly ReadNode[] {
  let at = 0;
  return names.map((name) => {
    const [value = "", left = 0, waiters = "", count = 0] = values.slice(at, at + 4);
    at += 4;
    const gate = String(value);
    const holds: InspectedHold[] = [];
    const isShared = gate.startsWith(`${SHARED_HOLDERS} `);
    if (gate !== "" && gate !== SHARED_HOLDERS && !isOfPermits(gate))
      holds.push(holdOf(tokenInKey(gate), Number(left) === -1 ? Infinity : Number(left), isShared));
    for (const end = at + 2 * Number(count); at < end; at += 2)
      holds.push(holdOf(String(values[at]), Number(values[at + 1]), true));
    return { name, gate, holds, waiting: String(waiters).split(" ").filter(Boolean) };
  });
}

function holdOf(
  token: string,
  remainingMs: number,
  isShared: boolean,
  slots?: readonly number[],
): InspectedHold {
  return { token, id: token.slice(0, 8), owner: ownerOf(token), remainingMs, isShared, slots };
}

/**
 * The name of the lock whose key this is. `undefined` if it is no key of a lock: it has another prefix, or it is a key that the library
 * keeps beside locks. For tools that list the locks of a server with SCAN.
 */
export function lockNameOf(key: string, prefix: string): string | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const name = key.slice(prefix.length);
  return name === "" || name.startsWith("~") ? undefined : name;
}
