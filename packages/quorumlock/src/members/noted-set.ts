/**
 * A list of servers as a note has it (protocol §10). Run ids, not addresses, so that two addresses of one server are the same server.
 */
export interface NotedServers {
  /** The number of servers in the list. */
  readonly size: number;
  /** The run ids of the servers that are known. */
  readonly runIds: readonly string[];
}

/** The set of a client: one list, or the current and the next list during a change. */
export type NotedSet = readonly NotedServers[];

/** How many characters of a run id a message has. */
const RUN_ID_LENGTH = 8;

/** The same text for the same set, whatever the order of its servers. It has no space and no line end. */
export function formatSet(set: NotedSet): string {
  return set
    .map(({ size, runIds }) => `${size}:${runIds.map(encodeURIComponent).toSorted().join(",")}`)
    .join("|");
}

/** `undefined` if the text is no set. */
export function parseSet(text: string): NotedSet | undefined {
  const lists = text.split("|").map((list) => /^(\d{1,3}):(\S*)$/.exec(list));
  const set: NotedServers[] = [];
  for (const list of lists) {
    if (list === null) return undefined;
    const [, size = "", runIds = ""] = list;
    set.push({ size: Number(size), runIds: runIds.split(",").filter((runId) => runId !== "") });
  }
  return set;
}

/**
 * Whether a client of one set and a client of the other could hold the same lock, as far as the servers are known. Two clients in a
 * change of the set need only one list in common.
 */
export function canBothDecide(one: NotedSet, other: NotedSet): boolean {
  return one.every((a) => other.every((b) => areApart(a, b)));
}

/** Whether the lists have different sizes, or majorities without a server in common. A server that is not known may be in both. */
function areApart(a: NotedServers, b: NotedServers): boolean {
  const all = new Set([...a.runIds, ...b.runIds]);
  return a.size !== b.size || majority(a.size) + majority(b.size) <= all.size;
}

function majority(size: number): number {
  return Math.floor(size / 2) + 1;
}

/** The set as text for messages, such as "3 servers (run_id 0123abcd…, 4567cdef…; 1 unknown)". */
export function describeSet(set: NotedSet): string {
  return set
    .map(({ size, runIds }) => {
      const known = runIds.map((runId) => `${runId.slice(0, RUN_ID_LENGTH)}…`).join(", ");
      const unknown = size > runIds.length ? `${size - runIds.length} unknown` : "";
      const details = [known === "" ? "" : `run_id ${known}`, unknown].filter((part) => part !== "");
      return `${size} ${size === 1 ? "server" : "servers"} (${details.join("; ")})`;
    })
    .join(" and next ");
}
