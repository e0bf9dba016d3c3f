import {
  checkHistory,
  fencedMutex,
  fenceOrder,
  type Model,
  type Operation,
  ownerAwareMutex,
  readWrite,
  semaphore,
} from "@quorumlock/sim/history";
import { describe, expect, it, test } from "vitest";
import { acquire, expire, extend, release, violation } from "./support.ts";

const mutexVerdict = (history: readonly Operation[]): unknown => checkHistory(history, ownerAwareMutex).valid;

describe("rejects with a reason", () => {
  interface Planted {
    readonly name: string;
    readonly history: readonly Operation[];
    readonly reason: string;
    readonly model?: Model<never>;
  }
  const fenced = fencedMutex as Model<never>;
  const planted: readonly Planted[] = [
    {
      name: "two grants that overlap",
      history: [acquire("A", [10, 12], 14), acquire("B", [11, 12.1], 15)],
      reason: "token B was granted between 11 and 12.1 while token A held the lock until 14",
    },
    {
      name: "a grant before the lease of the holder has expired",
      history: [acquire("A", [1, 2], 10), acquire("B", [8, 9.999], 20)],
      reason: "token B was granted between 8 and 9.999 while token A held the lock until 10",
    },
    {
      name: "a grant before the extended lease has expired",
      history: [acquire("A", [1, 2], 10), extend("A", [5, 6], 16), acquire("B", [11, 12], 20)],
      reason: "token B was granted between 11 and 12 while token A held the lock until 16",
    },
    {
      name: "a grant before the release",
      history: [acquire("A", [1, 2], 50), acquire("B", [3, 4], 50), release("A", [5, 6])],
      reason: "token B was granted between 3 and 4 while token A held the lock until its release at 5",
    },
    {
      name: "a grant before a release without a reply started",
      history: [acquire("A", [1, 2], 50), acquire("B", [3, 4], 50), release("A", [5])],
      reason: "token B was granted between 3 and 4 while token A held the lock until 50",
    },
    {
      name: "a successful release by another client",
      history: [acquire("A", [1, 2], 50), release("B", [3, 4])],
      reason:
        "the release of token B succeeded between 3 and 4 although it had never acquired the lock: token A held the lock",
    },
    {
      name: "a second successful release",
      history: [acquire("A", [1, 2], 50), release("A", [3, 4]), release("A", [5, 6])],
      reason:
        "the release of token A succeeded between 5 and 6 although it no longer held the lock: the lock was free",
    },
    {
      name: "a successful release after the grant of another client",
      history: [acquire("A", [1, 2], 10), acquire("B", [11, 12], 20), release("A", [13, 14])],
      reason:
        "token B was granted between 11 and 12 while token A held the lock, because its release at 14 succeeded",
    },
    {
      name: "a successful extension after the grant of another client",
      history: [acquire("A", [1, 2], 10), acquire("B", [11, 12], 20), extend("A", [13, 14], 24)],
      reason:
        "token B was granted between 11 and 12 while token A held the lock, because its extend at 14 succeeded",
    },
    {
      name: "an extension after the release",
      history: [acquire("A", [1, 2], 10), release("A", [3, 4]), extend("A", [5, 6], 20)],
      reason: "token A was extended between 5 and 6 although it no longer held the lock: the lock was free",
    },
    {
      name: "two overlapping grants of one token",
      history: [acquire("A", [1, 2], 10), acquire("A", [3, 4], 12)],
      reason: "token A was granted between 3 and 4 while token A held the lock until 10",
    },
    {
      name: "a lease that expires too early",
      history: [acquire("A", [1, 2], 10), expire("A", [5, 6], { outcome: "ok" })],
      reason: "the lease of token A expired between 5 and 6 although it held the lock until 10",
    },
    {
      name: "a grant while a lease without an expiry is held",
      history: [acquire("A", [1, 2]), acquire("B", [100, 101])],
      reason: "token B was granted between 100 and 101 while token A held the lock without an end",
    },
    {
      name: "a fencing token that repeats",
      model: fenced,
      history: [acquire("A", [1, 2], 10, { fence: 7 }), acquire("B", [11, 12], 20, { fence: 7 })],
      reason: "token B was granted between 11 and 12 with fencing token 7 after fencing token 7",
    },
    {
      name: "a fencing token that is smaller than an earlier one",
      model: fenced,
      history: [
        acquire("A", [1, 2], 10, { fence: 7 }),
        release("A", [3, 4]),
        acquire("B", [5, 6], 20, { fence: 3 }),
      ],
      reason: "token B was granted between 5 and 6 with fencing token 3 after fencing token 7",
    },
    {
      name: "a grant without a fencing token",
      model: fenced,
      history: [acquire("A", [1, 2], 10)],
      reason: "token A was granted between 1 and 2 without a fencing token",
    },
    {
      name: "a fencing token that changes with an extension",
      model: fenced,
      history: [acquire("A", [1, 2], 10, { fence: 7 }), extend("A", [3, 4], 20, { fence: 8 })],
      reason: "token A was extended between 3 and 4 with a fencing token that does not match its grant",
    },
    {
      name: "fencing tokens that decrease in real time, if leases may overlap",
      model: fenceOrder as Model<never>,
      history: [acquire("A", [1, 2], 100, { fence: 7 }), acquire("B", [3, 4], 100, { fence: 6 })],
      reason: "token B was granted between 3 and 4 with fencing token 6 after fencing token 7",
    },
    {
      name: "one holder more than permits",
      model: semaphore(2) as unknown as Model<never>,
      history: [acquire("A", [1, 2], 10), acquire("B", [3, 4], 12), acquire("C", [5, 6], 12)],
      reason:
        "token C was granted between 5 and 6 while token A held the lock until 10 and token B held the lock until 12",
    },
    {
      name: "a writer at the same time as a reader",
      model: readWrite as unknown as Model<never>,
      history: [acquire("A", [1, 2], 10, { mode: "read" }), acquire("B", [3, 4], 12, { mode: "write" })],
      reason: "token B was granted between 3 and 4 while token A held the lock until 10",
    },
    {
      name: "more permits than there are, although there are few holders",
      model: semaphore(3) as unknown as Model<never>,
      history: [acquire("A", [1, 2], 10, { permits: 2 }), acquire("B", [3, 4], 12, { permits: 2 })],
      reason: "token B was granted between 3 and 4 while token A held the lock until 10",
    },
  ];

  it.each(planted)("$name", ({ history, reason, model = ownerAwareMutex as unknown as Model<never> }) => {
    expect(violation(checkHistory(history, model))).toBe(reason);
    // The order of the entries does not matter, because the operations contain their times.
    expect(violation(checkHistory(history.toReversed(), model))).toBe(reason);
  });
});

