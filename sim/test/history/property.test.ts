import {
  checkHistory,
  fencedMutex,
  type Model,
  type Operation,
  readWrite,
  semaphore,
} from "@quorumlock/sim/history";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fencedRule, hasOrder, readWriteRule, type Rule, twoPermits } from "./brute-force.ts";
import { randomFrom, recordMutex, type Recorded } from "./real-mutex.ts";

const time = fc.integer({ min: 0, max: 12 });

/** Few tokens, few moments: so that operations overlap, and about as many histories are possible as not. */
const anyOperation: fc.Arbitrary<Operation> = fc
  .record({
    kind: fc.constantFrom("acquire", "acquire", "extend", "release"),
    token: fc.constantFrom("A", "B", "C", "D"),
    from: time,
    lasting: fc.integer({ min: 0, max: 8 }),
    leased: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined, freq: 8 }),
    fence: fc.integer({ min: 1, max: 3 }),
    mode: fc.constantFrom("read", "write"),
    outcome: fc.constantFrom("ok", "ok", "ok", "unknown", "refused"),
  })
  .map(({ kind, token, from, lasting, leased, fence, mode, outcome }) => ({
    process: token,
    resource: "r",
    kind,
    token,
    invokedAt: from,
    outcome,
    mode,
    ...(outcome === "unknown" ? {} : { completedAt: from + lasting }),
    ...(kind === "acquire" && outcome === "ok" ? { fence } : {}),
    ...(leased === undefined ? {} : { heldUntil: from + lasting + leased }),
  }));

/** A refused release says that its holder gave up, a rule of its own; a token names one acquisition. */
const anyHistory = fc
  .array(anyOperation, { minLength: 1, maxLength: 6 })
  .map((history) => history.filter(({ kind, outcome }) => kind !== "release" || outcome !== "refused"))
  .filter((history) => {
    const acquired = history.filter(({ kind, outcome }) => kind === "acquire" && outcome !== "refused");
    return new Set(acquired.map(({ token }) => token)).size === acquired.length;
  });

const rules: readonly (readonly [string, Model<never>, Rule])[] = [
  ["a fenced mutex", fencedMutex as unknown as Model<never>, fencedRule],
  ["a semaphore", semaphore(2) as unknown as Model<never>, twoPermits],
  ["a read/write lock", readWrite as unknown as Model<never>, readWriteRule],
];

test.each(rules)("says of %s the same as a trial of all orders", (_, model, rule) => {
  const verdicts = { possible: 0, impossible: 0 };
  fc.assert(
    fc.property(anyHistory, (history) => {
      const possible = hasOrder(history, rule);
      expect(checkHistory(history, model).valid).toBe(possible);
      verdicts[possible ? "possible" : "impossible"] += 1;
    }),
    { numRuns: 10_000 },
  );
  // Neither answer can be had by always saying the same.
  expect(Math.min(verdicts.possible, verdicts.impossible)).toBeGreaterThan(1_000);
});

const recorded = fc
  .record({ seed: fc.integer(), operations: fc.integer({ min: 5, max: 120 }) })
  .map(({ seed, operations }) => recordMutex(randomFrom(seed), operations));

test("accepts what a mutex that does everything right let its clients see", () => {
  fc.assert(
    fc.property(recorded, ({ history }) => {
      expect(checkHistory(history, fencedMutex)).toMatchObject({ valid: true });
    }),
    { numRuns: 1_000 },
  );
});

/** Makes one thing of a good history impossible; `undefined` where it has no place for it. */
type Spoil = (recorded: Recorded, pick: (count: number) => number) => readonly Operation[] | undefined;

const without = (history: readonly Operation[], ...gone: readonly Operation[]): readonly Operation[] =>
  history.filter((one) => !gone.includes(one));

const of = (
  history: readonly Operation[],
  { token }: Operation,
  kind: Operation["kind"],
): readonly Operation[] => history.filter((one) => one.token === token && one.kind === kind);

/** A grant and a later one that was asked for after the first was known. */
function apart(
  { grants }: Recorded,
  pick: (count: number) => number,
): readonly [Operation, Operation] | undefined {
  const first = grants[pick(grants.length)];
  const later = grants.filter((one) => first !== undefined && one.invokedAt > first.completedAt!);
  return first === undefined || later.length === 0 ? undefined : [first, later[pick(later.length)]!];
}

