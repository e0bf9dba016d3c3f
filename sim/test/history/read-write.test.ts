import {
  checkHistory,
  fencedReadWrite,
  type Model,
  type Operation,
  readWriteFences,
} from "@quorumlock/sim/history";
import { describe, expect, it, test } from "vitest";
import { acquire, convert, extend, release, violation } from "./support.ts";

const read = { mode: "read" } as const;

describe("rejects with a reason", () => {
  interface Planted {
    readonly name: string;
    readonly history: readonly Operation[];
    readonly reason: string;
    readonly model?: Model<never>;
  }
  const planted: readonly Planted[] = [
    {
      name: "two readers and a writer that overlap",
      history: [
        acquire("A", [1, 2], 10, { ...read, fence: 5 }),
        acquire("B", [3, 4], 12, { ...read, fence: 5 }),
        acquire("C", [10, 11], 20, { fence: 6 }),
      ],
      reason: "token C was granted between 10 and 11 while token B held the lock until 12",
    },
    {
      name: "a reader with a smaller fencing token than the writer before it",
      history: [acquire("A", [1, 2], 5, { fence: 7 }), acquire("B", [6, 7], 12, { ...read, fence: 6 })],
      reason: "token B was granted between 6 and 7 with fencing token 6 after fencing token 7",
    },
    {
      name: "a writer with the fencing token of a reader before it, if leases may overlap",
      model: readWriteFences as unknown as Model<never>,
      history: [acquire("A", [1, 2], 50, { ...read, fence: 7 }), acquire("B", [6, 7], 50, { fence: 7 })],
      reason: "token B was granted between 6 and 7 with fencing token 7 after fencing token 7",
    },
    {
      name: "an upgrade while another reader holds the lock",
      history: [
        acquire("A", [1, 2], 20, { ...read, fence: 5 }),
        acquire("B", [3, 4], 12, { ...read, fence: 5 }),
        convert("A", [5, 6], "write", { fence: 6 }),
      ],
      reason: "token A was converted to X between 5 and 6 while token B held the lock until 12",
    },
    {
      name: "an upgrade that keeps the fencing token",
      history: [acquire("A", [1, 2], 20, { ...read, fence: 5 }), convert("A", [5, 6], "write", { fence: 5 })],
      reason: "token A was converted to X between 5 and 6 with fencing token 5 after fencing token 5",
    },
    {
      name: "a downgrade that changes the fencing token",
      history: [acquire("A", [1, 2], 20, { fence: 5 }), convert("A", [5, 6], "read", { fence: 6 })],
      reason: "token A was converted to S between 5 and 6 with a fencing token that does not match its grant",
    },
    {
      name: "a writer between a downgrade and the end of its lease",
      history: [
        acquire("A", [1, 2], 20, { fence: 5 }),
        convert("A", [5, 9], "read", { heldUntil: 30 }),
        acquire("B", [6, 7], 10, { fence: 6 }),
      ],
      reason: "token B was granted between 6 and 7 while token A held the lock until 30",
    },
    {
      name: "a reader before a downgrade without a reply started",
      history: [
        acquire("A", [1, 2], 20, { fence: 5 }),
        acquire("B", [3, 4], 10, { ...read, fence: 5 }),
        convert("A", [5], "read"),
      ],
      reason: "token B was granted between 3 and 4 while token A held the lock until 20",
    },
    {
      name: "a downgrade without a reply that two readers need, with an upgrade between them",
      history: [
        acquire("A", [1, 2], 90, { fence: 5 }),
        convert("A", [3], "read"),
        acquire("B", [5, 6], 10, { ...read, fence: 5 }),
        convert("A", [11, 12], "write", { fence: 6 }),
        acquire("C", [15, 16], 20, { ...read, fence: 6 }),
      ],
      reason: "token C was granted between 15 and 16 while token A held the lock until 90",
    },
    {
      name: "a writer of a part while a reader reads the whole",
      history: [
        acquire("A", [1, 2], 10, { mode: "IS", fence: 5 }),
        acquire("B", [1, 2], 10, { ...read, fence: 5 }),
        acquire("C", [3, 4], 12, { mode: "IX", fence: 6 }),
      ],
      reason:
        "token C was granted between 3 and 4 while token A held the lock until 10 and token B held the lock until 10",
    },
  ];

  it.each(planted)("$name", ({ history, reason, model = fencedReadWrite as unknown as Model<never> }) => {
    expect(violation(checkHistory(history, model))).toBe(reason);
    expect(violation(checkHistory(history.toReversed(), model))).toBe(reason);
  });
});

describe("accepts", () => {
  const writer = acquire("A", [1, 2], 20, { fence: 5 });
  const reader = acquire("A", [1, 2], 20, { ...read, fence: 5 });
  const accepted: readonly (readonly [string, readonly Operation[]])[] = [
    [
      "readers after a downgrade has begun, and the old token",
      [writer, convert("A", [3, 8], "read", { fence: 5 }), acquire("B", [4, 5], 20, { ...read, fence: 5 })],
    ],
    [
      "a reader after a downgrade without a reply",
      [writer, convert("A", [3], "read"), acquire("B", [10, 11], 20, { ...read, fence: 5 })],
    ],
    [
      "an upgrade as soon as the other reader has begun to release",
      [
        reader,
        acquire("B", [3, 4], 20, { ...read, fence: 5 }),
        release("B", [5, 9]),
        convert("A", [5, 6], "write", { fence: 6 }),
      ],
    ],
    [
      "a refused upgrade, and another reader",
      [
        reader,
        convert("A", [3, 4], "write", { outcome: "refused" }),
        acquire("B", [5, 6], 20, { ...read, fence: 5 }),
      ],
    ],
    [
      "an upgrade without a reply, and a later extension with its token",
      [reader, convert("A", [3], "write"), extend("A", [5, 6], 30, { fence: 6 })],
    ],
    [
      "a writer after the extended lease of a converted lock",
      [writer, convert("A", [3, 4], "read", { heldUntil: 40 }), acquire("B", [40, 41], 50, { fence: 6 })],
    ],
    [
      "writers of parts, and readers of parts",
      [
        acquire("A", [1, 2], 20, { mode: "IX", fence: 6 }),
        acquire("B", [1, 2], 20, { mode: "IX", fence: 5 }),
        acquire("C", [3, 4], 20, { mode: "IS", fence: 4 }),
      ],
    ],
  ];

  it.each(accepted)("%s", (_, history) => {
    expect(checkHistory(history, fencedReadWrite)).toMatchObject({ valid: true });
  });

  test("a writer before the extended lease of a converted lock ends is rejected", () => {
    const history = [
      writer,
      convert("A", [3, 4], "read", { heldUntil: 40 }),
      acquire("B", [30, 31], 50, { fence: 6 }),
    ];
    expect(violation(checkHistory(history, fencedReadWrite))).toBe(
      "token B was granted between 30 and 31 while token A held the lock until 40",
    );
  });
});