describe("accepts", () => {
  const good: readonly (readonly [string, readonly Operation[]])[] = [
    ["an empty history", []],
    [
      "holders one after the other",
      [acquire("A", [1, 2], 9), release("A", [3, 4]), acquire("B", [5, 6], 19)],
    ],
    ["a grant after the lease may have expired", [acquire("A", [1, 2], 10), acquire("B", [8, 10], 20)]],
    [
      "a release and a grant at the same time",
      [acquire("A", [1, 2], 50), release("A", [3, 6]), acquire("B", [4, 5], 50)],
    ],
    [
      "grants at the same time with only one possible order",
      [
        acquire("A", [1, 9], 50),
        acquire("B", [1, 9], 50),
        acquire("C", [1, 9], 50),
        release("C", [2, 3]),
        release("A", [4, 6]),
        release("B", [8, 12]),
      ],
    ],
    [
      "a grant after a release without a reply",
      [acquire("A", [1, 2], 50), release("A", [3]), acquire("B", [30, 31], 80)],
    ],
    [
      "a grant after a refused release, because the caller no longer relied on the lease",
      [acquire("A", [1, 2], 50), release("A", [3, 4], { outcome: "refused" }), acquire("B", [30, 31], 80)],
    ],
    [
      "refusals while the lock is free",
      [acquire("A", [1, 2], 9, { outcome: "refused" }), extend("A", [3, 4], 9, { outcome: "refused" })],
    ],
    [
      "a grant without a reply, and grants of other clients",
      [acquire("A", [1]), acquire("B", [2, 3], 10), acquire("C", [11, 12], 20)],
    ],
    [
      "a grant without a reply that its release confirms later",
      [acquire("A", [1]), acquire("B", [2, 3], 10), release("B", [4, 5]), release("A", [6, 7])],
    ],
    [
      "an extension that shortens the lease",
      [acquire("A", [1, 2], 50), extend("A", [3, 4], 10), acquire("B", [10, 11], 20)],
    ],
    [
      "processes without tokens that acquire repeatedly",
      [1, 11, 21].flatMap((at) => [
        acquire("A", [at, at + 1], at + 9, { token: undefined }),
        release("A", [at + 2, at + 3], { token: undefined }),
      ]),
    ],
    [
      "a token that acquires again after its release",
      [acquire("A", [1, 2], 9), release("A", [3, 4]), acquire("A", [5, 6], 15), release("A", [7, 8])],
    ],
    [
      "another resource at the same time",
      [acquire("A", [1, 2], 50), acquire("B", [1, 2], 50, { resource: "other" })],
    ],
    ["a lease with a recorded expiry", [acquire("A", [1, 2], 4), expire("A", [3, 6], { outcome: "ok" })]],
    [
      "a lease without heldUntil and with an uncertain expiry",
      [acquire("A", [1, 2]), expire("A", [3]), acquire("B", [4, 5], 9)],
    ],
  ];

  it.each(good)("%s", (_, history) => {
    expect(mutexVerdict(history)).toBe(true);
    expect(mutexVerdict(history.toReversed())).toBe(true);
  });

  test("a fencing token that becomes known with the first extension", () => {
    const history = (fence: number): readonly Operation[] => [
      acquire("A", [1, 2], 5, { fence: 7 }),
      release("A", [3, 4]),
      acquire("B", [5]),
      extend("B", [6, 7], 10, { fence }),
    ];
    expect(checkHistory(history(8), fencedMutex).valid).toBe(true);
    expect(checkHistory(history(6), fencedMutex).valid).toBe(false);
  });

  test("as many holders as permits, and readers at the same time", () => {
    const two = [acquire("A", [1, 2], 10, { mode: "read" }), acquire("B", [3, 4], 12, { mode: "read" })];
    expect(checkHistory(two, semaphore(2)).valid).toBe(true);
    expect(checkHistory(two, readWrite).valid).toBe(true);
    expect(checkHistory(two, semaphore(1)).valid).toBe(false);
    const writer = acquire("C", [11, 12.5], 20);
    expect(checkHistory([...two, writer], readWrite).valid).toBe(true);
    expect(
      checkHistory([...two, writer, acquire("D", [13, 14], 20, { mode: "read" })], readWrite).valid,
    ).toBe(false);
    const ending = [
      release("A", [5, 6]),
      release("B", [5, 6]),
      acquire("C", [7, 8], 9),
      release("C", [8, 9]),
    ];
    expect(checkHistory([...two, ...ending], readWrite).valid).toBe(true);
  });
});