const spoils: Readonly<Record<string, Spoil>> = {
  "a fencing token that repeats": (all, pick) => {
    const [first, second] = [all.grants[pick(all.grants.length)], all.grants[pick(all.grants.length)]];
    if (first === undefined || second === undefined || first === second) return undefined;
    return [...without(all.history, second), { ...second, fence: first.fence }];
  },
  "fencing tokens that go back": (all, pick) => {
    const pair = apart(all, pick);
    if (pair === undefined) return undefined;
    const [first, second] = pair;
    const swapped = [
      { ...first, fence: second.fence },
      { ...second, fence: first.fence },
    ];
    return [...without(all.history, first, second), ...swapped];
  },
  "a lease that lasted beyond another's grant": (all, pick) => {
    const pair = apart(all, pick);
    if (pair === undefined) return undefined;
    const [first, second] = pair;
    const ends = [...of(all.history, first, "extend"), ...of(all.history, first, "release")];
    return [...without(all.history, first, ...ends), { ...first, heldUntil: second.completedAt! + 1 }];
  },
  "a grant while another surely held it": (all, pick) => {
    const first = all.grants[pick(all.grants.length)];
    if (first === undefined) return undefined;
    const asked = of(all.history, first, "release").map(({ invokedAt }) => invokedAt);
    const from = first.completedAt! + 0.1;
    const until = Math.min(...asked, first.heldUntil!) - 0.1;
    if (until <= from) return undefined;
    const intruder = {
      ...first,
      token: "intruder",
      process: "intruder",
      invokedAt: from,
      completedAt: until,
    };
    return [...all.history, { ...intruder, heldUntil: until + 100, fence: first.fence! + 0 }];
  },
  "a second release that succeeded": (all, pick) => {
    const releases = all.history.filter(({ kind, outcome }) => kind === "release" && outcome === "ok");
    const twice = releases[pick(releases.length)];
    return twice && [...all.history, { ...twice, completedAt: twice.completedAt! + 1_000 }];
  },
  "a release by somebody who never had it": (all, pick) => {
    const releases = all.history.filter(({ kind, outcome }) => kind === "release" && outcome === "ok");
    const taken = releases[pick(releases.length)];
    return taken && [...without(all.history, taken), { ...taken, token: "thief", process: "thief" }];
  },
  "an extension after another's grant": (all, pick) => {
    const pair = apart(all, pick);
    if (pair === undefined) return undefined;
    const [{ token, process }, { completedAt }] = pair;
    const late = { process, resource: "r", kind: "extend", token, outcome: "ok" } as const;
    return [...all.history, { ...late, invokedAt: completedAt! + 1, completedAt: completedAt! + 2 }];
  },
};

test.each(Object.entries(spoils))("refuses %s", (_, spoil) => {
  let spoilt = 0;
  fc.assert(
    fc.property(recorded, fc.integer(), (all, seed) => {
      const random = randomFrom(seed);
      const history = spoil(all, (count) => Math.floor(random() * count));
      if (history === undefined) return;
      expect(checkHistory(history, fencedMutex)).toMatchObject({ valid: false });
      spoilt += 1;
    }),
    { numRuns: 300 },
  );
  expect(spoilt).toBeGreaterThan(200);
});

test("a hundred thousand operations take a few steps each", () => {
  const { history, grants } = recordMutex(randomFrom(1), 100_000);
  const good = checkHistory(history, fencedMutex);
  expect(good.valid).toBe(true);
  expect(good.steps).toBeLessThan(10 * history.length);

  const last = grants.at(-1)!;
  const bad = checkHistory([...without(history, last), { ...last, fence: 5 }], fencedMutex);
  expect(bad.valid).toBe(false);
  expect(bad.steps).toBeLessThan(20 * history.length);
  console.log(`steps for ${history.length} operations: ${good.steps} valid, ${bad.steps} violated`);
});

test("many who wait all the while do not multiply the orders to try", () => {
  // Fifty ask at the same moment and are served one after the other; in the spoilt one two are served at once.
  const crowd = (overlap: number): readonly Operation[] =>
    Array.from({ length: 50 }, (_, index): readonly Operation[] => {
      const token = `t${index}`;
      const common = { process: token, resource: "r", token, outcome: "ok" } as const;
      const at = 10 * index - (index === 40 ? overlap : 0);
      return [
        { ...common, kind: "acquire", invokedAt: -1, completedAt: at + 1, fence: index, heldUntil: at + 100 },
        { ...common, kind: "release", invokedAt: at + 8, completedAt: at + 9 },
      ];
    }).flat();
  expect(checkHistory(crowd(0), fencedMutex)).toMatchObject({ valid: true });
  const spoilt = checkHistory(crowd(8), fencedMutex);
  expect(spoilt.valid).toBe(false);
  expect(spoilt.steps).toBeLessThan(5_000);
});
