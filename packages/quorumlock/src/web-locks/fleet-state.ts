import { QuorumError } from "../base/errors.ts";
import { MAX_NAMES } from "../base/names.ts";
import { ownerOf } from "../base/token.ts";
import type { Client } from "../client/client.ts";
import type { MutexRedlock } from "../mutex-redlock.ts";
import { inspectLocks, type InspectedInstance, type LockInspection } from "../operator/inspect.ts";
import { hasQuorum } from "../operator/inspected-quorum.ts";
import type { WebLockInfo, WebLockMode } from "./types.ts";

/** The number of characters at the end of an id, which no other client has. */
const UNIQUE_LENGTH = 8;
/** The longest owner label. */
const MAX_LABEL_LENGTH = 128;

/** The id of this client in `query`, which is also the owner label of its tokens. */
export function clientIdOf({ options, quorumContext: { clientId } }: Client): string {
  const id = `${options.tokenSuffix.slice(1)}#${clientId}`;
  return id.length <= MAX_LABEL_LENGTH ? id : clientId;
}

/** What other clients hold and wait for. */
export interface FleetState {
  readonly held: readonly WebLockInfo[];
  readonly pending: readonly WebLockInfo[];
}

/**
 * Reads who holds the names, and which clients wait for them. Web locks of this client are left out.
 * @param nameOf the name to report, by the name of the lock.
 * @throws QuorumError if no quorum answered.
 */
export async function readFleet(
  redlock: MutexRedlock,
  client: Client,
  nameOf: ReadonlyMap<string, string>,
): Promise<FleetState> {
  const names = [...nameOf.keys()];
  const found: LockInspection[] = [];
  for (let at = 0; at < names.length; at += MAX_NAMES)
    found.push(...(await inspectLocks(redlock, names.slice(at, at + MAX_NAMES))));
  for (const inspection of found) checkQuorum(client, inspection);
  const own = clientIdOf(client);
  const held: WebLockInfo[] = [];
  /** The ids of holders, by the part that no other client has. */
  const idOf = new Map<string, string>();
  for (const inspection of found) {
    for (const { id, mode } of holdersIn(client, inspection)) {
      if (id === own) continue;
      held.push({ name: nameOf.get(inspection.name)!, mode, clientId: id });
      idOf.set(id.slice(-UNIQUE_LENGTH), id);
    }
  }
  const pending = found.flatMap(({ name, instances }) =>
    waitersIn(instances)
      .filter((waiter) => waiter !== client.quorumContext.clientId)
      .map((waiter) => ({ name: nameOf.get(name)!, clientId: idOf.get(waiter) ?? waiter })),
  );
  return { held, pending };
}

/** The tokens that a quorum reports. */
function holdersIn(
  client: Client,
  inspection: LockInspection,
): readonly { readonly id: string; readonly mode: WebLockMode }[] {
  const tokens = new Map<string, boolean>();
  for (const { holds } of inspection.instances)
    for (const { token, isShared } of holds) tokens.set(token, isShared);
  return [...tokens]
    .filter(([token]) =>
      hasQuorum(client, inspection, ({ holds }) => holds.some((each) => each.token === token)),
    )
    .map(([token, isShared]) => ({ id: ownerOf(token) ?? "", mode: isShared ? "shared" : "exclusive" }));
}

/** The clients that wait, each once. A caller with a place of its own is its client, a dot and a number. */
function waitersIn(instances: readonly InspectedInstance[]): readonly string[] {
  const waiters = instances.flatMap(({ waiting }) => waiting.map((waiter) => waiter.split(".")[0]!));
  return [...new Set(waiters)];
}

function checkQuorum(client: Client, inspection: LockInspection): void {
  if (hasQuorum(client, inspection, ({ state }) => state === "answered")) return;
  const { name, instances } = inspection;
  const failures = instances.flatMap(({ label, error }) =>
    error === undefined ? [] : [{ instance: label, error: new Error(error) }],
  );
  throw new QuorumError([name], "too few instances answered the query", failures);
}