test("returns the resource and the operations around the problem, not the whole history", () => {
  const calm = Array.from({ length: 50 }, (_, index) => [
    acquire(`x${index}`, [10 * index, 10 * index + 1], 10 * index + 9),
    release(`x${index}`, [10 * index + 2, 10 * index + 3]),
  ]).flat();
  const bad = [acquire("A", [205.1, 205.2], 300), acquire("B", [210.1, 210.2], 300)];
  const verdict = checkHistory(
    [...calm.map((one) => ({ ...one, resource: "calm" })), ...calm, ...bad],
    ownerAwareMutex,
  );
  expect(verdict).toMatchObject({ valid: false, resource: "r" });
  if (verdict.valid !== false) return;
  expect(verdict.operations.length).toBeLessThanOrEqual(12);
  expect(verdict.operations.map(({ token }) => token)).toContain("A");
});

test("stops after maxSteps", () => {
  const chain = Array.from({ length: 20 }, (_, index) => acquire(`t${index}`, [0, 100], index));
  expect(checkHistory(chain, semaphore(3), { maxSteps: 10 })).toMatchObject({
    valid: "unknown",
    resource: "r",
    steps: 10,
  });
});

test("a violation of one resource outweighs an unknown result of another", () => {
  const hard = Array.from({ length: 20 }, (_, index) => acquire(`t${index}`, [0, 100], index));
  const bad = [acquire("A", [1, 2], 9), acquire("B", [3, 4], 9)].map((one) => ({ ...one, resource: "s" }));
  expect(checkHistory([...hard, ...bad], ownerAwareMutex, { maxSteps: 10 })).toMatchObject({
    valid: false,
    resource: "s",
  });
});

test("rejects bad options and operations by name", () => {
  expect(() => checkHistory([], ownerAwareMutex, { maxSteps: 0 })).toThrow(
    "maxSteps: 0 must be a whole number from 1",
  );
  expect(() => semaphore(1.5)).toThrow("permits: 1.5 must be a whole number from 1");
  expect(() => checkHistory([acquire("A", [1, Number.NaN], 9)], ownerAwareMutex)).toThrow(
    "operation 1: completedAt must be finite, not NaN",
  );
});
