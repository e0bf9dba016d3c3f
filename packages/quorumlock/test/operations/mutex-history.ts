import fc from "fast-check";
import { MUTEX_SCRIPT } from "../../src/generated/scripts.ts";
import { counters, type SlotMemory } from "../../src/operations/counters.ts";
import { identify } from "../../src/operations/identify.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { loseMarker, replaceMarker } from "../../src/operations/marker.ts";
import { mutexKind } from "../../src/operations/mutex.ts";
import { observeName } from "../../src/operations/observe.ts";
import { type Operation, type Request, request } from "../../src/operations/request.ts";
import { noteSet } from "../../src/operations/set-note.ts";
import {
  COMPLETE,
  fenceNear,
  type Language,
  PREFIX,
  slotKeysOf,
  somePass,
  someWrite,
  type Step,
  USED,
} from "./history-steps.ts";
import type { State } from "./typed-store.ts";

/** The last two lie in one hash slot, so they share a counter. */
const NAMES = ["a", "{x}b", "{x}c"] as const;
const WEEK_MS = 604_800_000;

export interface Ask {
  readonly operation:
    | "acquire"
    | "extend"
    | "commit"
    | "release"
    | "leave"
    | "query"
    | "observe"
    | "renew"
    | "identify"
    | "read"
    | "carry"
    | "restore"
    | "lift"
    | "replace marker"
    | "lose marker"
    | "note"
    | "unknown";
  readonly names: readonly string[];
  readonly token: string;
  readonly ttlMs: number;
  /** Of extend and commit: how far the fencing token is from the counter of the first name. */
  readonly ahead: number;
  /** Of acquire: the holder that hands over. */
  readonly replaces: string | undefined;
  /** Of acquire, leave and release: the client. */
  readonly client: string | undefined;
}

/** Which key of a name. The marker and the notes are the same for all names. */
type Key = "lock" | "fence" | "wake" | "marker" | "notes";

export type MutexStep = Step<Ask, Key>;

const name = fc.constantFrom(...NAMES);
const someNames = fc.oneof(
  name.map((only) => [only]),
  fc.shuffledSubarray([...NAMES], { minLength: 2 }),
);
const key = fc.constantFrom<Key[]>("lock", "lock", "lock", "fence", "fence", "wake", "marker", "notes");
/** Those that expire while the history goes on, those that stay, and one whose double is longer than a counter's week. */
const ttlMs = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 6 }) },
  { weight: 3, arbitrary: fc.integer({ min: 1_000_000, max: 1_000_003 }) },
  { weight: 1, arbitrary: fc.constantFrom(WEEK_MS / 2 - 1, WEEK_MS / 2, WEEK_MS, 99_999_999, 100_000_000) },
);

const ask: fc.Arbitrary<Ask> = fc.record({
  operation: fc.constantFrom(
    ...([
      "acquire",
      "acquire",
      "acquire",
      "extend",
      "extend",
      // Few of them find the keys that they commit.
      "commit",
      "commit",
      "commit",
      "release",
      "release",
      "leave",
      "query",
      "observe",
      "renew",
      "renew",
      "renew",
    ] as const),
    ...([
      "identify",
      "read",
      "carry",
      "restore",
      "lift",
      "replace marker",
      "lose marker",
      "note",
      "note",
      "unknown",
    ] as const),
  ),
  names: someNames,
  token: fc.constantFrom("t1", "t2", "t3"),
  ttlMs,
  ahead: fc.integer({ min: -3, max: 3 }),
  replaces: fc.constantFrom(undefined, undefined, "t1", "t2", "t3"),
  client: fc.constantFrom(undefined, undefined, "c1", "c2", "c3"),
});

/** Holders that are ours, and foreign ones: each name then has another. */
const lockValue = fc.constantFrom("t1", "t2", "foreign", "foreign", "");
/** Counters as they are, as they should never be, and what is none. */
const fenceValue = fc.oneof(
  fc.integer({ min: 2, max: 1_000 }).map(String),
  fc.constantFrom("0", "1", "-1", "-7", "-9223372036854775808", `-${"1".repeat(400)}`),
  fc.constantFrom("007", " 12 ", "1.5", "1e3", "0x10", "0b1", "inf", "nan", "Infinity", "", "x"),
  fc.constantFrom("8999999999999998", "8999999999999999", "9000000000000000", "9007199254740993"),
  fc.constantFrom("9223372036854775807", "9223372036854775808", "1".repeat(400)),
);

/** Lines as they are, with all that Lua takes for space, one that is full, and what is none. */
const lineValue = fc.oneof(
  fc.constantFrom("c1", "c2 c1", "~ c2 c1", "other c3", "c1\tc2\nc3", " c2  c1\r", "\v\f", ""),
  fc.constantFrom(767, 768).map((length) => "x".repeat(length)),
);

/** Markers as they are, and what is none. */
const markerValue = fc.oneof(
  fc.constant(COMPLETE),
  fc.constantFrom("complete run - id clock 8999999999999999", "complete - - id file 7", "lost 1764000000000"),
  fc.constantFrom("", "complete", "complete run id clock 5", "complete a b c elsewhere 5", "lost x"),
);

