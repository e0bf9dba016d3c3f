import type { Clock } from "../base/clock.ts";
import type { Deadline, Deadlines } from "../base/deadlines.ts";
import { InstanceError, type InstanceFailure } from "../base/errors.ts";
import { toError } from "../base/to-error.ts";
import { counters, readSlots, type SlotMemory } from "../operations/counters.ts";
import { keySpaceOf, type SlotKeys } from "../operations/keys.ts";
import { FENCE_GRAIN_US } from "../operations/limits.ts";
import { readMarkerReply, requestMarker } from "../operations/marker.ts";
import { isYes, type Reply, type Request } from "../operations/request.ts";
import type { Member } from "./member.ts";
import { RefusedCallError } from "./refused-call.ts";

/** Maximum number of counters in one request. The server needs less than a millisecond for them. */
const COUNTERS_PER_REQUEST = 256;

/**
 * How many time limits of a request one part may take. There are up to 64 parts, on a cluster up to 16,384, so some replies are
 * slower than all others.
 */
const TIME_LIMITS_PER_PART = 5;
/** The part of a time limit after which a request is sent again that could not be sent, or whose connection broke. */
const PAUSE = 0.25;

export interface CounterContext {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly prefix: string;
  readonly requestTimeoutMs: number;
}

/**
 * The fencing counters of a server, with the changed sizes of semaphores, by the key of the counter. Hash slots that have neither are
 * left out.
 */
export type CounterValues = ReadonlyMap<string, SlotMemory>;

/** What succeeded and what failed when the same was done with several members. */
export interface Outcomes<T> {
  /** Bits of the members that succeeded. */
  readonly mask: number;
  readonly results: readonly T[];
  readonly failures: readonly InstanceFailure[];
}

/**
 * Does the same with several members. Resolves as soon as enough have succeeded, or when all have succeeded or failed. So a member
 * that hangs delays nothing.
 */
export function untilEnough<T>(
  members: readonly Member[],
  act: (member: Member) => Promise<T>,
  isEnough: (mask: number) => boolean,
): Promise<Outcomes<T>> {
  return new Promise((resolve) => {
    let mask = 0;
    const results: T[] = [];
    const failures: InstanceFailure[] = [];
    const check = (): void => {
      const haveAllEnded = results.length + failures.length === members.length;
      if (haveAllEnded || isEnough(mask)) resolve({ mask, results: [...results], failures: [...failures] });
    };
    if (members.length === 0) check();
    for (const member of members) {
      void act(member)
        .then(
          (result) => {
            mask |= 1 << member.index;
            results.push(result);
          },
          (error: unknown) => void failures.push({ instance: member.label, error: toError(error) }),
        )
        .then(check);
    }
  });
}

/**
 * Reads all fencing counters of a member. A member that cannot say whether its counters are complete is trusted.
 * @throws Error if the counters could not be read, or were not complete until the end.
 */
export async function readCountersOf(member: Member, context: CounterContext): Promise<CounterValues> {
  const { prefix } = context;
  const { marker } = keySpaceOf(prefix);
  if (member.memory === undefined) await identifyAgain(member, context);
  const { memory } = member;
  if (memory?.state !== "complete" && memory?.state !== "untracked")
    throw new InstanceError("INSTANCE_UNSAFE", "its own fencing counters are not complete");
  const values = new Map<string, SlotMemory>();
  await eachPart(keySpaceOf(prefix).allSlots(), async (part) => {
    for (const [slots, reply] of await requestInParts(member, part, counters.read, context)) {
      for (const slot of readSlots(slots, reply)) values.set(slot.keys.fence, slot);
    }
  });
  // The identity of a new process is known before this reply, so a restart shows in `member.memory`, and a flush in the marker.
  const { text } = await readMarkerBy(member, requestMarker(marker), context);
  if (member.memory !== memory || (memory.state === "complete" && text !== memory.marker))
    throw new InstanceError("INSTANCE_UNSAFE", "it lost its own fencing counters meanwhile");
  return values;
}

/** Identifies a member again after it refused this client for good: somebody may have corrected the setup. Never rejects. */
export async function askAgain(member: Member, context: CounterContext): Promise<void> {
  if (member.problem?.isPermanent === true) await identifyAgain(member, context).catch(() => undefined);
}

/** A member that has not reported its identity reports it before any request. */
async function identifyAgain(member: Member, context: CounterContext): Promise<void> {
  const { clock, deadlines, prefix, requestTimeoutMs } = context;
  const endsAt = clock.monotonic() + TIME_LIMITS_PER_PART * requestTimeoutMs;
  await sendOnce(member, requestMarker(keySpaceOf(prefix).marker), { deadlines, endsAt });
}

