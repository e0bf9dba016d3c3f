import fc from "fast-check";
import { fairKind, positionRequest } from "../../src/operations/fair.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { isMode, MODES, type Mode } from "../../src/operations/mode.ts";
import { modesKind, modesOperations, type ModesTarget } from "../../src/operations/modes.ts";
import { queryOfModes } from "../../src/operations/modes-query.ts";
import { mutexKind } from "../../src/operations/mutex.ts";
import { type Request, request } from "../../src/operations/request.ts";
import { seizeKind } from "../../src/operations/seize.ts";
import {
  FAR,
  fenceNear,
  type Language,
  PREFIX,
  somePass,
  someTtlMs,
  someWrite,
  type Step,
  ticketNear,
  USED,
} from "./history-steps.ts";
import type { State } from "./typed-store.ts";

/** Histories of locks in modes, beside plain locks on the same names. */

const NAMES = ["a", "{x}b", "{x}c"] as const;
/** The last one lies in two hash slots, so its requests have two counters. */
const TARGETS = [["a"], ["{x}b"], ["{x}c"], ["{x}b", "{x}c"], ["a", "{x}b"]] as const;

export interface ModesAsk {
  readonly operation:
    | "acquire"
    | "extend"
    | "commit"
    | "release"
    | "leave"
    | "stay"
    | "position"
    | "query"
    | "renew"
    | "plain acquire"
    | "plain extend"
    | "plain release"
    | "seize"
    | "bad mode";
  readonly names: readonly string[];
  readonly modes: readonly Mode[];
  readonly token: string;
  readonly former: readonly string[];
  readonly ttlMs: number;
  /** How far the fencing token is from the counter, and the ticket from the first score in line. */
  readonly ahead: number;
  /** Whether the ticket is proposed. */
  readonly isProposed: boolean;
  readonly leadMs: number;
  readonly client: string | undefined;
}

export type ModesKey = "lock" | "fence" | "shared" | "line" | "wake" | "marker";
export type ModesStep = Step<ModesAsk, ModesKey>;

const token = fc.constantFrom("t1", "t2", "t3", "t4");

const ask: fc.Arbitrary<ModesAsk> = fc.record({
  operation: fc.oneof(
    {
      weight: 20,
      arbitrary: fc.constantFrom(
        ...(["acquire", "acquire", "acquire", "acquire", "extend", "extend", "commit"] as const),
        ...(["release", "release", "leave", "stay", "position", "query"] as const),
        ...(["renew", "renew"] as const),
      ),
    },
    { weight: 2, arbitrary: fc.constantFrom("plain acquire", "plain extend", "plain release") },
    { weight: 1, arbitrary: fc.constant("seize" as const) },
    { weight: 1, arbitrary: fc.constantFrom("bad mode" as const, "commit" as const, "commit" as const) },
  ),
  names: fc.constantFrom(...TARGETS),
  modes: fc.tuple(fc.constantFrom(...MODES, "S", "S"), fc.constantFrom(...MODES, "S")),
  token,
  former: fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.shuffledSubarray(["t1", "t2", "t3", "t4"], { minLength: 1, maxLength: 2 }) },
  ),
  ttlMs: someTtlMs,
  ahead: fc.integer({ min: -2, max: 2 }),
  isProposed: fc.boolean(),
  leadMs: fc.constantFrom(0, 0, 0, 1, -1, 1_000_000_000_000_000, -1_000_000_000_000_000),
  client: fc.constantFrom(undefined, "c1", "c2", "c3", "c1.1", "c1.2", "c2.1"),
});

/** Callers that do not wait. So the nodes have no lines, and holders share them in the fast path. */
const calmAsk: fc.Arbitrary<ModesAsk> = fc
  .tuple(
    ask,
    fc.constantFrom(
      ...(["acquire", "acquire", "acquire", "release", "release", "extend", "commit"] as const),
    ),
    fc.tuple(fc.constantFrom("IS", "IX", "IX", "S", "S", "SIX"), fc.constantFrom(...MODES, "S", "IX")),
  )
  .map(([all, operation, modes]) => ({ ...all, operation, modes, former: [], client: undefined }));

const values: Readonly<Record<ModesKey, fc.Arbitrary<string>>> = {
  lock: fc.constantFrom("t1", "foreign", "~s", "~s S t1", "~s IX t2", "~s Q t1"),
  fence: fc.constantFrom("2", "77", "0", "x", "8999999999999998", "8999999999999999"),
  shared: fc.constant("text"),
  line: fc.constantFrom(
    `${FAR} ${FAR} 5;5 c1 X ${FAR} 0 5`,
    `${FAR} ${FAR} 6;5 c1.1 X ${FAR} -1 5;6 c2 X ${FAR} 0 6`,
    `0 ${FAR} 5;5 c1 X ${FAR} 1000 5`,
    `${FAR} ${FAR} 7;5 c1 S ${FAR} 0 5;6 c2 S ${FAR} 0 6;7 c3 X ${FAR} 0 7`,
    `1051 ${FAR} 6;5 c1 IX ${FAR} 1000 5;6 c2 S ${FAR} 0 6;6 c3 IS ${FAR} 0 6`,
    `1001 ${FAR} 6;5 c1 X 1000 0 5;6 c2 FOO ${FAR} 0 6`,
    `${FAR} ${FAR} 6;6 c2 FOO ${FAR} 0 6;x c1 `,
    // Waiters with places of their own. The first one was named, and its client has sent nothing since, or something.
    "@-19 @2950 7;5 c1.1 X @2900 @-70 5;6 c1.2 X @2920 0 6;7 c2.1 X @2950 0 7",
    "@-19 @2990 7;5 c1.1 X @2900 @-70 5;6 c1.2 S @2990 0 6;7 c2.1 X @2950 0 7",
    `${FAR} ${FAR} 91;-9 c1.1 X ${FAR} 0 91;6 c1.2 X ${FAR} 0 6;7 c2.1 X ${FAR} 0 7`,
    "",
    "x",
  ),
  wake: fc.constantFrom("c1", "c2 other", "other"),
  marker: fc.constantFrom("lost 5", "complete - - id file 7", ""),
};

