import { expect, test } from "vitest";
import { grantsOf } from "../../src/checks/grants.ts";
import { reading, recordsOfConversion, recordsOfLock } from "./example-records.ts";

test("a writer that downgrades relies on its lock until the call, and reads after it", () => {
  const [writer, reader] = grantsOf([
    ...recordsOfLock({ worker: "1.0", fence: 1, acquire: [0, 1], heldUntil: 100 }),
    ...recordsOfConversion({
      worker: "1.0",
      lockId: 0,
      kind: "read",
      fence: 1,
      convert: [10, 14],
      heldUntil: 110,
    }),
  ]);
  expect(writer?.leases).toEqual([{ startsAt: 1, endsAt: 10 }]);
  expect(reader).toMatchObject({ lock: "1.0/10", isConversion: true, holds: reading, fence: 1 });
  expect(reader?.leases).toEqual([{ startsAt: 14, endsAt: 110 }]);
});

test("a reader that upgrades relies on its lock until it is a writer, also if the upgrade fails", () => {
  const acquired = recordsOfLock({
    worker: "1.0",
    fence: 1,
    acquire: [0, 1],
    heldUntil: 100,
    holds: reading,
    kind: "read",
  });
  const [reader, writer] = grantsOf([
    ...acquired,
    ...recordsOfConversion({
      worker: "1.0",
      lockId: 0,
      kind: "write",
      fence: 2,
      convert: [10, 14],
      heldUntil: 110,
    }),
    { at: 20, worker: "1.0", event: "release", operationId: 99, lockId: 10 },
  ]);
  expect(reader?.leases).toEqual([{ startsAt: 1, endsAt: 14 }]);
  expect(writer?.leases).toEqual([{ startsAt: 14, endsAt: 20 }]);

  const [convert] = recordsOfConversion({
    worker: "1.0",
    lockId: 0,
    kind: "write",
    fence: 2,
    convert: [10, 14],
    heldUntil: 110,
  });
  const [stillReader] = grantsOf([
    ...acquired,
    convert!,
    { at: 14, worker: "1.0", event: "not-converted", operationId: 10, lockId: 0, reason: "contended" },
  ]);
  expect(stillReader?.leases).toEqual([{ startsAt: 1, endsAt: 100 }]);
});