/** The largest value of each counter, and the latest change of each size. */
export function largest(all: readonly CounterValues[]): CounterValues {
  const values = new Map<string, SlotMemory>();
  for (const some of all) {
    for (const [key, { keys, fence, sizes }] of some) {
      const known = values.get(key);
      const latest = new Map(known?.sizes);
      for (const [lock, change] of sizes)
        if (change.stamp > (latest.get(lock)?.stamp ?? 0)) latest.set(lock, change);
      values.set(key, { keys, fence: Math.max(fence, known?.fence ?? 0), sizes: latest });
    }
  }
  return values;
}

/**
 * Rounds the counters up to a multiple of the grain. A member that has an older counter of a semaphore's slot then counts on from
 * there (protocol §10). With another value, that older counter would still count.
 */
export function roundedUp(values: CounterValues): CounterValues {
  return withFences(values, (fence) => Math.ceil(fence / FENCE_GRAIN_US) * FENCE_GRAIN_US);
}

/** The values with counters of at least `floor`. */
export function atLeast(values: CounterValues, floor: number): CounterValues {
  return withFences(values, (fence) => Math.max(fence, floor));
}

function withFences(values: CounterValues, change: (fence: number) => number): CounterValues {
  // A counter that is missing stays missing.
  return new Map(
    [...values].map(([key, slot]) => [key, { ...slot, fence: slot.fence === 0 ? 0 : change(slot.fence) }]),
  );
}

/** Raises counters of a member, and writes newer sizes. @throws Error if it does not confirm that, or has lost its memory. */
export async function raiseCounters(
  member: Member,
  values: CounterValues,
  context: CounterContext,
): Promise<void> {
  await writeCounters(member, values, counters.raise, context);
}

/** As `raiseCounters`, to recover the memory of a member. */
export async function restoreCounters(member: Member, values: CounterValues): Promise<void> {
  await writeCounters(member, values, counters.restore, "patient");
}

async function writeCounters(
  member: Member,
  values: CounterValues,
  requestFor: (slots: readonly SlotMemory[]) => Request,
  patience: Patience,
): Promise<void> {
  await eachPart([...values.values()], async (part) => {
    await requestInParts(member, part, requestFor, patience);
  });
}

/** Raises the counters of a member that are not missing to at least `floor`. */
export async function liftCounters(member: Member, prefix: string, floor: number): Promise<void> {
  const fences = keySpaceOf(prefix)
    .allSlots()
    .map(({ fence }) => fence);
  await eachPart(fences, async (part) => {
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
async function requestInParts<Item extends string | SlotKeys | SlotMemory>(
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

/**
 * `patient`: one request, which rejects only if no reply can come any more. A context: within some time limits of a request, the
 * request is sent again if no reply can come any more.
 */
type Patience = "patient" | CounterContext;

/** Sends a request to a member. @throws Error if no reply comes, or the reply is no yes. */
export async function requestReply(member: Member, request: Request, patience: Patience): Promise<Reply> {
  if (patience === "patient") return sendOnce(member, request, undefined);
  const { clock, deadlines, requestTimeoutMs } = patience;
  const endsAt = clock.monotonic() + TIME_LIMITS_PER_PART * requestTimeoutMs;
  for (;;) {
    try {
      return await sendOnce(member, request, { deadlines, endsAt });
    } catch (error) {
      const canComeLater =
        error instanceof InstanceError &&
        error.isPermanent !== true &&
        (error instanceof RefusedCallError || error.code === "INSTANCE_UNAVAILABLE");
      const pauseEndsAt = clock.monotonic() + PAUSE * requestTimeoutMs;
      if (!canComeLater || member.isClosed || pauseEndsAt >= endsAt) throw error;
      await new Promise<void>((resolve) => void deadlines.add(pauseEndsAt, resolve));
    }
  }
}

/** Sends the request, and waits for the reply until `endsAt`, also after the time limit of the request. */
function sendOnce(
  member: Member,
  request: Request,
  limit: { readonly deadlines: Deadlines; readonly endsAt: number } | undefined,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let deadline: Deadline | undefined;
    const onReply = (_member: number, reply: Reply | InstanceError): void => {
      deadline?.cancel();
      if (reply instanceof InstanceError) {
        // The late reply or the error of its connection follows.
        const canStillCome = isSent && reply.code === "INSTANCE_TIMEOUT";
        if (!isSent) reject(notSent(reply));
        else if (!canStillCome) reject(reply);
        else if (limit !== undefined) deadline = limit.deadlines.add(limit.endsAt, () => reject(reply));
      } else if (isYes(reply)) resolve(reply);
      else reject(new InstanceError("INSTANCE_REPLY", `unexpected reply ${JSON.stringify(reply)}`));
    };
    let isSent = false;
    isSent = member.send(request, { onReply });
  });
}

function notSent(reply: InstanceError): InstanceError {
  const { message, isPermanent = false } = reply;
  return new InstanceError("INSTANCE_UNAVAILABLE", message, { cause: reply, isPermanent });
}
