import { InstanceError } from "../base/errors.ts";
import { type Counter, counters, readCounters } from "../operations/counters.ts";
import { keySpaceOf } from "../operations/keys.ts";
import { readMarkerReply, requestMarker } from "../operations/marker.ts";
import { isYes, type Reply, type Request } from "../operations/request.ts";
import type { Member } from "./member.ts";

/** Maximum number of counters in one request. The server needs less than a millisecond for them. */
const COUNTERS_PER_REQUEST = 256;

/** The fencing counters of a server, by key. Missing ones are left out. */
export type CounterValues = ReadonlyMap<string, number>;

/**
 * Reads all fencing counters of a member. A member that cannot say whether its counters are complete is trusted.
 * @throws Error if the counters could not be read, or were not complete until the end.
 */
export async function readCountersOf(member: Member, prefix: string): Promise<CounterValues> {
  const { memory } = member;
  if (memory?.state !== "complete" && memory?.state !== "untracked")
    throw new InstanceError("INSTANCE_UNSAFE", "its own fencing counters are not complete");
  const values = new Map<string, number>();
  await eachPart(keySpaceOf(prefix).allFences(), async (part) => {
    for (const [keys, reply] of await requestInParts(member, part, counters.read, "impatient")) {
      for (const { key, fence } of readCounters(keys, reply)) values.set(key, Number(fence));
    }
  });
  // The identity of a new process is known before this reply, so a restart shows in `member.memory`, and a flush in the marker.
  const { text } = await readMarkerBy(member, requestMarker(keySpaceOf(prefix).marker), "impatient");
  if (member.memory !== memory || (memory.state === "complete" && text !== memory.marker))
    throw new InstanceError("INSTANCE_UNSAFE", "it lost its own fencing counters meanwhile");
  return values;
}

/** The largest value of each counter. */
export function largest(all: readonly CounterValues[]): CounterValues {
  const values = new Map<string, number>();
  for (const some of all)
    for (const [key, value] of some) values.set(key, Math.max(value, values.get(key) ?? 0));
  return values;
}

/** Raises counters of a member. @throws Error if it does not confirm that, or has lost its memory. */
export async function raiseCounters(member: Member, values: CounterValues): Promise<void> {
  await writeCounters(member, values, counters.raise, "impatient");
}

/** As `raiseCounters`, to recover the memory of a member. */
export async function restoreCounters(member: Member, values: CounterValues): Promise<void> {
  await writeCounters(member, values, counters.restore, "patient");
}

async function writeCounters(
  member: Member,
  values: CounterValues,
  requestFor: (values: readonly Counter[]) => Request,
  patience: Patience,
): Promise<void> {
  const all = [...values].map(([key, value]) => ({ key, fence: String(value) }));
  await eachPart(all, async (part) => {
    await requestInParts(member, part, requestFor, patience);
  });
}

/** Raises the counters of a member that are not missing to at least `floor`. */
export async function liftCounters(member: Member, prefix: string, floor: number): Promise<void> {
  await eachPart(keySpaceOf(prefix).allFences(), async (part) => {
    const lift = (keys: readonly string[]): Request => counters.lift(keys, floor);
    await requestInParts(member, part, lift, "patient");
  });
}

/** A marker as a server has it. */
export interface MarkerReading {
  /** "" if the server has no marker. */
  readonly text: string;
  /** The server's time, in ms since 1970. */
  readonly timeMs: number;
}

/** Sends a request that reads or changes the marker. Resolves to the marker afterwards. */
export async function readMarkerBy(
  member: Member,
  request: Request,
  patience: Patience,
): Promise<MarkerReading> {
  return readMarkerReply(await requestReply(member, request, patience));
}

async function eachPart<Item>(
  items: readonly Item[],
  run: (part: readonly Item[]) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < items.length; at += COUNTERS_PER_REQUEST)
    await run(items.slice(at, at + COUNTERS_PER_REQUEST));
}

/** Sends all items in one request. A cluster gets one request for each item, because the items lie in different hash slots. */
async function requestInParts<Item extends string | Counter>(
  member: Member,
  items: readonly Item[],
  requestFor: (items: readonly Item[]) => Request,
  patience: Patience,
): Promise<readonly (readonly [items: readonly Item[], reply: Reply])[]> {
  const parts = member.instance.isCluster ? items.map((item) => [item]) : [items];
  return Promise.all(
    parts.map(async (part) => [part, await requestReply(member, requestFor(part), patience)] as const),
  );
}

/** `patient`: waits for the reply also after the time limit of the request, and rejects only if no reply can come any more. */
type Patience = "patient" | "impatient";

function requestReply(member: Member, request: Request, patience: Patience): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const onReply = (_member: number, reply: Reply | InstanceError): void => {
      if (reply instanceof InstanceError) {
        // The late reply or the error of its connection follows.
        const canStillCome = patience === "patient" && isSent && reply.code === "INSTANCE_TIMEOUT";
        if (!canStillCome) reject(reply);
      } else if (isYes(reply)) resolve(reply);
      else reject(new InstanceError("INSTANCE_REPLY", `unexpected reply ${JSON.stringify(reply)}`));
    };
    let isSent = false;
    isSent = member.send(request, { onReply });
  });
}