/** Notes that say nothing about durations, what is none, and lines between them. */
const notesValue = fc
  .array(
    fc.constantFrom(
      "1:x 1 2 3 past",
      "1:x 1 2 9007199254740993 far",
      `1:x 2 1 ${"1".repeat(400)} later`,
      "1:x 1 2 x no number",
      "1:x",
      " 1 2 3 ",
      "",
    ),
    { maxLength: 3 },
  )
  .map((lines) => lines.join("\n"));

const values: Readonly<Record<Key, fc.Arbitrary<string>>> = {
  lock: lockValue,
  fence: fenceValue,
  wake: lineValue,
  marker: markerValue,
  notes: notesValue,
};

const write = someWrite(key, someNames, values);

/** Requests of one kind, as the callers of one tick make them. */
function run([first, others]: readonly [Ask, readonly Ask[]]): readonly Ask[] {
  const { operation, ttlMs: ttl, client } = first;
  // A server describes itself in a fifth of a millisecond. All requests of a step have one together.
  if (operation === "identify") return [first];
  return [first, ...others].map((other) => ({
    ...other,
    operation,
    names: other.names.slice(0, 1),
    ttlMs: ttl,
    client,
  }));
}

const step: fc.Arbitrary<MutexStep> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("ask" as const),
      asks: fc.array(ask, { minLength: 1, maxLength: 1 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("ask" as const),
      asks: fc.array(ask, { minLength: 2, maxLength: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("ask" as const), asks: fc.tuple(ask, fc.array(ask)).map(run) }),
  },
  { weight: 6, arbitrary: write },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), key, name }) },
  {
    weight: 3,
    arbitrary: somePass,
  },
);

const steps = fc.array(step, { minLength: 5, maxLength: 50, size: "max" });

export const mutexHistory: fc.Arbitrary<readonly MutexStep[]> = fc.oneof(
  { weight: 9, arbitrary: steps.map((all) => [USED, ...all]) },
  { weight: 1, arbitrary: steps },
);

export function keyOf(of: Key, resource: string): string {
  const keys = keySpaceOf(PREFIX);
  return of === "marker" || of === "notes" ? keys[of] : keys[of](resource);
}

/** What both are asked. The fencing token is chosen from the state, so that it is sometimes behind the counter. */
function requestOf(asked: Ask, state: State): Request {
  const { operation, names, token, ttlMs: ttl, ahead, replaces, client } = asked;
  const fence = fenceNear(keyOf("fence", names[0]!), state, ahead);
  const owner = { token, prefix: PREFIX, fence, isWithdrawn: false };
  switch (operation) {
    case "acquire":
      // No holder hands over to itself.
      return replaces === undefined || replaces === token
        ? mutexKind.acquire(names, owner, ttl, client)
        : mutexKind.takeOver!(names, owner, replaces, ttl, client);
    case "extend":
      return mutexKind.extend(names, owner, ttl);
    case "commit":
      return mutexKind.commit(names, owner, fence);
    case "release":
      return mutexKind.release(names, owner, client ?? "");
    case "read":
      return counters.read([...NAMES, "other"].map(slotKeysOf));
    case "carry":
      return counters.raise([...names, "other"].map((one) => slotOf(one, fence)));
    case "leave":
      return mutexKind.leave(names.slice(0, 1), PREFIX, client ?? "c1")[0]!;
    case "renew":
      return mutexKind.transfer!.renew(names, owner, ttl);
    case "query":
      return mutexKind.query!.request(names, PREFIX);
    case "observe":
      return observeName(names[0]!, PREFIX);
    case "identify":
      return identify(keyOf("marker", "a"));
    case "restore":
      return counters.restore([...names, "other"].map((one) => slotOf(one, fence)));
    case "lift":
      return counters.lift(
        [...names, "other"].map((one) => keyOf("fence", one)),
        fence,
      );
    case "replace marker":
      return replaceMarker(
        keyOf("marker", "a"),
        ahead > 0 ? COMPLETE : "",
        ahead === 1 ? "lost 5" : COMPLETE,
      );
    case "lose marker":
      return loseMarker(keyOf("marker", "a"), ahead > 0 ? COMPLETE : "", ttl);
    case "note":
      return noteSet(keyOf("notes", "a"), {
        set: `1:${token}`,
        former: replaces === undefined ? "" : `1:${replaces}`,
        lifeMs: ttl,
        freshMs: ahead > 0 ? ttl / 2 : ahead + 3,
        owner: client ?? "someone else",
      });
    case "unknown":
      return request(UNKNOWN, [keyOf("lock", names[0]!)], [token]);
  }
}

/** A hash slot in which no semaphore was resized. */
function slotOf(resource: string, fence: number): SlotMemory {
  return { keys: slotKeysOf(resource), fence, sizes: new Map() };
}

const UNKNOWN: Operation = {
  name: "mutex.unknown",
  script: MUTEX_SCRIPT,
  ownArgs: 1,
  isGrant: false,
  isUndo: false,
  twin: () => {
    throw new Error("unknown operation");
  },
};

export const mutexLanguage: Language<Ask, Key> = { requestOf, keyOf };