const key = fc.constantFrom<ModesKey[]>(
  ...(["lock", "fence", "shared", "wake", "marker"] as const),
  ...(["line", "line", "line", "line", "line", "line"] as const),
);
const write = someWrite(
  key,
  fc.constantFrom(...NAMES).map((name) => [name]),
  values,
);

const step: fc.Arbitrary<ModesStep> = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({ kind: fc.constant("ask" as const), asks: fc.tuple(ask) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("ask" as const),
      asks: fc.array(ask, { minLength: 2, maxLength: 4 }),
    }),
  },
  { weight: 3, arbitrary: write },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("delete" as const),
      key,
      name: fc.constantFrom(...NAMES),
    }),
  },
  {
    weight: 3,
    arbitrary: somePass,
  },
);

/** Writes to gates and to sorted sets only. */
const calmWrite = write.filter(({ key: of }) => of === "lock" || of === "shared");
const calmStep: fc.Arbitrary<ModesStep> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant("ask" as const), asks: fc.tuple(calmAsk) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("ask" as const),
      asks: fc.array(calmAsk, { minLength: 2, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: calmWrite },
  {
    weight: 1,
    arbitrary: somePass,
  },
);

const calmSteps = fc.array(calmStep, { minLength: 5, maxLength: 50, size: "max" });
const steps = fc.array(step, { minLength: 5, maxLength: 50, size: "max" });
export const modesHistory: fc.Arbitrary<readonly ModesStep[]> = fc.oneof(
  { weight: 9, arbitrary: steps.map((all) => [USED, ...all]) },
  { weight: 5, arbitrary: calmSteps.map((all) => [USED, ...all]) },
  { weight: 1, arbitrary: steps },
);

function keyOf(of: ModesKey, name: string): string {
  const keys = keySpaceOf(PREFIX);
  if (of === "marker") return keys.marker;
  if (of === "lock" || of === "fence" || of === "wake") return keys[of](name);
  return keys.beside(name, [of])[0]!;
}

function requestOf(asked: ModesAsk, state: State): Request {
  const { operation, names, token: own, former, ttlMs: ttl, ahead, isProposed, leadMs, client } = asked;
  const modes = asked.modes.slice(0, names.length);
  const fence = fenceNear(keyOf("fence", names[0]!), state, ahead);
  const ticket = ticketNear(keyOf("line", names[0]!), state, ahead, isProposed);
  const owner = {
    token: own,
    prefix: PREFIX,
    fence,
    isWithdrawn: false,
    former: former.filter((other) => other !== own),
  };
  const target = { names, modes, ticket, leadMs };
  switch (operation) {
    case "acquire":
      return modesKind.acquire(target, owner, ttl, client);
    case "extend":
      return modesKind.extend(target, owner, ttl);
    case "commit":
      return modesKind.commit(target, owner, fence);
    case "release":
      return modesKind.release(target, owner, client ?? "");
    case "leave":
      return modesKind.leave(target, PREFIX, client ?? "c1")[0]!;
    case "stay":
      return fairKind.stay!({ ...target, callerNumber: 0, watcher: undefined }, PREFIX, client ?? "c1");
    case "renew":
      return modesKind.transfer!.renew(ahead === 0 ? target : asHeld(target, own, state), owner, ttl);
    case "query":
      return queryOfModes.request({ names }, PREFIX);
    case "position":
      return positionRequest({ ...target, callerNumber: 0, watcher: undefined }, PREFIX, client ?? "c1");
    case "plain acquire":
      return mutexKind.acquire(names, owner, ttl, client);
    case "plain extend":
      return mutexKind.extend(names, owner, ttl);
    case "plain release":
      return mutexKind.release(names, owner, client ?? "");
    case "seize":
      return seizeKind.acquire({ ...target, names: names.slice(0, 1) }, owner, ttl, undefined);
    case "bad mode":
      return request(modesOperations.commit, modesKind.commit(target, owner, 1).keys, [own, "1", "Q"]);
  }
}

/** The target in the modes that the gates have for the token, so that many renewals name what it holds. */
function asHeld(target: ModesTarget, own: string, state: State): ModesTarget {
  const modes = target.names.map((name, index): Mode => {
    const value = state[keyOf("lock", name)]?.value;
    if (value === own) return "X";
    const [, mode = "", sole] = /^~s ([A-Z]+) (.*)$/.exec(value ?? "") ?? [];
    return sole === own && isMode(mode) ? mode : target.modes[index]!;
  });
  return { ...target, modes };
}

export const modesLanguage: Language<ModesAsk, ModesKey> = { requestOf, keyOf };
